// A simulated reader: a page load, a stream, the client's real fold, reconnects, a watchdog for silent connections.
// Called by the world. What the browser and client/reader/main.ts do around the fold is played here.

import {
  fold,
  foldSnapshot,
  isWireChange,
  type Op,
  type PageState,
  type Snapshot,
  startState,
} from '../../client/reader/fold.ts'
import { parsePosition } from '../../src/domain/position.ts'
import { firstPageFrom, keysOf } from '../../src/domain/post.ts'
import type { StoryPage } from '../../src/domain/view.ts'
import type { ReaderHandle } from '../../src/live/hub.ts'
import type { EndReason } from '../../src/live/types.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import { itemState, regionsOf } from './frames.ts'
import { CLEAR, Pipe, type Weather } from './network.ts'
import type { SimulatedNode } from './node.ts'
import type { Chance } from './random.ts'
import { createStreamParser, type StreamEvent } from './stream-parser.ts'

const WATCHDOG_MS = 35_000 // two beats and a bit
const CACHE_MS = 10_000 // the longest a shared cache keeps a live page

export type Shown = { id: string; version: number; orderKey: number; html: string }

/** What a reader needs of the world around it. */
export type Surroundings = {
  clock: VirtualClock
  chance: Chance
  storyId: string
  nodes: () => SimulatedNode[]
  /** A shared cache in front of all nodes. */
  cache: Map<string, { page: StoryPage; at: number }>
  weather: () => Weather
  trace: (line: string) => void
  broken: (rule: string, detail: string) => void
  sent: (node: SimulatedNode, bytes: Uint8Array) => void
  ended: (who: string, reason: EndReason) => void
}

type Connection = { pipe: Pipe; open: boolean }

export class SimulatedReader {
  readonly name: string
  state: PageState | null = null
  readonly shown = new Map<string, Shown>()
  regions = ''
  fromKey = 0
  deliveries = 0
  refetches = 0
  private readonly around: Surroundings
  private connection: Connection | null = null
  private lastByteAt = 0
  private plan = 0

  constructor(name: string, around: Surroundings) {
    this.name = name
    this.around = around
  }

  start(): void {
    void this.load()
  }

  stall(ms: number): void {
    this.connection?.pipe.stall(ms)
  }

  isStreaming(): boolean {
    return this.connection?.open ?? false
  }

  /** Loads the page, from a cache at times, and then its stream. */
  private async load(): Promise<void> {
    const plan = ++this.plan
    const page = await this.fetchPage().catch(() => null)
    if (plan !== this.plan) return
    if (!page) return this.later(this.around.chance.int(200, 2_000), () => void this.load())
    this.show(page)
    this.connect()
  }

  private async fetchPage(): Promise<StoryPage | null> {
    const { clock, chance, cache, storyId, nodes } = this.around
    const kept = cache.get(storyId)
    if (kept && clock.now() - kept.at < CACHE_MS && chance.is(0.4)) return kept.page
    const node = chance.pick(nodes())
    const page = (await node?.page(storyId)) ?? null
    if (page) cache.set(storyId, { page, at: clock.now() })
    return page
  }

  private show(page: StoryPage): void {
    const { story } = page.face
    const from = keysOf(firstPageFrom(story.ordinal)).from
    const snapshot: Snapshot = {
      epoch: page.epoch,
      seq: story.seq,
      openEnd: true,
      posts: page.items.map(itemState),
      regions: { pinned: regionsOf(page.face) },
    }
    if (this.state === null) {
      this.state = startState(snapshot)
      for (const post of snapshot.posts) this.shown.set(post.id, post)
      this.regions = snapshot.regions.pinned ?? ''
      this.fromKey = from
      return
    }
    const folded = foldSnapshot(this.state, snapshot)
    if (folded.status === 'applied') this.fromKey = from
    this.state = folded.state
    this.carryOut(folded.ops)
  }

  private connect(): void {
    const { clock, chance, storyId, nodes } = this.around
    const node = chance.pick(nodes())
    if (!node || !this.state) return this.later(chance.int(200, 2_000), () => this.connect())
    const parser = createStreamParser()
    let handle: ReaderHandle | 'full' = 'full'
    const connection: Connection = { open: true, pipe: null as unknown as Pipe }
    connection.pipe = new Pipe(clock, this.around.weather() ?? CLEAR, {
      onBytes: (bytes) => {
        if (!connection.open) return
        this.lastByteAt = clock.now()
        for (const event of parser(bytes)) if (connection.open) this.hear(connection, event)
      },
      onClose: () => this.lost(connection, chance.int(100, 3_000)),
      onDrained: () => handle !== 'full' && handle.drained(),
      onGone: () => {
        node.left(connection.pipe)
        if (handle !== 'full') handle.leave()
      },
      onEnded: (reason) => this.around.ended(`${this.name} of ${node.name}`, reason),
      onSent: (bytes) => this.around.sent(node, bytes),
    })
    this.connection = connection
    this.lastByteAt = clock.now()
    const { epoch, seq } = this.state
    handle = node.join(storyId, { epoch, seq }, connection.pipe, this.name)
    this.around.trace(`${this.name} joins ${node.name} at ${epoch}.${seq} ${handle === 'full' ? 'full' : ''}`)
    if (handle === 'full') return this.lost(connection, chance.int(200, 3_000))
    this.watch(connection)
  }

  private hear(connection: Connection, event: StreamEvent): void {
    const { chance, trace, broken } = this.around
    if (!this.state) return
    if (event.name !== 'beat') trace(`${this.name} hears ${event.name} ${event.id}`)
    if (event.name === 'refetch') {
      this.refetches++
      return this.lost(connection, chance.int(0, 1_000), true)
    }
    const data = JSON.parse(event.data) as unknown
    if (event.name === 'bye') return this.lost(connection, (data as { retry: number }).retry)
    if (event.name === 'beat') {
      const head = parsePosition((data as { head: string }).head)
      if (head.epoch === this.state.epoch && head.seq > this.state.seq)
        broken('beat', `${this.name} beat ahead of what was sent`)
      return
    }
    this.take(event, data)
  }

  private take(event: StreamEvent, data: unknown): void {
    const { broken } = this.around
    if (!this.state || !isWireChange(data)) return broken('wire', `${this.name} got ${event.data}`)
    const at = parsePosition(event.id)
    if (at.seq !== data.seq || at.epoch !== this.state.epoch)
      broken('wire', `${this.name} id ${event.id} ≠ seq ${data.seq}`)
    if (data.seq !== this.state.seq + 1) broken('dense', `${this.name} at ${this.state.seq} got ${data.seq}`)
    if (data.post && data.post.version !== data.seq)
      broken('folded', `${data.seq} carries version ${data.post.version}`)
    const folded = fold(this.state, data)
    this.state = folded.state
    this.deliveries++
    this.carryOut(folded.ops)
  }

  private carryOut(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op.op === 'upsert')
        this.shown.set(op.id, { id: op.id, version: op.version, orderKey: op.orderKey, html: op.html })
      if (op.op === 'remove') this.shown.delete(op.id)
      if (op.op === 'regions') this.regions = op.regions.pinned ?? this.regions
    }
  }

  private lost(connection: Connection, wait: number, loadAgain = false): void {
    if (!connection.open) return
    connection.open = false
    connection.pipe.break()
    this.later(wait, () => (loadAgain ? void this.load() : this.connect()))
  }

  private watch(connection: Connection): void {
    const { clock } = this.around
    clock.setTimer(WATCHDOG_MS / 5, () => {
      if (!connection.open) return
      if (clock.now() - this.lastByteAt >= WATCHDOG_MS) this.lost(connection, 100)
      else this.watch(connection)
    })
  }

  private later(ms: number, work: () => void): void {
    const plan = ++this.plan
    this.around.clock.setTimer(ms, () => plan === this.plan && work())
  }
}
