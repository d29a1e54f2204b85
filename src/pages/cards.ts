// A part that stands elsewhere, as a still card with a link.
// Called by pages/blocks.ts and pages/clips.ts.
// Never loads anything: it says who would be contacted.

import { directionOf } from '../domain/story.ts'
import { html, type SafeHtml } from '../kit/html.ts'
import { dirOf } from './direction.ts'
import { word } from './words.ts'

/** Still: nothing loads. It says who will be contacted, and the reader decides. */
export function renderCard(
  kind: 'embed' | 'video' | 'audio',
  title: string,
  text: SafeHtml,
  address: string | undefined,
  host: string,
  open: string,
  language: string,
): SafeHtml {
  const link =
    address !== undefined &&
    host !== '' &&
    html`<p class="open"><a href="${address}" rel="noopener nofollow external">${open}</a> <small>${word(language, 'embed-contacts', { host })}</small></p>`
  return html`<div class="card ${kind}"><p class="title" ${dirOf(title, directionOf(language))}>${title}</p>${text}${link}</div>`
}
