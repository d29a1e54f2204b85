// What can be done to a published post beside its text: undo, flags, its place, a copy.
// Called by the story's view. Pure.

import { VERIFICATION_WORDS } from '../../../domain/plain-fields.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { csrfField, type Shell } from './shell.ts'

type Rights = { change(post: DeskPost): boolean; order: boolean; copy(post: DeskPost): boolean }

export function undoForm(shell: Shell, story: DeskStory, postId: string): SafeHtml {
  return html`<form method="post" action="/desk/stories/${story.id}/posts/${postId}/undo" class="acts undo">${csrfField(shell)}<button>Undo</button> <span class="hint">Works for ten seconds: the post becomes a draft again.</span></form>`
}

export function postTools(shell: Shell, story: DeskStory, post: DeskPost, rights: Rights): SafeHtml {
  const change = rights.change(post)
  const copy = rights.copy(post)
  if (!change && !copy && !rights.order) return nothing
  const act = `/desk/stories/${story.id}/posts/${post.id}`
  return html`<details class="confirm"><summary>More…</summary>
${change ? flags(shell, post, act) : ''}
${rights.order ? places(shell, act) : ''}
${copy ? html`<p><a href="${act}/copy">Copy to another story…</a></p>` : ''}</details>`
}

/** Lists only: Enter in a box to tick would send the form. */
function flags(shell: Shell, { content }: DeskPost, act: string): SafeHtml {
  return html`<form method="post" action="${act}/flag" class="stack">${csrfField(shell)}
<div class="pair"><label>Verification <select name="verification">${Object.entries(VERIFICATION_WORDS).map(
    ([value, words]) =>
      html`<option value="${value}" ${attributes({ selected: content.verification === value })}>${words}</option>`,
  )}</select></label>
<label>Breaking <select name="breaking"><option value="">No</option><option value="1" ${attributes({ selected: content.breaking })}>Yes</option></select></label></div>
<button>Change verification and breaking</button></form>`
}

function places(shell: Shell, act: string): SafeHtml {
  return html`<form method="post" action="${act}/move" class="acts">${csrfField(shell)}
<button name="to" value="up">Move up</button> <button name="to" value="down">Move down</button> <a href="${act}/move">Move to…</a></form>`
}
