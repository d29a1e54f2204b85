// The shell of every reader's page: head, skip link, slim bar, footer.
// Called by the pages of this room.
// Never holds an inline script or style: the policy of the edge refuses them.

import { FAVICON_PATH } from '../domain/address.ts'
import { attributes, html, type SafeHtml } from '../kit/html.ts'
import { dirOf } from './direction.ts'
import type { Assets, Site } from './site.ts'
import { word } from './words.ts'

export type Shell = {
  site: Site
  assets: Assets
  language: string
  direction: 'ltr' | 'rtl'
  title: string
  description: string
  /** Path of the page's own address; null for pages without one. */
  path: string | null
  listed: boolean // may search engines list it
  image: string | null // path
  kind: 'article' | 'website'
  skip: { to: string; words: string }
  /** What stands in the bar beside the site's name. */
  bar: SafeHtml
  /** What stands in the head besides: feeds. */
  head: SafeHtml
  main: SafeHtml
  live: boolean // whether the reader's program has work to do here
}

export function renderDocument(shell: Shell): SafeHtml {
  const { site, language, direction } = shell
  return html`<!doctype html>
<html ${attributes({ lang: language, dir: direction })}>
${renderHead(shell)}
<body>
<a class="skip" href="#${shell.skip.to}">${shell.skip.words}</a>
<header class="bar"><div><a class="site" ${dirOf(site.name, direction)} href="/">${site.name}</a>${shell.bar}</div></header>
${shell.main}
<footer class="foot-of-page"><p><a href="/">${site.name}</a></p></footer>
</body>
</html>
`
}

function renderHead({ site, assets, title, description, path, listed, live, head, ...shell }: Shell): SafeHtml {
  const address = path === null ? null : site.origin + path
  const image = shell.image === null ? null : site.origin + shell.image
  const whole = title === site.name ? title : `${title} – ${site.name}`
  return html`<head>
<meta charset="utf-8">
<title>${whole}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta name="robots" content="${listed ? 'max-image-preview:large' : 'noindex'}">
<meta name="color-scheme" content="light dark">${
    address &&
    html`
<link rel="canonical" href="${address}">
<meta property="og:url" content="${address}">`
  }
<meta property="og:site_name" content="${site.name}">
<meta property="og:type" content="${shell.kind}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">${
    image &&
    html`
<meta property="og:image" content="${image}">`
  }
<meta name="twitter:card" content="${image ? 'summary_large_image' : 'summary'}">
<link rel="icon" href="${FAVICON_PATH}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">${
    live &&
    html`
<script type="module" src="${assets.script}"></script>
<script type="module" src="${assets.seen}" fetchpriority="low"></script>`
  }
${head}</head>`
}

/** Words that every page's skip link may use. */
export function skipToContent(language: string): Shell['skip'] {
  return { to: 'content', words: word(language, 'skip-content') }
}
