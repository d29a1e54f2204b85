// Moments on the desk: the three fields of one, and how one is said.
// Called by the views of drafts and settings. Pure.

import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { WhenForm } from '../draft-form.ts'
import { timeTag } from './shell.ts'
import { zoneOptions } from './stories.ts'

/** `name` begins the names of the fields: releaseDate, releaseTime, releaseZone. */
export function whenFields(name: string, words: string, when: WhenForm, ids?: { zone: boolean }): SafeHtml {
  const said = (part: string) => attributes({ 'aria-label': `${words}: ${part}` })
  return html`<div class="when"><label>Date <input type="date" name="${name}Date" value="${when.date}" ${said('date')}></label>
<label>Time <input type="time" name="${name}Time" value="${when.time}" ${said('time')}></label>
${
  ids?.zone === false
    ? ''
    : html`<label>Time zone <select name="${name}Zone" ${said('time zone')}>${zoneOptions(when.zone)}</select></label>`
}</div>`
}

/** `31 Jan 2026, 14:32 (Europe/Paris)`, in the story's zone; the editor's own beside it where it is another. */
export function moment(at: number, storyZone: string, chosenZone: string = storyZone): SafeHtml {
  const own = chosenZone === storyZone ? '' : html`, ${timeTag(at, chosenZone, { year: true })} in ${chosenZone}`
  return html`${timeTag(at, storyZone, { year: true })} (${storyZone})${own}`
}
