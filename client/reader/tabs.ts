// One stream per browser and origin: the tab that holds a lock streams, and passes everything on to the others.
// Called by main.ts; decides the mode of connection.ts. Locks, channel and timers are passed in.
// Never lets a hidden tab keep the stream from one that is seen; never believes a message before it looked at its shape.

import type { WireChange } from '../../src/domain/wire.ts'
import type { Mode } from './connection.ts'
import { isWireChange } from './fold.ts'

export const LOCK_NAME = 'dateline-stream'
const ANSWER_MS = 2_000 // a leader that does not answer by then is frozen
const ALIVE_MS = 10_000
const SILENT_MS = 25_000 // a leader that said nothing for that long is asked

export type Locks = {
  request(name: string, options: { steal?: boolean; signal?: AbortSignal }, hold: () => Promise<void>): Promise<unknown>
}
export type Channel = { post(message: unknown): void; listen(on: (message: unknown) => void): void; close(): void }

/** `who`: is anybody leading? The others are the leader's: here I am, an entry, nothing newer than `seq`. */
export type Message = { t: 'who' | 'lead' | 'change' | 'beat'; story: string; epoch: string; seq: number } & {
  isVisible: boolean
  change?: WireChange
}

export type TabsOptions = {
  /** null = this browser has none: every tab streams by itself. */
  locks: Locks | null
  openChannel: (() => Channel) | null
  now(): number
  after(ms: number, work: () => void): () => void
  isVisible(): boolean
  story: string
  position(): { epoch: string; seq: number }
  run(mode: Mode): void
  /** From the leader of this story, in this epoch: an entry, or where its stream is. */
  change(change: WireChange): void
  heard(seq: number): void
  /** The leader tells of another epoch: one of the two is out of date. */
  doubt(): void
}

export class Tabs {
  private readonly options: TabsOptions
  private channel: Channel | null = null
  private leads = false
  private leader: { story: string; at: number } | null = null
  private claim = 0 // counts requests of the lock: the answer to any but the last is void
  private isStealing = false
  private release: (() => void) | null = null
  private waiting: AbortController | null = null
  private cancelWatch: (() => void) | null = null
  private cancelAsk: (() => void) | null = null

  constructor(options: TabsOptions) {
    this.options = options
  }

  join(): void {
    const { locks, openChannel, run } = this.options
    if (!locks || !openChannel) return run('stream')
    this.channel = openChannel()
    this.channel.listen((message) => this.onMessage(message))
    run('poll')
    this.request(false)
    this.ask()
    this.watch()
  }

  /** The page is being left, perhaps kept for coming back: lock, channel and stream are given up. */
  leave(): void {
    this.claim++
    this.leads = this.isStealing = false
    this.leader = null
    this.cancelWatch?.()
    this.cancelAsk?.()
    this.waiting?.abort()
    this.release?.()
    this.channel?.close()
    this.channel = this.release = this.waiting = null
    this.options.run('off')
  }

  /** The tab was shown or hidden. */
  turned(): void {
    if (this.leads) this.post('lead')
    else if (this.channel) this.ask()
  }

  /** What the stream of this tab brought. Goes nowhere unless this tab leads. */
  relay(change: WireChange | null): void {
    if (!this.leads) return
    if (change) this.post('change', change)
    else this.post('beat')
  }

  private request(steal: boolean): void {
    const claim = ++this.claim
    this.waiting?.abort()
    this.waiting = steal ? null : new AbortController()
    this.isStealing = steal
    const hold = (): Promise<void> => (claim === this.claim ? this.lead() : Promise.resolve())
    const lost = (error: unknown): void => {
      if (claim !== this.claim) return
      this.leads = this.isStealing = false
      // Anything but a theft: this browser does not let us have locks.
      if ((error as { name?: string } | null)?.name !== 'AbortError') return this.options.run('stream')
      this.follow()
      this.request(false)
      this.ask()
    }
    const options = steal ? { steal } : { signal: this.waiting?.signal }
    this.options.locks?.request(LOCK_NAME, options, hold).catch(lost)
  }

  private lead(): Promise<void> {
    this.leads = true
    this.isStealing = false
    this.waiting = null
    this.post('lead')
    this.options.run('stream')
    return new Promise((resolve) => {
      this.release = resolve
    })
  }

  private follow(): void {
    if (!this.leads) this.options.run(this.leader?.story === this.options.story ? 'follow' : 'poll')
  }

  /** Who leads? Without an answer a tab that is seen takes over. */
  private ask(): void {
    if (this.leads) return
    const askedAt = this.options.now()
    this.post('who')
    this.cancelAsk?.()
    this.cancelAsk = this.options.after(ANSWER_MS, () => {
      if ((this.leader?.at ?? -1) < askedAt) this.takeOver()
    })
  }

  private takeOver(): void {
    if (!this.leads && !this.isStealing && this.options.isVisible()) this.request(true)
  }

  private watch(): void {
    this.cancelWatch = this.options.after(ALIVE_MS, () => {
      if (this.leads) this.post('lead')
      else if (this.options.now() - (this.leader?.at ?? 0) > SILENT_MS) this.ask()
      this.watch()
    })
  }

  private onMessage(message: unknown): void {
    if (!isMessage(message)) return
    const { t, story, epoch, seq } = message
    const { options } = this
    if (t === 'who') {
      if (this.leads) this.post('lead')
      return
    }
    if (this.leads) return // of a leader that does not know yet that it was robbed
    this.leader = { story, at: options.now() }
    this.follow()
    if (story !== options.story) {
      if (t === 'lead' && !message.isVisible) this.takeOver()
      return
    }
    if (epoch !== options.position().epoch) return options.doubt()
    if (message.change) options.change(message.change)
    if (t !== 'lead') options.heard(seq)
  }

  private post(t: Message['t'], change?: WireChange): void {
    const { story, position, isVisible } = this.options
    const { epoch, seq } = position()
    const message: Message = { t, story, epoch, seq, isVisible: isVisible(), change }
    this.channel?.post(message)
  }
}

function isMessage(value: unknown): value is Message {
  const message = value as Message | null
  if (typeof message !== 'object' || !message) return false
  const { t, story, epoch, seq, change } = message
  if (!['who', 'lead', 'change', 'beat'].includes(t) || typeof story !== 'string' || typeof epoch !== 'string')
    return false
  return Number.isSafeInteger(seq) && (t === 'change' ? isWireChange(change) : change === undefined)
}
