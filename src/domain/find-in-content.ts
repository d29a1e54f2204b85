// A word or phrase in the content of a post: where it stands, the words around it, and the content with it replaced.
// Called by web/api to find and by the desk's browser program to show and replace. Pure.
// Never touches an address (of a link, a picture, an embed, or one written out in the text), nor anybody else's words in an embed.

import { type Block, cleanText, type ImageBlock, type PostContent, type Run, type Speaker } from './content.ts'

/** `whole`: not as a part of a longer word. `exact`: capitals count. */
export type Wanted = { words: string; whole: boolean; exact: boolean }

export const MAX_WANTED = 200 // characters of what is looked for, or put in its stead

export type PlaceName =
  | 'headline'
  | 'place'
  | 'text'
  | 'quote'
  | 'speaker'
  | 'caption'
  | 'alt text'
  | 'credit'
  | 'title'
  | 'table'
  | 'data'
  | 'tags'

/** `passage`: which stretch of words it is in, counted in the order of the content; `at`: characters into it. */
export type Hit = {
  passage: number
  place: PlaceName
  at: number
  length: number
  before: string
  found: string
  after: string
}

type Passage = { place: PlaceName; runs: readonly Run[] }
type Change = (passage: Passage) => readonly Run[]

/** In reading order. None for what is empty. */
export function findInContent(content: PostContent, wanted: Wanted): Hit[] {
  const hits: Hit[] = []
  const pattern = patternOf(wanted)
  if (!pattern) return hits
  let passage = 0
  mapContent(content, ({ place, runs }) => {
    const text = runs.map((run) => run.text).join('')
    for (const { at, length } of matchesIn(text, pattern))
      hits.push({ passage, place, at, length, ...around(text, at, length) })
    passage += 1
    return runs
  })
  return hits
}

/** `chosen`: hits of this very content. What is put in takes the marks and the link of where the old words began. */
export function replaceInContent(
  content: PostContent,
  chosen: readonly Pick<Hit, 'passage' | 'at' | 'length'>[],
  replacement: string,
): PostContent {
  const words = cleanText(replacement)
  let passage = 0
  return mapContent(content, ({ runs }) => {
    const own = chosen.filter((hit) => hit.passage === passage)
    passage += 1
    return own.length === 0 ? runs : replaceInRuns(runs, own, words)
  })
}

/** The title of a key event, or another line beside the content. */
export function findInLine(line: string, wanted: Wanted): { at: number; length: number }[] {
  const pattern = patternOf(wanted)
  return pattern ? matchesIn(line, pattern) : []
}

export function replaceInLine(
  line: string,
  hits: readonly { at: number; length: number }[],
  replacement: string,
): string {
  return replaceInRuns([{ text: line }], hits, cleanText(replacement))
    .map(({ text }) => text)
    .join('')
}

const WORD = '[\\p{L}\\p{N}\\p{M}_]'

/** null: nothing is looked for. White space in it stands for any. */
function patternOf({ words, whole, exact }: Wanted): RegExp | null {
  const parts = cleanText(words).trim().split(/\s+/).filter(Boolean)
  if (parts.length === 0) return null
  const literal = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('\\s+')
  const bounded = whole ? `(?<!${WORD})${literal}(?!${WORD})` : literal
  return new RegExp(bounded, exact ? 'gu' : 'giu')
}

function matchesIn(text: string, pattern: RegExp): { at: number; length: number }[] {
  const found = [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ at: index, length }))
  if (found.length === 0) return []
  const addresses = addressesIn(text)
  return found.filter(({ at, length }) => !addresses.some(({ from, to }) => at < to && at + length > from))
}

/** An address that is written out is one as well: with another name in it, it leads nowhere. Word by word, so that no text is slow. */
function addressesIn(text: string): { from: number; to: number }[] {
  return [...text.matchAll(/\S+/g)].flatMap(({ index, 0: word }) => {
    const start = isMail(word) ? 0 : word.search(/[a-z]{2,10}:\/\/|\bwww\./i)
    return start < 0 ? [] : [{ from: index + start, to: index + word.length }]
  })
}

function isMail(word: string): boolean {
  const at = word.indexOf('@')
  return at > 0 && word.indexOf('.', at) > at
}

const MAX_AROUND = 80 // characters on either side: enough to know the sentence again

/** The rest of the sentence on both sides, cut where it is long. */
function around(text: string, at: number, length: number): Pick<Hit, 'before' | 'found' | 'after'> {
  const head = text.slice(Math.max(0, at - MAX_AROUND), at).toWellFormed()
  const tail = text.slice(at + length, at + length + MAX_AROUND).toWellFormed()
  const start = Math.max(...[...head.matchAll(/[.!?…]\s+|\n/g)].map((end) => end.index + end[0].length), 0)
  const end = /[.!?…](?=\s)|\n/.exec(tail)
  const stop = end ? end.index + 1 : tail.length
  return {
    before: `${start === 0 && at > MAX_AROUND ? '…' : ''}${head.slice(start)}`,
    found: text.slice(at, at + length),
    after: `${tail.slice(0, stop)}${!end && at + length + MAX_AROUND < text.length ? '…' : ''}`,
  }
}

function replaceInRuns(runs: readonly Run[], hits: readonly { at: number; length: number }[], words: string): Run[] {
  const changed: Run[] = []
  let from = 0
  for (const run of runs) {
    const to = from + run.text.length
    let text = ''
    let at = from
    for (const hit of hits.toSorted((one, other) => one.at - other.at)) {
      const end = hit.at + hit.length
      if (end <= at || hit.at >= to) continue
      text += run.text.slice(at - from, Math.max(0, hit.at - from))
      if (hit.at >= from) text += words // it began here: the rest of it goes from the runs after this one
      at = Math.min(end, to)
    }
    text += run.text.slice(at - from)
    // A run that was empty before says something of its own; one that became empty says nothing.
    if (text !== '' || run.text === '') changed.push({ ...run, text })
    from = to
  }
  return changed
}

/** Every stretch of words once, in the order of the content. What `change` leaves alone stays the very same. */
function mapContent(content: PostContent, change: Change): PostContent {
  const line = lineWith(change)
  return {
    ...content,
    headline: line('headline', content.headline),
    place: line('place', content.place),
    blocks: content.blocks.map((block) => mapBlock(block, change)),
    tags: content.tags.map((tag) => line('tags', tag)),
  }
}

function lineWith(change: Change) {
  return (place: PlaceName, text: string): string =>
    change({ place, runs: [{ text }] })
      .map((run) => run.text)
      .join('')
}

function mapBlock(block: Block, change: Change): Block {
  const line = lineWith(change)
  const text = (place: PlaceName) => (runs: readonly Run[]) => [...change({ place, runs })]
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return { ...block, text: text('text')(block.text) }
    case 'list':
      return { ...block, items: block.items.map(text('text')) }
    case 'quote': {
      const said = block.text.map(text('quote'))
      return { ...block, text: said, ...(block.speaker ? { speaker: mapSpeaker(block.speaker, change) } : {}) }
    }
    case 'image':
      return mapImage(block, change)
    case 'gallery':
      return { ...block, images: block.images.map((image) => mapImage(image, change)) }
    case 'video':
    case 'audio':
      return {
        ...block,
        title: line('title', block.title),
        caption: line('caption', block.caption),
        credit: line('credit', block.credit),
      }
    case 'embed':
      return block
    case 'table': {
      const caption = block.caption === undefined ? {} : { caption: line('caption', block.caption) }
      const header = block.header.map(text('table'))
      return { ...block, ...caption, header, rows: block.rows.map((row) => row.map(text('table'))) }
    }
    case 'data':
      return { ...block, title: line('data', block.title), items: block.items.map((item) => mapItem(item, line)) }
  }
}

function mapSpeaker({ name, role }: Speaker, change: Change): Speaker {
  const line = lineWith(change)
  return { name: line('speaker', name), ...(role === undefined ? {} : { role: line('speaker', role) }) }
}

function mapImage(image: ImageBlock, change: Change): ImageBlock {
  const line = lineWith(change)
  const caption = line('caption', image.caption)
  return { ...image, caption, alt: line('alt text', image.alt), credit: line('credit', image.credit) }
}

type Item = { label: string; value: string; note?: string | undefined }

function mapItem({ label, value, note }: Item, line: ReturnType<typeof lineWith>) {
  const words = { label: line('data', label), value: line('data', value) }
  return { ...words, ...(note === undefined ? {} : { note: line('data', note) }) }
}
