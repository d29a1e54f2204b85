// The form of the one-time link: it makes the first administrator.
// Called by web/auth/setup.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import { deskPage, problem } from './shell.ts'

export type SetupView = { style: string; name: string; email: string; minPassword: number; error: string | null }

/** The form is sent to its own address: the token stands nowhere in the page. */
export function setupPage({ style, name, email, minPassword, error }: SetupView): SafeHtml {
  const body = html`<div class="narrow">
<h1>Make the first account</h1>
<p>You will be this installation's administrator. The link works once.</p>
${problem(error, error ? 'Nothing was saved yet, the link is still good. Type the password again.' : '')}
<form method="post" class="stack">
<label>Your name, as colleagues see it <input name="name" value="${name}" autocomplete="name" maxlength="100" required></label>
<label>E-mail address <input type="email" name="email" value="${email}" autocomplete="username" required></label>
<label>Password <input type="password" name="password" autocomplete="new-password" minlength="${minPassword}" aria-describedby="password-hint" required></label>
<p class="hint" id="password-hint">At least ${minPassword} characters; a few words in a row are good.</p>
<button class="main">Create account and sign in</button>
</form>
</div>`
  return deskPage({ title: 'First account', shell: { style, viewer: null }, body })
}
