// Markup of ours for a page that is not ours: addresses of paths become addresses of the web.
// Called by pages/feed.ts.
// Never touches text: our templates put no bare quote into it, so what looks like an attribute is one.

import { raw, type SafeHtml } from '../kit/html.ts'

const ADDRESS = / (href|src|poster)="\/(?!\/)/g
const SOURCES = / srcset="([^"]*)"/g

/** `origin` without a trailing slash. */
export function absolute(markup: SafeHtml, origin: string): SafeHtml {
  const text = markup
    .toString()
    .replace(ADDRESS, ` $1="${origin}/`)
    .replace(SOURCES, (_all, list: string) => ` srcset="${list.replace(/(^|, )\//g, `$1${origin}/`)}"`)
  return raw(text)
}
