// The question what becomes of a post's copies when it is withdrawn.
// Called by the page that withdraws a post. Pure.

import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { PostElsewhere } from '../../../store/desk-reads.ts'

export type Copies = { posts: readonly PostElsewhere[]; choice: 'withdraw' | 'leave' | undefined }

/** Nothing is chosen beforehand: both answers can do harm. */
export function copiesChoice({ posts, choice }: Copies): SafeHtml {
  if (posts.length === 0) return nothing
  const count = posts.length === 1 ? 'one copy' : `${posts.length} copies`
  return html`<fieldset><legend>There is ${count} in other stories</legend>
<ul>${posts.map(
    ({ storyId, postId, storyTitle, headline }) =>
      html`<li><a href="/desk/stories/${storyId}#post-${postId}">${headline || 'A post without a headline'}</a> in ${storyTitle}</li>`,
  )}</ul>
${way('withdraw', choice, 'Withdraw the copies too', 'in the same way, where you may')}
${way('leave', choice, 'Leave the copies', 'they stay published')}
</fieldset>`
}

function way(value: string, choice: Copies['choice'], words: string, more: string): SafeHtml {
  const chosen = attributes({ checked: choice === value })
  return html`<label class="choice"><input type="radio" name="copies" value="${value}" required ${chosen}> <span><b>${words}</b>, ${more}</span></label>`
}
