// The sign-in form.
// Called by web/auth/sign-in.ts. Pure.

import { html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { SsoButton } from '../../auth/sso-offer.ts'
import { deskPage, problem } from './shell.ts'

/** `unset`: nobody has an account yet. `waiting`: a text waits in another window. `hint`: what to do after an `error`. */
export type SignInView = {
  style: string
  next: string
  email: string
  error: string | null
  unset: boolean
  waiting: boolean
  hint?: string
  sso?: SsoButton | null
  /** Where one is perhaps still signed in. */
  signOutUrl?: string | null
}

export function signInPage(view: SignInView): SafeHtml {
  const { style, error, unset, waiting, sso = null, signOutUrl = null } = view
  const body = html`<div class="narrow">
<h1>Sign in</h1>
${problem(error, error ? (view.hint ?? 'Nothing was changed. Check both fields and try again.') : '')}
${signOutUrl ? html`<p class="message" role="status">You are signed out here. The sign-in service may still know you: <a href="${signOutUrl}" rel="noreferrer">sign out there as well</a>, above all on a machine that others use.</p>` : ''}
${waiting ? html`<p>Your text waits in the other window. Come back to it when you have signed in here.</p>` : ''}
${unset ? html`<p class="message">Nobody has an account yet. Open the link for the first administrator that was printed when Dateline started.</p>` : ''}
${sso ? ssoPart(sso) : ''}
${sso?.only ? nothing : passwordForm(view)}
</div>`
  return deskPage({ title: 'Sign in', shell: { style, viewer: null }, body })
}

/** A link, not a form: the desk's policy lets forms go to the desk only, redirects included. */
function ssoPart({ label, href, away, only }: SsoButton): SafeHtml {
  const other = only ? 'Try again in a moment.' : 'Try again in a moment, or sign in with your password.'
  return html`<div class="sso">
${away ? html`<p class="message" role="status">The sign-in service does not answer at present. ${other}</p>` : ''}
<p><a class="button main" href="${href}" rel="nofollow">${label}</a></p>
${only ? '' : html`<p class="or">or with your password</p>`}
</div>`
}

function passwordForm({ next, email, sso }: SignInView): SafeHtml {
  return html`<form method="post" action="/desk/sign-in" class="stack">
<input type="hidden" name="next" value="${next}">
<label>E-mail address <input type="email" name="email" value="${email}" autocomplete="username" required></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
${sso ? html`<button>Sign in</button>` : html`<button class="main">Sign in</button>`}
</form>`
}

export function signedInPage(style: string, viewer: { name: string; csrf: string }): SafeHtml {
  const body = html`<div class="narrow">
<h1>You are signed in</h1>
<p class="message good" role="status">Close this window and go back to the one with your text. There, press “Go on with this text”.</p>
<p><a href="/desk">Or to the stories</a></p>
</div>`
  return deskPage({ title: 'Signed in', shell: { style, viewer }, body })
}
