// Schedule an unpublished post for a moment, or take the schedule away.

import { decideSchedule } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

/** `release` null: no longer. The release worker asks again for this actor's rights when the moment has come. */
export function schedulePost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: { revision: number; release: { at: number; zone: string } | null },
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:schedule', { storyId, postId }, (story, post, now, by) =>
    decideSchedule(story, post, input, by.actor, now),
  )
}
