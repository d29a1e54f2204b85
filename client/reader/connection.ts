// How a page hears of news: the stream, the catch-up beside it, and what happens when either is silent.
// Called by main.ts; tabs.ts says in which mode it runs. Timers, stream and fetch are passed in.
// Never skips an entry: whatever cannot be proven to be the next one is caught up or loaded again.

import { sincePath, streamPath } from '../../src/domain/address.ts'
import { formatPosition, type Position } from '../../src/domain/position.ts'
import type { StreamEvent, WireCatchUp, WireChange } from '../../src/domain/wire.ts'
import { isWireChange, type Status } from './fold.ts'

const TICK_MS = 1_000
const BEAT_MS = 16_000 // the server beats every 15 s
export const DEAD_AFTER_MS = 35_000 // two beats missed
export const BUFFERED_AFTER_MS = 31_000 // open, yet two beats were swallowed: something on the way holds events back
export const BUFFERED_RETRY_MS = 60_000
export const STALE_AFTER_MS = 20_000 // then the reader is told, whatever the reason
export const OFFLINE_AFTER_MS = 1_500 // when the browser itself says so; a change of network is shorter
/**
 * When a stream ended, opening it again failed, and so did the question asked in between; without a stream, two questions. A server that restarts within three
 * seconds is back by then and nothing flickers.
 */
export const CUT_AFTER_MS = 5_000
const CUT_ASK_MS = 3_500 // and up to a second more, so that not everybody asks at once
const GRACE_MS = 5_000 // on coming back to a tab, before the reader is told
export const POLL_MS = 5_000
export const HIDDEN_POLL_MS = 60_000
const MIN_BACKOFF_MS = 1_000
const MAX_BACKOFF_MS = 30_000
const MAX_RETRY_AFTER_MS = 120_000 // a server that asks for more is asked again anyway
const REFETCH_SPREAD_MS = 2_000 // everybody is told at once; they must not all come at once

/** `follow`: another tab streams this story and passes it on. */
export type Mode = 'off' | 'stream' | 'follow' | 'poll'
/** `polling`: news arrive, but without a stream. */
export type Contact = 'ok' | 'polling' | 'lost'

export type Answer = { status: number; retryAfter: string | null; body: unknown }
export type StreamEvents = { open(): void; event(name: StreamEvent, data: string, id: string): void; error(): void }

export type Net = {
  now(): number
  random(): number
  after(ms: number, work: () => void): () => void
  /** Rejects when there is no answer. */
  get(path: string): Promise<Answer>
  /** Gives what closes it; after that none of `on` may be called. */
  stream(path: string, on: StreamEvents): () => void
  isVisible(): boolean
}

export type ConnectionOptions = {
  net: Net
  name: string // of the story, in addresses
  position(): Position
  take(change: WireChange): Status
  takeCatchUp(catchUp: WireCatchUp): Status
  /** Loads the page again; rejects when that failed. */
  reload(): Promise<void>
  /** `heardAt`: ms UTC of the last sign of life. */
  showContact(contact: Contact, heardAt: number): void
  /** To other tabs: an entry, or that there is nothing newer. */
  relay(change: WireChange | null): void
}

export class Connection {
  private readonly options: ConnectionOptions
  private readonly net: Net
  private mode: Mode = 'off'
  private cancelTick: (() => void) | null = null
  private tickedAt: number
  private close: (() => void) | null = null
  private isOpen = false
  private quietSince: number // opening, open or last event of the stream
  private flows = false // an event arrived on this stream
  private isHeldBack = false // streams open here, but nothing comes through
  private flowedAt: number
  private heardAt: number
  private hasHeard = false // until then the page says what the server wrote into it, be it "connection lost"
  private graceUntil = 0
  private isLost = false // this and the next three until something is heard
  private offlineAt: number | null = null
  private cutAt: number | null = null
  private cuts = 0 // how often since then a stream ended or did not open; without one, a question failed
  private retryAt = 0
  private pollAt: number
  private notBefore = 0
  private failures = 0
  private asking: Promise<void> | null = null
  private reloading: Promise<void> | null = null
  private shown: Contact | null = null

  constructor(options: ConnectionOptions) {
    this.options = options
    this.net = options.net
    const now = this.net.now()
    this.tickedAt = this.quietSince = this.flowedAt = this.heardAt = now
    this.pollAt = now
  }

  run(mode: Mode): void {
    if (mode === this.mode) return
    this.mode = mode
    this.drop()
    this.isHeldBack = false
    this.cutAt = null
    this.cuts = 0
    this.retryAt = 0
    this.flowedAt = this.net.now()
    this.pollSoon()
    if (!this.hasHeard && mode !== 'stream') this.pollAt = this.net.now() + TICK_MS // a cache may have kept the page for long
    this.cancelTick?.()
    this.cancelTick = null
    if (mode === 'off') return
    this.tickedAt = this.net.now()
    this.tick()
  }

  /** The tab is seen again, the machine woke or is online: ask what was missed, then go on. */
  async wake(): Promise<void> {
    if (this.mode === 'off') return
    const now = this.net.now()
    this.tickedAt = now
    this.graceUntil = now + GRACE_MS
    if (this.offlineAt === null && now - this.heardAt < STALE_AFTER_MS && (this.isOpen || this.mode === 'follow'))
      return
    this.drop()
    this.pollSoon()
    this.failures = 0
    this.retryAt = now + STALE_AFTER_MS // not while the question is open
    await this.catchUp()
    this.retryAt = 0
    this.streamIfDue()
  }

  /** The machine is offline: what is open will not say so. */
  lose(): void {
    this.offlineAt ??= this.net.now()
    if (this.mode === 'stream') this.fail()
  }

  /** Another tab passed on a sign of life; `seq` is where its stream is. */
  heardFromTab(seq: number): void {
    if (seq > this.options.position().seq) void this.catchUp()
    else this.heard()
  }

  /** Asks for what came after the page's position. One question at a time; never rejects. */
  catchUp(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null
    })
    return this.asking
  }

  private tick(): void {
    const now = this.net.now()
    this.cancelTick = this.net.after(TICK_MS, () => this.tick())
    const slept = now - this.tickedAt > 2 * DEAD_AFTER_MS // longer than any throttling of a hidden tab
    this.tickedAt = now
    if (slept) void this.wake()
    this.checkStream(now)
    this.streamIfDue()
    if (now >= this.pollAt) {
      this.pollSoon()
      if (this.needsPoll(now)) void this.catchUp()
    }
    this.tell(now)
  }

  private checkStream(now: number): void {
    if (!this.close) return
    const quiet = now - this.quietSince
    if (this.isOpen && !this.flows && quiet > BUFFERED_AFTER_MS) {
      this.drop()
      this.isHeldBack = true
      this.retryAt = now + BUFFERED_RETRY_MS
      this.pollAt = now
    } else if (quiet > DEAD_AFTER_MS) this.fail()
  }

  private needsPoll(now: number): boolean {
    if (now < this.notBefore) return false
    if (this.mode === 'poll') return true
    if (this.mode === 'follow') return !this.hasHeard || now - this.heardAt > STALE_AFTER_MS
    return !this.flows && (!this.isOpen || this.isHeldBack || now - this.quietSince > BEAT_MS)
  }

  private streamIfDue(): void {
    const now = this.net.now()
    if (this.mode !== 'stream' || this.close || this.reloading || now < this.retryAt || now < this.notBefore) return
    this.isOpen = this.flows = false
    this.quietSince = now
    const { name, position } = this.options
    this.close = this.net.stream(streamPath(name, formatPosition(position())), {
      open: () => {
        this.isOpen = true
        this.quietSince = this.net.now()
        this.heard()
      },
      event: (event, data, id) => this.onEvent(event, data, id),
      error: () => this.fail(),
    })
  }

  private onEvent(name: StreamEvent, data: string, id: string): void {
    this.quietSince = this.flowedAt = this.net.now()
    this.flows = true
    this.isHeldBack = false
    this.heard()
    if (name === 'change') this.onChange(parseJson(data), id)
    else if (name === 'beat') this.onBeat(parseJson(data))
    else if (name === 'refetch') this.onRefetch()
    else this.onBye(parseJson(data))
  }

  private onChange(change: unknown, id: string): void {
    const sound = isWireChange(change) && id === formatPosition({ ...this.options.position(), seq: change.seq })
    const status = sound ? this.options.take(change) : 'gap'
    if (status === 'gap') return this.mend()
    this.failures = 0
    if (sound) this.options.relay(change)
  }

  /** A beat never tells of a head that was not sent before, so a newer one means that entries were lost. */
  private onBeat(beat: unknown): void {
    const { epoch, seq } = this.options.position()
    const [headEpoch, head] = String((beat as { head?: unknown } | null)?.head).split('.')
    if (headEpoch !== epoch || Number(head) > seq) return this.mend()
    this.failures = 0
    this.options.relay(null)
  }

  private onRefetch(): void {
    this.drop()
    this.retryAt = this.net.now() + 2 * REFETCH_SPREAD_MS
    const spread = REFETCH_SPREAD_MS * this.net.random()
    this.net.after(spread, () => {
      void this.reload().then(() => {
        this.retryAt = this.net.now() + spread
      })
    })
  }

  private onBye(bye: unknown): void {
    const retry = Number((bye as { retry?: unknown } | null)?.retry) || MIN_BACKOFF_MS
    this.cut()
    this.retryAt = this.net.now() + Math.min(retry, MAX_RETRY_AFTER_MS) * (0.5 + this.net.random())
  }

  private mend(): void {
    this.fail()
    void this.catchUp()
  }

  private fail(): void {
    this.cut()
    this.failures++
    const most = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.failures)
    this.retryAt = this.net.now() + MIN_BACKOFF_MS + this.net.random() * (most - MIN_BACKOFF_MS)
  }

  private cut(): void {
    this.drop()
    if (this.cutAt === null) this.pollAt = this.net.now() + CUT_ASK_MS + this.net.random() * 1_000
    this.countCut()
  }

  private countCut(): void {
    this.cutAt ??= this.net.now()
    this.cuts++
  }

  private drop(): void {
    this.close?.()
    this.close = null
    this.isOpen = this.flows = false
  }

  private async ask(): Promise<void> {
    const { net, options } = this
    if (this.reloading) return this.reloading
    if (net.now() < this.notBefore) return
    const answer = await net.get(sincePath(options.name, formatPosition(options.position()))).catch(() => null)
    if (this.mode === 'poll' && (!answer || answer.status >= 500)) this.countCut()
    if (this.mode === 'off' || !answer) return
    if (answer.status === 503 || answer.status === 429) this.holdBack(answer.retryAfter)
    if (answer.status === 404 || answer.status === 410) await this.reload()
    if (answer.status !== 200 || !isCatchUp(answer.body)) return
    const status = options.takeCatchUp(answer.body)
    if (status === 'gap' || status === 'refetch') return this.reload()
    this.heard()
    if (this.mode !== 'stream') return
    for (const change of answer.body.changes) options.relay(change)
    options.relay(null)
  }

  /** `Retry-After` in seconds or as a date, and a little later for some. */
  private holdBack(retryAfter: string | null): void {
    const now = this.net.now()
    const ms = Number(retryAfter) * 1_000 || Date.parse(retryAfter ?? '') - now || 0
    this.notBefore = now + Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) * (1 + this.net.random() / 4)
  }

  private reload(): Promise<void> {
    this.reloading ??= this.options
      .reload()
      .then(
        () => this.heard(),
        () => undefined,
      )
      .finally(() => {
        this.reloading = null
      })
    return this.reloading
  }

  private heard(): void {
    this.heardAt = this.net.now()
    this.hasHeard = true
    this.isLost = false
    this.offlineAt = this.cutAt = null
    this.cuts = 0
    this.tell(this.heardAt)
  }

  private tell(now: number): void {
    if (!this.net.isVisible() || (now < this.graceUntil && this.shown !== 'lost')) return
    this.isLost ||= this.seemsLost(now)
    if (!this.isLost && !this.hasHeard) return
    const isPolling = this.isHeldBack || (this.mode === 'stream' && !this.isOpen && now - this.flowedAt > DEAD_AFTER_MS)
    const contact = this.isLost ? 'lost' : isPolling ? 'polling' : 'ok'
    if (contact !== this.shown) this.options.showContact(contact, this.heardAt)
    this.shown = contact
  }

  private seemsLost(now: number): boolean {
    if (this.offlineAt !== null && now - this.offlineAt > OFFLINE_AFTER_MS) return true
    // Twice as long while the question is open: a server that has just come back is slow for everybody.
    const patience = this.asking ? 2 * CUT_AFTER_MS : CUT_AFTER_MS
    if (this.cutAt !== null && this.cuts > 1 && now - this.cutAt > patience) return true
    return now - this.heardAt > STALE_AFTER_MS
  }

  private pollSoon(): void {
    const every = this.net.isVisible() ? POLL_MS : HIDDEN_POLL_MS
    this.pollAt = this.net.now() + every * (0.75 + this.net.random() / 2)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isCatchUp(value: unknown): value is WireCatchUp {
  const answer = value as WireCatchUp | null
  return typeof answer?.head === 'string' && Array.isArray(answer.changes) && answer.changes.every(isWireChange)
}
