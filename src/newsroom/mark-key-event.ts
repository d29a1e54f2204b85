// Mark a post as a key event with its own short title, or take the mark away.

import { decideMarkKeyEvent } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

/** null unmarks. */
export function markKeyEvent(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  mark: { title: string } | null,
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:change', { storyId, postId }, (story, post) =>
    decideMarkKeyEvent(story, post, mark),
  )
}
