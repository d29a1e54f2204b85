// The form of sign-in, and the page of the second proof.
// Called by web/auth. Pure.

import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { SsoButton } from '../../auth/sso-offer.ts'
import { passkeyForm } from './passkey-form.ts'
import { deskPage, problem } from './shell.ts'

/**
 * `unset`: nobody has an account yet. `waiting`: a text waits in another window. `warning`: what will not work here. `hint`: what
 * to do after an `error`. `signOutUrl`: where one is perhaps still signed in.
 */
export type SignInView = {
  style: string
  script: string
  next: string
  email: string
  error: string | null
  unset: boolean
  waiting: boolean
  passkeys: boolean
  warning: string | null
  sso: SsoButton | null
  signOutUrl?: string | null
  hint?: string
}

export function signInPage(view: SignInView): SafeHtml {
  const { style, script, next, error, unset, waiting, passkeys, warning, sso, signOutUrl = null, hint } = view
  const body = html`<div class="narrow">
<h1>Sign in</h1>
${problem(error, error ? (hint ?? 'Nothing was changed. Check what you gave and try again.') : '')}
${signOutUrl ? html`<p class="message" role="status">You are signed out here. The sign-in service may still know you: <a href="${signOutUrl}" rel="noreferrer">sign out there as well</a>, above all on a machine that others use.</p>` : ''}
${waiting ? html`<p>Your text waits in the other window. Come back to it when you have signed in here.</p>` : ''}
${unset ? html`<p class="message">Nobody has an account yet. Open the link for the first administrator that was printed when Dateline started.</p>` : ''}
${sso ? ssoPart(sso) : ''}
${sso?.only ? nothing : passwordForm(view)}
${
  passkeys
    ? html`<div class="otherwise">${passkeyForm({
        what: 'get',
        action: '/desk/sign-in/passkey',
        options: '/desk/sign-in/passkey/options',
        inside: html`<input type="hidden" name="next" value="${next}">`,
        button: 'Sign in with a passkey',
      })}</div>`
    : ''
}
${warningBox(warning)}
</div>`
  return deskPage({ title: 'Sign in', shell: { style, viewer: null }, body, script })
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
<label>E-mail address <input type="email" name="email" value="${email}" autocomplete="username" required autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
${sso ? html`<button>Sign in</button>` : html`<button class="main">Sign in</button>`}
</form>`
}

export function warningBox(warning: string | null): SafeHtml {
  return warning === null ? nothing : html`<p class="message bad" role="note">${warning}</p>`
}

type SecondView = {
  style: string
  script: string
  name: string
  csrf: string
  next: string
  passkeys: boolean
  app: boolean
  error: string | null
}

export function secondFactorPage({ style, script, name, csrf, next, passkeys, app, error }: SecondView): SafeHtml {
  const fields = html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="next" value="${next}">`
  const byPasskey = passkeys
    ? html`<div class="otherwise">${passkeyForm({
        what: 'get',
        action: '/desk/sign-in/code',
        options: '/desk/sign-in/code/passkey/options',
        inside: fields,
        button: 'Use a passkey',
        main: !app,
      })}</div>`
    : ''
  const byCode = html`<form method="post" action="/desk/sign-in/code" class="stack">${fields}
<label>${app ? 'Code from the app, or a recovery code' : 'Recovery code'} <input name="code" autocomplete="one-time-code" inputmode="${app ? 'numeric' : 'text'}" autocapitalize="none" spellcheck="false" required></label>
<button ${attributes({ class: app ? 'main' : false })}>Go on</button>
</form>`
  const body = html`<div class="narrow">
<h1>One more proof</h1>
<p>The password was right, ${name}. Now the second factor.</p>
${problem(error, error ? 'You are not signed in yet.' : '')}
${app ? [byCode, byPasskey] : [byPasskey, byCode]}
<form method="post" action="/desk/sign-in/code/leave" class="otherwise">${fields}<button class="quiet">Sign in as somebody else</button></form>
<p class="hint">Lost the phone and the codes? An administrator can take the second factor away, and so can an engineer with <code>dateline user reset-factors</code>.</p>
</div>`
  return deskPage({ title: 'Second factor', shell: { style, viewer: null }, body, script })
}

export function signedInPage(style: string, viewer: { name: string; csrf: string }): SafeHtml {
  const body = html`<div class="narrow">
<h1>You are signed in</h1>
<p class="message good" role="status">Close this window and go back to the one with your text. There, press “Go on with this text”.</p>
<p><a href="/desk">Or to the stories</a></p>
</div>`
  return deskPage({ title: 'Signed in', shell: { style, viewer }, body })
}
