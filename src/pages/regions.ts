// The story's own parts: the way on, masthead, lead picture, summary, pinned posts, key events. Each is the inner HTML of its region.
// Called by pages/story-page.ts and pages/change.ts.
// Never holds a post's id as an element id: the post itself may stand on the same page. `data-post` lets a withdrawal find its copies.

import { postPath } from '../domain/address.ts'
import type { KeyEventLine, PublicPost, PublicStory, StoryFace } from '../domain/view.ts'
import type { Region } from '../domain/wire.ts'
import { attributes, html, nothing, type SafeAttributes, type SafeHtml } from '../kit/html.ts'
import { isSameDay } from '../kit/time.ts'
import { renderBlocks } from './blocks.ts'
import { dirOf } from './direction.ts'
import { renderLead } from './lead.ts'
import { renderBefore, renderOnward } from './onward.ts'
import {
  headlineOf,
  renderCorrections,
  renderFoot,
  renderHeadline,
  renderLabels,
  renderRail,
  topHeading,
} from './post.ts'
import { renderSummary } from './summary.ts'
import { clockElement, dateElement, dayElement, updatedElement, zonedElement, zoneWords } from './times.ts'
import { phrase, plural, word, wordsAttributes } from './words.ts'

const MAX_PINNED_BLOCKS = 3 // of each pinned post; the rest is one link away

/** An empty region is an empty string, so that `:empty` hides it. */
export function renderRegions(face: StoryFace): Record<Region, SafeHtml> {
  const { story } = face
  return {
    onward: renderOnward(story),
    masthead: renderMasthead(face),
    lead: renderLead(story),
    summary: renderSummary(story),
    pinned: html`${face.pinned.map((post) => renderPinned(post, story))}`,
    'key-events': renderKeyEvents(face),
  }
}

function renderMasthead(face: StoryFace): SafeHtml {
  const { story } = face
  const notice =
    story.state === 'planned' || story.state === 'paused' ? word(story.language, `notice-${story.state}`) : ''
  return html`${renderState(face)}
<h1 ${dirOf(story.title, story.direction)}>${story.title}</h1>${
    story.standfirst !== '' &&
    html`
<p class="standfirst" ${dirOf(story.standfirst, story.direction)}>${story.standfirst}</p>`
  }${
    notice !== '' &&
    html`
<p class="notice">${notice}</p>`
  }${renderBefore(story)}`
}

/** The state line: mark, when, how many posts. Also stands in the front page's list. */
export function renderState(face: StoryFace): SafeHtml {
  const { story } = face
  const { language } = story
  const parts = [
    html`<b class="mark" ${wordsAttributes(language)}>${word(language, story.state)}</b>`,
    renderWhen(face),
    html`<span ${attributes({ 'data-count': true })} ${wordsAttributes(language)}>${countWords(face)}</span>`,
    story.state !== 'planned' &&
      html`<span class="zone" ${whileQuiet(face)}>${zoneWords(timeOfState(face), story)}</span>`,
  ]
  return html`<p class="state" ${attributes({ 'data-state': story.state, 'data-days': daysOf(face), 'data-start': story.startedAt })}>${parts.filter((part) => part !== false)}</p>`
}

/** "2 posts"; '' while there is none, so that `:empty` hides it. */
export function countWords({ story, postCount }: StoryFace): string {
  return postCount === 0 ? '' : plural(story.language, 'posts', postCount)
}

function renderWhen(face: StoryFace): SafeHtml | false {
  const { story } = face
  const { language, state } = story
  if (state === 'planned') {
    return (
      story.startsAt !== null &&
      html`<span>${phrase(language, 'starts', { time: zonedElement(story.startsAt, story) })}</span>`
    )
  }
  if (state === 'ended' && story.endedAt !== null) return html`<span>${dateElement(story.endedAt, story)}</span>`
  const time = updatedElement(timeOfState(face), story)
  return html`<span ${whileQuiet(face)}>${phrase(language, state === 'live' ? 'updated' : 'last-update', { time })}</span>`
}

/** There to be shown by the reader's program with the first post, which does not bring the state line anew. */
function whileQuiet({ updatedAt }: StoryFace): SafeAttributes {
  return attributes({ hidden: updatedAt === null })
}

/** Of the last update; of the start while there is none. */
function timeOfState({ story, updatedAt }: StoryFace): number {
  return updatedAt ?? story.startedAt ?? 0
}

/** `one` while everything lies on the story's first day: then times need no date beside them. */
function daysOf({ story, updatedAt, keyEvents }: StoryFace): 'one' | 'many' {
  const { startedAt } = story
  if (startedAt === null) return 'many'
  const moments = [updatedAt, story.summary?.at ?? null, ...keyEvents.map((event) => event.at)].filter(
    (moment) => moment !== null,
  )
  return moments.every((moment) => isSameDay(moment, startedAt, story)) ? 'one' : 'many'
}

function renderPinned(post: PublicPost, story: PublicStory): SafeHtml {
  const { blocks, place } = post.content
  const path = postPath(story.name, post.id)
  const more =
    blocks.length > MAX_PINNED_BLOCKS &&
    html`<p class="more"><a href="${path}">${word(story.language, 'read-whole')}</a></p>`
  return html`<article class="post${post.keyEvent && ' key'}" data-post="${post.id}" aria-label="${[word(story.language, 'pinned'), headlineOf(post)].filter(Boolean).join(': ')}">
${renderRail(post, story)}
<div class="body"><p class="pin">${word(story.language, 'pinned')}</p>${renderLabels(post, story)}${renderHeadline(post, story)}
${renderBlocks(blocks.slice(0, MAX_PINNED_BLOCKS), story.language, place, topHeading(post))}${more}${renderCorrections(post, story)}${!more && renderFoot(post, story)}</div>
</article>`
}

function renderKeyEvents({ story, keyEvents }: StoryFace): SafeHtml {
  if (keyEvents.length === 0) return nothing
  return html`<h2>${word(story.language, 'key-events')}</h2>
<ol class="events">${keyEvents.map((event) => renderKeyEvent(event, story))}</ol>`
}

/** Also stands in the front page's list. */
export function renderKeyEvent(event: KeyEventLine, story: PublicStory): SafeHtml {
  return html`<li data-post="${event.postId}"><a href="${postPath(story.name, event.postId)}"><span class="when">${dayElement(event.at, story)} ${clockElement(event.at, story)}</span> <span class="what" ${dirOf(event.title, story.direction)}>${event.title}</span></a></li>
`
}
