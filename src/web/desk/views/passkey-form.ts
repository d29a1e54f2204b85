// The form of a passkey: hidden until its script finds that the browser can.
// Called by the views of sign-in, proof, invitation and account. Pure.

import { attributes, html, type SafeHtml } from '../../../kit/html.ts'

/** `what`: `get` one or `create` one. `options`: where the script asks what is to be signed. `inside`: further fields. */
export type PasskeyForm = {
  what: 'get' | 'create'
  action: string
  options: string
  inside: SafeHtml | SafeHtml[]
  button: string
  main?: boolean
}

export function passkeyForm({ what, action, options, inside, button, main }: PasskeyForm): SafeHtml {
  return html`<form method="post" action="${action}" class="stack" data-passkey="${what}" data-options="${options}" hidden>
${inside}<input type="hidden" name="passkey" value="">
<p class="problem" role="alert" data-passkey-error hidden></p>
<button ${attributes({ class: main ? 'main' : false })}>${button}</button>
</form>
<p class="hint" data-no-passkey>${button}: this needs JavaScript, on this page only, and a browser that has passkeys.</p>`
}
