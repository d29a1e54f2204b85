// Entries as they travel: the wire change of each, and its frame, made once per entry and node (law 5).
// Called by the pump for the stream and by the catch-up. Pure.

import type { ChangesSince } from '../../domain/view.ts'
import type { WireChange } from '../../domain/wire.ts'
import { changeFrame } from '../../live/change-frame.ts'
import type { Frame } from '../../live/ring.ts'
import { wireChange } from '../../pages/change.ts'
import type { Fragments } from './fragments.ts'

/** The story's own parts travel with the entry that changed them last. */
export function wireChanges(batch: ChangesSince, fragments: Fragments): WireChange[] {
  const render = fragments.of(batch.epoch)
  return batch.changes.map((change) =>
    wireChange(change, batch.face, { withRegions: change.seq === batch.face.story.version, render }),
  )
}

export function framesOf(batch: ChangesSince, fragments: Fragments): Frame[] {
  return wireChanges(batch, fragments).map((wire) => changeFrame(batch.epoch, wire, mentionsOf(batch, wire)))
}

function mentionsOf({ face }: ChangesSince, wire: WireChange): string[] {
  const own = wire.post ? [wire.post.id] : []
  return [...own, ...face.pinned.map((post) => post.id), ...face.keyEvents.map((line) => line.postId)]
}
