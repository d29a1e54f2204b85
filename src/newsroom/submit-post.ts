// Submit a draft to the editors.

import { decideSubmit } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

export function submitPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  revision: number,
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:draft', { storyId, postId }, (story, post) => decideSubmit(story, post, revision))
}
