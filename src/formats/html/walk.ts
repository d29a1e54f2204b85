// Turns the events of an HTML parser into blocks: one rule per element, unknown elements give their text.
// Called by formats/html/read.ts alone. Never keeps an address whose scheme domain/content.ts refuses.

import { isSafeLink, MAX_URL, type Run } from '../../domain/content.ts'
import { type BlockList, joinRuns } from './blocks.ts'
import { FigureFrame, imageOf } from './figure.ts'
import { type Marks, RunBuffer } from './runs.ts'
import { TableFrame } from './table.ts'

export type Attributes = { [name: string]: string }
type WalkOptions = { base: string | undefined; breakLines: boolean }
/** Where finished text goes. `settle` writes out what it holds, so that a picture in its middle keeps its place. */
type Flow = { text(runs: Run[]): void; settle?(): void }

const DROPPED = new Set(
  `script style template noscript head title svg math form button select option optgroup textarea datalist input canvas
  object applet map noframes frameset`.split(/\s+/),
)
const BLOCK_LEVEL = new Set(
  `address article aside body center dd details dialog div dl dt fieldset footer header hgroup hr html li main nav
  p pre section summary figcaption caption tbody thead tfoot`.split(/\s+/),
)
const BOLD = new Set(['b', 'strong'])
const ITALIC = new Set(['i', 'em', 'cite', 'dfn', 'var'])
const CODE = new Set(['code', 'kbd', 'samp', 'tt'])
const STRIKE = new Set(['s', 'strike', 'del'])
const SOCIAL_EMBED =
  /\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|fb-post|mastodon-embed)\b/
const MAX_LIST_ITEMS = 200
const MAX_QUOTE_TEXTS = 50
const MAX_ITEM_RUNS = 400
const MAX_FLOW = 20_000 // characters a list or quote gathers before it is written out and goes on in the next

export class Walk {
  private readonly buffer = new RunBuffer()
  private readonly closers: (() => void)[] = []
  private readonly flows: Flow[]
  private marks: Marks = {}
  private skipping = 0
  private preserving = 0
  private figure: FigureFrame | null = null
  private table: TableFrame | null = null
  private clip: { source: string | undefined } | null = null
  private items: Gathered | null = null
  private endItem: (() => void) | null = null
  private inQuote = false
  private readonly list: BlockList
  private readonly options: WalkOptions

  constructor(list: BlockList, options: WalkOptions) {
    this.list = list
    this.options = options
    this.flows = [{ text: (text) => list.add({ type: 'paragraph', text }) }]
  }

  get depth(): number {
    return this.closers.length
  }

  open(name: string, attributes: Attributes): void {
    if (this.clip && name === 'source') this.clip.source ??= this.webAddress(attributes.src)
    this.closers.push(this.skipping > 0 || DROPPED.has(name) ? this.skip() : this.enter(name, attributes))
  }

  close(): void {
    this.closers.pop()?.()
  }

  text(text: string): void {
    if (this.skipping > 0) return
    if (!this.options.breakLines || this.preserving > 0) return this.buffer.push(text, this.marks, this.preserving > 0)
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) this.flush()
      this.buffer.push(line, this.marks, false)
    }
  }

  finish(): void {
    while (this.closers.length > 0) this.close()
    this.flush()
  }

  private skip(): () => void {
    this.skipping++
    return () => this.skipping--
  }

  private enter(name: string, attributes: Attributes): () => void {
    if (name === 'br') {
      if (this.buffer.lineBreak()) this.flush()
      return nothing
    }
    if (this.figure && /\b(?:credit|photographer|copyright)\b/i.test(attributes.class ?? ''))
      return this.credit(this.figure)
    const mark = markOf(name)
    if (mark) return this.mark({ [mark]: true })
    if (/^h[1-6]$/.test(name)) return this.heading(name <= 'h3' ? 3 : 4)
    switch (name) {
      case 'a':
        return this.anchor(attributes)
      case 'q':
        this.buffer.push('“', this.marks, false)
        return () => this.buffer.push('”', this.marks, false)
      case 'img':
        return this.image(attributes)
      case 'figure':
        return this.openFigure()
      case 'iframe':
      case 'embed':
        return this.frame(attributes)
      case 'video':
      case 'audio':
        return this.openClip(name, attributes)
      case 'blockquote':
        return this.quote(attributes)
      case 'ul':
      case 'ol':
        return this.openList(name === 'ol')
      case 'li':
        return this.items ? this.listItem(this.items) : this.plainBlock(name)
      case 'table':
      case 'tr':
      case 'td':
      case 'th':
        return this.tablePart(name)
    }
    return this.plainBlock(name)
  }

  private plainBlock(name: string): () => void {
    if (!BLOCK_LEVEL.has(name)) return nothing
    this.flush()
    if (this.figure && name === 'figcaption') return this.flow({ text: (runs) => this.figure?.addCaption(runs) })
    if (this.table && name === 'caption') return this.flow({ text: (runs) => this.table?.addCaption(runs) })
    if (name === 'pre') this.preserving++
    return () => {
      this.flush()
      if (name === 'pre') this.preserving--
    }
  }

  private mark(more: Marks): () => void {
    const before = this.marks
    this.marks = { ...before, ...more }
    return () => {
      this.marks = before
    }
  }

  private anchor(attributes: Attributes): () => void {
    const link = this.safeLink(attributes.href)
    return link ? this.mark({ link }) : nothing
  }

  private heading(level: 3 | 4): () => void {
    this.flush()
    if (this.flows.length > 1) return () => this.flush() // a heading in a quote or cell is text there
    return this.flow({ text: (text) => this.list.add({ type: 'heading', level, text }) })
  }

  private image(attributes: Attributes): () => void {
    const image = imageOf(attributes, (address) => this.webAddress(address))
    if (!image) return nothing
    if (this.figure) this.figure.images.push(image)
    else this.emit(() => this.list.add(image))
    return nothing
  }

  private openFigure(): () => void {
    this.flush()
    if (this.figure) return nothing
    const figure = new FigureFrame()
    this.figure = figure
    return () => {
      this.flush()
      this.figure = null
      this.emit(() => figure.write(this.list))
    }
  }

  private credit(figure: FigureFrame): () => void {
    this.flush()
    return this.flow({ text: (runs) => figure.addCredit(runs) })
  }

  private frame(attributes: Attributes): () => void {
    const url = this.webAddress(attributes.src || attributes['data-src'])
    const title = attributes.title?.slice(0, 300)
    if (url) this.emit(() => this.list.add({ type: 'embed', url, ...(title ? { title } : {}) }))
    return this.skip()
  }

  private openClip(type: 'video' | 'audio', attributes: Attributes): () => void {
    const clip = { source: this.webAddress(attributes.src) }
    this.clip = clip
    const unskip = this.skip()
    return () => {
      unskip()
      this.clip = null
      const { source } = clip
      if (source) this.emit(() => this.list.add({ type, source, title: '', caption: '', credit: '' }))
    }
  }

  private quote(attributes: Attributes): () => void {
    this.flush()
    if (this.inQuote) return () => this.flush()
    if (SOCIAL_EMBED.test(attributes.class ?? '')) return this.socialEmbed(attributes)
    const source = this.webAddress(attributes.cite)
    const gathered = new Gathered(MAX_QUOTE_TEXTS, (text) =>
      this.list.add({ type: 'quote', text, ...(source ? { source } : {}) }),
    )
    this.settle()
    this.inQuote = true
    return this.flow({ text: (runs) => gathered.push(runs), settle: () => gathered.write() }, () => {
      this.inQuote = false
      gathered.write()
    })
  }

  /** The last link of a quoted post is the post itself. */
  private socialEmbed(attributes: Attributes): () => void {
    const texts: Run[][] = []
    this.inQuote = true
    return this.flow({ text: (runs) => texts.push(runs) }, () => {
      this.inQuote = false
      const links = texts.flat().flatMap((run) => (run.link?.startsWith('http') ? [run.link] : []))
      const given = attributes['data-instgrm-permalink'] ?? attributes['data-href'] ?? attributes.cite
      const url = this.webAddress(given) ?? links.at(-1)
      const text = texts.map((runs) => runs.map((run) => run.text).join('')).join('\n')
      if (url) this.emit(() => this.list.add({ type: 'embed', url, ...(text ? { text: text.slice(0, 10_000) } : {}) }))
      else for (const part of texts) this.list.add({ type: 'quote', text: [part] })
    })
  }

  /** A list in a list goes on in the outer one; in a quote or cell its items are lines. */
  private openList(ordered: boolean): () => void {
    this.flush()
    if (this.items || this.inQuote || this.table) return () => this.flush()
    const items = new Gathered(MAX_LIST_ITEMS, (texts) => this.list.add({ type: 'list', ordered, items: texts }))
    this.settle()
    this.items = items
    return this.flow({ text: (runs) => items.push(runs), settle: () => items.write() }, () => {
      this.items = null
      this.endItem = null
      items.write()
    })
  }

  /** Several paragraphs of one item stay one item. */
  private listItem(items: Gathered): () => void {
    this.flush()
    this.endItem?.() // an item that opens inside another one: the outer one's text comes first
    let item: Run[] = []
    const settle = () => {
      if (item.length > 0) items.push(item)
      item = []
    }
    this.endItem = settle
    const text = (runs: Run[]) => {
      if (item.length + runs.length > MAX_ITEM_RUNS) settle()
      item = joinRuns(item, runs)
    }
    return this.flow({ text, settle: () => items.write(settle) }, settle)
  }

  private tablePart(name: 'table' | 'tr' | 'td' | 'th'): () => void {
    this.flush()
    if (name === 'table') return this.openTable()
    const { table } = this
    if (!table || table.inCell) return () => this.flush()
    if (name === 'tr') {
      table.startRow()
      return () => table.endRow()
    }
    table.inCell = true
    let cell: Run[] = []
    const add = (runs: Run[]) => {
      cell = joinRuns(cell, runs)
    }
    return this.flow({ text: add }, () => {
      table.inCell = false
      table.addCell(cell, name === 'th')
    })
  }

  private openTable(): () => void {
    if (this.table) return () => this.flush()
    this.settle()
    const table = new TableFrame()
    this.table = table
    return () => {
      this.flush()
      this.table = null
      table.write(this.list)
    }
  }

  private flow(flow: Flow, closed: () => void = nothing): () => void {
    this.flows.push(flow)
    return () => {
      this.flush()
      this.flows.pop()
      closed()
    }
  }

  private flush(): void {
    for (const runs of this.buffer.take()) this.flows.at(-1)?.text(runs)
  }

  private settle(): void {
    for (const flow of this.flows.toReversed()) flow.settle?.() // an item joins its list before the list is written
  }

  /** A block of its own in the middle of text: what came before is written first. Inside a table it stands after it. */
  private emit(write: () => void): void {
    this.flush()
    if (this.table) return void this.table.after.push(write)
    this.settle()
    write()
  }

  private safeLink(address: string | undefined): string | undefined {
    if (!address) return undefined
    const trimmed = address.trim()
    const absolute = isSafeLink(trimmed) ? trimmed : URL.parse(trimmed, this.options.base)?.href
    return absolute && absolute.length <= MAX_URL && isSafeLink(absolute) ? absolute : undefined
  }

  private webAddress(address: string | undefined): string | undefined {
    const link = this.safeLink(address?.trim().startsWith('//') ? `https:${address.trim()}` : address)
    return link && /^https?:/i.test(link) ? link : undefined
  }
}

/** Texts of a list or quote, written out at its end or when it grows too large for one block. */
class Gathered {
  private texts: Run[][] = []
  private size = 0
  private readonly max: number
  private readonly out: (texts: Run[][]) => void

  constructor(max: number, out: (texts: Run[][]) => void) {
    this.max = max
    this.out = out
  }

  push(runs: Run[]): void {
    this.texts.push(runs)
    this.size += runs.reduce((sum, run) => sum + run.text.length, 0)
    if (this.texts.length >= this.max || this.size >= MAX_FLOW) this.write()
  }

  write(before?: () => void): void {
    before?.()
    if (this.texts.length > 0) this.out(this.texts)
    this.texts = []
    this.size = 0
  }
}

function markOf(name: string): keyof Marks | null {
  if (BOLD.has(name)) return 'bold'
  if (ITALIC.has(name)) return 'italic'
  if (CODE.has(name)) return 'code'
  return STRIKE.has(name) ? 'strike' : null
}

function nothing(): void {}
