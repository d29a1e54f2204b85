// Withdraw a post: take it down, leaving one grey line or nothing. Wins over any concurrent edit, and asks about copies.

import { decideHoldBack } from '../domain/decide-draft.ts'
import { decideWithdraw } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post, Withdrawal } from '../domain/post.ts'
import { authorise, type Desk } from './desk.ts'

/** `copies`: what to do with copies in other stories; absent = ask, where there are any. */
export type WithdrawInput = { trace: Withdrawal['trace']; reason: string; copies?: 'withdraw' | 'leave' }

/**
 * Throws `conflict` with the copies in `details` when nobody said what to do with them; nothing was withdrawn then. Copies
 * go one story after the other, each by the rights in its story; doing it again goes on where it stopped.
 */
export async function withdrawPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: WithdrawInput,
): Promise<Receipt> {
  if (input.copies === 'withdraw') await requireRightsInCopies(desk, actor, { storyId, postId })
  const { receipt, copies } = await withdrawOne(desk, actor, { storyId, postId }, input)
  if (input.copies !== 'withdraw') return receipt
  for (let left = copies, times = 0; left.length > 0 && times < MAX_TIMES; times++) {
    for (const copy of left) {
      const target = { storyId: copy.storyId, postId: copy.id }
      await (copy.state === 'published'
        ? withdrawOne(desk, actor, target, { ...input, copies: 'leave' })
        : holdBack(desk, actor, target))
    }
    left = await copiesLeft(desk, { storyId, postId })
  }
  return receipt
}

const MAX_TIMES = 10 // somebody who copies on and on meanwhile is a program

/** A copy may have been copied on before its own turn came. */
function copiesLeft(desk: Desk, target: { storyId: string; postId: string }): Promise<Post[]> {
  return desk.acts.act(target.storyId, async (act) => livingCopies(await act.copiesOf(target.postId)))
}

/** Before anything is done, so that a refusal leaves everything as it was. */
async function requireRightsInCopies(
  desk: Desk,
  actor: Actor,
  target: { storyId: string; postId: string },
): Promise<void> {
  for (const copy of await copiesLeft(desk, target))
    await desk.acts.act(copy.storyId, (act) => authorise(act, actor, 'post:withdraw', copy.createdBy))
}

/** Public, or about to be by itself. */
function livingCopies(copies: readonly Post[]): Post[] {
  return copies.filter(({ state }) => state === 'published' || state === 'scheduled')
}

/** A scheduled copy waits for an editor instead. */
function holdBack(desk: Desk, actor: Actor, { storyId, postId }: { storyId: string; postId: string }): Promise<void> {
  return desk.acts.act(storyId, async (act) => {
    const post = await act.post(postId)
    const present = await authorise(act, actor, 'post:withdraw', post?.createdBy)
    if (act.story && post?.state === 'scheduled')
      await act.record(present, decideHoldBack(act.story, post, 'The post it is a copy of was withdrawn.', act.now))
  })
}

/** Also in a story that was withdrawn or has ended: taking down is always possible. */
function withdrawOne(
  desk: Desk,
  actor: Actor,
  target: { storyId: string; postId: string },
  input: WithdrawInput,
): Promise<{ receipt: Receipt; copies: Post[] }> {
  return desk.acts.act(target.storyId, async (act) => {
    const post = await act.post(target.postId)
    const present = await authorise(act, actor, 'post:withdraw', post?.createdBy)
    if (!act.story || post?.storyId !== target.storyId)
      throw new AppError('not_found', 'There is no such post in this story.')
    const copies = livingCopies(await act.copiesOf(post.id))
    if (copies.length > 0 && input.copies === undefined) {
      const details = { copies: copies.map((copy) => ({ storyId: copy.storyId, postId: copy.id })) }
      throw new AppError('conflict', 'This post was copied to other stories. Say whether the copies go too.', {
        details,
      })
    }
    const decision = decideWithdraw(act.story, post, input.trace, input.reason, act.now)
    return { receipt: await act.record(present, decision), copies }
  })
}
