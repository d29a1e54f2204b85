// What a person at the desk sees when something failed outside a form: what happened, what was kept, what to do.
// Called by cli as the error page of addresses under /desk.
// Never loses typed text: a form that could not be handled comes back whole, ready to be sent again.

import type { FastifyRequest } from 'fastify'
import type { AppError } from '../../domain/error.ts'
import { html, type SafeHtml } from '../../kit/html.ts'
import { type SignedIn, sessionShownTo } from '../auth/session.ts'
import { SIGNED_IN } from '../auth/sign-in.ts'
import type { SsoProof } from '../auth/sso-offer.ts'
import { typedIn } from '../form-body.ts'
import { provePage, typedFields } from './views/prove.ts'
import { deskPage } from './views/shell.ts'

export function isDeskRequest(request: FastifyRequest): boolean {
  return request.url === '/desk' || request.url.startsWith('/desk/') || request.url.startsWith('/desk?')
}

/** `provider`: null where no single sign-on is configured. */
type Looks = { style: string; script: string; provider: SsoProof | null }

export function deskErrorPage(error: AppError, request: FastifyRequest, looks: Looks): string {
  const { style } = looks
  const session = error.code === 'step_up' ? sessionShownTo(request) : null
  if (session) return String(proofFirst(session, request, looks))
  const signIn = error.code === 'unauthorized'
  const typed = request.url.startsWith('/desk/stories') ? typedIn(request) : null
  if (signIn && request.method === 'GET') return String(toSignIn(request.url, style))
  const body = html`<div class="narrow"><h1>${signIn ? 'Sign in first' : 'That did not work'}</h1>
<p class="message bad" role="alert"><strong>${error.message}</strong></p>
${typed ? typedAgain(typed, request.url, signIn) : html`<p>Nothing was changed.</p>${wayOn(request, signIn)}`}</div>`
  return String(deskPage({ title: 'Not done', shell: { style, viewer: null }, body }))
}

/** Nothing was typed that could be lost: the sign-in comes by itself, and then the page that was asked for. */
function toSignIn(url: string, style: string): SafeHtml {
  const next = `/desk/sign-in?next=${encodeURIComponent(url)}`
  const body = html`<div class="narrow"><h1>Sign in first</h1>
<p>You are not signed in, or your session has ended.</p>
<p><a class="button main" href="${next}">Sign in</a></p></div>`
  return deskPage({ title: 'Sign in first', shell: { style, viewer: null }, body, moveOn: next })
}

/** The act wants a fresh proof: it is asked for here, and the form waits inside it. */
function proofFirst(session: SignedIn, request: FastifyRequest, { style, script, provider }: Looks): SafeHtml {
  const { actor, csrf, ways } = session
  const shell = { style, viewer: { name: actor.name, csrf } }
  const page = request.method === 'GET' ? request.url : '/desk'
  const to = request.method === 'GET' ? '' : request.url
  return provePage({ shell, script, ways, provider, next: page, to, typed: typedIn(request) ?? new Map(), error: null })
}

function wayOn(request: FastifyRequest, signIn: boolean): SafeHtml {
  const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : ''
  return signIn
    ? html`<p><a class="button main" href="/desk/sign-in${next}">Sign in</a></p>`
    : html`<p><a class="button" href="/desk">To the stories</a></p>`
}

function typedAgain(typed: ReadonlyMap<string, string>, action: string, signIn: boolean): SafeHtml {
  return html`<p>Nothing was published or changed. Your text is kept here.${signIn ? '' : ' Send it again in a moment.'}</p>
${signIn ? signInFirst() : ''}
<form method="post" action="${action}" class="stack">
${signIn ? html`<input type="hidden" name="resume" value="1">` : html`<input type="hidden" name="csrf" value="${typed.get('csrf') ?? ''}">`}
${typedFields(typed)}
<div class="acts"><button class="main">${signIn ? 'Go on with this text' : 'Send again'}</button> <a href="/desk">To the stories</a></div>
</form>`
}

/** The form is not sent by going on: the desk shows it once more, with a token of the new session. */
function signInFirst(): SafeHtml {
  return html`<ol><li><a href="/desk/sign-in?next=${encodeURIComponent(SIGNED_IN)}" target="_blank">Sign in, in a new window</a>.</li>
<li>Come back to this window and go on: your form opens with this text, and nothing is sent before you say so. A photo has to be chosen there anew.</li></ol>`
}
