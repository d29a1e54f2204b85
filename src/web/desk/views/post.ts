// One post on the desk: revise it, correct it, withdraw it. On a conflict both versions stand side by side.
// Called by web/desk/post.ts and web/desk/withdraw.ts. Pure.

import { textFromBlocks } from '../../../domain/plain-text.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { imagesOf, type PostForm } from '../post-form.ts'
import { type Copies, copiesChoice } from './copies.ts'
import { postFields } from './post-fields.ts'
import { csrfField, deskPage, problem, type Shell, timeTag } from './shell.ts'

export type EditView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  form: PostForm
  error: string | null
  /** Show the published version beside the form: somebody changed it meanwhile. */
  conflict: boolean
  photoLost: boolean
}

export function editPage(view: EditView): SafeHtml {
  const { shell, story, post, form, error, conflict, photoLost } = view
  const act = `${storyAddress(story)}/posts/${post.id}`
  const kept = conflict
    ? 'The published text comes first, yours is in the form below it. Bring them together, then send: yours takes its place.'
    : 'Nothing was changed. What you typed is below.'
  const body = html`<h1>Edit post</h1>
<p class="facts"><span>Published ${timeTag(post.firstPublishedAt ?? post.createdAt, story.timeZone)}${post.updatedAt === null ? '' : html`, updated ${timeTag(post.updatedAt, story.timeZone)}`} · revision ${post.revision}</span></p>
${problem(error, error ? kept : '')}
${conflict ? publishedNow(story, post) : ''}
<form method="post" action="${act}/revise" enctype="multipart/form-data" class="stack">
${csrfField(shell)}<input type="hidden" name="revision" value="${form.revision}"><input type="hidden" name="base" value="${form.base}">
${pictures(post)}
${postFields({ form, story, photoLost })}
<div class="ways">
<div class="way"><p><b>Revise</b> fixes or adds. Readers see “Updated”, no note.</p><button class="main">Revise</button></div>
<div class="way"><p><b>Correct</b> puts an error of fact right: a name, a figure, a date, a quotation. The note is public.</p>
<label>What was wrong <textarea name="note" rows="2" maxlength="1000" lang="${story.language}" dir="${story.direction}">
${form.note}</textarea></label><button formaction="${act}/correct">Correct</button></div>
</div>
</form>
<p class="acts"><a href="${storyAddress(story)}#post-${post.id}">Back to the story</a> <a href="${act}/withdraw">Withdraw…</a></p>
${corrections(story, post)}`
  return deskPage({ title: 'Edit post', shell, body, trail: storyTrail(story) })
}

/** So that {{image 2}} in the text can be told from {{image 1}}. */
export function pictures(post: DeskPost): SafeHtml {
  const shown = imagesOf(post.content).flatMap((image, index) =>
    image.media ? [{ media: image.media, alt: image.alt, index }] : [],
  )
  if (shown.length === 0) return nothing
  return html`<ul class="pictures">${shown.map(
    ({ media, alt, index }) =>
      html`<li><img src="/media/${media}/400.jpg" alt="${alt}" width="96"> image ${index + 1}</li>`,
  )}</ul>`
}

function publishedNow(story: DeskStory, post: DeskPost): SafeHtml {
  return html`<section class="theirs" aria-labelledby="theirs-title"><h2 id="theirs-title">Published now (revision ${post.revision})</h2>
<p class="row-title" lang="${story.language}" dir="${story.direction}">${post.content.headline}</p>
<textarea readonly rows="8" aria-labelledby="theirs-title" lang="${story.language}" dir="${story.direction}">
${textFromBlocks(post.content.blocks)}</textarea></section>`
}

function corrections(story: DeskStory, post: DeskPost): SafeHtml {
  if (post.corrections.length === 0) return nothing
  return html`<section><h2>Corrections</h2><ul class="rows">${post.corrections.map(
    ({ at, note }) =>
      html`<li><p class="facts">${timeTag(at, story.timeZone)}</p><p lang="${story.language}" dir="${story.direction}">${note}</p></li>`,
  )}</ul></section>`
}

export type WithdrawView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  trace: 'line' | 'none'
  reason: string
  error: string | null
  /** Of the post in other stories, and what was chosen for them. */
  copies: Copies
}

export function withdrawPage({ shell, story, post, trace, reason, error, copies }: WithdrawView): SafeHtml {
  const back = `${storyAddress(story)}#post-${post.id}`
  const body = html`<h1>Withdraw this post?</h1>
${problem(error, error ? 'The post still stands. What you typed is below.' : '')}
<blockquote lang="${story.language}" dir="${story.direction}"><p class="row-title">${post.content.headline}</p><p class="pre">${textFromBlocks(post.content.blocks)}</p></blockquote>
<p>It is taken from every page, feed and stream at once, and cannot be published again under the same address.</p>
<form method="post" action="${storyAddress(story)}/posts/${post.id}/withdraw" class="stack">
${csrfField(shell)}
<fieldset><legend>What stays</legend>
<label class="choice"><input type="radio" name="trace" value="line" ${attributes({ checked: trace === 'line' })}> <span><b>One grey line</b> with the time and the reason</span></label>
<label class="choice"><input type="radio" name="trace" value="none" ${attributes({ checked: trace === 'none' })}> <span><b>Nothing</b> that readers see</span></label>
</fieldset>
${copiesChoice(copies)}
<label>Reason, shown to readers in the grey line <textarea name="reason" rows="2" maxlength="1000" lang="${story.language}" dir="${story.direction}">
${reason}</textarea></label>
<div class="acts"><button class="danger">Withdraw</button> <a href="${back}">Keep it</a></div>
</form>`
  return deskPage({ title: 'Withdraw', shell, body, trail: storyTrail(story) })
}

function storyAddress(story: DeskStory): string {
  return `/desk/stories/${story.id}`
}

function storyTrail(story: DeskStory): SafeHtml {
  return html`<a href="${storyAddress(story)}" lang="${story.language}" dir="${story.direction}">${story.title}</a>`
}
