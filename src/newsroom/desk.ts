// What every act needs, and the shapes that acts share. The one point where rights are checked.
// Called by the files of this room only. Never decides anything: decisions are domain's.

import type { Decision, Receipt } from '../domain/decision.ts'
import { mayReadPost } from '../domain/desk-visible.ts'
import { AppError } from '../domain/error.ts'
import { type Action, type Actor, requireMay } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type { Act, ActStore } from '../store/contract.ts'

export type Desk = { acts: ActStore }

/** An act under way by somebody who may do it, on a story that stands. */
export type Authorised = { act: Act; actor: Actor; story: Story }

/**
 * Rights as they are at this moment, in this story: inside the transaction. `ownerId`: who made the post acted upon.
 * Throws `unauthorized`, `forbidden`.
 */
export async function authorise(
  act: Pick<Act, 'present'>,
  actor: Actor,
  action: Action,
  ownerId?: string,
): Promise<Actor> {
  const present = await act.present(actor)
  requireMay(present, action, ownerId)
  return present
}

/** Throws `not_found`, `conflict` for a story that was withdrawn. */
export function requireStory(act: Pick<Act, 'story'>): Story {
  if (!act.story) throw new AppError('not_found', 'There is no such story.')
  if (act.story.withdrawnAt !== null) throw new AppError('conflict', 'This story was withdrawn.')
  return act.story
}

/** The story as if it had no next part, where that was withdrawn: it may go on here, or in another one. */
export async function withLivingNext(act: Act, story: Story): Promise<Story> {
  const next = story.continuedBy === null ? null : await act.also(story.continuedBy)
  return (next?.story?.withdrawnAt ?? null) === null ? story : { ...story, continuedBy: null }
}

/** One act on two stories, which are locked in one order whoever asks: two acts that cross must not wait for each other. */
export function actOnBoth<T>(
  desk: Desk,
  storyId: string,
  otherId: string,
  work: (act: Act, other: Act) => Promise<T>,
): Promise<T> {
  if (storyId === otherId) return desk.acts.act(storyId, (act) => work(act, act))
  const [first = storyId, second = otherId] = [storyId, otherId].sort()
  return desk.acts.act(first, async (act) => {
    const further = await act.also(second)
    return storyId === first ? work(act, further) : work(further, act)
  })
}

/** Throws `not_found`, `unauthorized`, `forbidden`, `conflict`. */
export function actOnStory(
  desk: Desk,
  actor: Actor,
  action: Action,
  storyId: string,
  decide: (story: Story, now: number, act: Act) => Decision | Promise<Decision>,
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, action)
    return act.record(present, await decide(requireStory(act), act.now, act))
  })
}

/** The same for a post that must exist in the story. */
export function actOnPost(
  desk: Desk,
  actor: Actor,
  action: Action,
  target: { storyId: string; postId: string },
  decide: (story: Story, post: Post, now: number, by: { act: Act; actor: Actor }) => Decision | Promise<Decision>,
): Promise<Receipt> {
  return desk.acts.act(target.storyId, async (act) => {
    const post = await act.post(target.postId)
    const present = await authorise(act, actor, action, post?.createdBy)
    if (post?.storyId !== target.storyId) throw new AppError('not_found', 'There is no such post in this story.')
    return act.record(present, await decide(requireStory(act), post, act.now, { act, actor: present }))
  })
}

/**
 * An act beside a post, for the desk alone: by whoever may write drafts in the story, on any post there that they may read.
 * Throws `not_found`, `unauthorized`, `forbidden`, `conflict`.
 */
export function actBesidePost(
  desk: Desk,
  actor: Actor,
  target: { storyId: string; postId: string },
  decide: (story: Story, post: Post, by: { act: Act; actor: Actor }) => Promise<Decision>,
): Promise<Receipt> {
  return desk.acts.act(target.storyId, async (act) => {
    const present = await authorise(act, actor, 'post:draft', actor.id)
    const post = await act.post(target.postId)
    if (post?.storyId !== target.storyId || !mayReadPost(present, post))
      throw new AppError('not_found', 'There is no such post in this story.')
    return act.record(present, await decide(requireStory(act), post, { act, actor: present }))
  })
}
