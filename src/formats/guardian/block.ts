// One block of a Guardian live blog → one imported post.
// Called by formats/guardian/read.ts. Never invents a headline or a byline; the page's own authors are not the block's.

import { type Block, MAX_HEADLINE, plainRuns } from '../../domain/content.ts'
import { BlockList } from '../html/blocks.ts'
import { readHtml } from '../html/read.ts'
import { plainLine } from '../html/text.ts'
import type { ImportedPost } from '../imported.ts'
import { isThing, listOf, type Thing } from '../jsonld/json.ts'
import { readTime } from '../jsonld/time.ts'
import { lineOf, shortened, textOf } from '../jsonld/values.ts'
import { readElements } from './elements.ts'

export type GuardianBlock = Thing & { id: string }

/** What the page says about its blocks: contributors by id, the pinned block, those in its list of key events. */
export type Names = { byId: Map<string, string>; pinned: string | null; listed: ReadonlySet<string> }

const MAX_KEY_TITLE = 100 // characters of a key event that has no title of its own
const MAX_BYLINES = 20
const LAST_MOMENT = 253_402_300_799_999 // ms UTC, the end of year 9999: beyond it no time can be written as usual

/** null: not published, or nothing in it, which is noted. */
export function readBlock(
  block: GuardianBlock,
  names: Names,
  url: string | null,
  note: (problem: string) => void,
): ImportedPost | null {
  if (block.published === false) return left(note, 'A block that is not published was left out.')
  const list = new BlockList()
  const headline = headlineOf(block, list)
  readElements(block.elements, list, url ?? undefined)
  if (list.blocks.length === 0) readBodyHtml(block, list, url)
  for (const problem of list.problems()) note(problem)
  if (headline === '' && list.blocks.length === 0)
    return left(note, 'A block has neither headline nor text; it was left out.')
  const times = timesOf(block)
  if (!times) return left(note, 'A block has no time; it was left out.')
  return {
    content: { headline, blocks: list.blocks, bylines: bylinesOf(block, names) },
    ...times,
    keyEvent: keyEventOf(block, names, headline, list.blocks, note),
    pinned: attribute(block, 'pinned') || block.id === names.pinned,
    originalUrl: url && `${url.replace(/\?.*$/, '')}?page=with:block-${block.id}#block-${block.id}`,
    originalId: block.id,
  }
}

function left(note: (problem: string) => void, problem: string): null {
  note(problem)
  return null
}

function headlineOf(block: GuardianBlock, list: BlockList): string {
  const said = plainLine(textOf(block.title))
  if (said.length <= MAX_HEADLINE) return said
  list.add({ type: 'paragraph', text: [{ text: said.slice(0, 10_000), bold: true }] })
  list.note('A headline was longer than a headline may be; the whole of it stands at the top of the text.')
  return shortened(said, MAX_HEADLINE)
}

/** The content API gives blocks whose elements were not asked for. */
function readBodyHtml(block: GuardianBlock, list: BlockList, url: string | null): void {
  const read = readHtml(textOf(block.bodyHtml), url ? { base: url } : {})
  for (const part of read.blocks) list.add(part)
  for (const problem of read.problems) list.note(problem)
}

/** A change before the first publication is none. */
function timesOf(block: GuardianBlock): { publishedAt: number; updatedAt: number | null } | null {
  const first = momentOf(block.blockFirstPublished ?? block.firstPublished ?? block.firstPublishedDate)
  const publishedAt = first ?? momentOf(block.publishedDate) ?? momentOf(block.blockCreatedOn ?? block.createdDate)
  const changed = momentOf(block.blockLastUpdated ?? block.lastUpdated ?? block.lastModifiedDate)
  if (publishedAt === null) return null
  return { publishedAt, updatedAt: changed !== null && changed > publishedAt ? changed : null }
}

/** ms UTC as a number, ISO 8601, or an object with both. */
function momentOf(value: unknown): number | null {
  if (isThing(value)) return momentOf(value.dateTime) ?? momentOf(value.iso8601)
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 && value <= LAST_MOMENT ? value : null
  return readTime(value)?.at ?? null
}

function bylinesOf(block: GuardianBlock, names: Names): { name: string }[] {
  const found = listOf(block.contributors).map((entry) => {
    if (isThing(entry)) return lineOf(entry.name ?? entry.webTitle ?? entry.title, 200)
    return typeof entry === 'string' ? (names.byId.get(entry) ?? '') : ''
  })
  return [...new Set(found.filter(Boolean))].slice(0, MAX_BYLINES).map((name) => ({ name }))
}

/** A summary stands in the source's own list of key events, and does in ours. */
function keyEventOf(
  block: GuardianBlock,
  names: Names,
  headline: string,
  blocks: Block[],
  note: (problem: string) => void,
): { title: string } | null {
  const isSummary = attribute(block, 'summary')
  if (!attribute(block, 'keyEvent') && !isSummary && !names.listed.has(block.id)) return null
  if (isSummary) note('A summary became a key event.')
  if (headline) return { title: headline }
  const first = blocks.find((part) => part.type === 'paragraph' && plainRuns(part.text) !== '')
  const words = first?.type === 'paragraph' ? plainRuns(first.text).replace(/\s+/g, ' ') : ''
  if (words === '') return left(note, 'A key event has neither title nor text; it is a plain post now.')
  note('A key event has no title; the first words of its text stand for it.')
  return { title: shortened(words, MAX_KEY_TITLE) }
}

function attribute(block: GuardianBlock, name: string): boolean {
  return isThing(block.attributes) && block.attributes[name] === true
}
