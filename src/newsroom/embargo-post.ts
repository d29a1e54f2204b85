// Put an unpublished post under embargo, change it, or lift it.

import { breaksEmbargo, decideEmbargo } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import type { Embargo } from '../domain/post.ts'
import { actOnPost, type Desk } from './desk.ts'

/** Lifting or shortening one that holds needs `breakEmbargo` and the right to break it. */
export function embargoPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: { embargo: Embargo | null; breakEmbargo?: boolean },
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:schedule', { storyId, postId }, (story, post, now, by) => {
    if (breaksEmbargo(post, input.embargo, now)) requireMay(by.actor, 'post:break-embargo', post.createdBy)
    return decideEmbargo(story, post, input, now)
  })
}
