// A change of the public log as a frame, and the frame again without a post's words.
// Called by whoever follows the log for the hub. Pure.
// Never reads HTML: which posts stand in the regions is told by the caller.

import { formatPosition } from '../domain/position.ts'
import type { WireChange } from '../domain/wire.ts'
import { type Frame, STORY_PARTS, type Stub } from './ring.ts'
import { encodeFrame } from './sse.ts'

/** `mentions`: every post whose words stand in the change's regions, its own among them; ignored without regions. */
export function changeFrame(epoch: string, change: WireChange, mentions: readonly string[]): Frame {
  const id = formatPosition({ epoch, seq: change.seq })
  const bytes = encodeFrame({ id, event: 'change', data: JSON.stringify(change) })
  const postId = change.post?.id ?? change.gone ?? change.superseded
  const about = postId === undefined ? {} : { postId, supersedes: change.kind !== 'post-published' }
  return { seq: change.seq, bytes, ...about, mentions: change.regions ? [...mentions, STORY_PARTS] : [] }
}

/**
 * The frame's own post becomes `superseded`. Regions go only when the post stands in them: then the later entry brings new
 * ones. Regions without it must stay, for nothing else may bring them.
 */
export const withoutPost: Stub = (_storyId, frame, postId) => {
  const { id, change } = readFrame(frame.bytes)
  const { post, gone, regions, ...rest } = change
  const kept = frame.mentions?.includes(postId) ? {} : { regions }
  const mended = frame.postId === postId ? { ...rest, superseded: postId, ...kept } : { ...rest, post, gone, ...kept }
  return encodeFrame({ id, event: 'change', data: JSON.stringify(mended) })
}

/** Only what changeFrame wrote. */
function readFrame(bytes: Uint8Array): { id: string; change: WireChange } {
  const [id = '', , data = ''] = new TextDecoder().decode(bytes).split('\n')
  return { id: id.slice('id: '.length), change: JSON.parse(data.slice('data: '.length)) as WireChange }
}
