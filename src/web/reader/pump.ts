// The pump of a node: log → follower → frames → hub (steps 6 to 9 of a post's path).
// Made by cli/serve.ts. Knows no request.

import { setImmediate as turn } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { ChangesSince, PublicKind } from '../../domain/view.ts'
import { withoutPost } from '../../live/change-frame.ts'
import { createHub, type Hub } from '../../live/hub.ts'
import type { Doorbell, PublicReads } from '../../store/contract.ts'
import { createFollower } from '../../store/follow.ts'
import type { Fragments } from './fragments.ts'
import { framesOf } from './frames.ts'
import type { Shelf } from './shelf.ts'

export type PumpOptions = {
  reads: PublicReads
  doorbell: Doorbell
  shelf: Shelf
  fragments: Fragments
  log: Log
  pollInterval: number // ms
  staleMax: number // ms
  maxReaders: number
  maxReadersPerAddress: number
}

export type Pump = {
  hub: Hub
  /** Pages of this story stand on the shelf: hear of its withdrawals even without a reader on the stream. */
  serving(storyId: string, seq: number): void
  /** ms since the log was last heard. */
  silence(): number
  stop(): void
}

export function createPump(options: PumpOptions): Pump {
  const { reads, shelf, fragments, log } = options
  const served = new Set<string>()
  const streamed = new Set<string>()
  let lastHeardAt = now() // the store had just answered when the node started
  let hearing = true

  const hub = createHub({
    now,
    setTimer,
    yieldTurn: () => turn(),
    random: Math.random,
    replay: async (storyId, seq) => {
      const batch = await reads.changesSince(storyId, seq)
      return batch && { epoch: batch.epoch, head: batch.head, frames: framesOf(batch, fragments) }
    },
    stub: withoutPost,
    isHearing: () => hearing || now() - lastHeardAt < options.staleMax,
    opened: (storyId, seq) => {
      streamed.add(storyId)
      follower.watch(storyId, seq)
    },
    closed: (storyId) => {
      streamed.delete(storyId)
      if (!served.has(storyId)) follower.unwatch(storyId)
    },
    limits: { readers: options.maxReaders, perAddress: options.maxReadersPerAddress },
  })

  const follower = createFollower({
    reads,
    doorbell: options.doorbell,
    now,
    setTimer,
    pollInterval: options.pollInterval,
    onChanges: (storyId, batch) => {
      if (takesTextBack(batch)) forget(shelf, batch)
      hub.publish(storyId, batch.epoch, framesOf(batch, fragments))
    },
    onRefetch: (storyId) => {
      shelf.drop('')
      hub.refetch(storyId)
    },
    onHealth: (next) => {
      lastHeardAt = next.lastHeardAt ?? lastHeardAt
      if (next.ok === hearing) return
      hearing = next.ok
      log.warn(hearing ? 'The log is heard again' : 'The log cannot be heard; readers keep the last good page')
    },
  })

  return {
    hub,
    serving(storyId, seq) {
      if (served.has(storyId)) return
      served.add(storyId)
      if (!streamed.has(storyId)) follower.watch(storyId, seq)
    },
    silence: () => (hearing ? 0 : now() - lastHeardAt),
    stop() {
      follower.stop()
      hub.stop()
    },
  }
}

const TAKES_BACK: ReadonlySet<PublicKind> = new Set(['post-withdrawn', 'post-corrected', 'photo-withdrawn'])

function takesTextBack(batch: ChangesSince): boolean {
  return batch.changes.some((change) => TAKES_BACK.has(change.kind))
}

/** Law 8: no page that may hold the text is kept for a time without a database. */
function forget(shelf: Shelf, batch: ChangesSince): void {
  for (const name of [batch.face.story.name, batch.face.story.id]) {
    shelf.drop(`story ${name} `)
    shelf.drop(`post ${name} `)
  }
  shelf.drop('front ')
}

/** A clock that no operator can set back: stalls and silences are measured with it. */
const now = (): number => performance.now()

function setTimer(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}
