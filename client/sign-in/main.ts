// Passkeys at sign-in, at a proof, at an invitation and on "Your account": asks the browser, puts the answer into the form.
// Loaded by those pages only; each works without it, but for the passkey itself.
// Never sends a form by itself before the person has given the passkey.

import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

type Problem = { code?: string; detail?: string; details?: { prove?: string } }

if (browserSupportsWebAuthn() && window.isSecureContext) {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) prepare(form)
  for (const told of document.querySelectorAll<HTMLElement>('[data-no-passkey]')) told.hidden = true
}

function prepare(form: HTMLFormElement): void {
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const button = form.querySelector('button')
    tell(form, '')
    if (button) button.disabled = true
    answer(form)
      .then((given) => given && send(form, given))
      .catch((error: unknown) => tell(form, wordsOf(error)))
      .finally(() => {
        if (button) button.disabled = false
      })
  })
}

/** null: the page leads elsewhere first. */
async function answer(form: HTMLFormElement): Promise<unknown> {
  const { passkey, options: url = '' } = form.dataset
  const reply = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(
      [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
  })
  const body: unknown = await reply.json()
  if (!reply.ok) {
    const { code, detail, details } = body as Problem
    if (code !== 'step_up' || !details?.prove) throw new Error(detail ?? 'The server did not answer.')
    location.assign(`${details.prove}?next=${encodeURIComponent(location.pathname)}`)
    return null
  }
  return passkey === 'create'
    ? startRegistration({ optionsJSON: body as PublicKeyCredentialCreationOptionsJSON })
    : startAuthentication({ optionsJSON: body as PublicKeyCredentialRequestOptionsJSON })
}

function send(form: HTMLFormElement, given: unknown): void {
  const field = form.elements.namedItem('passkey')
  if (field instanceof HTMLInputElement) field.value = JSON.stringify(given)
  form.submit()
}

function tell(form: HTMLFormElement, words: string): void {
  const place = form.querySelector<HTMLElement>('[data-passkey-error]')
  if (!place) return
  place.textContent = words
  place.hidden = words === ''
}

function wordsOf(error: unknown): string {
  const { name, message } = error as Error
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'No passkey was given, or it took too long. Nothing was changed. Try again, or use another way.'
  if (name === 'InvalidStateError') return 'This device has a passkey for this account already.'
  return message
}
