// One post on the desk: revise it, correct it, withdraw it. On a conflict both versions stand side by side.
// Called by web/desk/post.ts, story.ts and post-acts.ts. Pure.

import type { PostContent } from '../../../domain/content.ts'
import { textFromBlocks } from '../../../domain/plain-text.ts'
import { isDiscarded } from '../../../domain/post.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import type { FieldProblems } from '../field-problems.ts'
import { differencesOf, formOfPost, imagesOf, type PostForm } from '../post-form.ts'
import { type Autosaved, autosavedVersions } from './autosaved.ts'
import { type Copies, copiesChoice } from './copies.ts'
import { excerptOf } from './excerpt.ts'
import { checkButton, written } from './fields.ts'
import { notesBeside, type Thread } from './notes.ts'
import { postFields, sourceFields } from './post-fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'

export type EditView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  form: PostForm
  error: string | null
  problems: FieldProblems
  told: Notice | null
  /** Show the published version beside the form: somebody changed it meanwhile. */
  conflict: boolean
  /** A note was typed and "Revise" pressed: which of the two is meant? */
  askNote: boolean
  photoLost: boolean
  autosaved: Autosaved
  /** Absent: the page does not show it. */
  thread?: Thread | null
}

export function editPage(view: EditView): SafeHtml {
  const { shell, story, post, form, error, problems, told, conflict, askNote, photoLost, autosaved } = view
  const act = `${storyAddress(story)}/posts/${post.id}`
  const body = html`<h1>Edit post</h1>
<p class="facts"><span>Published ${timeTag(post.firstPublishedAt ?? post.createdAt, story.timeZone)}${post.updatedAt === null ? '' : html`, updated ${timeTag(post.updatedAt, story.timeZone)}`} · revision ${post.revision}</span></p>
${problem(error, error ? keptWords(view) : '')}
${notice(told)}
${autosavedVersions(autosaved, act, story.timeZone)}
${conflict ? publishedNow(story, post, form) : ''}
<form method="post" action="${act}/revise" enctype="multipart/form-data" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="revision" value="${form.revision}">${sourceFields(form)}
${pictures(autosaved.open?.content ?? post.content)}
${postFields({ form, story, photoLost, problems })}
<div class="ways">
<div class="way"><p><b>Revise</b> fixes or adds. Readers see “Updated”, no note.</p>${askNote ? html`<button name="noteless" value="1">Revise without the note</button>` : html`<button class="main">Revise</button>`}</div>
<div class="way"><p><b>Correct</b> puts an error of fact right: a name, a figure, a date, a quotation. The note is public.</p>
<label>What was wrong <textarea name="note" rows="2" ${written(story)}>
${form.note}</textarea></label><button formaction="${act}/correct">${askNote ? 'Correct, with the note' : 'Correct'}</button></div>
</div>
</form>
<p class="acts"><a href="${storyAddress(story)}#post-${post.id}">Back to the story</a> <a href="${act}/history">History</a> <a href="${act}/withdraw">Withdraw…</a></p>
${notesBeside({ shell, story, post, thread: view.thread ?? null })}
${corrections(story, post)}`
  return deskPage({ title: 'Edit post', shell, body, trail: storyTrail(story) })
}

function keptWords({ conflict, askNote }: EditView): string {
  if (askNote)
    return 'Nothing was changed. “Correct” publishes the note with the change, “Revise without the note” drops it.'
  return conflict
    ? 'What is published comes first, yours is in the form below it. Bring them together, then send: yours takes its place.'
    : 'Nothing was changed. What you typed is below.'
}

export type GoneView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  /** With the id of the post to be. */
  form: PostForm
  photoLost: boolean
  mayPublish: boolean
  autosaved: Autosaved
}

/** A post that cannot be changed any more: what was typed is not lost, it can become a new one. */
export function gonePage(view: GoneView): SafeHtml {
  const { shell, story, post, photoLost, mayPublish, autosaved } = view
  const form = { ...view.form, markWas: null } // the new post has none yet
  const open = story.state === 'live' || story.state === 'paused'
  const offer = mayPublish && open
  const body = html`<h1>This post cannot be changed</h1>
<div class="message bad" role="alert"><p><strong>${goneWords(story, post)}</strong></p>
${post.withdrawal?.reason ? html`<p>Reason: <span lang="${story.language}" dir="${story.direction}">${post.withdrawal.reason}</span></p>` : ''}
<p>Nothing was changed. ${offer ? 'The text below can be published as a new post.' : 'The text is below, to be copied.'}</p></div>
${autosavedVersions(autosaved, `${storyAddress(story)}/posts/${post.id}`, story.timeZone)}
<form method="post" action="${storyAddress(story)}/posts" enctype="multipart/form-data" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="postId" value="${form.postId}">${sourceFields({ ...form, from: form.from || post.id })}
${pictures(autosaved.open?.content ?? post.content)}
${postFields({ form, story, photoLost, problems: {} })}
${form.note ? html`<p class="hint">The note you wrote for readers: <q lang="${story.language}" dir="${story.direction}">${form.note}</q></p>` : ''}
<div class="acts">${offer ? html`<button class="main">Publish as a new post</button>` : ''} <a href="${storyAddress(story)}#post-${post.id}">Back to the story</a></div>
</form>`
  return deskPage({ title: 'This post cannot be changed', shell, body, trail: storyTrail(story) })
}

function goneWords(story: DeskStory, post: DeskPost): SafeHtml {
  const { withdrawal } = post
  if (!withdrawal) return html`This post is not published.`
  if (isDiscarded(post))
    return html`This draft was discarded, or moved to another story, ${timeTag(withdrawal.at, story.timeZone)}.`
  return html`This post was withdrawn ${timeTag(withdrawal.at, story.timeZone)}.`
}

/** So that {{image 2}} in the text can be told from {{image 1}}. */
export function pictures(content: PostContent): SafeHtml {
  const shown = imagesOf(content).flatMap((image, index) =>
    image.media ? [{ media: image.media, alt: image.alt, index }] : [],
  )
  if (shown.length === 0) return nothing
  return html`<ul class="pictures">${shown.map(
    ({ media, alt, index }) =>
      html`<li><img src="/media/${media}/400.jpg" alt="${alt}" width="96"> image ${index + 1}</li>`,
  )}</ul>`
}

function publishedNow(story: DeskStory, post: DeskPost, form: PostForm): SafeHtml {
  const others = differencesOf(formOfPost(post), form)
  return html`<section class="theirs" aria-labelledby="theirs-title"><h2 id="theirs-title">Published now (revision ${post.revision})</h2>
<p class="row-title" lang="${story.language}" dir="${story.direction}">${post.content.headline}</p>
<textarea readonly rows="8" aria-labelledby="theirs-title" lang="${story.language}" dir="${story.direction}">
${textFromBlocks(post.content.blocks)}</textarea>
${others.length === 0 ? '' : html`<p>It also differs from yours in:</p><dl class="differs">${others.map(({ label, words }) => html`<dt>${label}</dt><dd dir="auto">${words}</dd>`)}</dl>`}</section>`
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
  told: Notice | null
  story: DeskStory
  post: DeskPost
  trace: 'line' | 'none'
  reason: string
  error: string | null
  /** Of the post in other stories, and what was chosen for them. */
  copies: Copies
  /** This form was sent: something was typed. */
  typed: boolean
}

export function withdrawPage({
  shell,
  told,
  story,
  post,
  trace,
  reason,
  error,
  copies,
  typed,
}: WithdrawView): SafeHtml {
  const back = `${storyAddress(story)}#post-${post.id}`
  const body = html`<h1>Withdraw this post?</h1>
${problem(error, error ? `The post still stands.${typed ? ' What you typed is below.' : ''}` : '')}
${notice(told)}
<blockquote>${excerptOf(story, post)}</blockquote>
<p>It is taken from every page, feed and stream at once, and cannot be published again under the same address.</p>
<form method="post" action="${storyAddress(story)}/posts/${post.id}/withdraw" class="stack">
${checkButton()}${csrfField(shell)}
<fieldset><legend>What stays</legend>
<label class="choice"><input type="radio" name="trace" value="line" ${attributes({ checked: trace === 'line' })}> <span><b>One grey line</b> with the time and the reason</span></label>
<label class="choice"><input type="radio" name="trace" value="none" ${attributes({ checked: trace === 'none' })}> <span><b>Nothing</b> that readers see</span></label>
</fieldset>
${copiesChoice(copies)}
<label>Reason, shown to readers in the grey line <textarea name="reason" rows="2" ${written(story)}>
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
