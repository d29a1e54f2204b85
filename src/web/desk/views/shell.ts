// The frame of every page of the desk, its messages, and times as the desk writes them.
// Called by the other views. Pure.

import { FAVICON_PATH } from '../../../domain/address.ts'
import { html, nothing, type SafeHtml } from '../../../kit/html.ts'

/** Of the desk as a thing to be put on a home screen. */
export const MANIFEST_PATH = '/desk/manifest.webmanifest'

/** Who looks and with what: `csrf` goes into every form; null where nobody is signed in. */
export type Shell = { style: string; viewer: { name: string; csrf: string } | null }

/** The live desk's program, which takes the place of `<main>`. `start`: what it needs to begin, as JSON; null: what its browser keeps. */
export type Program = { script: string; style: string; start: string | null }

/** `script`: for the few pages that have one beside the live desk. */
type Frame = {
  title: string
  shell: Shell
  body: SafeHtml
  trail?: SafeHtml
  script?: string
  program?: Program | null
  /** Where a browser goes at once by itself, in the place of this page. */
  moveOn?: string
}

export function deskPage({ title, shell, body, trail, script, program = null, moveOn }: Frame): SafeHtml {
  const { viewer, style } = shell
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Dateline desk</title>${
    moveOn === undefined
      ? ''
      : html`
<meta http-equiv="refresh" content="0; url=${moveOn}">`
  }
<link rel="icon" href="${FAVICON_PATH}" type="image/svg+xml">${
    viewer
      ? html`
<link rel="manifest" href="${MANIFEST_PATH}">`
      : ''
  }
<link rel="stylesheet" href="${style}">${
    program === null
      ? ''
      : html`
<link rel="stylesheet" href="${program.style}">
${
  program.start === null
    ? html`<script type="module" src="${program.script}" data-shell></script>`
    : html`<script type="module" src="${program.script}" data-start="${program.start}"></script>`
}`
  }${
    script
      ? html`
<script type="module" src="${script}"></script>`
      : ''
  }
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<nav aria-label="Desk"><a class="home" href="/desk/">Desk</a>${trail ? html` <span aria-hidden="true">/</span> ${trail}` : ''}</nav>
${
  viewer
    ? html`<form class="who" method="post" action="/desk/sign-out">${csrfField(shell)}<a class="who-name" href="/desk/account" title="Your account">${viewer.name}</a> <button class="quiet">Sign out</button></form>`
    : ''
}
</header>
<main id="main">
${body}
</main>
</body>
</html>
`
}

export function csrfField(shell: Shell): SafeHtml {
  return html`<input type="hidden" name="csrf" value="${shell.viewer?.csrf ?? ''}">`
}

/** What happened, what was kept, what to do. Stands before the form that it is about. */
export function problem(message: string | null, kept = ''): SafeHtml {
  if (message === null) return nothing
  return html`<div class="message bad" role="alert"><p><strong>${message}</strong></p>${kept ? html`<p>${kept}</p>` : ''}</div>`
}

/** `good`: an act was done. Otherwise nothing was, and no fault either. */
export type Notice = { words: string; good: boolean; link?: { href: string; words: string } }

export function notice(told: Notice | null): SafeHtml {
  if (told === null) return nothing
  const { words, good, link } = told
  return html`<p class="message${good ? ' good' : ''}" role="status">${words}${link ? html` <a href="${link.href}">${link.words}</a>` : ''}</p>`
}

/** `31 Jan, 14:32` in the given zone; the year and the seconds only where they are asked for. */
export function timeTag(at: number, timeZone: string, more: { year?: boolean; second?: boolean } = {}): SafeHtml {
  const date = new Date(at)
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    ...(more.year ? { year: 'numeric' as const } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(more.second ? { second: '2-digit' as const } : {}),
    hourCycle: 'h23',
  })
  return html`<time datetime="${date.toISOString()}">${format.format(date)}</time>`
}
