// Copy a published post to another story: as a draft there, or published at once. The link to the original is kept.

import { decideSaveDraft } from '../domain/decide-draft.ts'
import { originOf, requireCopy } from '../domain/decide-order.ts'
import { decidePublish } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnBoth, authorise, type Desk, requireStory } from './desk.ts'

export type CopyInput = { from: { storyId: string; postId: string }; postId: string; publish: boolean }

/**
 * `storyId` is where the copy goes. Needs the right to copy from there and to draft or publish here. Both stories are locked: what is
 * being withdrawn or corrected there meanwhile is not copied as it was.
 */
export function copyPost(desk: Desk, actor: Actor, storyId: string, input: CopyInput): Promise<Receipt> {
  requireId(input.postId)
  return actOnBoth(desk, storyId, input.from.storyId, async (act, from) => {
    const current = await act.post(input.postId)
    const owner = current?.createdBy ?? actor.id
    const present = await authorise(act, actor, input.publish ? 'post:publish' : 'post:draft', owner)
    const source = await from.post(input.from.postId)
    await authorise(from, actor, 'post:copy', source?.createdBy)
    if (source?.storyId !== input.from.storyId) throw new AppError('not_found', 'There is no such post to copy.')
    requireStory(from)
    const copy = { postId: input.postId, content: source.content, origin: originOf(source) }
    if (current) requireCopy(current, copy)
    const story = requireStory(act)
    const decision = input.publish
      ? decidePublish(story, current, { ...copy, revision: current?.revision }, present, act.now)
      : decideSaveDraft(story, current, { ...copy, revision: 0 }, present, act.now)
    return act.record(present, decision)
  })
}
