// Undo a publication within seconds: the post is a draft again, and nothing of it stays on any page.

import { decideUndo } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

export function undoPublish(desk: Desk, actor: Actor, storyId: string, postId: string): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:publish', { storyId, postId }, async (story, post, now, { act }) =>
    decideUndo(story, post, await act.copiesOf(postId), now),
  )
}
