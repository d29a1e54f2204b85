// The shell of the desk: the page that a browser keeps for when the server does not answer.
// Called by web/desk/install.ts. Pure.
// Never holds anything of a story or a person.

import { html, type SafeHtml } from '../../../kit/html.ts'
import { deskPage } from './shell.ts'

export function shellPage({
  style,
  program,
}: {
  style: string
  program: { script: string; style: string } | null
}): SafeHtml {
  return deskPage({
    title: 'No connection',
    shell: { style, viewer: null },
    body: html`<h1>No connection</h1>
<p role="status">The server does not answer. What you wrote is kept in this browser.</p>`,
    program: program && { script: program.script, style: program.style, start: null },
  })
}
