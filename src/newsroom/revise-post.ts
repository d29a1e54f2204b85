// Revise a published post: fix or add, no public note; the earlier revision is kept.

import { type PostContentInput, parseContent } from '../domain/content.ts'
import { decideRevise } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import { actOnPost, type Desk } from './desk.ts'

export type ReviseInput = {
  revision: number
  content: PostContentInput
  keyEvent?: Post['keyEvent']
  at?: { updatedAt: number | null }
}

/**
 * `revision` is the one the editor saw; a stale one is `conflict` with the current text in `details`. `keyEvent`
 * absent: as it is. `at` (the time of the last change) needs the right to import.
 */
export function revisePost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: ReviseInput,
): Promise<Receipt> {
  const content = parseContent(input.content)
  return actOnPost(desk, actor, input.at ? 'import' : 'post:change', { storyId, postId }, (story, post, now) =>
    decideRevise(story, post, input.revision, content, now, input.at, input.keyEvent),
  )
}
