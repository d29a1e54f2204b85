// The question what becomes of a post's copies when it is withdrawn.
// Called by the page that withdraws a post. Pure.

import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { PostElsewhere } from '../../../store/desk-reads.ts'

/** `others`: in stories that this person does not read. */
export type Copies = { posts: readonly PostElsewhere[]; others: number; choice: 'withdraw' | 'leave' | undefined }

/** Nothing is chosen beforehand: both answers can do harm. */
export function copiesChoice({ posts, others, choice }: Copies): SafeHtml {
  const all = posts.length + others
  if (all === 0) return nothing
  const count = all === 1 ? 'one copy' : `${all} copies`
  return html`<fieldset><legend>There is ${count} in other stories</legend>
<ul>${posts.map(
    ({ storyId, postId, storyTitle, headline }) =>
      html`<li><a href="/desk/stories/${storyId}#post-${postId}">${headline || 'A post without a headline'}</a> in ${storyTitle}</li>`,
  )}${othersLine(others)}</ul>
${way('withdraw', choice, 'Withdraw the copies too', 'in the same way, where you may')}
${way('leave', choice, 'Leave the copies', 'they stay published')}
</fieldset>`
}

function way(value: string, choice: Copies['choice'], words: string, more: string): SafeHtml {
  const chosen = attributes({ checked: choice === value })
  return html`<label class="choice"><input type="radio" name="copies" value="${value}" required ${chosen}> <span><b>${words}</b>, ${more}</span></label>`
}

/** In a list of posts: those of which nothing more may be told. */
export function othersLine(others: number): SafeHtml {
  return others === 0
    ? nothing
    : html`<li>${others === 1 ? 'One post' : `${others} posts`} in stories that you do not read</li>`
}
