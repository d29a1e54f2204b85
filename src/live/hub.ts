// The hub: readers per story, replay then live, heartbeat, limits, drain.
// Called by web/reader for streams and by whoever follows the log. Knows no HTTP, no SQL and no clock of its own.
// Never lets one reader hold up another.

import type { Position } from '../domain/position.ts'
import { Channel, type Reader } from './channel.ts'
import type { Frame } from './ring.ts'
import { encodeFrame } from './sse.ts'
import type { HubLimits, HubOptions, Sink } from './types.ts'

export const MAX_QUEUED_FRAMES = 64 // about a minute at peak; beyond it reconnecting is cheaper
export const MAX_QUEUED_BYTES = 64 * 1024 // per reader that cannot keep up; beyond it the reader is cut
const DEFAULT_LIMITS: HubLimits = {
  readers: 20_000, // as the option MAX_READERS, which decides in a node
  perAddress: 200, // a school, an office or a mobile gateway behind one address
  queuedFrames: MAX_QUEUED_FRAMES,
  queuedBytes: MAX_QUEUED_BYTES,
  ringFrames: 256, // a reader that was away for some minutes costs no reading of the log
  ringBytes: 1024 * 1024,
  slice: 500, // about 5 ms of writes
  beatMs: 15_000, // below the idle limit of every common proxy
  stallMs: 30_000, // a socket that takes nothing for two beats is dead or not worth its memory
}
const DRAIN_STEP_MS = 100
const BYE_RETRY_MS = 1_000 // then up to twice as long again, at random: a drained node's readers must not come as one

export type ReaderHandle = {
  /** The sink can take more. */
  drained(): void
  /** The connection is gone. */
  leave(): void
}

/** Beats begin at once; `stop` ends them. */
export function createHub(options: HubOptions): Hub {
  return new Hub(options)
}

export class Hub {
  private readonly options: HubOptions
  private readonly limits: HubLimits
  private readonly channels = new Map<string, Channel>()
  private readonly addresses = new Map<string, number>()
  private readers = 0
  private draining = false
  private stopped = false
  private cancelBeat: () => void

  constructor(options: HubOptions) {
    this.options = options
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.cancelBeat = options.setTimer(this.limits.beatMs, () => void this.beatAll())
  }

  /**
   * Sends what came after `position`, then everything as it happens. 'full': nothing was written to the sink, nor will be.
   * A position that cannot be continued gets `refetch` and the end.
   */
  join(storyId: string, position: Position, sink: Sink, address: string): ReaderHandle | 'full' {
    const ofAddress = this.addresses.get(address) ?? 0
    if (this.draining || this.readers >= this.limits.readers || ofAddress >= this.limits.perAddress) return 'full'
    this.readers++
    this.addresses.set(address, ofAddress + 1)
    const channel = this.openChannel(storyId)
    const { epoch, seq } = position
    const place = { epoch, seq, backlog: [], replaying: false, caughtUp: false, tries: 0 }
    const reader: Reader = { sink, address, ...place, blockedAt: null, ended: false }
    channel.admit(reader)
    return { drained: () => channel.drained(reader), leave: () => channel.end(reader, 'left') }
  }

  /** Frames oldest first. Known ones are skipped; a story without readers is no work. */
  publish(storyId: string, epoch: string, frames: readonly Frame[]): void {
    const channel = this.channels.get(storyId)
    if (channel && !channel.publish(epoch, frames)) this.refetch(storyId)
  }

  /** Continuity is lost, or the story is no longer public: every reader of it loads the page again. */
  refetch(storyId: string): void {
    const channel = this.channels.get(storyId)
    if (!channel) return
    this.closeChannel(channel)
    void channel.refetchAll()
  }

  /** Takes nobody in any more and sends everybody elsewhere, evenly over `overMs`. Resolves when all are gone. */
  async drain(overMs: number): Promise<void> {
    this.draining = true
    for (let step = Math.max(1, Math.ceil(overMs / DRAIN_STEP_MS)); step > 0 && this.readers > 0; step--) {
      const share = Math.ceil(this.readers / step)
      for (const [channel, reader] of [...this.everyReader()].slice(0, share)) this.sayBye(channel, reader)
      if (this.readers > 0) await new Promise<void>((resolve) => this.options.setTimer(DRAIN_STEP_MS, resolve))
    }
  }

  /** No more beats; readers are left as they are. */
  stop(): void {
    this.stopped = true
    this.cancelBeat()
  }

  /** Readers of a story. */
  counts(storyId: string): number {
    return this.channels.get(storyId)?.readers.size ?? 0
  }

  /** Readers by story, of stories that have any. */
  countsByStory(): Record<string, number> {
    return Object.fromEntries([...this.channels].map(([storyId, { readers }]) => [storyId, readers.size]))
  }

  /** Readers in all. Needs no `this`, so that it can be handed on as a gauge. */
  readonly total = (): number => this.readers

  /** Stories with readers. */
  stories(): string[] {
    return [...this.channels.keys()]
  }

  private openChannel(storyId: string): Channel {
    const open = this.channels.get(storyId)
    if (open) return open
    const channel = new Channel(storyId, this.options, this.limits, (from, reader) => this.onEnd(from, reader))
    this.channels.set(storyId, channel)
    return channel
  }

  private closeChannel(channel: Channel): void {
    if (channel.closed) return
    channel.closed = true
    this.channels.delete(channel.storyId)
    if (channel.opened) this.options.closed?.(channel.storyId)
  }

  private onEnd(channel: Channel, reader: Reader): void {
    this.readers--
    const left = (this.addresses.get(reader.address) ?? 1) - 1
    if (left > 0) this.addresses.set(reader.address, left)
    else this.addresses.delete(reader.address)
    if (channel.readers.size === 0) this.closeChannel(channel)
  }

  private async beatAll(): Promise<void> {
    if (this.options.isHearing?.() ?? true) {
      for (const channel of [...this.channels.values()]) await channel.beat()
    }
    if (!this.stopped) this.cancelBeat = this.options.setTimer(this.limits.beatMs, () => void this.beatAll())
  }

  private sayBye(channel: Channel, reader: Reader): void {
    const retry = Math.round(BYE_RETRY_MS * (1 + 2 * this.options.random()))
    reader.sink.write(encodeFrame({ event: 'bye', data: JSON.stringify({ retry }) }))
    channel.end(reader, 'drain')
  }

  private *everyReader(): Generator<[Channel, Reader]> {
    for (const channel of this.channels.values()) for (const reader of channel.readers) yield [channel, reader]
  }
}
