// The pages that ask before a draft leaves its story: for good, or for another one.
// Called by web/desk/draft-away-acts.ts. Pure.

import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { draftPath } from './draft.ts'
import { excerptOf } from './excerpt.ts'
import { csrfField, deskPage, problem, type Shell } from './shell.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'
import { moment } from './when.ts'

type View = { shell: Shell; story: DeskStory; post: DeskPost; error: string | null }

export function discardPage({ shell, story, post, error }: View): SafeHtml {
  const body = html`<h1>Discard this draft?</h1>
${problem(error, error ? 'Nothing was discarded.' : '')}
${isThere(post) ? discardForm(shell, story, post) : gone(story)}`
  return deskPage({ title: 'Discard a draft', shell, body, trail: storyTrail(story) })
}

function discardForm(shell: Shell, story: DeskStory, post: DeskPost): SafeHtml {
  return html`<blockquote>${excerptOf(story, post)}</blockquote>
<p>${post.release ? html`It is scheduled for ${moment(post.release.at, story.timeZone, post.release.zone)} and will not go out. ` : ''}It is taken off the desk and <b>cannot be brought back</b>. Readers never saw it; the log keeps that it was discarded, and by whom.</p>
<form method="post" action="${draftPath(story.id, post.id)}/discard" class="stack">
${csrfField(shell)}<input type="hidden" name="revision" value="${post.revision}">
<div class="acts"><button class="danger">Discard it</button> <a href="${draftPath(story.id, post.id)}">Keep it</a></div>
</form>`
}

type MoveView = View & {
  stories: readonly DeskStory[]
  form: { to: string; postId: string }
  /** Whether its schedule can come along. */
  keepsTime: boolean
}

export function moveDraftPage(view: MoveView): SafeHtml {
  const { shell, story, post, stories, error } = view
  const body = html`<h1>Move to another story</h1>
${problem(error, error ? 'It is where it was.' : '')}
${isThere(post) ? html`<blockquote>${excerptOf(story, post)}</blockquote>${stories.length === 0 ? html`<p class="empty">There is no other story that is running or planned.</p>` : moveForm(view)}` : gone(story)}`
  return deskPage({ title: 'Move a draft', shell, body, trail: storyTrail(story) })
}

function moveForm({ shell, story, post, stories, form, keepsTime }: MoveView): SafeHtml {
  return html`<form method="post" action="${draftPath(story.id, post.id)}/move" class="stack">
${csrfField(shell)}<input type="hidden" name="postId" value="${form.postId}">
<label>Story <select name="to">${stories.map(
    ({ id, title, state, language }) =>
      html`<option value="${id}" lang="${language}" ${attributes({ selected: id === form.to })}>${title} (${state})</option>`,
  )}</select></label>
<p class="hint">Its text as it was last saved, its author and its embargo go with it.${timeWords(post, keepsTime)}</p>
<div class="acts"><button class="main">Move it</button> <a href="${draftPath(story.id, post.id)}">Leave it here</a></div>
</form>`
}

function timeWords({ release }: DeskPost, keepsTime: boolean): string {
  if (!release) return ''
  return keepsTime ? ' So does its schedule.' : ' Its schedule does not: it is submitted to the editors there.'
}

function isThere({ state }: DeskPost): boolean {
  return state !== 'published' && state !== 'withdrawn'
}

function gone(story: DeskStory): SafeHtml {
  return html`<p>It is not a draft any more.</p><p class="acts"><a href="${storyPathOnDesk(story.id)}">Back to the story</a></p>`
}
