// The blocks of a post as the composer's document, and back: pure, and without loss for every kind of block.
// Called by composer.tsx, paste.ts's user insert.ts, and tests.
// Never drops a block; joins neighbouring runs of the same marks, which read the same.

import type { JSONContent } from '@tiptap/core'
import {
  type Block,
  type BlockOf,
  cleanLine,
  cleanText,
  type ImageBlock,
  MAX_TEXT,
  type Run,
  type Speaker,
} from '../../../src/domain/content.ts'
import { normaliseRuns } from '../../../src/domain/plain-runs.ts'

const MARKS = ['bold', 'italic', 'code', 'strike'] as const

/** A document without blocks is one empty paragraph. */
export function documentFrom(blocks: readonly Block[]): JSONContent {
  return { type: 'doc', content: blocks.length > 0 ? blocks.map(nodeOf) : [{ type: 'paragraph' }] }
}

export function blocksFrom(document: JSONContent): Block[] {
  const nodes = document.content ?? []
  if (nodes.length === 1 && isEmptyParagraph(nodes[0])) return []
  return nodes.map(blockOf)
}

/** Without the empty paragraphs at the end: the caret stands there, readers see nothing. */
export function withoutEmptyEnd(blocks: readonly Block[]): Block[] {
  const last = blocks.findLastIndex((block) => block.type !== 'paragraph' || block.text.length > 0)
  return blocks.slice(0, last + 1)
}

export function nodeOf(block: Block): JSONContent {
  switch (block.type) {
    case 'paragraph':
      return { type: 'paragraph', content: inlineOf(block.text) }
    case 'heading':
      return { type: 'heading', attrs: { level: block.level }, content: inlineOf(block.text) }
    case 'list':
      return {
        type: block.ordered ? 'orderedList' : 'bulletList',
        content: block.items.map((item) => ({ type: 'listItem', content: [paragraphOf(item)] })),
      }
    case 'quote': {
      const attrs = { speaker: block.speaker ?? null, source: block.source ?? null }
      return { type: 'quote', attrs, content: block.text.map(paragraphOf) }
    }
    case 'table':
      return tableNode(block)
    case 'gallery':
      return { type: 'gallery', content: block.images.map((image) => photoNode(image, 'photo')) }
    default:
      return photoNode(block, 'held')
  }
}

function photoNode(block: Block, type: 'held' | 'photo'): JSONContent {
  return { type, attrs: { block } }
}

function paragraphOf(runs: readonly Run[]): JSONContent {
  return { type: 'paragraph', content: inlineOf(runs) }
}

function tableNode({ caption, header, rows }: BlockOf<'table'>): JSONContent {
  const row = (cells: readonly Run[][], isHeader: boolean): JSONContent => ({
    type: 'tableRow',
    attrs: { header: isHeader },
    content: cells.map((cell) => ({ type: 'tableCell', content: inlineOf(cell) })),
  })
  const head = header.length > 0 ? [row(header, true)] : []
  return {
    type: 'table',
    attrs: { caption: caption ?? null },
    content: [...head, ...rows.map((cells) => row(cells, false))],
  }
}

/** A line break is a node of its own; it carries the marks of its run. */
function inlineOf(runs: readonly Run[]): JSONContent[] {
  return runs.flatMap((run) => {
    const marks = marksOf(run)
    const lines = run.text.split('\n')
    return lines.flatMap((line, index): JSONContent[] => [
      ...(index > 0 ? [{ type: 'hardBreak', marks }] : []),
      ...(line === '' ? [] : [{ type: 'text', text: line, marks }]),
    ])
  })
}

function marksOf(run: Run): NonNullable<JSONContent['marks']> {
  const link = run.link === undefined ? [] : [{ type: 'link', attrs: { href: run.link } }]
  return [...link, ...MARKS.filter((mark) => run[mark]).map((type) => ({ type }))]
}

function blockOf(node: JSONContent): Block {
  switch (node.type) {
    case 'paragraph':
      return { type: 'paragraph', text: runsOf(node) }
    case 'heading':
      return { type: 'heading', level: node.attrs?.level === 4 ? 4 : 3, text: runsOf(node) }
    case 'bulletList':
    case 'orderedList':
      return { type: 'list', ordered: node.type === 'orderedList', items: (node.content ?? []).map(itemRuns) }
    case 'quote':
      return quoteOf(node)
    case 'table':
      return tableOf(node)
    case 'gallery':
      return { type: 'gallery', images: (node.content ?? []).map(imageOf) }
    case 'held':
      return cleanHeld(node.attrs?.block as Block)
  }
  throw new Error(`The composer holds a part of an unknown kind: ${node.type}`)
}

function imageOf({ attrs }: JSONContent): ImageBlock {
  return cleanHeld(attrs?.block as ImageBlock)
}

function itemRuns(item: JSONContent): Run[] {
  return item.content?.[0] ? runsOf(item.content[0]) : []
}

function quoteOf(node: JSONContent): Block {
  const text = (node.content ?? []).map(runsOf)
  const speaker = cleanSpeaker(node.attrs?.speaker as Speaker | null)
  const source = node.attrs?.source as string | null
  return { type: 'quote', text, ...(speaker && { speaker }), ...(source && { source }) }
}

function cleanSpeaker(speaker: Speaker | null | undefined): Speaker | null {
  if (!speaker) return null
  const role = speaker.role === undefined ? {} : { role: cleanLine(speaker.role) }
  return { name: cleanLine(speaker.name), ...role }
}

function tableOf(node: JSONContent): Block {
  const lines = (node.content ?? []).map((row) => ({
    isHeader: row.attrs?.header === true,
    cells: (row.content ?? []).map(runsOf),
  }))
  const head = lines[0]?.isHeader ? lines.shift() : undefined
  const caption = node.attrs?.caption as string | null
  return {
    type: 'table',
    ...(caption !== null && caption !== undefined && { caption: cleanLine(caption) }),
    header: head?.cells ?? [],
    rows: lines.map((line) => line.cells),
  }
}

/** Its fields may have been typed in: their white space is that of the content. */
function cleanHeld<B extends Block>(block: B): B {
  const lines = ['alt', 'credit', 'agency', 'title'] as const
  const cleaned: Record<string, unknown> = { ...block }
  for (const name of lines) if (typeof cleaned[name] === 'string') cleaned[name] = cleanLine(cleaned[name])
  if (typeof cleaned.caption === 'string') cleaned.caption = cleanText(cleaned.caption)
  return cleaned as B
}

function runsOf(node: JSONContent): Run[] {
  const runs = (node.content ?? []).map((part): Run => {
    const text = part.type === 'hardBreak' ? '\n' : (part.text ?? '')
    return { text, ...runMarks(part.marks ?? []) }
  })
  return normaliseRuns(runs)
    .map((run) => ({ ...run, text: cleanText(run.text) }))
    .filter((run) => run.text !== '')
    .flatMap(withinBounds)
}

function runMarks(marks: NonNullable<JSONContent['marks']>): Omit<Run, 'text'> {
  const found: Omit<Run, 'text'> = {}
  for (const { type, attrs } of marks) {
    if (type === 'link') found.link = String(attrs?.href)
    for (const mark of MARKS) if (mark === type) found[mark] = true
  }
  return found
}

/** A run of more than MAX_TEXT goes on in the next one, never between the two halves of one character. */
function withinBounds(run: Run): Run[] {
  const parts: Run[] = []
  let rest = run.text
  while (rest.length > MAX_TEXT) {
    const half = /[\ud800-\udbff]/.test(rest[MAX_TEXT - 1] ?? '') ? MAX_TEXT - 1 : MAX_TEXT
    parts.push({ ...run, text: rest.slice(0, half) })
    rest = rest.slice(half)
  }
  return [...parts, { ...run, text: rest }]
}

function isEmptyParagraph(node: JSONContent | undefined): boolean {
  return node?.type === 'paragraph' && (node.content ?? []).length === 0
}
