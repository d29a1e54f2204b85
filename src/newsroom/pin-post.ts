// Hold a post at the top of its story, or let it go.

import { decidePin } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

export function pinPost(desk: Desk, actor: Actor, storyId: string, postId: string, pin: boolean): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:change', { storyId, postId }, (story, post, now) =>
    decidePin(story, post, pin, now),
  )
}
