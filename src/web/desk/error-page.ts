// What a person at the desk sees when something failed outside a form: what happened, what was kept, what to do.
// Called by cli as the error page of addresses under /desk.
// Never loses typed text: a form that could not be handled comes back whole, ready to be sent again.

import type { FastifyRequest } from 'fastify'
import type { AppError } from '../../domain/error.ts'
import { html, type SafeHtml } from '../../kit/html.ts'
import { typedIn } from '../form-body.ts'
import { deskPage } from './views/shell.ts'

/** Fields worth reading and copying; the others travel hidden. */
const SHOWN = ['headline', 'text', 'standfirst', 'note', 'reason', 'title']

export function isDeskRequest(request: FastifyRequest): boolean {
  return request.url === '/desk' || request.url.startsWith('/desk/') || request.url.startsWith('/desk?')
}

export function deskErrorPage(error: AppError, request: FastifyRequest, style: string): string {
  const signIn = error.code === 'unauthorized'
  const typed = request.url.startsWith('/desk/stories') ? typedIn(request) : null
  const body = html`<div class="narrow"><h1>${signIn ? 'Sign in first' : 'That did not work'}</h1>
<p class="message bad" role="alert"><strong>${error.message}</strong></p>
${typed ? typedAgain(typed, request.url, signIn) : html`<p>Nothing was changed.</p>${wayOn(request, signIn)}`}</div>`
  return String(deskPage({ title: 'Not done', shell: { style, viewer: null }, body }))
}

function wayOn(request: FastifyRequest, signIn: boolean): SafeHtml {
  const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : ''
  return signIn
    ? html`<p><a class="button main" href="/desk/sign-in${next}">Sign in</a></p>`
    : html`<p><a class="button" href="/desk">To the stories</a></p>`
}

function typedAgain(typed: ReadonlyMap<string, string>, action: string, signIn: boolean): SafeHtml {
  const shown = SHOWN.flatMap((name) => (typed.get(name) ? [{ name, text: typed.get(name) ?? '' }] : []))
  const hidden = [...typed].filter(([name]) => name !== 'password' && !shown.some((one) => one.name === name))
  return html`<p>Nothing was published or changed. Your text is kept here.${signIn ? html` <a href="/desk/sign-in" target="_blank">Sign in in a new window</a>, then come back and send it again.` : ' Send it again in a moment.'} A photo has to be chosen anew.</p>
<form method="post" action="${action}" class="stack">
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${shown.map(
  ({ name, text }) => html`<label>${name} <textarea name="${name}" rows="${name === 'text' ? 8 : 2}">
${text}</textarea></label>`,
)}
<div class="acts"><button class="main">Send again</button> <a href="/desk">To the stories</a></div>
</form>`
}
