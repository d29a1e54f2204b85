// The follower: one per process, woken by the doorbell or a slow poll, always reading the log (law 4).
// Called by cli/serve.ts, which hands what it reads to the hub. Knows no SQL: the reads are passed in.
// Never believes the doorbell: a ring is a reason to read, nothing more.

import type { ChangesSince } from '../domain/view.ts'
import type { Doorbell, PublicReads } from './contract.ts'

export const POLL_MS = 1_000 // the longest a lost ring can delay a reader
const BACKOFF_MS = 100
const BACKOFF_MAX_MS = 5_000
const READ_TIMEOUT_MS = 5_000 // a connection that went silent is given up, its late answer ignored

/** `lastHeardAt`: ms; when the log last answered. null: not yet. */
export type Health = { ok: boolean; lastHeardAt: number | null }

export type FollowerOptions = {
  reads: Pick<PublicReads, 'changesSince' | 'heads' | 'epoch'>
  doorbell: Doorbell
  now: () => number // ms
  /** Calls back once after `ms`, unless the returned function was called before. */
  setTimer: (ms: number, work: () => void) => () => void
  pollInterval?: number // ms, at most POLL_MS
  /** Entries in order, without holes, each once. What it throws costs the story's readers a refetch. */
  onChanges: (storyId: string, changes: ChangesSince) => void
  /** Continuity is lost: another epoch, a story gone private, too far behind. */
  onRefetch: (storyId: string) => void
  onHealth?: (health: Health) => void
}

type Watched = {
  seq: number
  wanted: boolean // something may be there to read
  reading: boolean
  failing: boolean
  absent: boolean // nothing public of it when last asked
  gone: boolean // no longer watched; an answer on its way is ignored
}

/** Listens and polls at once; `stop` ends both. */
export function createFollower(options: FollowerOptions): Follower {
  return new Follower(options)
}

export class Follower {
  private readonly options: FollowerOptions
  private readonly watched = new Map<string, Watched>()
  private readonly stopListening: () => void
  private epoch: string | null = null
  private health: Health = { ok: false, lastHeardAt: null }
  private backoff = 0 // ms; 0 = all is well
  private polling = false
  private stopped = false
  private cancelPoll = () => {}

  constructor(options: FollowerOptions) {
    this.options = options
    this.stopListening = options.doorbell.listen((storyId, seq) => this.rung(storyId, seq))
    void this.poll()
  }

  /** Follows a story from `seq`, exclusive. A story already watched keeps its place. */
  watch(storyId: string, seq: number): void {
    if (this.stopped || this.watched.has(storyId)) return
    const story = { seq, wanted: true, reading: false, failing: false, absent: false, gone: false }
    this.watched.set(storyId, story)
    if (this.backoff === 0) void this.read(storyId, story)
  }

  unwatch(storyId: string): void {
    const story = this.watched.get(storyId)
    if (story) story.gone = true
    this.watched.delete(storyId)
  }

  stop(): void {
    this.stopped = true
    this.stopListening()
    this.cancelPoll()
    for (const storyId of [...this.watched.keys()]) this.unwatch(storyId)
  }

  lastHealth(): Health {
    return this.health
  }

  private rung(storyId: string, seq: number): void {
    const story = this.watched.get(storyId)
    if (!story || seq <= story.seq) return // a doubled ring; after a restore, when positions fall, the poll sees it
    story.wanted = true
    if (this.backoff === 0) void this.read(storyId, story)
  }

  /** Reads until nothing more is wanted. Never two readings of one story at once. */
  private async read(storyId: string, story: Watched): Promise<void> {
    if (story.reading) return
    story.reading = true
    try {
      while (story.wanted && !story.gone) {
        story.wanted = false
        const found = await this.timed(() => this.options.reads.changesSince(storyId, story.seq))
        if (story.gone) return
        story.failing = false
        this.heard()
        if (found && found.epoch !== (this.epoch ?? found.epoch)) return void this.poll()
        if (found && isDense(story.seq, found)) this.apply(storyId, story, found)
        else await this.startOver(storyId, story)
      }
    } catch {
      story.wanted = true
      story.failing = true
      this.failed()
    } finally {
      story.reading = false
    }
  }

  private apply(storyId: string, story: Watched, found: ChangesSince): void {
    this.epoch ??= found.epoch
    if (found.changes.length === 0) return
    story.seq = found.head
    try {
      this.options.onChanges(storyId, found)
    } catch {
      this.options.onRefetch(storyId)
    }
  }

  /** From the head, whatever lies between: the readers load the page again. */
  private async startOver(storyId: string, story: Watched): Promise<void> {
    const heads = await this.timed(() => this.options.reads.heads([storyId]))
    if (!story.gone) this.lose(storyId, story, heads.get(storyId))
  }

  private lose(storyId: string, story: Watched, head: number | undefined): void {
    story.seq = head ?? 0
    story.absent = head === undefined
    this.options.onRefetch(storyId)
  }

  private async poll(): Promise<void> {
    if (this.polling || this.stopped) return
    this.polling = true
    this.cancelPoll()
    try {
      const asked = [...this.watched]
      // In this order: heads of the new history under the old epoch are put right by the next poll, the reverse is not.
      const epoch = await this.timed(() => this.options.reads.epoch())
      const heads = await this.timed(() => this.options.reads.heads(asked.map(([storyId]) => storyId)))
      this.heard()
      const restored = this.epoch !== null && this.epoch !== epoch
      this.epoch = epoch
      for (const [storyId, story] of asked) {
        if (!story.gone) this.compare(storyId, story, heads.get(storyId), restored)
      }
    } catch {
      this.failed()
    }
    this.polling = false
    this.pollSoon()
  }

  private compare(storyId: string, story: Watched, head: number | undefined, restored: boolean): void {
    if (restored) return this.lose(storyId, story, head)
    if (head === undefined) {
      if (!story.absent) this.lose(storyId, story, head)
      return
    }
    story.absent = false
    if (head !== story.seq) story.wanted = true
    if (story.wanted) void this.read(storyId, story)
  }

  private pollSoon(): void {
    this.cancelPoll()
    if (this.stopped) return
    const wait = this.backoff || Math.min(this.options.pollInterval ?? POLL_MS, POLL_MS)
    this.cancelPoll = this.options.setTimer(wait, () => void this.poll())
  }

  private heard(): void {
    // A story that cannot be read keeps the pauses growing, even while the heads are there.
    if (![...this.watched.values()].some((story) => story.failing)) this.backoff = 0
    this.tell({ ok: this.backoff === 0, lastHeardAt: this.options.now() })
  }

  private failed(): void {
    if (this.stopped) return
    this.backoff = Math.min(Math.max(this.backoff * 2, BACKOFF_MS), BACKOFF_MAX_MS)
    this.tell({ ok: false, lastHeardAt: this.health.lastHeardAt })
    if (!this.polling) this.pollSoon()
  }

  private tell(health: Health): void {
    if (this.stopped) return
    this.health = health
    this.options.onHealth?.(health)
  }

  private timed<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.options.setTimer(READ_TIMEOUT_MS, () => reject(new Error('the log did not answer in time')))
      work().then(resolve, reject).finally(cancel)
    })
  }
}

/** Law 3 as a check: what was read goes on where we are and reaches the head. */
function isDense(seq: number, found: ChangesSince): boolean {
  return (
    found.changes.length === found.head - seq && found.changes.every((change, index) => change.seq === seq + index + 1)
  )
}
