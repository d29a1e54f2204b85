// Withdraw a whole story: nothing of it is public from that moment on, on any surface.

import { decideWithdrawStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { authorise, type Desk } from './desk.ts'
import { tellNeighbours } from './set-visibility.ts'

/** The reason is for the desk log: readers find nothing at the address. */
export function withdrawStory(desk: Desk, actor: Actor, storyId: string, reason: string): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'story:withdraw')
    if (!act.story) throw new AppError('not_found', 'There is no such story.')
    const receipt = await act.record(present, decideWithdrawStory(act.story, reason, act.now))
    if (!receipt.repeated) await tellNeighbours(act, present)
    return receipt
  })
}
