// Revise a published post: fix or add, no public note; the earlier revision is kept.

import { type PostContentInput, parseContent } from '../domain/content.ts'
import { decideRevise } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

/** `revision` is the one the editor saw; a stale one is `conflict` with the current text in `details`. */
export function revisePost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: { revision: number; content: PostContentInput },
): Promise<Receipt> {
  const content = parseContent(input.content)
  return actOnPost(desk, actor, 'post:change', { storyId, postId }, (story, post, now) =>
    decideRevise(story, post, input.revision, content, now),
  )
}
