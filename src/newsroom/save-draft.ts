// Save a draft: a new one, or the next revision of one. Nothing public moves. Idempotent by the post's id.

import { type PostContentInput, parseContent } from '../domain/content.ts'
import { type Draft, decideSaveDraft } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

/**
 * `revision` is the one the editor saw, 0 for a new draft. `keyEvent` absent: as it is; an empty title: the headline's words.
 * Throws `conflict` with the current text when it is stale. What is scheduled goes out by itself, so its text is changed only by who may
 * schedule it.
 */
export function saveDraft(
  desk: Desk,
  actor: Actor,
  storyId: string,
  input: Omit<Draft, 'content' | 'origin'> & { content: PostContentInput },
): Promise<Receipt> {
  const content = parseContent(input.content)
  requireId(input.postId)
  return desk.acts.act(storyId, async (act) => {
    const post = await act.post(input.postId)
    const present = await authorise(act, actor, 'post:draft', post?.createdBy ?? actor.id)
    if (post?.state === 'scheduled') await authorise(act, actor, 'post:schedule', post.createdBy)
    return act.record(
      present,
      decideSaveDraft(requireStory(act), post, { ...input, content, origin: undefined }, present, act.now),
    )
  })
}
