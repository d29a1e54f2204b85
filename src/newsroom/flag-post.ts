// Say of a published post that it is breaking, confirmed or unconfirmed, beside its text.

import type { PostContent } from '../domain/content.ts'
import { decideFlag } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

export type Flags = Partial<Pick<PostContent, 'verification' | 'breaking'>>

export function flagPost(desk: Desk, actor: Actor, storyId: string, postId: string, flags: Flags): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:change', { storyId, postId }, (story, post) => decideFlag(story, post, flags))
}
