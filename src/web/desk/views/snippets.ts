// The snippets of the newsroom on the plain desk: a list, and for editors a form for each.
// Called by web/desk/snippets.ts. Pure.

import { textFromBlocks } from '../../../domain/plain-text.ts'
import type { Snippet } from '../../../domain/snippet.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell } from './shell.ts'

export const SNIPPETS_PATH = '/desk/snippets'

/** What somebody typed and nobody took. `revision` 0: of a new one. */
export type SnippetForm = { id: string; revision: number; name: string; text: string }

export type SnippetsView = {
  shell: Shell
  snippets: readonly Snippet[]
  changes: boolean
  newId: string
  told: Notice | null
  error: string | null
  typed: SnippetForm | null
}

export function snippetsPage(view: SnippetsView): SafeHtml {
  const { shell, snippets, changes, newId, told, error, typed } = view
  const known = snippets.some(({ id }) => id === typed?.id)
  const fresh = typed && !known ? typed : { id: newId, revision: 0, name: '', text: '' }
  const body = html`<h1>Snippets</h1>
${notice(told)}${problem(error, error ? 'Nothing was changed. What you typed is below.' : '')}
<p class="hint">In the live desk, type a slash and the name, or find it in the palette. Here, copy the text. A snippet that is changed changes no post.</p>
${snippets.length === 0 ? html`<p class="empty">No snippets yet.</p>` : html`<ul class="rows">${snippets.map((one) => snippetRow(view, one))}</ul>`}
${changes ? html`<section aria-labelledby="new-title"><h2 id="new-title">New snippet</h2>${snippetForm(shell, fresh)}</section>` : ''}
<p class="acts"><a href="/desk">All stories</a></p>`
  return deskPage({ title: 'Snippets', shell, body })
}

function snippetRow({ shell, changes, typed }: SnippetsView, snippet: Snippet): SafeHtml {
  const { id, name, blocks, revision } = snippet
  const text = textFromBlocks(blocks)
  const mine = typed?.id === id ? typed : null
  return html`<li><p class="row-title">/${name}</p><p class="pre" dir="auto">${text}</p>
${
  changes
    ? html`<details class="confirm" ${attributes({ open: mine !== null })}><summary>Change…</summary>${snippetForm(shell, mine ?? { id, revision, name, text })}
<form method="post" action="${SNIPPETS_PATH}/${id}/delete" class="acts small">${csrfField(shell)}<button class="quiet">Delete /${name}</button></form></details>`
    : ''
}</li>`
}

function snippetForm(shell: Shell, { id, revision, name, text }: SnippetForm): SafeHtml {
  return html`<form method="post" action="${SNIPPETS_PATH}/${id}" class="stack">${csrfField(shell)}<input type="hidden" name="revision" value="${revision}">
<label>Name: letters, digits and hyphens <input name="name" value="${name}" maxlength="40" required></label>
<label>Text <textarea name="text" rows="5" dir="auto" required>
${text}</textarea></label>
<div class="acts"><button>Save</button></div></form>`
}
