// The blocks of a post as the plain text of a form, and back. The desk without JavaScript and the API's `text` use it.
// Called by web/desk. Pure.
// Never drops a block: what text cannot say stands as a line like {{image 1: caption}} and is put back from the post.

import type { Block, BlockOf, Run } from './content.ts'
import { AppError } from './error.ts'
import { normaliseRuns, runsFromText, textFromRuns, unescapeText } from './plain-runs.ts'

const HELD_TYPES = ['image', 'gallery', 'video', 'audio', 'embed', 'table', 'data'] as const
type HeldType = (typeof HELD_TYPES)[number]
type HeldBlock = BlockOf<HeldType>

export const MAX_PLAIN_TEXT = 256 * 1024 // characters; more cannot be the content of a post
const MAX_LABEL = 50 // characters of a caption shown in a placeholder

const HELD = new RegExp(`^\\{\\{\\s*(${HELD_TYPES.join('|')})\\s+(\\d{1,3})\\s*(?::.*)?\\}\\}\\s*$`, 's')
const HEADING = /^(#{1,3}) (.*)$/s
const QUOTE = /^> ?(.*)$/s
// A tab after the sign is what a word processor copies; its round and square bullets are "o" and "§".
const BULLET = /^(?:[-*•·▪◦‣][ \t]|[o§]\t)(.*)$/s
const SUB_BULLET = /^o (.*)$/s
const NUMBER = /^(\d{1,3})[.)][ \t](.*)$/s
const FIRST = /^1[.)][ \t]/
// The comma of the text's own script parts a name from a role.
const COMMA = ',،、，'
const SPEAKER = /^(?:> ?)?(?:—|–|--)\s*(.*)$/s
// A hyphen begins a list as well: only directly under a quote, and alone, does it name who spoke.
const HYPHEN_SPEAKER = /^-[ \t]+(\S.*)$/s
// Under an empty line only the sign that nothing else is written with.
const LATE_SPEAKER = /^—\s*(\S.*)$/s
const INDENT = /^(?: {2}|\t)(.*)$/s

/** Blocks stand apart by one empty line. */
export function textFromBlocks(blocks: readonly Block[]): string {
  const held = new Map<string, number>()
  return blocks
    .map((block, index) => {
      if (!isHeld(block)) return escapeSpeaker(textOfBlock(block), blocks[index - 1])
      const number = (held.get(block.type) ?? 0) + 1
      held.set(block.type, number)
      return `{{${block.type} ${number}: ${labelOf(block)}}}`
    })
    .join('\n\n')
}

/**
 * `previous` holds the blocks that the text's placeholders stand for; a placeholder taken out takes its block out.
 * Throws `invalid` when a placeholder names a block that is not there, `too_large` past MAX_PLAIN_TEXT.
 */
export function blocksFromText(text: string, previous: readonly Block[] = []): Block[] {
  if (text.length > MAX_PLAIN_TEXT) throw new AppError('too_large', 'This text is too long for one post.')
  const blocks: Block[] = []
  for (const chunk of chunksOf(text)) {
    let lines = chunk
    while (lines.length > 0) {
      const read = readBlock(lines, previous, blocks.at(-1))
      if (read.continues) blocks.pop()
      blocks.push(read.block)
      lines = lines.slice(read.lines)
    }
  }
  return blocks
}

/** The same blocks with their runs joined: what blocksFromText gives back. */
export function normaliseBlocks(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    if (isHeld(block)) return block
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return { ...block, text: normaliseRuns(block.text) }
      case 'list':
        return { ...block, items: block.items.map(normaliseRuns) }
      case 'quote':
        return { ...block, text: block.text.map(normaliseRuns) }
    }
  })
}

/** What stands for a block that text cannot say, without braces: "image 1". */
export function isHeld(block: Block): block is HeldBlock {
  return (HELD_TYPES as readonly string[]).includes(block.type)
}

// ---- writing

/** What would be read as who said the quote before it. */
function escapeSpeaker(text: string, before: Block | undefined): string {
  return before && isUnsigned(before) && LATE_SPEAKER.test(text) ? `\\${text}` : text
}

function isUnsigned(block: Block): block is BlockOf<'quote'> {
  return block.type === 'quote' && block.speaker === undefined && block.source === undefined
}

function textOfBlock(block: Exclude<Block, HeldBlock>): string {
  switch (block.type) {
    case 'paragraph':
      return linesOf(block.text).map(escapeStart).join('\n')
    case 'heading':
      return `${block.level === 3 ? '##' : '###'} ${linesOf(block.text).join(' ')}`
    case 'list':
      return block.items.map((item, index) => listItem(item, block.ordered ? `${index + 1}. ` : '- ')).join('\n')
    case 'quote':
      return textOfQuote(block)
  }
}

function listItem(item: readonly Run[], sign: string): string {
  return sign + linesOf(item).join('\n  ')
}

const NAME_ESCAPES = new RegExp(`[\\\\<${COMMA}]`, 'g')

function textOfQuote(quote: BlockOf<'quote'>): string {
  const parts = quote.text.map((runs) =>
    linesOf(runs)
      .map((line) => `> ${line.replace(/^(?:—|–|--)/, '\\$&')}`)
      .join('\n'),
  )
  const { name, role } = quote.speaker ?? { name: '' }
  const comma = /\p{Script=Arabic}/u.test(name) ? '، ' : ', '
  const said = [name.replace(NAME_ESCAPES, '\\$&'), role?.replace(/[\\<]/g, '\\$&')].filter(Boolean).join(comma)
  const source = quote.source === undefined ? '' : `<${quote.source.replace(/[\\>\s]/g, '\\$&')}>`
  const last = [said, source].filter(Boolean).join(' ')
  return parts.join('\n>\n') + (last === '' ? '' : `\n— ${last}`)
}

/** A line of white space alone would end the block: a backslash holds its place. */
function linesOf(runs: readonly Run[]): string[] {
  return textFromRuns(runs)
    .split('\n')
    .map((line) => (/^\s*$/.test(line) ? `\\${line}` : line))
}

function escapeStart(line: string): string {
  if (NUMBER.test(line)) return line.replace(/^\d+/, '$&\\')
  if (/^[o§]\t/.test(line)) return line.replace('\t', '\\\t') // a backslash before a letter would stay one
  return /^(?:#{1,3} |>|\{\{)/.test(line) || BULLET.test(line) ? `\\${line}` : line
}

function labelOf(block: HeldBlock): string {
  const label = wordsOf(block).replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
  return label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL).toWellFormed()}…` : label
}

function wordsOf(block: HeldBlock): string {
  if (block.type === 'image') return block.caption || block.alt
  if (block.type === 'gallery') return `${block.images.length} photos`
  if (block.type === 'embed') return block.title ?? block.url
  return block.type === 'table' ? (block.caption ?? '') : block.title
}

// ---- reading

/** `lines`: how many were read, at least one. `continues`: the block takes the last one's place. */
type Read = { block: Block; lines: number; continues?: boolean }

function chunksOf(text: string): string[][] {
  const chunks: string[][] = [[]]
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (!/^\s*$/.test(line)) chunks.at(-1)?.push(line)
    else if (chunks.at(-1)?.length) chunks.push([])
  }
  return chunks.filter((chunk) => chunk.length > 0)
}

function readBlock(lines: string[], previous: readonly Block[], last: Block | undefined): Read {
  const first = lines[0] ?? ''
  const held = HELD.exec(first)
  if (held) return { block: heldBlock(held[1] as HeldType, Number(held[2]), previous), lines: 1 }
  const heading = HEADING.exec(first)
  if (heading) {
    const level = heading[1] === '###' ? 4 : 3
    return { block: { type: 'heading', level, text: runsFromText(heading[2] ?? '') }, lines: 1 }
  }
  if (QUOTE.test(first)) return readQuote(lines)
  const late = lines.length === 1 && last && isUnsigned(last) ? LATE_SPEAKER.exec(first) : null
  if (late && last?.type === 'quote') return { block: { ...last, ...readSpeaker(late[1]) }, lines: 1, continues: true }
  if (BULLET.test(first)) return readList(lines, BULLET, false)
  // "7. October" may open a paragraph in many languages: only 1. begins a list, and the next number goes on with it.
  const number = Number(NUMBER.exec(first)?.[1] ?? Number.NaN)
  if (last?.type === 'list' && last.ordered && number !== 1 && number === last.items.length + 1) {
    const more = readList(lines, NUMBER, true)
    return { ...more, block: { ...last, items: [...last.items, ...more.block.items] }, continues: true }
  }
  if (number === 1) return readList(lines, NUMBER, true)
  return readParagraph(lines)
}

function heldBlock(type: HeldType, number: number, previous: readonly Block[]): Block {
  const block = previous.filter((one) => one.type === type)[number - 1]
  if (block) return block
  throw new AppError('invalid', `The text names {{${type} ${number}}}, but this post has no such ${type}.`)
}

function readParagraph(lines: string[]): Read {
  const next = lines.findIndex((line, index) => index > 0 && startsBlock(line))
  const length = next < 0 ? lines.length : next
  return { block: { type: 'paragraph', text: runsFromText(lines.slice(0, length).join('\n')) }, lines: length }
}

function startsBlock(line: string): boolean {
  return [HELD, HEADING, QUOTE, BULLET].some((start) => start.test(line)) || FIRST.test(line)
}

function readList(lines: string[], sign: RegExp, ordered: boolean): { block: BlockOf<'list'>; lines: number } {
  const items: string[] = []
  const copied = /^\S+\t/.test(lines[0] ?? '')
  let read = 0
  for (const line of lines) {
    const item = (sign.exec(line) ?? (copied ? SUB_BULLET.exec(line) : null))?.at(-1)
    const more = INDENT.exec(line)?.[1]
    if (item !== undefined) items.push(item)
    else if (more !== undefined) items[items.length - 1] += `\n${more}`
    else break
    read += 1
  }
  return { block: { type: 'list', ordered, items: items.map(runsFromText) }, lines: read }
}

function readQuote(lines: string[]): Read {
  let end = lines.findIndex((line) => !QUOTE.test(line))
  if (end < 0) end = lines.length
  const outside = SPEAKER.exec(lines[end] ?? '') ?? readHyphen(lines.slice(end))
  const inside = end > 1 ? SPEAKER.exec(lines[end - 1] ?? '') : null
  const said = lines.slice(0, outside || !inside ? end : end - 1)
  const parts: string[][] = [[]]
  for (const line of said.map((one) => QUOTE.exec(one)?.[1] ?? '')) {
    if (/^\s*$/.test(line)) parts.push([])
    else parts.at(-1)?.push(line)
  }
  const text = parts.filter((part) => part.length > 0).map((part) => runsFromText(part.join('\n')))
  const block: BlockOf<'quote'> = {
    type: 'quote',
    text: text.length > 0 ? text : [[]],
    ...readSpeaker((outside ?? inside)?.[1]),
  }
  return { block, lines: outside ? end + 1 : end }
}

/** null for a list that begins there. */
function readHyphen([line = '', next = '']: readonly string[]): RegExpExecArray | null {
  return BULLET.test(next) || INDENT.test(next) ? null : HYPHEN_SPEAKER.exec(line)
}

const NAME_AND_ROLE = new RegExp(`^((?:\\\\.|[^\\\\${COMMA}])*)[${COMMA}]?(.*)$`, 's')

/** `Name, role <address>`; each part may be absent. */
function readSpeaker(line: string | undefined): Pick<BlockOf<'quote'>, 'speaker' | 'source'> {
  const parts = /^((?:\\.|[^\\<])*)(?:<((?:\\.|[^\\>])*)>\s*)?$/s.exec(line ?? '')
  const words = parts ? (parts[1] ?? '') : (line ?? '')
  const [, name = '', role = ''] = NAME_AND_ROLE.exec(words) ?? []
  const speaker = unescapeText(name).trim()
  const duty = unescapeText(role).trim()
  return {
    ...(speaker === '' ? {} : { speaker: duty === '' ? { name: speaker } : { name: speaker, role: duty } }),
    ...(parts?.[2] === undefined ? {} : { source: unescapeText(parts[2]) }),
  }
}
