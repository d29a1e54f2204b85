// The list of a post's autosaved versions, each leading to its form filled with that text.
// Called by the views of posts and drafts. Pure.

import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { Autosave, AutosaveLine } from '../../../store/autosaves.ts'
import { timeTag } from './shell.ts'

/** `open`: the one in the form; null = none. */
export type Autosaved = { lines: readonly AutosaveLine[]; open: Autosave | null }
export const NO_AUTOSAVED: Autosaved = { lines: [], open: null }

/** `path`: of the page with the form. Closed also when one is open: fifty lines would push the form away. */
export function autosavedVersions({ lines, open }: Autosaved, path: string, timeZone: string): SafeHtml {
  if (lines.length === 0) return nothing
  return html`<details><summary>Autosaved versions (${lines.length})</summary>
<p class="hint">What was typed, whether or not it was saved later. Opening one fills the form with it; it is saved by a button only.</p>
<ul class="autosaved">${lines.map(({ id, at, by, revision }) => {
    const current = attributes({ 'aria-current': open?.id === id && 'true' })
    return html`<li><a href="${path}?autosave=${id}" ${current}>${timeTag(at, timeZone, { second: true })}</a>${by.name ? html` ${by.name}` : ''}, ${revision === 0 ? 'of a new text' : `of revision ${revision}`}${open?.id === id ? ' (in the form)' : ''}</li>`
  })}</ul></details>`
}
