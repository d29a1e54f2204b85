// The page of something that went wrong: what happened and where to go.
// Called by web/errors.
// Never tells a hidden thing from an absent one.

import { directionOf } from '../domain/story.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderDocument, skipToContent } from './document.ts'
import type { Assets, Site } from './site.ts'
import { type Word, word } from './words.ts'

/** `message` is shown for refusals (4xx) that our own words do not cover. `reference`: the request id, for our faults. */
export type ErrorPageView = { status: number; message: string; reference?: string; site: Site; assets: Assets }

const KNOWN: Record<number, Word> = { 404: 'error-404', 429: 'error-429', 503: 'error-503' }

export function renderErrorPage({ status, message, reference, site, assets }: ErrorPageView): SafeHtml {
  const { language } = site
  const known = KNOWN[status]
  const title = word(language, known ?? (status >= 500 ? 'error-5xx' : 'error-4xx'))
  const text = known
    ? word(language, `${known}-text` as Word)
    : status >= 500
      ? word(language, 'error-5xx-text')
      : message
  return renderDocument({
    ...{
      site,
      assets,
      language,
      direction: directionOf(language),
      image: null,
      kind: 'website',
      live: false,
      head: nothing,
    },
    title,
    description: text,
    path: null,
    listed: false,
    skip: skipToContent(language),
    bar: nothing,
    main: html`<main class="error" id="content">
<h1>${title}</h1>
<p>${text}</p>
<p><a href="/">${word(language, 'to-front')}</a></p>${
      reference &&
      html`
<p class="reference">${String(status)} · ${reference}</p>`
    }
</main>`,
  })
}
