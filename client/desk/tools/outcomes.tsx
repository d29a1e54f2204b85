// What became of each of several posts: how many it was done to, and which not, with the reason of each.
// Called by bulk-bar.tsx and find.tsx.

import { nameOf } from '../text.ts'
import type { DeskPost } from '../types.ts'
import { ProveLink } from '../views/prove-link.tsx'

type Props = {
  /** Of the act, as it was done: "Withdrawn". */
  done: string
  outcomes: readonly { post: DeskPost; why: string | null; prove: string | null }[]
  /** Of those that were not done. */
  left: string
}

export function Outcomes({ done, outcomes, left }: Props) {
  const not = outcomes.filter(({ why }) => why !== null)
  const prove = not.find((one) => one.prove !== null)?.prove ?? null
  return (
    <div class={not.length === 0 ? 'message good' : 'message bad'} role={not.length === 0 ? 'status' : 'alert'}>
      <p>
        <strong>
          {done}: {outcomes.length - not.length} of {outcomes.length}.
        </strong>{' '}
        {not.length > 0 && `Not done: ${not.length}. ${left}`}
      </p>
      {prove && <ProveLink path={prove} />}
      {not.length > 0 && (
        <ul>
          {not.map(({ post, why }) => (
            <li key={post.id}>
              <a href={`#post-${post.id}`}>{nameOf(post.content)}</a>: {why}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
