// Approve a submitted post: it is published as its author wrote it.

import { decideApprove } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'
import { requireMayBreak } from './publish-post.ts'

/** `revision` is the one the editor read. */
export function approvePost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: { revision: number; breakEmbargo?: boolean },
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:review', { storyId, postId }, (story, post, now, by) => {
    requireMayBreak(by.actor, post, input.breakEmbargo, now)
    return decideApprove(story, post, input, by.actor, now)
  })
}
