// Foreign HTML or plain text → blocks of a post.
// Called by the other formats and by importers. Pure; linear in the input.
// Never throws and never lets through an active part: only what the typed tree can say survives.

import { Parser } from 'htmlparser2'
import type { Block } from '../../domain/content.ts'
import { BlockList } from './blocks.ts'
import { RunBuffer } from './runs.ts'
import { decodeEntities, decodeTwice, looksLikeHtml, withoutCdata } from './text.ts'
import { Walk } from './walk.ts'

export type ReadBlocks = { blocks: Block[]; problems: string[] }
/** `base`: the page's own address, for relative links; absent = relative ones are dropped, their text stays. */
export type ReadOptions = { base?: string }

export const MAX_HTML = 1_000_000 // characters of one body; the longest update of a real live blog has 4,000
export const MAX_DEPTH = 500 // open elements; old pages leave dozens of <font> open, nobody leaves 500
const CHUNK = 8_192 // characters handed over at once, so that a bomb is noticed early

const BLOCK_TAG = /<\/?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|table|tr|td|figure|section|article|pre)[\s/>]/i
// Escaped once too often by an export; "<" and ">" stay, they may be code that the text shows.
const TWICE_ESCAPED =
  /&amp;(?=(?:#\d{1,7}|#x[0-9a-f]{1,6}|quot|apos|nbsp|[lr]squo|[lr]dquo|[mn]dash|hellip|eacute|euro|pound);)/gi

/** Whatever another system calls a body: HTML, HTML escaped as text, CDATA, or text whose line breaks part paragraphs. */
export function readBody(input: string, options: ReadOptions = {}): ReadBlocks {
  const body = withoutCdata(input)
  if (looksLikeHtml(body)) return readHtml(body.replace(TWICE_ESCAPED, '&'), options)
  const decoded = decodeEntities(body)
  if (looksLikeHtml(decoded)) return readHtml(decoded, options)
  return readText(decodeTwice(decoded))
}

export function readHtml(input: string, options: ReadOptions = {}): ReadBlocks {
  const list = new BlockList()
  const html = bounded(input, list)
  const walk = new Walk(list, { base: options.base, breakLines: !BLOCK_TAG.test(html) })
  const parser = new Parser({
    onopentag: (name, attributes) => walk.open(name, attributes),
    onclosetag: () => walk.close(),
    ontext: (text) => walk.text(text),
  })
  for (let at = 0; at < html.length && walk.depth <= MAX_DEPTH; at += CHUNK) parser.write(html.slice(at, at + CHUNK))
  if (walk.depth > MAX_DEPTH) list.note('The markup is nested too deeply; the rest was left out.')
  parser.end()
  walk.finish()
  return { blocks: list.blocks, problems: list.problems() }
}

/** Plain text: every line is a paragraph. */
export function readText(input: string): ReadBlocks {
  const list = new BlockList()
  const buffer = new RunBuffer()
  for (const line of bounded(input, list).split(/\r\n|[\n\r\u2028\u2029]/)) {
    buffer.push(line, {}, false)
    for (const text of buffer.take()) list.add({ type: 'paragraph', text })
  }
  return { blocks: list.blocks, problems: list.problems() }
}

function bounded(input: string, list: BlockList): string {
  if (input.length <= MAX_HTML) return input
  list.note('The text is longer than a post may be; its end was left out.')
  return input.slice(0, MAX_HTML)
}
