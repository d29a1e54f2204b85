// The copies of a post in other stories, and what is to become of them.
// Called by what withdraws a post.

import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field } from '../form-body.ts'
import { type DeskDeps, knownOf } from './deps.ts'
import type { Copies } from './views/copies.ts'

export async function copiesOf(
  deps: DeskDeps,
  session: SignedIn,
  postId: string,
  choice?: Copies['choice'],
): Promise<Copies> {
  return { ...(await knownOf(deps, session, await deps.reads.copiesOf(postId))), choice }
}

/** undefined: nobody said; where there are copies the act then asks. */
export function chosenForCopies(body: FormBody): Copies['choice'] {
  const copies = field(body, 'copies')
  return copies === 'withdraw' || copies === 'leave' ? copies : undefined
}
