// The shapes of the demonstration and the small words its story is written with: post, para, quote, list, table.
// Called by the story files and play.ts.
// Never lets a quotation stand without saying that its speaker is invented.

import type { Block, Byline, ImageBlock, PostContentInput, Run } from '../../domain/content.ts'

export const PHOTO_WIDTH = 1600 // pixels; every photo of the demonstration
export const PHOTO_HEIGHT = 1067
const DAY_BEGINS = 6 * 60 + 40 // 06:40, minutes since midnight

export type DemoPhoto = { file: string; alt: string; caption: string; credit: string; agency: string }

/** `at`: minutes since 06:40 of the day told. `key` names a post within the story; its id is made from it. */
export type DemoAct =
  | { at: number; type: 'publish'; key: string; content: PostContentInput; keyEvent?: string; photo?: DemoPhoto }
  | { at: number; type: 'revise'; key: string; content: PostContentInput }
  | { at: number; type: 'correct'; key: string; content: PostContentInput; note: string }
  | { at: number; type: 'withdraw'; key: string; trace: 'line' | 'none'; reason: string }
  | { at: number; type: 'pin'; key: string }
export type DemoActOf<T extends DemoAct['type']> = Extract<DemoAct, { type: T }>

export type PostHead = Partial<Omit<PostContentInput, 'blocks' | 'bylines'>> & { by?: Byline }

export function post({ by, ...head }: PostHead, ...blocks: Block[]): PostContentInput {
  return { headline: '', ...head, bylines: by ? [by] : [], blocks }
}

export function publish(
  clock: string,
  key: string,
  content: PostContentInput,
  more: { keyEvent?: string; photo?: DemoPhoto } = {},
): DemoAct {
  return { at: minutes(clock), type: 'publish', key, content, ...more }
}

/** "07:05" → 25. */
export function minutes(clock: string): number {
  const [hours = 0, rest = 0] = clock.split(':').map(Number)
  return hours * 60 + rest - DAY_BEGINS
}

/** `**bold**`, `_italic_` and `[words](address)`; line breaks and indents of the source are one space, no-break spaces stay. */
export function runs(text: string): Run[] {
  const folded = text.replace(/[ \t\n]+/g, ' ').trim()
  return folded.split(MARKS).flatMap((part) => (part === '' ? [] : [run(part)]))
}

const MARKS = /(\*\*[^*]+\*\*|(?<![\w/])_[^_]+_(?!\w)|\[[^\]]+\]\([^)\s]+\))/
const LINK = /^\[([^\]]+)\]\(([^)]+)\)$/

function run(part: string): Run {
  const link = LINK.exec(part)
  if (link) return { text: link[1] ?? '', link: link[2] }
  if (part.startsWith('**') && part.endsWith('**')) return { text: part.slice(2, -2), bold: true }
  if (part.length > 2 && part.startsWith('_') && part.endsWith('_')) return { text: part.slice(1, -1), italic: true }
  return { text: part }
}

export function para(text: string): Block {
  return { type: 'paragraph', text: runs(text) }
}

export function heading(text: string): Block {
  return { type: 'heading', level: 3, text: runs(text) }
}

export function list(...items: string[]): Block {
  return { type: 'list', ordered: false, items: items.map(runs) }
}

export function steps(...items: string[]): Block {
  return { type: 'list', ordered: true, items: items.map(runs) }
}

/** Every speaker is invented, and the role says so wherever the quotation travels. */
export function quote(text: string, name: string, role: string): Block {
  return { type: 'quote', text: [runs(text)], speaker: { name, role: `${role} (${FICTIONAL})` } }
}

export const FICTIONAL = 'fictional'

export function table(caption: string, header: string[], ...rows: string[][]): Block {
  return { type: 'table', caption, header: header.map(runs), rows: rows.map((row) => row.map(runs)) }
}

/** `items`: label, value and, where wanted, a note. */
export function figures(title: string, ...items: [string, string, string?][]): Block {
  return {
    type: 'data',
    title,
    items: items.map(([label, value, note]) => (note === undefined ? { label, value } : { label, value, note })),
  }
}

/** `media` undefined: the picture could not be taken in; caption and credit stay. */
export function imageOf({ alt, caption, credit, agency }: DemoPhoto, media: string | undefined): ImageBlock {
  const shown = media === undefined ? {} : { media, width: PHOTO_WIDTH, height: PHOTO_HEIGHT }
  return { type: 'image', ...shown, alt, caption, credit, agency }
}
