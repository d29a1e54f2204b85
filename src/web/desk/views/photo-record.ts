// The page of a photo's record, and the list of photos that readers see although their rights have ended.
// Called by web/desk/photo-record.ts. Pure.

import { type RecordedWords, whyNotUsed } from '../../../domain/photo-rights.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { PhotoMetadata } from '../../../media/iptc.ts'
import type { EndedPhoto, KeptPhoto } from '../../../store/photo-records.ts'
import type { WhenForm } from '../draft-form.ts'
import { checkbox } from './fields.ts'
import { KIND_WORDS, mediaShown } from './media-shown.ts'
import { withdrawPhotoPath } from './photo.ts'
import { csrfField, deskPage, notice, problem, type Shell, timeTag } from './shell.ts'
import { whenFields } from './when.ts'

export type RecordForm = RecordedWords & { noUse: string; blocked: boolean; until: WhenForm }
export type PhotoRecordView = {
  shell: Shell
  photo: KeptPhoto
  form: RecordForm
  said: PhotoMetadata
  rights: { edit: boolean; withdraw: boolean }
  now: number
  saved: boolean
  error: string | null
}

export const photoPath = (mediaId: string): string => `/desk/photos/${mediaId}`

export function photoRecordPage(view: PhotoRecordView): SafeHtml {
  const { photo, shell, rights, error, saved, now } = view
  const refusal = whyNotUsed(`This ${KIND_WORDS[photo.kind]}`, photo, now)
  const name = `${KIND_WORDS[photo.kind].charAt(0).toUpperCase()}${KIND_WORDS[photo.kind].slice(1)}`
  const body = html`<h1>${name}</h1>
${problem(error, error ? 'Nothing was saved yet. What you typed is below.' : '')}
${notice(saved ? { words: 'Saved. Posts that show the photo keep their own words.', good: true } : null)}
${photo.withdrawn ? html`<p class="message bad">This photo was withdrawn.</p>` : html`<p class="kept">${mediaShown(photo, `The ${KIND_WORDS[photo.kind]}`, 192)}</p>`}
${refusal && !photo.withdrawn ? html`<p class="message bad">${refusal} Readers who see it already still do, until it is withdrawn.</p>` : nothing}
<p class="facts">${photo.kind === 'audio' ? nothing : html`<span>${photo.width} × ${photo.height} pixels</span>`}${photo.clip ? html` <span>${secondsText(photo.clip.duration)}, ${photo.clip.format.toUpperCase()}</span>` : ''}${photo.cutFrom ? html` <span>cut from <a href="${photoPath(photo.cutFrom)}">another photo</a></span>` : ''}${photo.editedBy ? html` <span>last changed by ${photo.editedBy.name}</span>` : ''}</p>
${rights.edit ? recordForm(view) : recordWords(view)}
${photo.kind === 'image' ? fileSaid(view.said) : html`<p class="hint">What the file itself said was not kept: neither its words nor where it was taken.</p>`}
<p class="acts">${rights.withdraw ? html`<a class="button" href="${withdrawPhotoPath(photo.id)}">Withdraw it everywhere…</a> ` : ''}<a class="button" href="/desk/photos">Photos whose rights have ended</a></p>`
  return deskPage({ title: name, shell, body })
}

function recordForm({ photo, form, shell }: PhotoRecordView): SafeHtml {
  const line = (name: 'credit' | 'agency' | 'alt' | 'noUse', label: string, hint?: string) =>
    html`<label>${label} <input name="${name}" value="${form[name]}" dir="auto" ${attributes({ 'aria-describedby': hint })}></label>`
  return html`<form method="post" action="${photoPath(photo.id)}" class="stack">
${csrfField(shell)}
<label>Caption <textarea name="caption" rows="3" dir="auto">
${form.caption}</textarea></label>
<div class="pair">${line('credit', 'Credit')}
${line('agency', 'Agency')}</div>
${line('alt', 'What it shows, for people who cannot see it')}
<fieldset><legend>May be used until</legend>
${whenFields('until', 'May be used until', form.until)}
<p class="hint">Empty: no end. From that moment no post, lead or schedule takes it. Readers who see it already still do.</p></fieldset>
${line('noUse', 'No use in …', 'no-use-hint')}
<p class="hint" id="no-use-hint">Words for people, as “print” or “France”. To refuse it everywhere, block it.</p>
${checkbox('blocked', 'Block it: no act may show it', form.blocked)}
<div class="acts"><button class="main">Save</button></div>
</form>`
}

function recordWords({ form, photo }: PhotoRecordView): SafeHtml {
  const until = photo.useUntil === null ? 'no end' : timeTag(photo.useUntil, 'UTC', { year: true })
  return html`<dl class="signs"><dt>Caption</dt><dd dir="auto">${form.caption || '–'}</dd><dt>Credit</dt><dd dir="auto">${form.credit || '–'}</dd>
<dt>Agency</dt><dd dir="auto">${form.agency || '–'}</dd><dt>May be used until</dt><dd>${until}</dd><dt>No use in</dt><dd dir="auto">${form.noUse || '–'}</dd></dl>`
}

function secondsText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const SAID: readonly (readonly [Exclude<keyof PhotoMetadata, 'gps'>, string])[] = [
  ['caption', 'Caption'],
  ['headline', 'Headline'],
  ['byline', 'Byline'],
  ['credit', 'Credit'],
  ['source', 'Source'],
  ['copyright', 'Copyright'],
  ['terms', 'How it may be used'],
  ['city', 'City'],
  ['country', 'Country'],
  ['takenAt', 'Taken'],
]

function fileSaid(said: PhotoMetadata): SafeHtml {
  const rows = SAID.filter(([name]) => said[name] !== '')
  const place = said.gps
    ? html`<p class="hint">The file said where it was taken. That was not kept, and readers do not get it.</p>`
    : nothing
  if (rows.length === 0) return html`<p class="hint">The file itself said nothing.</p>${place}`
  return html`<details open><summary>What the file said</summary><dl class="signs">${rows.map(
    ([name, label]) => html`<dt>${label}</dt><dd dir="auto">${said[name]}</dd>`,
  )}</dl>${place}</details>`
}

export type EndedView = {
  shell: Shell
  photos: readonly (EndedPhoto & { said: RecordedWords })[]
  rights: { edit: boolean; withdraw: boolean }
  timeZone: string
}

export function endedPage({ shell, photos, rights, timeZone }: EndedView): SafeHtml {
  const body = html`<h1>Photos whose rights have ended</h1>
<p>Readers see these photos, although their time is over or they are blocked. They stay until somebody withdraws them; no new post takes them.</p>
${
  photos.length === 0
    ? html`<p class="empty">No photo is before readers past its time.</p>`
    : html`<ul class="rows">${photos.map(
        (photo) => html`<li><p class="kept">${mediaShown(photo, '', 96)}</p>
<a class="row-title" href="${photoPath(photo.id)}" dir="auto">${photo.said.caption || photo.said.alt || 'A photo without a caption'}</a>
<p class="facts">${photo.blocked ? html`<span>blocked</span> ` : ''}${photo.useUntil === null ? '' : html`<span>until ${timeTag(photo.useUntil, timeZone, { year: true })} (${timeZone})</span> `}${photo.noUse ? html`<span dir="auto">no use in: ${photo.noUse}</span> ` : ''}${photo.said.credit || photo.said.agency ? html`<span>${photo.said.credit || photo.said.agency}</span>` : ''}</p>
<p class="facts">${photo.stories.map((story) => html`<a href="/desk/stories/${story.id}" dir="auto">${story.title}</a> `)}</p>
${rights.withdraw ? html`<p class="acts"><a class="button" href="${withdrawPhotoPath(photo.id)}">Withdraw it…</a></p>` : ''}</li>`,
      )}</ul>`
}`
  return deskPage({ title: 'Photos whose rights have ended', shell, body })
}
