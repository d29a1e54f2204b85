// What a page or a feed was made from, and how caches may hold it.
// Called by web/reader/pages.ts and web/feeds.
// Never a time: the same position of the log makes the same bytes.

import { formatPosition } from '../../domain/position.ts'
import type { StoryFace } from '../../domain/view.ts'
import type { Origin } from './shelf.ts'

/** Any cache may keep it and must ask before each use: a withdrawal is never outlived by a copy. */
export const ASK_FIRST = 'public, no-cache'
export const FRONT_STORIES = 50

/** Of one story: good until its public log moves. */
export function originOf({ epoch, face }: { epoch: string; face: StoryFace }): Origin {
  const { id, seq } = face.story
  return { stamp: formatPosition({ epoch, seq }), stories: [{ id, seq }] }
}

/** Of the front page: good until any of its stories moves, or another takes its place. */
export function frontStamp(epoch: string, heads: Origin['stories']): string {
  return [epoch, ...heads.map(({ id, seq }) => `${id}.${seq}`)].join()
}
