// Frames, sinks and a hub on a virtual clock.
// Called by the hub's tests.

import { createHub } from '../../src/live/hub.ts'
import type { Frame, Stub } from '../../src/live/ring.ts'
import { encodeFrame } from '../../src/live/sse.ts'
import type { EndReason, HubOptions, Replay, Sink } from '../../src/live/types.ts'
import { createVirtualClock } from './virtual-clock.ts'

export const STORY = 'story-of-the-tests-1'
export const EPOCH = 'e'
const decoder = new TextDecoder()

export function frame(seq: number, more: Partial<Frame> & { text?: string } = {}): Frame {
  const { text = `text ${seq}`, ...rest } = more
  return { seq, bytes: encodeFrame({ id: `${EPOCH}.${seq}`, event: 'change', data: text }), ...rest }
}

export function frames(from: number, to: number): Frame[] {
  return Array.from({ length: to - from + 1 }, (_, n) => frame(from + n))
}

/** Frames of the own post become `superseded`; frames that only mention it cannot be mended. */
export const stub: Stub = (_storyId, { seq, postId }, taken) =>
  postId === taken ? encodeFrame({ id: `${EPOCH}.${seq}`, event: 'change', data: 'superseded' }) : null

/** Keeps what it is given. `room` bytes are taken at a time: then write says no until `drain`. */
export class TestSink implements Sink {
  text = ''
  ended: EndReason | null = null
  room = Number.POSITIVE_INFINITY
  held = 0

  write(bytes: Uint8Array): boolean {
    this.text += decoder.decode(bytes)
    if (this.room === Number.POSITIVE_INFINITY) return true
    this.held += bytes.length
    return this.held < this.room
  }

  bufferedBytes(): number {
    return this.held
  }

  end(reason: EndReason): void {
    this.ended = reason
  }

  seqs(): number[] {
    return [...this.text.matchAll(/^id: e\.(\d+)$/gm)].map((match) => Number(match[1]))
  }

  events(): string[] {
    return [...this.text.matchAll(/^event: (.+)$/gm)].map((match) => match[1] ?? '')
  }
}

/** `log`: what `replay` reads; null = continuity cannot be proven. */
export function testHub(options: Partial<HubOptions> = {}) {
  const clock = createVirtualClock()
  const state = {
    log: [] as Frame[] | null,
    epoch: EPOCH,
    reads: 0,
    yields: 0,
    opened: [] as string[],
    closed: [] as string[],
  }
  const replay = async (_storyId: string, seq: number): Promise<Replay | null> => {
    state.reads++
    const log = state.log
    const head = log?.at(-1)?.seq ?? 0
    if (log === null || seq > head) return null
    return { epoch: state.epoch, head, frames: log.filter((one) => one.seq > seq) }
  }
  const hub = createHub({
    now: clock.now,
    setTimer: clock.setTimer,
    yieldTurn: async () => {
      state.yields++
      await clock.sleep(1)
    },
    random: () => 0.5,
    replay,
    stub,
    opened: (storyId, seq) => void state.opened.push(`${storyId} ${seq}`),
    closed: (storyId) => void state.closed.push(storyId),
    ...options,
  })
  const join = (seq: number, sink = new TestSink(), address = '192.0.2.1', epoch = EPOCH) => {
    const handle = hub.join(STORY, { epoch, seq }, sink, address)
    if (handle === 'full') throw new Error('the hub is full')
    return { sink, ...handle }
  }
  return { hub, clock, state, join, publish: (...some: Frame[]) => hub.publish(STORY, EPOCH, some) }
}
