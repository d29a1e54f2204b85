// Give an account a role in one story, or take it away.

import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor, Role } from '../domain/permission.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

/** null = as in the newsroom. Throws `invalid` for admin, a role of the newsroom alone, and for an unknown account. */
export function giveRole(
  desk: Desk,
  actor: Actor,
  storyId: string,
  accountId: string,
  role: Role | null,
): Promise<Receipt> {
  if (role === 'admin') throw new AppError('invalid', 'An administrator is one of the whole newsroom.')
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'roles:assign')
    const story = requireStory(act)
    await act.saveRole(accountId, role, present)
    return act.record(present, { story, post: null, kind: 'give-role', payload: { accountId, role }, public: null })
  })
}
