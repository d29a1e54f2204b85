// The form of a fresh proof, around whatever was being done, and the page that goes on with it.
// Called by web/auth/prove.ts and the page of errors. Pure.
// Never shows or carries a password.

import { PROVE_PATH } from '../../../domain/address.ts'
import { html, type SafeHtml } from '../../../kit/html.ts'
import type { Ways } from '../../../store/sessions.ts'
import type { SsoProof } from '../../auth/sso-offer.ts'
import { labelOf } from '../labels.ts'
import { passkeyForm } from './passkey-form.ts'
import { csrfField, deskPage, problem, type Shell } from './shell.ts'

/** `to`: where the form was going, '' = nowhere. `typed`: what was in it. `next`: a page to go to instead. */
export type ProveView = {
  shell: Shell
  script: string
  ways: Ways
  /** null where no single sign-on is configured. */
  provider: SsoProof | null
  next: string
  to: string
  typed: ReadonlyMap<string, string>
  error: string | null
}

/** Fields that were written: worth reading and copying. The others travel hidden. */
const SHOWN = new Set(
  'email headline text place byline tags source caption credit agency alt keyEventTitle note title standfirst slug reason deskNote'.split(
    ' ',
  ),
)
const NEVER = new Set(['password', 'next-password', 'csrf', 'resume', 'check', 'passkey'])

export function isShown(name: string): boolean {
  return SHOWN.has(name) || /^image\d+-/.test(name)
}

/** What of a form may travel: no password, no token, nothing of the proof itself. */
export function mayTravel(name: string): boolean {
  return !NEVER.has(name) && !name.startsWith('proof-')
}

export function provePage({ shell, script, ways, provider, next, to, typed, error }: ProveView): SafeHtml {
  const carried = html`${csrfField(shell)}<input type="hidden" name="proof-to" value="${to}"><input type="hidden" name="proof-next" value="${next}">
${[...typed].filter(([name]) => mayTravel(name)).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
  const typing = ways.password || ways.code
  const elsewhere = ways.provider ? provider : null
  const body = html`<div class="narrow">
<h1>Is it still you?</h1>
<p>Some acts cannot be taken back, or change who may do what. They want a fresh proof, good for five minutes. ${to ? 'What you were doing is kept and comes next.' : ''}</p>
${problem(error, error ? 'Nothing was done yet.' : '')}
${
  typing
    ? html`<form method="post" action="${PROVE_PATH}" class="stack">${carried}
${ways.password ? html`<label>Password <input type="password" name="proof-password" autocomplete="current-password"></label>` : ''}
${ways.code ? html`<label>${ways.password ? 'Or a code from the app' : 'Code from the app'} <input name="proof-code" autocomplete="one-time-code" inputmode="numeric"></label>` : ''}
<button class="main">Go on</button>
</form>`
    : ''
}
${
  ways.passkey
    ? html`<div class="${typing ? 'otherwise' : ''}">${passkeyForm({
        what: 'get',
        action: PROVE_PATH,
        options: `${PROVE_PATH}/passkey/options`,
        inside: carried,
        button: 'Use a passkey',
        main: !typing,
      })}</div>`
    : ''
}
${elsewhere ? atProvider(elsewhere, carried) : ''}
${typing || ways.passkey || elsewhere ? '' : html`<p class="message">Your account has no password and no passkey of its own. Sign out and in again: that is a proof too.</p>`}
<p class="otherwise"><a href="${next}">Leave it</a></p>
</div>`
  return deskPage({ title: 'Is it still you?', shell, body, script })
}

/** In a window of its own, so that what was being done stays in this one. */
function atProvider({ label, href }: SsoProof, carried: SafeHtml): SafeHtml {
  return html`<ol class="otherwise"><li><a href="${href}" target="_blank">${label}, in a new window</a>: the service asks you once more.</li>
<li><form method="post" action="${PROVE_PATH}">${carried}<button name="proof-elsewhere" value="1">Done there: go on</button></form></li></ol>`
}

/** Under the new token: what was being done is sent by a press, never by itself. */
export function goOnPage({
  shell,
  to,
  typed,
}: {
  shell: Shell
  to: string
  typed: ReadonlyMap<string, string>
}): SafeHtml {
  const isSeen = [...typed].some(([name, text]) => text !== '' && mayTravel(name) && isShown(name))
  const body = html`<div class="narrow">
<h1>Go on</h1>
<p class="message good" role="status">That is proved. Nothing was done yet: ${isSeen ? 'this is what you were about to do' : 'press once more for what you were about to do'}.</p>
<form method="post" action="${to}" class="stack">${csrfField(shell)}
${typedFields(typed)}
<div class="acts"><button class="main">Go on with it</button> <a href="/desk">To the stories</a></div>
</form></div>`
  return deskPage({ title: 'Go on', shell, body })
}

/** The fields of a form that could not be handled, ready to be sent again. */
export function typedFields(typed: ReadonlyMap<string, string>): SafeHtml {
  const travelling = [...typed].filter(([name]) => mayTravel(name))
  const shown = travelling.filter(([name, text]) => text !== '' && isShown(name))
  const hidden = travelling.filter(([name, text]) => !(text !== '' && isShown(name)))
  return html`${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${shown.map(
  ([name, text]) => html`<label>${labelOf(name)} <textarea name="${name}" rows="${name === 'text' ? 8 : 2}" dir="auto">
${text}</textarea></label>`,
)}`
}
