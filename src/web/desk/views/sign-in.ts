// The sign-in form.
// Called by web/auth/sign-in.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import { deskPage, problem } from './shell.ts'

/** `unset`: nobody has an account yet. `waiting`: a text waits in another window. */
export type SignInView = {
  style: string
  next: string
  email: string
  error: string | null
  unset: boolean
  waiting: boolean
}

export function signInPage({ style, next, email, error, unset, waiting }: SignInView): SafeHtml {
  const body = html`<div class="narrow">
<h1>Sign in</h1>
${problem(error, error ? 'Nothing was changed. Check both fields and try again.' : '')}
${waiting ? html`<p>Your text waits in the other window. Come back to it when you have signed in here.</p>` : ''}
${unset ? html`<p class="message">Nobody has an account yet. Open the link for the first administrator that was printed when Dateline started.</p>` : ''}
<form method="post" action="/desk/sign-in" class="stack">
<input type="hidden" name="next" value="${next}">
<label>E-mail address <input type="email" name="email" value="${email}" autocomplete="username" required></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
<button class="main">Sign in</button>
</form>
</div>`
  return deskPage({ title: 'Sign in', shell: { style, viewer: null }, body })
}

export function signedInPage(style: string, viewer: { name: string; csrf: string }): SafeHtml {
  const body = html`<div class="narrow">
<h1>You are signed in</h1>
<p class="message good" role="status">Close this window and go back to the one with your text. There, press “Go on with this text”.</p>
<p><a href="/desk">Or to the stories</a></p>
</div>`
  return deskPage({ title: 'Signed in', shell: { style, viewer }, body })
}
