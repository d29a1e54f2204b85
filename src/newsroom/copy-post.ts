// Copy a published post to another story: as a draft there, or published at once. The link to the original is kept.

import { decideSaveDraft } from '../domain/decide-draft.ts'
import { originOf } from '../domain/decide-order.ts'
import { decidePublish } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

export type CopyInput = { from: { storyId: string; postId: string }; postId: string; publish: boolean }

/** `storyId` is where the copy goes. Needs the right to copy from there and to draft or publish here. */
export function copyPost(desk: Desk, actor: Actor, storyId: string, input: CopyInput): Promise<Receipt> {
  requireId(input.postId)
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, input.publish ? 'post:publish' : 'post:draft', actor.id)
    const source = await act.post(input.from.postId)
    if (source?.storyId !== input.from.storyId) throw new AppError('not_found', 'There is no such post to copy.')
    await authorise(await act.also(source.storyId), actor, 'post:copy', source.createdBy)
    const current = await act.post(input.postId)
    const { content } = source
    const copy = { postId: input.postId, content, origin: originOf(source) }
    const story = requireStory(act)
    const decision = input.publish
      ? decidePublish(story, current, copy, present, act.now)
      : decideSaveDraft(story, current, { ...copy, revision: 0 }, present, act.now)
    return act.record(present, decision)
  })
}
