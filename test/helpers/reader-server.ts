// A small server that keeps the reader's contract: pages, stream and catch-up of stories that a test writes by hand.
// Called by test/journeys/reader-client.long.test.ts; speaks HTTP/1.1, so that a browser has six connections for all its tabs.
// Never imports our server: the browser program is tested against the contract.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { build } from 'vite'
import { firstPageFrom, ORDER_GAP } from '../../src/domain/post.ts'
import type { WireCatchUp, WireChange } from '../../src/domain/wire.ts'

type Item = { id: string; version: number; ordinal: number; text: string; isTrace: boolean; at: number; height: number }
type Regions = { masthead: string; pinned: string; 'key-events': string }
type Stream = { response: ServerResponse; story: FixtureStory }

const BEAT_MS = 1_000

export class FixtureStory {
  readonly name: string
  epoch = 'e'
  items: Item[] = []
  log: WireChange[] = []
  regions: Regions = { masthead: '', pinned: '', 'key-events': '' }
  onChange: (change: WireChange) => void = () => undefined
  private ordinal = 0

  constructor(name: string, posts: number, title = name) {
    this.name = name
    this.regions.masthead = `<p class="state" data-state="live">Live <time data-updated data-clock datetime="${new Date().toISOString()}">00:00</time> <span data-count>${posts} posts</span></p><h1>${title}</h1>`
    for (let n = 0; n < posts; n++) this.publish(`Post ${n + 1}`)
  }

  get seq(): number {
    return this.log.length
  }

  publish(text: string, height = 200): string {
    const id = `${this.name}0000000000000000${++this.ordinal}`.slice(-16)
    this.items.push({ id, version: this.seq + 1, ordinal: this.ordinal, text, isTrace: false, at: Date.now(), height })
    this.append('post-published', { post: this.wirePost(id) })
    return id
  }

  revise(id: string, text: string, height = 200): void {
    Object.assign(this.item(id), { text, height, version: this.seq + 1 })
    this.append('post-revised', { post: this.wirePost(id) })
  }

  withdraw(id: string, trace: 'line' | 'none', regions?: Partial<Regions>): void {
    if (trace === 'line') {
      Object.assign(this.item(id), { text: 'Withdrawn', isTrace: true, version: this.seq + 1 })
      this.append('post-withdrawn', { post: this.wirePost(id) }, regions)
    } else {
      this.items = this.items.filter((item) => item.id !== id)
      this.append('post-withdrawn', { gone: id }, regions)
    }
  }

  change(regions: Partial<Regions>): void {
    this.append('story-changed', {}, regions)
  }

  /** Newest first, as on a page. */
  texts(): string[] {
    return this.items.toReversed().map((item) => item.text)
  }

  page(script: string, order: string, range: [number, number] | null): string {
    const [from, to] = range ?? [firstPageFrom(this.ordinal), Number.POSITIVE_INFINITY]
    const items = this.items.filter(({ ordinal }) => ordinal >= from && ordinal <= to)
    const shown = order === 'oldest' ? items : items.toReversed()
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${this.name}</title>
<style>body{margin:0;font:16px/20px sans-serif}article{border-top:1px solid}.pill{position:fixed;top:0}[hidden]{display:none}</style>
<main data-story="${this.name}" data-name="${this.name}" data-position="${this.epoch}.${this.seq}" data-order="${order}" data-open-end="${!range}" data-zone="UTC" data-locale="en-GB" data-words-locale="en-GB" data-days="one">
<header data-region="masthead">${this.regions.masthead}</header>
<div data-region="key-events">${this.regions['key-events']}</div><section data-region="pinned">${this.regions.pinned}</section>
<button type="button" class="pill" data-pill hidden data-one="1 new update" data-many="{n} new updates"></button>
<div data-posts>${shown.map((item) => htmlOf(item)).join('\n')}</div>
<p class="connection" role="status" data-connection hidden data-lost="Connection lost, showing {time}" data-polling="Polling"></p>
<footer style="height:900px"></footer></main><script type="module" src="${script}"></script></html>`
  }

  private append(kind: WireChange['kind'], outcome: Partial<WireChange>, regions?: Partial<Regions>): void {
    Object.assign(this.regions, regions)
    const at = Date.now()
    const posts = this.items.filter((item) => !item.isTrace).length
    const change = {
      seq: this.seq + 1,
      kind,
      at,
      story: { state: 'live' as const, posts, count: `${posts} posts`, updatedAt: at },
      ...outcome,
      regions,
    }
    this.log.push(change)
    this.onChange(change)
  }

  private item(id: string): Item {
    const found = this.items.find((item) => item.id === id)
    if (!found) throw new Error(`No post ${id}`)
    return found
  }

  private wirePost(id: string): NonNullable<WireChange['post']> {
    const item = this.item(id)
    return { id, version: item.version, orderKey: item.ordinal * ORDER_GAP, html: htmlOf(item) }
  }

  /** Folded at the head (law 8). */
  since(seq: number): WireChange[] {
    const idOf = (change: WireChange) => change.post?.id ?? change.gone
    return this.log.slice(seq).map((change, index, all) => {
      const id = idOf(change)
      if (id === undefined || !all.slice(index + 1).some((later) => idOf(later) === id)) return change
      return { seq: change.seq, kind: change.kind, at: change.at, story: change.story, superseded: id }
    })
  }
}

function htmlOf({ id, version, ordinal, text, isTrace, at, height }: Item): string {
  const facts = `id="post-${id}" data-post="${id}" data-version="${version}" data-key="${ordinal * ORDER_GAP}"`
  const time = `<time datetime="${new Date(at).toISOString()}" data-clock>${new Date(at).toISOString().slice(11, 16)}</time>`
  if (isTrace) return `<p class="trace" ${facts}>${time} <span class="text">${text}</span></p>`
  return `<article ${facts} style="height:${height}px">${time} <h2 class="text">${text}</h2><a href="#post-${id}">Link</a></article>`
}

export class ReaderServer {
  readonly stories = new Map<string, FixtureStory>()
  readonly streams = new Set<Stream>()
  /** Paths asked for, oldest first. */
  readonly asked: string[] = []
  private readonly sockets = new Set<Socket>()
  private server: Server | null = null
  private port = 0
  private script = ''
  private beat: NodeJS.Timeout | null = null

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  add(story: FixtureStory): FixtureStory {
    this.stories.set(story.name, story)
    story.onChange = (change) => this.send(story, change)
    return story
  }

  streamsOf(story: FixtureStory): number {
    return [...this.streams].filter((one) => one.story === story).length
  }

  /** The first time on any port, later on the same. */
  async start(): Promise<void> {
    this.script ||= await buildReader()
    const server = createServer((request, response) => this.answer(request, response))
    server.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.server = server
    this.beat = setInterval(() => {
      for (const { response, story } of this.streams) write(response, 'beat', { head: `${story.epoch}.${story.seq}` })
    }, BEAT_MS)
  }

  /** As a killed process: every connection is cut. */
  async stop(): Promise<void> {
    if (this.beat) clearInterval(this.beat)
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(null)))
    this.streams.clear()
    this.server = null
  }

  refetch(story: FixtureStory): void {
    for (const stream of this.streams) {
      if (stream.story !== story) continue
      write(stream.response, 'refetch', { head: `${story.epoch}.${story.seq}` })
      stream.response.end()
    }
  }

  private send(story: FixtureStory, change: WireChange): void {
    for (const one of this.streams)
      if (one.story === story) write(one.response, 'change', change, `${story.epoch}.${change.seq}`)
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.origin)
    this.asked.push(url.pathname)
    if (url.pathname === '/reader.js')
      return void response.setHeader('content-type', 'text/javascript').end(this.script)
    const [, name = '', part = '', rest = ''] = url.pathname.split('/')
    const story = this.stories.get(name)
    if (part === 'plain')
      return void response.setHeader('content-type', 'text/html').end('<script src="/reader.js"></script>')
    if (!story) return void response.writeHead(404).end()
    if (part === 'stream') return this.stream(story, url.searchParams.get('since') ?? '', request, response)
    if (part === 'since') return void response.setHeader('content-type', 'application/json').end(catchUp(story, rest))
    const range = part === 'page' ? (rest.split('-').map(Number) as [number, number]) : null
    response.setHeader('content-type', 'text/html').setHeader('cache-control', 'no-cache')
    response.end(story.page('/reader.js', url.searchParams.get('order') ?? 'newest', range))
  }

  private stream(story: FixtureStory, since: string, request: IncomingMessage, response: ServerResponse): void {
    const [epoch, seq] = since.split('.')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.flushHeaders()
    if (epoch !== story.epoch)
      return void response.end(`event: refetch\ndata: {"head":"${story.epoch}.${story.seq}"}\n\n`)
    for (const change of story.since(Number(seq))) write(response, 'change', change, `${story.epoch}.${change.seq}`)
    const stream = { response, story }
    this.streams.add(stream)
    request.on('close', () => this.streams.delete(stream))
    response.on('close', () => this.streams.delete(stream))
  }
}

function write(response: ServerResponse, event: string, data: unknown, id?: string): void {
  response.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

function catchUp(story: FixtureStory, position: string): string {
  const [epoch, seq] = position.split('.')
  const head = `${story.epoch}.${story.seq}`
  const answer: WireCatchUp =
    epoch === story.epoch
      ? { position, head, changes: story.since(Number(seq)) }
      : { position, head, changes: [], refetch: true }
  return JSON.stringify(answer)
}

/** The program as readers get it. */
export async function buildReader(): Promise<string> {
  const result = await build({
    root: join(import.meta.dirname, '../..'),
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: join(import.meta.dirname, '../../client/reader/main.ts') },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunk = outputs.flatMap((one) => ('output' in one ? one.output : [])).find((one) => one.type === 'chunk')
  if (!chunk || !('code' in chunk)) throw new Error('The reader’s program was not built.')
  return chunk.code
}
