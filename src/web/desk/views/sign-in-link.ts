// The page of a one-time sign-in link: one button.
// Called by web/auth/sign-in-link.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import { deskPage } from './shell.ts'

/** The form is sent to its own address: the token stands nowhere in the page. */
export function signInLinkPage(style: string, name: string): SafeHtml {
  const body = html`<div class="narrow">
<h1>Sign in as ${name}</h1>
<p>This link was made on the machine that Dateline runs on. It works once.</p>
<form method="post" class="stack">
<button class="main">Sign in</button>
</form>
</div>`
  return deskPage({ title: 'Sign in', shell: { style, viewer: null }, body })
}
