// What the hub is given and what it gives: sinks, limits, replays.
// Called by the hub and its makers.

import type { Frame, Stub } from './ring.ts'

/** Why a sink is ended. `slow`: its bytes may be thrown away, the reader resumes by position. */
export type EndReason = 'slow' | 'refetch' | 'drain' | 'failed' | 'left'

/** One reader's connection. */
export type Sink = {
  /** False: the bytes were taken, but no more until `drained`. */
  write(bytes: Uint8Array): boolean
  /** Bytes taken and not yet handed to the network. */
  bufferedBytes(): number
  end(reason: EndReason): void
}

/** Entries after the position asked for, up to the head, dense and folded. */
export type Replay = { epoch: string; head: number; frames: Frame[] }

export type HubLimits = {
  readers: number // in all
  perAddress: number // streams of one client address
  queuedFrames: number
  queuedBytes: number
  ringFrames: number // per story
  ringBytes: number // per story
  slice: number // readers written to before other work gets its turn
  beatMs: number
  stallMs: number
}

export type HubOptions = {
  now: () => number // ms
  /** Calls back once after `ms`, unless the returned function was called before. */
  setTimer: (ms: number, work: () => void) => () => void
  /** Resolves after everything else that waits had a turn. */
  yieldTurn: () => Promise<void>
  random: () => number // 0 ≤ n < 1
  /** null: continuity from `seq` cannot be proven. A rejection ends the reader, which comes again. */
  replay: (storyId: string, seq: number) => Promise<Replay | null>
  stub: Stub
  /** Beats are a promise that the log is heard; false keeps them back. Absent: always true. */
  isHearing?: () => boolean
  /** The first reader's head is known: from here on frames after `seq` are to be published. */
  opened?: (storyId: string, seq: number) => void
  /** The last reader left. Told only of stories that were opened. */
  closed?: (storyId: string) => void
  limits?: Partial<HubLimits>
}
