// One story's readers: each has a place in the log and is written to from the ring, never ahead, never twice.
// Called by the hub. Knows no HTTP and no SQL.
// Never keeps bytes per reader: what a reader still has to get is read from the ring when it can take it (law 8).

import { formatPosition } from '../domain/position.ts'
import { createRing, type Frame, mend, type Ring, takesBack } from './ring.ts'
import { encodeFrame } from './sse.ts'
import type { EndReason, HubLimits, HubOptions, Replay, Sink } from './types.ts'

const MAX_REPLAY_TRIES = 3 // each failed because a post was taken down while the log was read
const REPLAY_TIMEOUT_MS = 10_000 // a reader that waits longer is better off coming again

export type Reader = {
  sink: Sink
  address: string
  epoch: string
  seq: number // newest entry written to the sink
  backlog: Frame[] // of its own replay, where the ring does not reach back so far
  replaying: boolean
  caughtUp: boolean // it had everything once: from then on the slow-reader rule holds
  tries: number
  blockedAt: number | null // ms; since when the sink takes no more
  ended: boolean
}

/** One reading of the log, shared by all readers at its place. `newer`: published meanwhile. */
type PendingReplay = { seq: number; answer: Promise<Replay | null>; newer: Frame[]; stale: boolean; absorbed: boolean }

export class Channel {
  readonly storyId: string
  readonly readers = new Set<Reader>()
  /** True once the head was known and `opened` told. */
  opened = false
  closed = false
  private readonly options: HubOptions
  private readonly limits: HubLimits
  private readonly onEnd: (channel: Channel, reader: Reader) => void
  private readonly ring: Ring
  private readonly replays = new Map<number, PendingReplay>()
  private epoch: string | null = null
  private fanning = false
  private again = false

  /** `onEnd` is told of every reader that ends, exactly once. */
  constructor(
    storyId: string,
    options: HubOptions,
    limits: HubLimits,
    onEnd: (channel: Channel, reader: Reader) => void,
  ) {
    this.storyId = storyId
    this.options = options
    this.limits = limits
    this.onEnd = onEnd
    this.ring = createRing(storyId, { frames: limits.ringFrames, bytes: limits.ringBytes }, options.stub)
  }

  admit(reader: Reader): void {
    this.readers.add(reader)
    if (this.epoch !== null && reader.epoch !== this.epoch) this.refetch(reader)
    else if (this.ring.covers(reader.seq)) this.pump(reader)
    else void this.replay(reader)
  }

  drained(reader: Reader): void {
    reader.blockedAt = null
    this.pump(reader)
  }

  /** False: frames of another epoch, history may differ. Nothing was taken. */
  publish(epoch: string, frames: readonly Frame[]): boolean {
    if (this.epoch !== null && this.epoch !== epoch) return false
    this.epoch = epoch
    this.take(frames)
    return true
  }

  refetchAll(): Promise<void> {
    return this.eachReader((reader) => this.refetch(reader))
  }

  /** Only to readers that have everything: a beat never tells of a head that its reader was not sent. */
  async beat(): Promise<void> {
    const head = this.headText()
    if (head === null) return
    const seq = this.ring.head() ?? 0
    const bytes = encodeFrame({ event: 'beat', data: JSON.stringify({ head }) })
    await this.eachReader((reader) => {
      if (reader.blockedAt !== null) {
        if (this.options.now() - reader.blockedAt >= this.limits.stallMs) this.end(reader, 'slow')
      } else if (!reader.replaying && reader.seq >= seq) this.write(reader, bytes)
    })
  }

  end(reader: Reader, reason: EndReason): void {
    if (reader.ended) return
    reader.ended = true
    reader.backlog = []
    this.readers.delete(reader)
    reader.sink.end(reason)
    this.onEnd(this, reader)
  }

  private refetch(reader: Reader): void {
    if (reader.ended) return
    this.write(reader, encodeFrame({ event: 'refetch', data: JSON.stringify({ head: this.headText() }) }))
    this.end(reader, 'refetch')
  }

  private write(reader: Reader, bytes: Uint8Array): void {
    try {
      if (!reader.sink.write(bytes)) reader.blockedAt = this.options.now()
    } catch {
      this.end(reader, 'failed') // a sink that throws is a broken connection, and nobody else's trouble
    }
  }

  /** Writes what the reader is owed and can take. */
  private pump(reader: Reader): void {
    while (!reader.ended && !reader.replaying) {
      if (reader.blockedAt !== null) {
        if (this.isTooFarBehind(reader)) this.end(reader, 'slow')
        return
      }
      const next = this.nextFor(reader)
      if (!next) {
        if (reader.seq < (this.ring.head() ?? 0)) void this.replay(reader)
        else reader.caughtUp = true
        return
      }
      reader.seq = next.seq
      this.write(reader, next.bytes)
    }
  }

  /** A backlog whose beginning could not be mended is no use any more. */
  private nextFor(reader: Reader): Frame | null {
    if (reader.backlog[0]?.seq !== reader.seq + 1) reader.backlog = []
    return reader.backlog.shift() ?? this.ring.at(reader.seq + 1)
  }

  /**
   * The slow-reader rule. A reader that still catches up takes its time, for cutting it would bring it back to the same place;
   * it holds no bytes of its own, and one that takes nothing falls to the stall rule of the beat.
   */
  private isTooFarBehind(reader: Reader): boolean {
    const head = this.ring.head() ?? 0
    if (!reader.caughtUp || reader.seq >= head) return false
    if (head - reader.seq > this.limits.queuedFrames || !this.ring.covers(reader.seq)) return true
    let bytes = reader.sink.bufferedBytes()
    for (let seq = reader.seq + 1; seq <= head; seq++) bytes += this.ring.at(seq)?.bytes.length ?? 0
    return bytes > this.limits.queuedBytes
  }

  private async replay(reader: Reader): Promise<void> {
    reader.replaying = true
    const pending = this.pendingReplay(reader.seq)
    let answer: Replay | null
    try {
      answer = await pending.answer
    } catch {
      return this.end(reader, 'failed')
    }
    if (reader.ended) return
    if (answer !== null && !isDense(pending.seq, answer)) return this.end(reader, 'failed')
    if (answer === null || answer.epoch !== reader.epoch || answer.epoch !== (this.epoch ?? answer.epoch)) {
      return this.refetch(reader)
    }
    this.absorb(pending, answer)
    reader.replaying = false
    reader.backlog = this.backlogOf(reader, pending, answer)
    const reaches =
      this.ring.covers(reader.seq) || reader.backlog[0]?.seq === reader.seq + 1 || answer.head === reader.seq
    reader.tries = reaches ? 0 : reader.tries + 1
    if (reader.tries >= MAX_REPLAY_TRIES) return this.refetch(reader)
    if (reaches) this.pump(reader)
    else void this.replay(reader)
  }

  private backlogOf(reader: Reader, pending: PendingReplay, answer: Replay): Frame[] {
    if (pending.stale || this.ring.covers(reader.seq)) return []
    return mend(this.storyId, answer.frames, pending.newer, this.options.stub)
  }

  /** Readers that come back to the same place share one reading of the log. */
  private pendingReplay(seq: number): PendingReplay {
    const running = this.replays.get(seq)
    if (running) return running
    const answer = withTimeout(this.options, REPLAY_TIMEOUT_MS, () => this.options.replay(this.storyId, seq))
    const pending: PendingReplay = { seq, answer, newer: [], stale: false, absorbed: false }
    this.replays.set(seq, pending)
    const done = () => void this.replays.delete(seq)
    answer.then(done, done)
    return pending
  }

  /** What one reader's replay has read, all may use. */
  private absorb(pending: PendingReplay, answer: Replay): void {
    if (pending.absorbed || pending.stale || this.closed) return
    pending.absorbed = true
    this.epoch ??= answer.epoch
    this.ring.prepend(answer.frames, answer.head)
    this.take(answer.frames)
    if (this.opened) return
    this.opened = true
    this.options.opened?.(this.storyId, this.ring.head() ?? answer.head)
  }

  private take(frames: readonly Frame[]): void {
    const { fresh, hole } = this.ring.append(frames)
    if (fresh.length === 0) return
    for (const pending of this.replays.values()) {
      pending.newer.push(...fresh)
      // What the hole skipped may have taken back what that replay has read.
      if (hole) pending.stale = true
    }
    if (hole || fresh.some((frame) => takesBack(frame).length > 0)) {
      for (const reader of this.readers) {
        reader.backlog = hole ? [] : mend(this.storyId, reader.backlog, fresh, this.options.stub)
      }
    }
    void this.fanOut()
  }

  /** In slices, so that pages are served meanwhile. A publish during a run makes one more run after it. */
  private async fanOut(): Promise<void> {
    this.again = true
    if (this.fanning) return
    this.fanning = true
    while (this.again) {
      this.again = false
      await this.eachReader((reader) => this.pump(reader))
    }
    this.fanning = false
  }

  private async eachReader(work: (reader: Reader) => void): Promise<void> {
    let n = 0
    for (const reader of this.readers) {
      work(reader)
      if (++n % this.limits.slice === 0) await this.options.yieldTurn()
    }
  }

  private headText(): string | null {
    const seq = this.ring.head()
    return this.epoch === null || seq === null ? null : formatPosition({ epoch: this.epoch, seq })
  }
}

/** A torn reading of the log must not become a reader's page. */
function isDense(seq: number, { head, frames }: Replay): boolean {
  return frames.length === head - seq && frames.every((frame, index) => frame.seq === seq + index + 1)
}

function withTimeout<T>(options: HubOptions, ms: number, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = options.setTimer(ms, () => reject(new Error('the replay took too long')))
    work().then(resolve, reject).finally(cancel)
  })
}
