// The judge of the simulation: what was acknowledged, what may be sent, what every page must show in the end.
// Called by the world. It reads the committed rows and works out by itself what they mean, not by the code it judges.

import type { Receipt } from '../../src/domain/decision.ts'
import type { Post } from '../../src/domain/post.ts'
import type { MemoryTables } from '../../src/store/memory-tables.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import type { SimulatedNode } from './node.ts'
import type { Shown, SimulatedReader } from './reader.ts'

const MAX_TAKEBACK_MS = 8_000 // one poll, and reads as slow as the simulation makes them, while a node reaches the log
const TOKEN = /tok\d{6}z/g

export type Violation = { rule: string; detail: string }

/** Since when a text may not be sent: position in the log of an epoch, and the time. */
type Dead = { epoch: string; seq: number; at: number }

export class Oracle {
  readonly violations: Violation[] = []
  private readonly clock: VirtualClock
  private readonly tables: MemoryTables
  private readonly storyId: string
  private readonly dead = new Map<string, Dead>()
  private alive = new Map<string, Set<string>>() // post id → its tokens that the public may see
  private readonly acks: { receipt: Receipt; what: string }[] = []
  private readonly refused: string[] = []

  constructor(clock: VirtualClock, tables: MemoryTables, storyId: string) {
    this.clock = clock
    this.tables = tables
    this.storyId = storyId
  }

  broken(rule: string, detail: string): void {
    if (this.violations.length < 20) this.violations.push({ rule, detail: `${this.clock.now()} ms: ${detail}` })
  }

  /** An answer that was on its way during a restore belongs to the history that was lost. */
  acknowledged(receipt: Receipt, what: string): void {
    if (!receipt.repeated && receipt.position.startsWith(`${this.tables.epoch}.`)) this.acks.push({ receipt, what })
  }

  wasRefused(token: string): void {
    this.refused.push(token)
  }

  /** After each commit: which texts live on, which may not be sent any more. */
  committed(seq: number): void {
    const next = this.livingTokens()
    const living = new Set([...next.values()].flatMap((tokens) => [...tokens]))
    for (const tokens of this.alive.values()) {
      for (const token of tokens) {
        if (!living.has(token)) this.dead.set(token, { epoch: this.tables.epoch, seq, at: this.clock.now() })
      }
    }
    for (const token of living) this.dead.delete(token)
    this.alive = next
  }

  /** A restore: what was acknowledged after the backup is lost, as announced by the new epoch. */
  restored(): void {
    this.acks.length = 0
    this.committed(0)
  }

  /** Every byte a node hands to a connection. */
  sent(node: SimulatedNode, bytes: Uint8Array): void {
    for (const [token] of new TextDecoder().decode(bytes).matchAll(TOKEN)) {
      const dead = this.dead.get(token)
      if (!dead) continue
      const heard = node.heard.get(this.storyId)
      if (heard?.epoch === dead.epoch && heard.seq >= dead.seq) {
        this.broken('law 8', `${node.name} sent ${token}, taken back at ${dead.seq}, having heard ${heard.seq}`)
      } else if (this.clock.now() - Math.max(dead.at, node.reachingSince) > MAX_TAKEBACK_MS) {
        this.broken('law 8 late', `${node.name} sent ${token} ${this.clock.now() - dead.at} ms after it was taken back`)
      }
    }
  }

  /** When all faults have ended and time has passed. */
  judge(readers: readonly SimulatedReader[]): void {
    this.judgeLog()
    for (const reader of readers) this.judgeReader(reader)
  }

  private judgeLog(): void {
    const log = this.tables.log.get(this.storyId) ?? []
    const story = this.tables.stories.get(this.storyId)
    if (log.some((line, index) => line.seq !== index + 1) || story?.seq !== log.length) {
      this.broken('dense log', `${log.map((line) => line.seq).join(' ')}, head ${story?.seq}`)
    }
    for (const { receipt, what } of this.acks) {
      const [epoch, seq] = receipt.position.split('.')
      const line = log[Number(seq) - 1]
      if (epoch !== this.tables.epoch || line?.postId !== receipt.postId)
        this.broken('acknowledged', `${what} is not at ${receipt.position}`)
    }
    const published = log.filter((line) => line.kind === 'post-published').map((line) => line.postId)
    if (new Set(published).size !== published.length) this.broken('once', 'a post was published twice')
    const all = JSON.stringify([...this.tables.posts.values()])
    for (const token of this.refused)
      if (all.includes(token)) this.broken('refused', `${token} is there though it was refused`)
  }

  private judgeReader(reader: SimulatedReader): void {
    const { state } = reader
    const story = this.tables.stories.get(this.storyId)
    if (!state) return this.broken('page', `${reader.name} never got a page`)
    if (!reader.isStreaming()) this.broken('stream', `${reader.name} is not connected`)
    if (state.epoch !== this.tables.epoch || state.seq !== story?.seq) {
      this.broken(
        'position',
        `${reader.name} is at ${state.epoch}.${state.seq}, the log at ${this.tables.epoch}.${story?.seq}`,
      )
    }
    const expected = describe(this.expectedItems(reader.fromKey))
    const shown = describe([...reader.shown.values()].sort((a, b) => b.orderKey - a.orderKey))
    if (expected !== shown) this.broken('page', `${reader.name} shows\n  ${shown}\nbut the log says\n  ${expected}`)
    const regions = this.expectedRegions()
    if (regions !== reader.regions)
      this.broken('regions', `${reader.name} shows\n  ${reader.regions}\nbut the log says\n  ${regions}`)
    const marks = [...state.posts]
      .map(([id, mark]) => `${id} ${mark.version}`)
      .sort()
      .join()
    const rows = [...reader.shown.values()]
      .map((post) => `${post.id} ${post.version}`)
      .sort()
      .join()
    if (marks !== rows) this.broken('ops', `${reader.name}: the fold's state and its ops differ`)
  }

  private publicPosts(): Post[] {
    return [...this.tables.posts.values()].filter((post) => post.storyId === this.storyId && post.version !== null)
  }

  private expectedItems(fromKey: number): Shown[] {
    const items = this.publicPosts().flatMap((post) => {
      const html = expectedHtml(post)
      const [version, orderKey] = [post.version ?? 0, post.orderKey ?? 0]
      return html === null || orderKey < fromKey ? [] : [{ id: post.id, version, orderKey, html }]
    })
    return items.sort((a, b) => b.orderKey - a.orderKey)
  }

  private expectedRegions(): string {
    const posts = this.publicPosts().filter((post) => post.state === 'published')
    posts.sort((a, b) => (b.orderKey ?? 0) - (a.orderKey ?? 0))
    const turns = posts.filter((post) => post.keyEvent)
    const pins = posts.filter((post) => post.pinnedAt !== null).sort((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0))
    const pinned = pins.slice(0, 5).map((post) => `${post.id} ${post.content.headline}`)
    return `${pinned.join(', ')} | ${turns.map((post) => `${post.id} ${post.keyEvent?.title}`).join(', ')}`
  }

  private livingTokens(): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>()
    for (const post of this.publicPosts()) {
      if (post.state !== 'published') continue
      found.set(post.id, new Set(`${post.content.headline} ${post.keyEvent?.title ?? ''}`.match(TOKEN) ?? []))
    }
    return found
  }
}

function expectedHtml(post: Post): string | null {
  if (post.state === 'published') return `<article>${post.content.headline}</article>`
  return post.state === 'withdrawn' && post.withdrawal?.trace === 'line' ? `<p>${post.withdrawal.reason}</p>` : null
}

function describe(items: readonly Shown[]): string {
  return items.map((item) => `${item.id}@${item.version} ${item.html}`).join(' ')
}
