// Withdraw a post: take it down, leaving one grey line or nothing. Wins over any concurrent edit.

import { decideWithdraw } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import type { Withdrawal } from '../domain/post.ts'
import { actOnPost, type Desk } from './desk.ts'

export function withdrawPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: { trace: Withdrawal['trace']; reason: string },
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:withdraw', { storyId, postId }, (story, post, now) =>
    decideWithdraw(story, post, input.trace, input.reason, now),
  )
}
