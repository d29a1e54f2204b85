// Move a published post to another place in its story. Times stay as they are.

import { decideReorder } from '../domain/decide-order.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'

/** Directly above or below another post of the story. `above` is nearer to the newest end. */
export type Place = { side: 'above' | 'below'; postId: string }

/** Throws `not_found` when the other post has no place here. */
export function reorderPost(desk: Desk, actor: Actor, storyId: string, postId: string, place: Place): Promise<Receipt> {
  return actOnPost(desk, actor, 'post:order', { storyId, postId }, async (story, post, _now, { act }) => {
    const other = await act.post(place.postId)
    if (other?.storyId !== storyId || other.orderKey === null || other.id === postId)
      throw new AppError('not_found', 'There is no such place in this story.')
    const beside = await act.keyBeside(other.orderKey, place.side)
    const gap =
      place.side === 'above' ? { below: other.orderKey, above: beside } : { below: beside, above: other.orderKey }
    return decideReorder(story, post, gap)
  })
}
