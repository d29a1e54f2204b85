// Send a submitted post back to its author, with a note.

import { decideSendBack } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

export function sendBackPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  note: string,
): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:review', { storyId, postId }, (story, post, now, by) =>
    decideSendBack(story, post, note, by.actor, now),
  )
}
