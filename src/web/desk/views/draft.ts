// One unpublished post: its text, its state, and every way out of it.
// Called by web/desk/draft-acts.ts; the story's list takes its row from here. Pure.

import { textFromBlocks } from '../../../domain/plain-text.ts'
import type { PostState } from '../../../domain/post.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import type { DraftForm } from '../draft-form.ts'
import type { FieldProblems } from '../field-problems.ts'
import { type Autosaved, autosavedVersions } from './autosaved.ts'
import { checkButton } from './fields.ts'
import { historyPath } from './history.ts'
import { notesBeside, type Thread } from './notes.ts'
import { pictures } from './post.ts'
import { postFields, sourceFields } from './post-fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'
import { storyTrail } from './story-tools.ts'
import { moment, whenFields } from './when.ts'

/** `release`: let it out although its embargo holds, or shorten or lift that. */
export type DraftRights = { save: boolean; publish: boolean; review: boolean; schedule: boolean; release: boolean }

export type DraftView = {
  shell: Shell
  story: DeskStory
  post: DeskPost | null // null: not saved yet
  form: DraftForm
  rights: DraftRights
  /** What was done last, or that nothing was. */
  told: Notice | null
  error: string | null
  problems: FieldProblems
  /** The text was saved before something else failed. */
  saved: boolean
  conflict: boolean
  photoLost: boolean
  autosaved: Autosaved
  /** Absent: the page does not show it. */
  thread?: Thread | null
}

const WORDS: Record<PostState, string> = {
  draft: 'Draft',
  submitted: 'Submitted',
  scheduled: 'Scheduled',
  published: 'Published',
  withdrawn: 'Withdrawn',
}

export function draftPath(storyId: string, postId: string): string {
  return `/desk/stories/${storyId}/drafts/${postId}`
}

export function draftPage(view: DraftView): SafeHtml {
  const { shell, story, post, rights, told, error, conflict } = view
  const name = post ? (rights.save ? 'Edit draft' : 'Read a draft') : 'New post'
  const body = html`<h1>${name}</h1>
${post ? facts(story, post) : ''}
${notice(told)}${problem(error, error ? keptWords(view) : '')}
${post ? noteOf(story, post) : ''}
${post ? autosavedVersions(view.autosaved, draftPath(story.id, post.id), story.timeZone) : ''}
${conflict && post ? savedNow(story, post) : ''}
${rights.save ? editor(view) : post ? html`<p class="message">${whyNot(story, post)}</p>${reading(story, post)}` : ''}
<p class="acts"><a href="/desk/stories/${story.id}${post ? `#post-${post.id}` : ''}">Back to the story</a>${post ? html` <a href="${historyPath(story.id, post.id)}">History</a>` : ''}${post && rights.save ? waysAway(story, post) : ''}</p>
${post ? notesBeside({ shell, story, post, thread: view.thread ?? null }) : ''}`
  return deskPage({ title: name, shell, body, trail: storyTrail(story) })
}

/** What was not saved stays behind: the pages say so. */
function waysAway(story: DeskStory, post: DeskPost): SafeHtml {
  if (story.withdrawnAt !== null) return nothing
  const at = draftPath(story.id, post.id)
  return html` <a href="${at}/move">Move to another story…</a> <a href="${at}/discard">Discard…</a>`
}

function whyNot({ withdrawnAt }: DeskStory, { state }: DeskPost): string {
  if (withdrawnAt !== null) return 'The story was withdrawn: nothing in it can be changed.'
  if (state === 'scheduled') return 'It is scheduled and goes out by itself: only who may schedule it changes it now.'
  return 'Only its author and the editors change this draft. You can read it.'
}

/** What the list says of an unpublished post, and the way to it. */
export function draftRow(story: DeskStory, post: DeskPost, mayEdit: boolean): SafeHtml {
  if (post.state === 'published' || post.state === 'withdrawn') return nothing
  return html`${plans(story, post)}${noteOf(story, post)}<div class="acts small"><a class="button" href="${draftPath(story.id, post.id)}">${mayEdit && story.withdrawnAt === null ? 'Edit' : 'Read'}</a></div>`
}

function facts(story: DeskStory, post: DeskPost): SafeHtml {
  return html`<p class="facts"><span class="chip" data-state="${post.state}">${WORDS[post.state]}</span> <span>begun ${timeTag(post.createdAt, story.timeZone)}</span>
${post.byName ? html`<span>by ${post.byName}</span>` : ''} <span>revision ${post.revision}</span></p>
${plans(story, post)}`
}

function plans(story: DeskStory, { release, embargo }: DeskPost): SafeHtml {
  return html`${release ? html`<p class="plan">Goes out ${moment(release.at, story.timeZone, release.zone)}</p>` : ''}
${embargo ? html`<p class="plan"><span class="chip" data-state="embargo">Embargo</span> until ${moment(embargo.until, story.timeZone, embargo.zone)}</p>` : ''}`
}

function noteOf(story: DeskStory, { deskNote }: DeskPost): SafeHtml {
  if (!deskNote) return nothing
  return html`<div class="message"><p>Sent back by ${deskNote.by}, ${timeTag(deskNote.at, story.timeZone)}${deskNote.text ? ':' : '.'}</p>${
    deskNote.text ? html`<p class="pre">${deskNote.text}</p>` : ''
  }</div>`
}

function keptWords({ saved, conflict }: DraftView): string {
  if (saved) return 'Your text was saved. Readers see nothing of it.'
  if (conflict)
    return 'The saved text comes first, yours is in the form below it. Bring them together, then send: yours takes its place.'
  return 'Nothing was saved or published. What you typed is below.'
}

function savedNow(story: DeskStory, post: DeskPost): SafeHtml {
  const words = attributes({ lang: story.language, dir: story.direction })
  return html`<section class="theirs" aria-labelledby="theirs-title"><h2 id="theirs-title">Saved now (revision ${post.revision})</h2>
<p class="row-title" ${words}>${post.content.headline}</p>
<textarea readonly rows="8" aria-labelledby="theirs-title" ${words}>
${textFromBlocks(post.content.blocks)}</textarea></section>`
}

function editor(view: DraftView): SafeHtml {
  const { shell, story, post, form, rights, photoLost, problems } = view
  const act = post ? draftPath(story.id, post.id) : `/desk/stories/${story.id}/drafts`
  return html`<form method="post" action="${act}" enctype="multipart/form-data" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="postId" value="${form.post.postId}"><input type="hidden" name="revision" value="${form.post.revision}">${sourceFields(form.post)}
${post ? pictures(view.autosaved.open?.content ?? post.content) : ''}
${postFields({ form: form.post, story, photoLost, problems })}
${mainButtons(view, act)}
${post?.state === 'submitted' && rights.review ? sendBackFields(form, act) : ''}
${post && rights.schedule ? html`${story.state === 'ended' && !post.release ? '' : scheduleFields(view, post, act)}${embargoFields(view, post, act)}` : ''}
</form>`
}

function mainButtons({ story, post, rights }: DraftView, act: string): SafeHtml {
  const open = story.state === 'live' || story.state === 'paused'
  const submitted = post?.state === 'submitted'
  const out = post && open && (submitted ? rights.review : rights.publish) && rights.release
  const urgent = out && post.state !== 'scheduled' && post.embargo === null // what has its time is left to it
  const submits = !rights.review && (post === null || post.state === 'draft')
  return html`<div class="acts"><button class="${urgent || submits ? '' : 'main'}">${submitted || post?.state === 'scheduled' ? 'Save' : 'Save draft'}</button>
${submits ? html`<button class="${urgent ? '' : 'main'}" ${attributes(post ? { formaction: `${act}/submit` } : { name: 'then', value: 'submit' })}>Submit</button>` : ''}
${out ? html`<button class="${urgent ? 'main' : ''}" formaction="${act}/${submitted ? 'approve' : 'publish'}">${submitted ? 'Approve and publish' : 'Publish now'}</button>` : ''}</div>
${open ? '' : html`<p class="hint">${story.state === 'planned' ? 'It can be published once the story is live.' : 'The story has ended: it cannot be published here.'}${post && story.state === 'ended' ? html` <a href="${act}/move">Move it to ${story.continuedBy ? 'the next part' : 'another story'}…</a>` : ''}</p>`}`
}

function sendBackFields({ deskNote }: DraftForm, act: string): SafeHtml {
  return html`<fieldset><legend>Send it back</legend><label>What its author should know <textarea name="deskNote" rows="2" dir="auto">
${deskNote}</textarea></label><div class="acts"><button formaction="${act}/send-back">Send back</button></div></fieldset>`
}

function scheduleFields({ story, form, error }: DraftView, { release }: DeskPost, act: string): SafeHtml {
  const open = attributes({ open: release !== null || (error !== null && form.release.date !== '') })
  return html`<details ${open}><summary>${release ? 'Scheduled' : 'Schedule…'}</summary>
${story.state === 'ended' ? html`<p class="hint">The story has ended: it does not go out here.</p>` : whenFields('release', 'Goes out', form.release)}
<div class="acts">${story.state === 'ended' ? '' : html`<button formaction="${act}/schedule">${release ? 'Change the time' : 'Schedule'}</button>`}${release ? html` <button formaction="${act}/unschedule">Unschedule</button>` : ''}</div></details>`
}

function embargoFields({ form, error, rights }: DraftView, { embargo }: DeskPost, act: string): SafeHtml {
  const open = attributes({ open: embargo !== null || (error !== null && form.embargo.date !== '') })
  return html`<details ${open}><summary>${embargo ? 'Under embargo' : 'Embargo…'}</summary>
<p class="hint">Until then nobody publishes it by one press. To let it out at that time, schedule it as well.</p>
${whenFields('embargo', 'Embargo until', form.embargo)}
<div class="acts"><button formaction="${act}/embargo">${embargo ? 'Change the embargo' : 'Set the embargo'}</button>${embargo && rights.release ? html` <button formaction="${act}/lift-embargo">Lift it…</button>` : ''}</div>${rights.release ? '' : html`<p class="hint">Only editors let it out before, or shorten or lift the embargo. You can make it longer.</p>`}</details>`
}

function reading(story: DeskStory, post: DeskPost): SafeHtml {
  return html`<blockquote lang="${story.language}" dir="${story.direction}"><p class="row-title">${post.content.headline}</p><p class="pre">${textFromBlocks(post.content.blocks)}</p></blockquote>`
}
