// "Your account" and the pages behind it: a new app, recovery codes, a new passkey.
// Called by web/auth/account.ts and web/auth/invitation.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import type { AccountEvent } from '../../../store/account-events.ts'
import type { PasskeyLine } from '../../../store/passkeys.ts'
import type { Person } from '../../../store/people.ts'
import type { FactorState } from '../../../store/second-factors.ts'
import type { SessionLine, Ways } from '../../../store/sessions.ts'
import { passkeyForm } from './passkey-form.ts'
import { eventRow, ROLE_WORDS } from './people.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'
import { warningBox } from './sign-in.ts'

const FEW_CODES = 3 // left; then new ones are worth making

export type AccountView = {
  shell: Shell
  person: Person
  ways: Ways
  factors: FactorState
  passkeys: readonly PasskeyLine[]
  passkeysHere: boolean
  sessions: readonly SessionLine[]
  here: string
  events: readonly AccountEvent[]
  timeZone: string
  warning: string | null
  told: Notice | null
  error: string | null
}

export function accountPage(view: AccountView): SafeHtml {
  const { shell, person, ways, events, timeZone, told, error, warning } = view
  const body = html`<h1>Your account</h1>
<p class="facts"><span>${person.name}</span> <span>${person.email}</span> <span>${ROLE_WORDS[person.role][0]}</span></p>
${notice(told)}${problem(error, error ? 'Nothing was changed.' : '')}
${warningBox(warning)}
<section aria-labelledby="password-title"><h2 id="password-title">Password</h2>
<p>${ways.password ? 'Set.' : `You have none: you sign in ${ways.passkey ? 'with a passkey' : 'through the sign-in service'}.`} <a href="/desk/password">${ways.password ? 'Change it' : 'Set one'}</a></p></section>
${appSection(view)}
${passkeySection(view)}
${codesSection(view)}
${sessionSection(view)}
<section aria-labelledby="events-title"><h2 id="events-title">What happened to it</h2>
${events.length === 0 ? html`<p class="empty">Nothing yet.</p>` : html`<ul class="rows">${events.map((event) => eventRow(event, timeZone))}</ul>`}</section>`
  return deskPage({ title: 'Your account', shell, body })
}

function appSection({ shell, factors, timeZone }: AccountView): SafeHtml {
  const { codeSince } = factors
  const form =
    codeSince === null
      ? html`<p>Off. With it, signing in by password also asks for the six digits that an app on your phone shows.</p>
<form method="post" action="/desk/account/app">${csrfField(shell)}<button>Turn it on</button></form>`
      : html`<p>On since ${timeTag(codeSince, timeZone, { year: true })} (${timeZone}).</p>
<details class="confirm"><summary>Turn it off…</summary><form method="post" action="/desk/account/app/remove">${csrfField(shell)}<p>The app's codes stop working. To move to a new phone, turn it off and on again.</p><button class="danger">Turn it off</button></form></details>`
  return html`<section aria-labelledby="app-title"><h2 id="app-title">Codes from an app</h2>${form}</section>`
}

function passkeySection({ shell, passkeys, passkeysHere, timeZone }: AccountView): SafeHtml {
  const row = ({ id, name, createdAt, usedAt }: PasskeyLine) => html`<li><b class="row-title">${name}</b>
<p class="facts"><span>added ${timeTag(createdAt, timeZone, { year: true })}</span> <span>${usedAt === null ? 'not used yet' : html`last used ${timeTag(usedAt, timeZone, { year: true })}`}</span></p>
<details class="confirm"><summary>Remove…</summary><form method="post" action="/desk/account/passkeys/${id}/remove">${csrfField(shell)}<p>Nobody can sign in with it any more.</p><button class="danger">Remove ${name}</button></form></details></li>`
  return html`<section aria-labelledby="passkeys-title"><h2 id="passkeys-title">Passkeys</h2>
<p>A passkey signs you in by fingerprint, face or the device's own code. It cannot be phished. Once you have one, the password alone is not enough.</p>
${passkeys.length === 0 ? '' : html`<ul class="rows">${passkeys.map(row)}</ul>`}
${passkeysHere ? html`<p class="acts"><a class="button" href="/desk/account/passkeys/new">Add a passkey</a></p>` : html`<p class="hint">None can be added at this address: passkeys need https, or localhost.</p>`}</section>`
}

function codesSection({ shell, factors, passkeys }: AccountView): SafeHtml {
  const { codeSince, recoveryLeft } = factors
  if (codeSince === null && passkeys.length === 0) return html``
  return html`<section aria-labelledby="codes-title"><h2 id="codes-title">Recovery codes</h2>
<p>${recoveryLeft} left. Each signs you in once, after the password, when phone and passkeys are lost.${recoveryLeft <= FEW_CODES ? ' Make new ones soon.' : ''}</p>
<details class="confirm"><summary>Make new ones…</summary><form method="post" action="/desk/account/codes">${csrfField(shell)}<p>The older codes stop working.</p><button>Make ten new codes</button></form></details></section>`
}

function sessionSection({ shell, sessions, here, timeZone }: AccountView): SafeHtml {
  const row = ({
    id,
    browser,
    network,
    since,
    seenAt,
  }: SessionLine) => html`<li><b class="row-title">${browser || 'Some browser'}${id === here ? ' (this one)' : ''}</b>
<p class="facts">${network ? html`<span>from ${network}</span>` : ''} <span>since ${timeTag(since, timeZone, { year: true })}</span> <span>last seen ${timeTag(seenAt, timeZone, { year: true })} (${timeZone})</span></p>
${id === here ? '' : html`<form method="post" action="/desk/account/sessions/${id}/end">${csrfField(shell)}<button class="quiet">End this session</button></form>`}</li>`
  return html`<section aria-labelledby="sessions-title"><h2 id="sessions-title">Where you are signed in</h2>
<ul class="rows">${sessions.map(row)}</ul>
${sessions.length > 1 ? html`<form method="post" action="/desk/account/sessions/end-others">${csrfField(shell)}<button>End all but this one</button></form>` : ''}</section>`
}

export function newAppPage({
  shell,
  secret,
  qr,
  error,
}: {
  shell: Shell
  secret: string
  qr: SafeHtml
  error: string | null
}): SafeHtml {
  const body = html`<div class="narrow"><h1>Codes from an app</h1>
${problem(error, error ? 'Nothing was turned on. Type the code that the app shows now.' : '')}
<p>Scan this with an authenticator app, or type the key into it.</p>
<div class="qr">${qr}</div>
<p>Key: <code class="secret">${secret.match(/.{1,4}/g)?.join(' ') ?? ''}</code></p>
<p class="hint">It is shown until a code of it comes back, and never again.</p>
<form method="post" action="/desk/account/app/confirm" class="stack">${csrfField(shell)}
<label>The six digits it shows <input name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" required></label>
<div class="acts"><button class="main">Turn it on</button> <a href="/desk/account">Leave it</a></div></form></div>`
  return deskPage({ title: 'Codes from an app', shell, body, trail: accountTrail() })
}

type CodesView = { shell: Shell; codes: readonly string[]; because: 'app' | 'new' | 'passkey' | 'joined'; next: string }

const BECAUSE = {
  app: 'Codes from the app are on.',
  new: 'The older codes are void.',
  passkey: 'The passkey is added.',
  joined: 'Your account is made, and you are signed in.',
} as const

export function codesPage({ shell, codes, because, next }: CodesView): SafeHtml {
  const body = html`<div class="narrow"><h1>Your recovery codes</h1>
<p class="message good" role="status">${BECAUSE[because]}${codes.length === 0 ? ' The recovery codes you have stay good.' : ''}</p>
${
  codes.length === 0
    ? ''
    : html`<ul class="codes">${codes.map((code) => html`<li><code class="secret">${code}</code></li>`)}</ul>
<p><b>They are shown this once.</b> Print them or write them down, and keep them away from your phone. Each is good once, when phone and passkeys are lost.</p>`
}
<p class="acts"><a class="button main" href="${next}">${codes.length === 0 ? 'Go on' : 'I have them'}</a></p></div>`
  return deskPage({ title: 'Recovery codes', shell, body, trail: accountTrail() })
}

type NewPasskeyView = { shell: Shell; script: string; here: boolean; warning: string | null; error: string | null }

export function newPasskeyPage({ shell, script, here, warning, error }: NewPasskeyView): SafeHtml {
  const form = passkeyForm({
    what: 'create',
    action: '/desk/account/passkeys',
    options: '/desk/account/passkeys/options',
    inside: html`${csrfField(shell)}<label>A name for it <input name="name" maxlength="60" autocomplete="off" aria-describedby="name-hint" required></label>
<p class="hint" id="name-hint">So that you know it again, such as “Work laptop”.</p>`,
    button: 'Add the passkey',
    main: true,
  })
  const body = html`<div class="narrow"><h1>Add a passkey</h1>
${problem(error, error ? 'No passkey was added.' : '')}
${warningBox(warning)}
${here ? form : html`<p>None can be added at this address: passkeys need https, or localhost.</p>`}
<p class="otherwise"><a href="/desk/account">Back to your account</a></p></div>`
  return deskPage({ title: 'Add a passkey', shell, body, trail: accountTrail(), script })
}

function accountTrail(): SafeHtml {
  return html`<a href="/desk/account">Your account</a>`
}
