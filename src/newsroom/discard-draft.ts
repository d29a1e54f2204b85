// Throw away a draft: a post that is not published, or whose publication was undone.

import { decideDiscard } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

/**
 * `revision` is the one that was seen: what a colleague wrote meanwhile is not thrown away with it. What is scheduled goes out by itself: it
 * is discarded only by who may schedule it.
 */
export function discardDraft(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  revision: number,
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:draft', { storyId, postId }, (story, post, now, by) => {
    if (post.state === 'scheduled') requireMay(by.actor, 'post:schedule', post.createdBy)
    return decideDiscard(story, post, revision, now)
  })
}
