// What every act needs, and the two shapes that all acts share.
// Called by the files of this room only. Never decides anything: decisions are domain's.

import type { Decision, Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { type Action, type Actor, requireMay } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type { ActStore } from '../store/contract.ts'

export type Desk = { acts: ActStore }

/** Rights are checked inside the transaction: at the moment of effect. Throws `not_found`, `forbidden`. */
export function actOnStory(
  desk: Desk,
  actor: Actor,
  action: Action,
  storyId: string,
  decide: (story: Story, now: number) => Decision,
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    requireMay(actor, action)
    if (!act.story) throw new AppError('not_found', 'There is no such story.')
    return act.record(actor, decide(act.story, act.now))
  })
}

/** The same for a post that must exist in the story. */
export function actOnPost(
  desk: Desk,
  actor: Actor,
  action: Action,
  target: { storyId: string; postId: string },
  decide: (story: Story, post: Post, now: number) => Decision,
): Promise<Receipt> {
  return desk.acts.act(target.storyId, async (act) => {
    const post = await act.post(target.postId)
    requireMay(actor, action, post?.createdBy)
    if (!act.story || post?.storyId !== target.storyId)
      throw new AppError('not_found', 'There is no such post in this story.')
    return act.record(actor, decide(act.story, post, act.now))
  })
}
