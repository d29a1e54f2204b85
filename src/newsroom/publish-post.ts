// Publish a post. Idempotent by the post's id, which the client made.

import { type PostContentInput, parseContent } from '../domain/content.ts'
import { decidePublish, type Publish } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { isId } from '../domain/id.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import type { Desk } from './desk.ts'

export type PublishInput = Omit<Publish, 'content'> & { content: PostContentInput }

/** `at` (past times) needs the right to import. Throws `invalid`, `forbidden`, `not_found`, `conflict`. */
export function publishPost(desk: Desk, actor: Actor, storyId: string, input: PublishInput): Promise<Receipt> {
  const content = parseContent(input.content)
  if (!isId(input.postId)) throw new AppError('invalid', 'An id is 16 to 32 lower-case letters and digits.')
  return desk.acts.act(storyId, async (act) => {
    const post = await act.post(input.postId)
    requireMay(actor, input.at ? 'import' : 'post:publish', post?.createdBy ?? actor.id)
    if (!act.story) throw new AppError('not_found', 'There is no such story.')
    return act.record(actor, decidePublish(act.story, post, { ...input, content }, actor, act.now))
  })
}
