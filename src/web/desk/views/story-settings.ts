// The settings of a story and the editor of its summary.
// Called by web/desk/story-settings.ts. Pure.

import { storyPath } from '../../../domain/address.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory } from '../../../store/desk-reads.ts'
import type { WhenForm } from '../draft-form.ts'
import type { FieldProblems } from '../field-problems.ts'
import type { PhotoWords } from '../post-form.ts'
import { checkButton, checkbox, marks, withProblem, written } from './fields.ts'
import { wordFields } from './post-fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'
import { placeFields } from './stories.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'
import { whenFields } from './when.ts'

export type SettingsForm = {
  revision: number
  title: string
  standfirst: string
  language: string
  languageTag: string // written instead of chosen
  timeZone: string
  starts: WhenForm
  photoId: string
  photo: PhotoWords
  noLead: boolean
}

type View = {
  shell: Shell
  story: DeskStory
  told: Notice | null
  error: string | null
  problems: FieldProblems
  /** Somebody saved since the form was opened: what holds now stands beside it. */
  stale: boolean
}

const KEPT = 'Nothing was saved. What you typed is below.'
const STALE = 'What holds now comes first. Sending again puts yours in its place.'

export function settingsPage(view: View & { form: SettingsForm; photoLost: boolean }): SafeHtml {
  const { shell, story, form, told, error, problems, stale } = view
  const words = written(story)
  const title = html`<label>Title <input name="title" value="${form.title}" required ${words} ${marks('title', problems)}></label>`
  const standfirst = html`<label>Standfirst <textarea name="standfirst" rows="3" ${words} ${marks('standfirst', problems)}>
${form.standfirst}</textarea></label>`
  const body = html`<h1>Settings</h1>
${problem(error, error ? (stale ? STALE : KEPT) : '')}${notice(told)}
${stale ? savedNow(story) : ''}
<form method="post" action="${storyPathOnDesk(story.id)}/settings" enctype="multipart/form-data" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="revision" value="${form.revision}">
${withProblem('title', problems, title)}
${withProblem('standfirst', problems, standfirst)}
${placeFields(form, problems)}
${story.state === 'planned' ? plannedStart(form) : ''}
${leadFields(view)}
<p class="hint">${story.slug === null ? '' : html`The address ${storyPath(story.slug)} stays as it is.`}</p>
<div class="acts"><button class="main">Save</button> <a href="${storyPathOnDesk(story.id)}">Cancel</a></div>
</form>`
  return deskPage({ title: 'Settings', shell, body, trail: storyTrail(story) })
}

function savedNow({ title, standfirst, language, direction, timeZone, startsAt, lead }: DeskStory): SafeHtml {
  const words = attributes({ lang: language, dir: direction })
  return html`<section class="theirs" aria-labelledby="theirs-title"><h2 id="theirs-title">Saved now</h2>
<p class="row-title" ${words}>${title}</p><p class="pre" ${words}>${standfirst}</p>
<p class="facts"><span>${language}</span> <span>${timeZone}</span> ${startsAt === null ? '' : html`<span>starts ${timeTag(startsAt, timeZone, { year: true })}</span>`} <span>${lead ? `lead picture: ${lead.caption || lead.alt || 'without words'}` : 'no lead picture'}</span></p></section>`
}

function plannedStart({ starts }: SettingsForm): SafeHtml {
  return html`<fieldset><legend>Planned start, in the story's time zone</legend>${whenFields('starts', 'Planned start', starts, { zone: false })}
<p class="hint">Readers are told. The story does not start by itself.</p></fieldset>`
}

function leadFields({ story, form, photoLost, problems }: View & { form: SettingsForm; photoLost: boolean }): SafeHtml {
  const { lead } = story
  const shown = form.photoId || lead?.media
  return html`<fieldset><legend>Lead picture</legend>
${shown ? html`<p class="kept"><img src="/media/${shown}/400.jpg" alt="${form.photoId ? '' : (lead?.alt ?? '')}" width="192">${form.photoId ? ' The photo you sent is kept; you need not choose it again.' : ''}</p>` : ''}
${form.photoId ? html`<input type="hidden" name="photoId" value="${form.photoId}">` : ''}
${photoLost ? html`<p class="message bad">The photo was not kept: choose it again.</p>` : ''}
<label>${shown ? 'Another photo instead' : 'File'} <input type="file" name="photo" accept="image/jpeg,image/png,image/webp,image/avif,image/gif"></label>
${wordFields('', form.photo, story, problems)}
${lead ? checkbox('noLead', 'Take the lead picture away', form.noLead) : nothing}</fieldset>`
}

export function summaryPage({
  shell,
  story,
  text,
  saved,
  told,
  error,
  stale,
}: View & { text: string; saved: string }): SafeHtml {
  const words = attributes({ lang: story.language, dir: story.direction })
  const body = html`<h1>Summary</h1>
${problem(error, error ? (stale ? STALE : KEPT) : '')}${notice(told)}
${
  stale
    ? html`<section class="theirs" aria-labelledby="theirs-title"><h2 id="theirs-title">Saved now</h2><textarea readonly rows="6" aria-labelledby="theirs-title" ${words}>
${saved}</textarea></section>`
    : ''
}
<p class="hint">What a reader needs who comes now: three to five lines at the top of the story. ${story.summary ? html`Last saved ${timeTag(story.summary.at, story.timeZone)}.` : ''}</p>
<form method="post" action="${storyPathOnDesk(story.id)}/summary" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="revision" value="${story.revision}">
<label>Summary <textarea name="text" rows="8" ${written(story)} aria-describedby="summary-hint">
${text}</textarea></label>
<p class="hint" id="summary-hint">An empty line begins a new paragraph; “- ” at the start of a line makes a list. **Bold**, *italic* and [links](https://…) work. Empty, there is no summary.</p>
<div class="acts"><button class="main">Save and show it</button> <a href="${storyPathOnDesk(story.id)}">Cancel</a></div>
</form>`
  return deskPage({ title: 'Summary', shell, body, trail: storyTrail(story) })
}
