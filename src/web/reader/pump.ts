// The pump of a node: log → follower → frames → hub (steps 6 to 9 of a post's path).
// Made by cli/serve.ts. Knows no request.

import { setImmediate as turn } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { ChangesSince, PublicKind } from '../../domain/view.ts'
import { withoutPost } from '../../live/change-frame.ts'
import { createHub, type Hub } from '../../live/hub.ts'
import type { Doorbell, OnMoved, PublicReads } from '../../store/contract.ts'
import { createFollower } from '../../store/follow.ts'
import type { Fragments } from './fragments.ts'
import { framesOf } from './frames.ts'
import type { Shelf } from './shelf.ts'

export type PumpOptions = {
  /** For replays: what readers wait for. */
  reads: PublicReads
  /** A connection of its own: however many readers wait, the log is heard. */
  followReads: PublicReads
  /** Calls back for every act of this node before it is acknowledged, until the returned function is called. */
  onOwnActs: (listener: OnMoved) => () => void
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
  /** When the log last answered, by the clock `now`. */
  heardAt(): number
  stop(): void
}

export function createPump(options: PumpOptions): Pump {
  const { reads, followReads, shelf, fragments, log } = options
  const served = new Set<string>()
  const streamed = new Set<string>()
  let lastHeardAt = now() // the store had just answered when the node started
  let hearing = true
  const stopOwn = options.onOwnActs((storyId, seq, kinds) => {
    if (kinds.length === 0) return
    if (kinds.some(takesBack)) shelf.takeBack(storyId, seq)
    else shelf.moved()
  })

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
    reads: followReads,
    doorbell: {
      listen: (onRing) =>
        options.doorbell.listen((storyId, seq) => {
          shelf.moved()
          onRing(storyId, seq)
        }),
    },
    now,
    setTimer,
    pollInterval: options.pollInterval,
    onChanges: (storyId, batch) => {
      forget(shelf, storyId, batch)
      hub.publish(storyId, batch.epoch, framesOf(batch, fragments))
    },
    onRefetch: (storyId) => {
      shelf.clear()
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
    heardAt: () => lastHeardAt,
    stop() {
      stopOwn()
      follower.stop()
      hub.stop()
    },
  }
}

/** A changed story may have lost a summary, a picture or its place on the lists: nothing says why. */
const TAKES_BACK: ReadonlySet<PublicKind> = new Set([
  'post-withdrawn',
  'post-corrected',
  'photo-withdrawn',
  'story-withdrawn',
  'story-changed',
])

function takesBack(kind: PublicKind): boolean {
  return TAKES_BACK.has(kind)
}

/** Law 8: no page that may hold the text is kept for a time without a database. */
function forget(shelf: Shelf, storyId: string, batch: ChangesSince): void {
  const last = batch.changes.findLast((change) => takesBack(change.kind))
  if (last) shelf.takeBack(storyId, last.seq)
  else shelf.moved()
}

/** A clock that no operator can set back: stalls and silences are measured with it. */
export const now = (): number => performance.now()

function setTimer(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}
