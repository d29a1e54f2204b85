// Notes for the desk: the thread beside a post, and the note for the next shift.
// Called by the views of posts, drafts and stories, by web/desk/notes.ts and shift-note.ts. Pure.

import { MAX_NOTE_TEXT, MAX_SHIFT_NOTE, type PostNote, type ShiftNote } from '../../../domain/note.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { excerptOf } from './excerpt.ts'
import { written } from './fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'
import { storyTrail } from './story-tools.ts'

export function notesPath(storyId: string, postId: string): string {
  return `/desk/stories/${storyId}/posts/${postId}/notes`
}

/** `newId`: of the note to be. `mayWrite`: add one; `mayDelete`: take this one away. */
export type Thread = {
  notes: readonly PostNote[]
  newId: string
  mayWrite: boolean
  mayDelete(note: PostNote): boolean
}

type About = { shell: Shell; story: DeskStory; post: DeskPost; thread: Thread }

/** On a page with a form of its own: what is sent from here opens apart, so that nothing typed there is lost. */
export function notesBeside(about: Omit<About, 'thread'> & { thread: Thread | null }): SafeHtml {
  const { thread } = about
  if (thread === null) return nothing
  const shown = thread.notes.filter(({ deleted }) => deleted === null).length
  return html`<details class="notes" id="notes" ${attributes({ open: shown > 0 })}><summary>Notes for the desk${shown > 0 ? ` (${shown})` : ''}</summary>
${notesOf({ ...about, thread }, true)}</details>`
}

export type NotesView = About & { told: Notice | null; error: string | null; text: string }

export function notesPage(view: NotesView): SafeHtml {
  const { shell, story, post, told, error } = view
  const body = html`<h1>Notes for the desk</h1>
${notice(told)}${problem(error, error ? 'Nothing was written. What you typed is below.' : '')}
<div class="message">${excerptOf(story, post)}</div>
${notesOf(view, false, view.text)}
<p class="acts"><a href="/desk/stories/${story.id}#post-${post.id}">Back to the story</a></p>`
  return deskPage({ title: 'Notes for the desk', shell, body, trail: storyTrail(story) })
}

function notesOf({ shell, story, post, thread }: About, apart: boolean, text = ''): SafeHtml {
  const at = notesPath(story.id, post.id)
  const target = attributes({ target: apart && '_blank' })
  return html`${
    thread.notes.length === 0
      ? html`<p class="empty">None yet.</p>`
      : html`<ol class="rows">${thread.notes.map(
          (note) => html`<li>${noteHead(story, note)}
${note.text === null ? '' : html`<p class="pre" dir="auto">${note.text}</p>`}
${note.deleted === null && thread.mayDelete(note) ? html`<form method="post" action="${at}/${note.id}/delete" class="acts small" ${target}>${csrfField(shell)}<button class="quiet">Take away</button></form>` : ''}</li>`,
        )}</ol>`
  }
${
  thread.mayWrite && story.withdrawnAt === null
    ? html`<form method="post" action="${at}" class="stack" ${target}>${csrfField(shell)}<input type="hidden" name="noteId" value="${thread.newId}">
<label>A note <textarea name="noteText" rows="2" maxlength="${MAX_NOTE_TEXT}" required ${written(story)}>
${text}</textarea></label>
<div class="acts"><button>Add note</button> <span class="hint">Readers never see it.${apart ? ' It opens in a window of its own; what you typed here stays.' : ''}</span></div></form>`
    : ''
}`
}

function noteHead({ timeZone }: DeskStory, { by, at, text, deleted }: PostNote): SafeHtml {
  const gone = deleted
    ? html`<span>taken away by ${deleted.by.name}, ${timeTag(deleted.at, timeZone)}</span>`
    : text === null
      ? html`<span>erased</span>`
      : ''
  return html`<p class="facts"><b>${by.name}</b> ${timeTag(at, timeZone)} ${gone}</p>`
}

// ---- between shifts

export function shiftNotePath(storyId: string): string {
  return `/desk/stories/${storyId}/shift-note`
}

/** On the story's page: what the last shift left, and the way to write it. */
export function shiftNoteOf(story: DeskStory, note: ShiftNote | null, mayDraft: boolean): SafeHtml {
  const words = note?.text ?? ''
  const mayWrite = mayDraft && story.withdrawnAt === null
  if (words === '' && !mayWrite) return nothing
  const way = html`<a href="${shiftNotePath(story.id)}">${mayWrite ? (words === '' ? 'Write a shift note…' : 'Change, earlier ones…') : 'Earlier ones…'}</a>`
  if (words === '' || !note) return html`<p class="facts">${way}</p>`
  return html`<section class="message" aria-labelledby="shift-title"><h2 id="shift-title">Shift note</h2>
<p class="facts"><b>${note.by.name}</b> ${timeTag(note.at, story.timeZone)} ${way}</p><p class="pre" dir="auto">${words}</p></section>`
}

export type ShiftView = {
  shell: Shell
  story: DeskStory
  notes: readonly ShiftNote[] // newest first
  form: { revision: number; text: string }
  mayWrite: boolean
  conflict: boolean
  error: string | null
  told: Notice | null
}

export function shiftNotePage(view: ShiftView): SafeHtml {
  const { shell, story, notes, form, error, told, conflict } = view
  const [current, ...earlier] = notes
  const mayWrite = view.mayWrite && story.withdrawnAt === null
  const body = html`<h1>Shift note</h1>
<p class="hint">What the next editor of this story should know. Readers never see it.</p>
${notice(told)}${problem(error, error ? (conflict ? 'Nothing was overwritten. The note as it is now comes first, yours is in the form below it.' : 'Nothing was saved. What you typed is below.') : '')}
${current && (conflict || !mayWrite) ? html`<section class="theirs" aria-labelledby="now-title"><h2 id="now-title">The note now</h2>${versionOf(story, current)}</section>` : ''}
${
  mayWrite
    ? html`<form method="post" action="${shiftNotePath(story.id)}" class="stack">${csrfField(shell)}<input type="hidden" name="revision" value="${form.revision}">
<label>The note <textarea name="text" rows="8" maxlength="${MAX_SHIFT_NOTE}" ${written(story)}>
${form.text}</textarea></label>
${current && !conflict ? html`<p class="facts"><span>Last changed by <b>${current.by.name}</b>, ${timeTag(current.at, story.timeZone)}</span></p>` : ''}
<div class="acts"><button class="main">Save the note</button> <a href="/desk/stories/${story.id}">Back to the story</a></div></form>`
    : html`<p class="acts"><a href="/desk/stories/${story.id}">Back to the story</a></p>`
}
${earlier.length === 0 ? '' : html`<details><summary>Earlier notes (${earlier.length})</summary><ol class="rows">${earlier.map((note) => html`<li>${versionOf(story, note)}</li>`)}</ol></details>`}`
  return deskPage({ title: 'Shift note', shell, body, trail: storyTrail(story) })
}

function versionOf({ timeZone }: DeskStory, { by, at, text }: ShiftNote): SafeHtml {
  const words = text === null ? 'erased' : text === '' ? 'taken away' : null
  return html`<p class="facts"><b>${by.name}</b> ${timeTag(at, timeZone)} ${words === null ? '' : html`<span>${words}</span>`}</p>${words === null ? html`<p class="pre" dir="auto">${text}</p>` : ''}`
}
