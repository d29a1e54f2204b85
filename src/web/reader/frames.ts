// Entries as they travel: the wire change of each, and its frame, made once per entry and node (law 5).
// Called by the pump for the stream and by the catch-up. Pure.

import { formatPosition } from '../../domain/position.ts'
import type { ChangesSince, PublicChange } from '../../domain/view.ts'
import type { WireChange } from '../../domain/wire.ts'
import type { Frame } from '../../live/ring.ts'
import { encodeFrame } from '../../live/sse.ts'
import { wireChange } from '../../pages/change.ts'

/** The story's own parts travel with the entry that changed them last. */
export function wireChanges(batch: ChangesSince): WireChange[] {
  return batch.changes.map((change) =>
    wireChange(change, batch.face, { withRegions: change.seq === batch.face.story.version }),
  )
}

export function framesOf(batch: ChangesSince): Frame[] {
  const wired = wireChanges(batch)
  return batch.changes.map((change, index) => frameOf(batch, change, wired[index] as WireChange))
}

function frameOf(batch: ChangesSince, change: PublicChange, wire: WireChange): Frame {
  const postId = postOf(change)
  return {
    seq: change.seq,
    bytes: encode(batch.epoch, wire),
    postId: postId ?? undefined,
    supersedes: postId !== null && change.kind !== 'post-published',
    mentions: wire.regions
      ? [...batch.face.pinned.map((post) => post.id), ...batch.face.keyEvents.map((line) => line.postId)]
      : [],
  }
}

function encode(epoch: string, wire: WireChange): Uint8Array {
  return encodeFrame({ id: formatPosition({ epoch, seq: wire.seq }), event: 'change', data: JSON.stringify(wire) })
}

/**
 * Law 8: a frame whose post was changed since, as it may still be sent: id and outcome. null when the words of another post
 * stand in it too; then it is read from the log again.
 */
export function stubOf(frame: Frame): Uint8Array | null {
  if (frame.postId === undefined || frame.mentions?.some((id) => id !== frame.postId)) return null
  const [, id = '', data = ''] =
    /^id: (.*)\nevent: change\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(frame.bytes)) ?? []
  if (data === '') return null
  const { seq, kind, at, story } = JSON.parse(data) as WireChange
  const stub: WireChange = { seq, kind, at, story, superseded: frame.postId }
  return encodeFrame({ id, event: 'change', data: JSON.stringify(stub) })
}

function postOf(change: PublicChange): string | null {
  if (change.outcome === 'story') return null
  if (change.outcome === 'post') return change.post.id
  return change.outcome === 'trace' ? change.trace.id : change.postId
}
