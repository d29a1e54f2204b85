// The page of an invitation's link, and the page that shows an administrator the link, once.
// Called by web/auth/invitation.ts and web/desk/invitations.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import type { InvitationLine } from '../../../store/invitations.ts'
import { passkeyForm } from './passkey-form.ts'
import { ROLE_WORDS } from './people.ts'
import { deskPage, problem, type Shell, timeTag } from './shell.ts'
import { warningBox } from './sign-in.ts'

type InvitationView = {
  style: string
  script: string
  action: string
  invitation: InvitationLine
  name: string
  minPassword: number
  passkeys: boolean
  warning: string | null
  timeZone: string
  error: string | null
}

export function invitationPage(view: InvitationView): SafeHtml {
  const { style, script, action, invitation, name, minPassword, passkeys, warning, timeZone, error } = view
  const { email, role, madeBy, expiresAt } = invitation
  const nameField = html`<label>Your name, as colleagues see it <input name="name" value="${name}" autocomplete="name" maxlength="100" required></label>`
  const body = html`<div class="narrow">
<h1>You are invited to the desk</h1>
<p>${madeBy ? html`${madeBy} invites` : 'You are invited as'} ${email}. You will be: ${ROLE_WORDS[role][0]}, ${ROLE_WORDS[role][1]}.</p>
<p class="hint">The link works once, until ${timeTag(expiresAt, timeZone, { year: true })} (${timeZone}).</p>
${problem(error, error ? 'Nothing was saved yet, the link is still good.' : '')}
${warningBox(warning)}
<form method="post" action="${action}" class="stack">
<h2>With a password</h2>
${nameField}
<label>E-mail address, by which you sign in <input type="email" name="email" value="${email}" autocomplete="username" readonly></label>
<label>Password <input type="password" name="password" autocomplete="new-password" minlength="${minPassword}" aria-describedby="password-hint" required></label>
<p class="hint" id="password-hint">At least ${minPassword} characters; a few words in a row are good. You can add a second factor afterwards.</p>
<button class="main">Make the account and sign in</button>
</form>
${
  passkeys
    ? html`<section class="otherwise" aria-labelledby="passkey-title"><h2 id="passkey-title">Or with a passkey</h2>
<p class="hint">By fingerprint, face or the code of this device, without a password.</p>
${passkeyForm({ what: 'create', action: `${action}/passkey`, options: `${action}/passkey/options`, inside: nameField, button: 'Make the account with a passkey' })}</section>`
    : ''
}
</div>`
  return deskPage({ title: 'Invitation', shell: { style, viewer: null }, body, script })
}

type LinkView = { shell: Shell; email: string; link: string; expiresAt: number; timeZone: string }

export function invitationLinkPage({ shell, email, link, expiresAt, timeZone }: LinkView): SafeHtml {
  const body = html`<div class="narrow"><h1>The invitation is made</h1>
<p>For ${email}</p>
<p class="message good"><code class="secret link">${link}</code></p>
<p><b>The link is shown this once.</b> Give it to them by a way you trust. It works once, until ${timeTag(expiresAt, timeZone, { year: true })} (${timeZone}); a new invitation for the same address voids it.</p>
<p class="acts"><a class="button" href="/desk/people">To the people</a></p></div>`
  return deskPage({ title: 'Invitation', shell, body, trail: html`<a href="/desk/people">People</a>` })
}
