// What was seen, counted in this node's memory and added to the database every few seconds.
// Made by cli/serve.ts; called by web/tally/seen.ts. Knows no HTTP.
// Never keeps an address: clients are told apart by hashes whose salt is forgotten with the day. Never holds up a page or a stream.

import { createHash } from 'node:crypto'
import type { Log } from '../../base/log.ts'
import { BUCKETS, bucketOf, type SeenBatch } from '../../domain/attention.ts'
import type { Attention, Told } from '../../store/attention.ts'

const FLUSH_MS = 2_000 // what a node that dies takes with it
const CLOCK_EVERY_MS = 60_000
const CLOCK_TRIES = 3 // the first may have had to open a connection; of the fastest the error is the smallest
const GOODBYE_MS = 1_000 // a database that hangs must not hold a node that ends
const DAY_MS = 24 * 3600_000
/** Of one post from one address and day: a school or a mobile gateway behind it, and all that one liar can add. */
export const MAX_OF_NETWORK = 20
const MAX_POSTS = 2_000 // told of between two flushes; a page holds 20
const MAX_REMEMBERED = 400_000 // readers of posts, about 30 MB; of the post not told of for longest they are forgotten first
const MAX_WAIT_MS = 30_000
const MIN_WAIT_MS = 2_000
const WAIT_PER_READER_MS = 2 // some 500 batches a second, however many readers have a post at once

export type TallyOptions = {
  attention: Attention
  /** ms UTC. */
  now(): number
  newSalt(): Uint8Array
  /** On the streams of this node. */
  readers(): number
  log: Log
}

export type Client = { network: string; browser: string }

export type Tally = {
  take(client: Client, batch: SeenBatch): void
  /** By the clock of the database, ms UTC; undefined: not known yet. */
  serverNow(): number | undefined
  /** ms over which browsers should spread their next batch. */
  wait(): number
  flush(): Promise<void>
  stop(): Promise<void>
}

type Kind = 'read' | 'shown'
type Memory = { read: Set<string>; shown: Set<string>; networks: Map<string, number> }
type Pending = Told & { shown: number[] }

export function createTally(options: TallyOptions): Tally {
  return new NodeTally(options)
}

class NodeTally implements Tally {
  private readonly options: TallyOptions
  private readonly timers: NodeJS.Timeout[]
  private pending = new Map<string, Pending>()
  private memory = new Map<string, Memory>() // in the order in which posts were last told of
  private remembered = 0
  private salt: Uint8Array
  private day: number
  private ahead: number | null = null
  private flushing: Promise<void> | null = null

  constructor(options: TallyOptions) {
    this.options = options
    this.salt = options.newSalt()
    this.day = this.today()
    this.timers = [
      setInterval(() => void this.flush(), FLUSH_MS),
      setInterval(() => void this.askClock(), CLOCK_EVERY_MS),
    ]
    for (const timer of this.timers) timer.unref()
    void this.askClock()
  }

  take({ network, browser }: Client, { read, shown }: SeenBatch): void {
    if (read.length + shown.length === 0) return
    this.turnDay()
    const place = this.hash(network)
    const client = this.hash(`${network}\n${browser}`)
    for (const id of read) {
      const post = this.admit('read', id, client, place)
      if (post) post.reads++
    }
    for (const [id, ms] of shown) {
      const post = this.admit('shown', id, client, place)
      const bucket = bucketOf(ms)
      if (post) post.shown[bucket] = (post.shown[bucket] ?? 0) + 1
    }
  }

  serverNow(): number | undefined {
    return this.ahead === null ? undefined : Math.round(this.options.now() + this.ahead)
  }

  wait(): number {
    return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, this.options.readers() * WAIT_PER_READER_MS))
  }

  flush(): Promise<void> {
    this.flushing ??= this.add().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    const last = (this.flushing ?? Promise.resolve()).then(() => this.flush())
    await Promise.race([last, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())])
  }

  /** Where to count it; null: this client was counted, or enough of its address were. */
  private admit(kind: Kind, id: string, client: string, place: string): Pending | null {
    let post = this.pending.get(id)
    if (!post && this.pending.size >= MAX_POSTS) return null
    const memory = this.memoryOf(id)
    const ofNetwork = memory.networks.get(`${kind}${place}`) ?? 0
    if (memory[kind].has(client) || ofNetwork >= MAX_OF_NETWORK) return null
    memory[kind].add(client)
    memory.networks.set(`${kind}${place}`, ofNetwork + 1)
    this.remembered++
    if (!post) {
      post = { postId: id, reads: 0, shown: new Array<number>(BUCKETS).fill(0) }
      this.pending.set(id, post)
    }
    return post
  }

  private memoryOf(id: string): Memory {
    const memory = this.memory.get(id) ?? { read: new Set(), shown: new Set(), networks: new Map() }
    this.memory.delete(id)
    this.memory.set(id, memory)
    for (const oldest of this.memory.keys()) {
      if (this.remembered < MAX_REMEMBERED || oldest === id) break
      this.forget(oldest)
    }
    return memory
  }

  private forget(id: string): void {
    const memory = this.memory.get(id)
    this.remembered -= (memory?.read.size ?? 0) + (memory?.shown.size ?? 0)
    this.memory.delete(id)
  }

  /** What fails is lost: added again it might count twice, and a figure that is too high is worse than one too low. */
  private async add(): Promise<void> {
    if (this.pending.size === 0) return
    const told = [...this.pending.values()]
    this.pending = new Map()
    try {
      const counted = new Set(await this.options.attention.add(told))
      // Of what is no post that the public can see nothing is remembered either.
      for (const { postId } of told) if (!counted.has(postId)) this.forget(postId)
    } catch (error) {
      this.options.log.debug({ err: (error as Error).message }, 'what readers told in these seconds is lost')
    }
  }

  private async askClock(): Promise<void> {
    const { attention, now } = this.options
    let best = Number.POSITIVE_INFINITY // ms of the fastest way there and back
    for (let tries = 0; tries < CLOCK_TRIES; tries++) {
      const before = now()
      const there = await attention.clock().catch(() => null)
      const took = now() - before
      if (there === null || took >= best) continue
      best = took
      this.ahead = there - before - took / 2
    }
  }

  private turnDay(): void {
    if (this.day === this.today()) return
    this.day = this.today()
    this.salt = this.options.newSalt()
    this.memory.clear()
    this.remembered = 0
  }

  private today(): number {
    return Math.floor(this.options.now() / DAY_MS)
  }

  private hash(text: string): string {
    return createHash('sha256').update(this.salt).update(text).digest('base64').slice(0, 11)
  }
}
