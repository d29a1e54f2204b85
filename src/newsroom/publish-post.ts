// Publish a post: a new one, or a draft as it now is. Idempotent by the post's id, which the client made.

import { type PostContentInput, parseContent } from '../domain/content.ts'
import { decidePublish, type Publish } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import { requireId } from '../domain/id.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

export type PublishInput = Omit<Publish, 'content' | 'origin'> & { content: PostContentInput }

/** `at` (past times) needs the right to import. Throws `invalid`, `forbidden`, `not_found`, `conflict`. */
export function publishPost(desk: Desk, actor: Actor, storyId: string, input: PublishInput): Promise<Receipt> {
  const content = parseContent(input.content)
  requireId(input.postId)
  return desk.acts.act(storyId, async (act) => {
    const post = await act.post(input.postId)
    const owner = post?.createdBy ?? actor.id
    const present = await authorise(act, actor, input.at ? 'import' : 'post:publish', owner)
    requireMayBreak(present, post, input.breakEmbargo, act.now)
    const publish = { ...input, content, origin: undefined }
    return act.record(present, decidePublish(requireStory(act), post, publish, present, act.now))
  })
}

/** Breaking an embargo that holds is a right of its own. Throws `forbidden`. */
export function requireMayBreak(actor: Actor, post: Post | null, breaks: boolean | undefined, now: number): void {
  if (breaks && post?.embargo && post.embargo.until > now) requireMay(actor, 'post:break-embargo', post.createdBy)
}
