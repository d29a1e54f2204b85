// The sign-in form.
// Called by web/auth/sign-in.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import { deskPage, problem } from './shell.ts'

/** `unset`: nobody has an account yet. */
export type SignInView = { style: string; next: string; email: string; error: string | null; unset: boolean }

export function signInPage({ style, next, email, error, unset }: SignInView): SafeHtml {
  const body = html`<div class="narrow">
<h1>Sign in</h1>
${problem(error, error ? 'Nothing was changed. Check both fields and try again.' : '')}
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
