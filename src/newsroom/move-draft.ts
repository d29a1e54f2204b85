// Move an unpublished post to another story, with its author, its embargo and, where that is allowed, its schedule.
// Never leaves it in both stories, or in none: both are one transaction.

import { decideMoveDraft } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { requireId } from '../domain/id.ts'
import { type Actor, may, requireMay } from '../domain/permission.ts'
import { actOnBoth, authorise, type Desk, requireStory } from './desk.ts'

export type MoveInput = { from: { storyId: string; postId: string }; postId: string }

/**
 * `storyId` is where it goes, `postId` its id there. The receipt is that story's. Needs the right to draft here and there, and for what is
 * scheduled the right to schedule here; where it is missing there, the editors of that story get it submitted.
 */
export function moveDraft(desk: Desk, actor: Actor, storyId: string, input: MoveInput): Promise<Receipt> {
  requireId(input.postId)
  return actOnBoth(desk, storyId, input.from.storyId, async (act, source) => {
    const post = await source.post(input.from.postId)
    if (post?.storyId !== input.from.storyId) throw new AppError('not_found', 'There is no such post in this story.')
    const there = await authorise(act, actor, 'post:draft', post.createdBy)
    const here = await authorise(source, actor, 'post:draft', post.createdBy)
    if (post.state === 'scheduled') requireMay(here, 'post:schedule', post.createdBy)
    const decided = decideMoveDraft(
      post,
      {
        from: requireStory(source),
        to: requireStory(act),
        newId: input.postId,
        moved: await act.post(input.postId),
        keepsTime: may(there, 'post:schedule', post.createdBy),
      },
      act.now,
    )
    await source.record(here, decided.left)
    return act.record(there, decided.arrived)
  })
}
