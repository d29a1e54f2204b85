// One post, or what is left of it, as the fragment that page, stream and archive share (law 5).
// Called by pages/story-page.ts, pages/post-page.ts and pages/change.ts.
// Never depends on reader, request or clock: only on the item and its story.

import { postAnchor, postPath } from '../domain/address.ts'
import type { Correction } from '../domain/post.ts'
import type { PublicItem, PublicPost, PublicStory, PublicTrace } from '../domain/view.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderBlocks } from './blocks.ts'
import { renderByline, renderTag } from './byline.ts'
import { dirOf, inDirection } from './direction.ts'
import { clockElement, dayElement, momentElement, nearbyElement } from './times.ts'
import { phrase, word } from './words.ts'

/** One root element; begins with its tag. */
export type RenderItem = (item: PublicItem, story: PublicStory) => SafeHtml

export function renderItem(item: PublicItem, story: PublicStory): SafeHtml {
  return item.kind === 'post' ? renderPost(item.post, story) : renderTrace(item.trace, story)
}

function renderPost(post: PublicPost, story: PublicStory): SafeHtml {
  const { content } = post
  return html`<article class="${post.keyEvent ? 'post key' : 'post'}" id="${postAnchor(post.id)}" data-post="${post.id}" data-version="${post.version}" data-key="${post.orderKey}" ${attributes({ 'data-pinned': post.pinned })}>
${renderRail(post, story)}
<div class="body">${renderLabels(post, story)}${renderHeadline(post, story)}
${renderBlocks(content.blocks, story.language, content.place, topHeading(post))}
${renderCorrections(post, story)}${renderFoot(post, story)}</div>
</article>`
}

/** Also leads a pinned post. A post without a headline links by its time, so that every post has an address to share. */
export function renderRail(post: PublicPost, story: PublicStory): SafeHtml {
  const clock = clockElement(post.publishedAt, story)
  const linked = headlineOf(post) === '' ? html`<a href="${postPath(story.name, post.id)}">${clock}</a>` : clock
  const dot =
    post.keyEvent && html`<span class="dot"><span class="unseen">${word(story.language, 'key-event')}</span></span>`
  const updated =
    post.updatedAt !== null &&
    html` <span class="updated">${phrase(story.language, 'updated', { time: nearbyElement(post.updatedAt, post.publishedAt, story) })}</span>`
  return html`<p class="rail">${dot}${linked} ${dayElement(post.publishedAt, story)}${updated}</p>`
}

/** Also heads a pinned post. */
export function renderHeadline(post: PublicPost, story: PublicStory): SafeHtml {
  const headline = headlineOf(post)
  return headline === ''
    ? nothing
    : html`<h2 ${dirOf(headline, story.direction)}><a href="${postPath(story.name, post.id)}">${headline}</a></h2>`
}

/** Headings of the text come one level below the headline; where there is none, in its stead. */
export function topHeading(post: PublicPost): 2 | 3 {
  return headlineOf(post) === '' ? 2 : 3
}

/** '' when there is neither a headline nor a key event's title. */
export function headlineOf(post: PublicPost): string {
  return post.content.headline || (post.keyEvent?.title ?? '')
}

export function renderLabels({ content }: PublicPost, { language }: PublicStory): SafeHtml {
  const { breaking, verification } = content
  if (!breaking && verification === 'none') return nothing
  return html`<p class="labels">${breaking && html`<strong class="label breaking">${word(language, 'breaking')}</strong> `}${verification !== 'none' && html`<span class="label ${verification}">${word(language, verification)}</span>`}</p>`
}

/** Also under a pinned post: wherever its words stand, what was wrong in them is said. */
export function renderCorrections({ corrections }: PublicPost, story: PublicStory): SafeHtml {
  return html`${corrections.map((correction) => renderCorrection(correction, story))}`
}

function renderCorrection({ at, note }: Correction, story: PublicStory): SafeHtml {
  const when = phrase(story.language, 'correction', { time: momentElement(at, story) })
  return html`<p class="correction" role="note"><strong>${when}</strong> ${inDirection(note, story.direction)}</p>`
}

/** Writers, source, topics. Also ends a pinned post that is shown whole. */
export function renderFoot({ content, publishedAt }: PublicPost, story: PublicStory): SafeHtml {
  const { language } = story
  const { bylines, source, rights, tags, eventAt } = content
  const parts = [
    ...bylines.map((byline) => renderByline(byline, story)),
    eventAt !== null &&
      html`<span>${phrase(language, 'happened', { time: nearbyElement(eventAt, publishedAt, story) })}</span>`,
    source !== '' && html`<span>${word(language, 'source', { name: source })}</span>`,
    rights !== '' && html`<span>${rights}</span>`,
  ].filter((part) => part !== false)
  return html`${parts.length > 0 && html`<p class="foot">${parts}</p>`}${tags.length > 0 && html`<ul class="tags" aria-label="${word(language, 'tags')}">${tags.map((tag) => html`<li>${renderTag(tag, story)}</li>`)}</ul>`}`
}

function renderTrace(trace: PublicTrace, story: PublicStory): SafeHtml {
  const reason = trace.reason.trim()
  const { language } = story
  const text =
    reason === ''
      ? word(language, 'withdrawn')
      : phrase(language, 'withdrawn-reason', { reason: html`<bdi>${reason}</bdi>` })
  return html`<p class="trace" id="${postAnchor(trace.id)}" data-post="${trace.id}" data-version="${trace.version}" data-key="${trace.orderKey}">${clockElement(trace.withdrawnAt, story)} <span>${dayElement(trace.withdrawnAt, story)} ${text}</span></p>`
}
