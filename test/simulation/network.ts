// A simulated connection: bytes travel with delay, may stop moving, and may break off at any byte.
// Called by the simulated readers and nodes.
// Never delivers out of order: it stands for TCP.

import type { EndReason, Sink } from '../../src/live/types.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'

const MAX_LATENCY_MS = 80

export type Weather = {
  latency: number // ms for each frame
  room: number // bytes on the way past which write says no
  /** Bytes delivered when the connection breaks; null = it holds. */
  cutAt: number | null
  /** A broken connection that tells the reader nothing. */
  silent: boolean
}

export const CLEAR: Weather = { latency: 5, room: 2_000, cutAt: null, silent: false }

export type PipeEnds = {
  onBytes: (bytes: Uint8Array) => void
  onClose: () => void
  /** To the server: room again, or gone. */
  onDrained: () => void
  onGone: () => void
  /** Why the server ended it. */
  onEnded: (reason: EndReason) => void
  /** Every byte at the moment the server hands it over. */
  onSent: (bytes: Uint8Array) => void
}

export class Pipe implements Sink {
  private readonly clock: VirtualClock
  private readonly weather: Weather
  private readonly ends: PipeEnds
  private queue: Uint8Array[] = []
  private queued = 0
  private delivered = 0
  private wasFull = false
  private moving = false
  private stalledUntil = 0
  private closing = false
  private broken = false

  constructor(clock: VirtualClock, weather: Weather, ends: PipeEnds) {
    this.clock = clock
    this.weather = weather
    this.ends = ends
  }

  write(bytes: Uint8Array): boolean {
    this.ends.onSent(bytes)
    if (this.broken) return this.queued < this.weather.room && this.pileUp(bytes)
    this.queue.push(bytes)
    this.queued += bytes.length
    this.move()
    if (this.queued >= this.weather.room) this.wasFull = true
    return this.queued < this.weather.room
  }

  bufferedBytes(): number {
    return this.queued
  }

  end(reason: EndReason): void {
    this.ends.onEnded(reason)
    this.closing = true
    if (reason === 'slow' || reason === 'failed') this.queue = []
    if (this.queue.length === 0) this.close()
    else this.move()
  }

  stall(ms: number): void {
    this.stalledUntil = Math.max(this.stalledUntil, this.clock.now() + ms)
  }

  /** Both sides lose it: a crash, or the reader going away. */
  break(): void {
    if (this.broken) return
    this.broken = true
    this.queue = []
    this.clock.setTimer(this.weather.latency, () => {
      if (!this.weather.silent) this.ends.onClose()
    })
    this.clock.setTimer(this.weather.latency * 20, () => this.ends.onGone())
  }

  private pileUp(bytes: Uint8Array): boolean {
    this.queued += bytes.length
    return this.queued < this.weather.room
  }

  private move(): void {
    if (this.moving || this.broken) return
    this.moving = true
    const wait = Math.max(this.weather.latency, this.stalledUntil - this.clock.now())
    this.clock.setTimer(Math.min(wait, MAX_LATENCY_MS * 1_000), () => this.arrive())
  }

  private arrive(): void {
    this.moving = false
    if (this.broken) return
    if (this.clock.now() < this.stalledUntil) return this.move()
    const bytes = this.queue.shift()
    if (bytes) this.deliver(bytes)
    if (this.broken) return
    if (this.queue.length > 0) return this.move()
    if (this.closing) return this.close()
    if (this.wasFull) {
      this.wasFull = false
      this.ends.onDrained()
    }
  }

  private deliver(bytes: Uint8Array): void {
    this.queued -= bytes.length
    const { cutAt } = this.weather
    if (cutAt !== null && this.delivered + bytes.length >= cutAt) {
      this.ends.onBytes(bytes.subarray(0, cutAt - this.delivered))
      return this.break()
    }
    this.delivered += bytes.length
    this.ends.onBytes(bytes)
  }

  private close(): void {
    if (this.broken) return
    this.broken = true
    this.clock.setTimer(this.weather.latency, () => this.ends.onClose())
  }
}
