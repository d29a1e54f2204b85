// The content of a post: a typed tree, its schema and its limits (law 10).
// Called wherever content enters: forms, API, importers. Unknown nodes and fields are refused.
// Never holds HTML: HTML is made by pages/blocks.ts alone.

import { z } from 'zod'
import { AppError } from './error.ts'
import { idSchema } from './id.ts'
import { sayIssue } from './issue-words.ts'

export const MAX_TEXT = 10_000 // characters in one run of text; a long post of real live blogs has 2,136
export const MAX_BLOCKS = 200 // a post of more parts is an article
export const MAX_CONTENT_BYTES = 256 * 1024 // the whole content as JSON
export const MAX_HEADLINE = 300
export const MAX_SHORT = 200 // names, places, credits, tags
export const MAX_CAPTION = 2_000
export const MAX_URL = 2_048
export const MAX_GALLERY = 50 // photos; a page holds that many and still loads on a phone

/** Text that people wrote: NFC, no control characters but line breaks and tabs. */
const text = (max: number) => z.string().max(max).transform(cleanText)
const line = (max: number) => z.string().max(max).transform(cleanLine)

/** http, https and mailto only: the one place where link schemes are decided. */
export const linkSchema = z.string().max(MAX_URL).refine(isSafeLink, 'Links start with https:, http: or mailto:.')

export const webAddressSchema = z
  .string()
  .max(MAX_URL)
  .refine(isWebAddress, 'A web address starts with https: or http:.')

export const runSchema = z.strictObject({
  text: text(MAX_TEXT),
  bold: z.literal(true).optional(),
  italic: z.literal(true).optional(),
  code: z.literal(true).optional(),
  strike: z.literal(true).optional(),
  link: linkSchema.optional(),
})
/** A run of text with its marks. */
export type Run = z.infer<typeof runSchema>

const runs = z.array(runSchema).max(500)

const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z')
const LAST_MOMENT = Date.parse('9999-12-31T00:00:00Z')
/** ms UTC, within what calendars can write: beyond it a date cannot be shown, and the page that shows it would fail. */
export const momentSchema = z.int().min(FIRST_MOMENT).max(LAST_MOMENT).describe('Milliseconds since 1970 UTC.')
/** Of the original, so that the page keeps its place while it loads. */
const pixels = z.int().min(1).max(100_000).optional().describe('Pixels of the original.')

export const speakerSchema = z.strictObject({ name: line(MAX_SHORT), role: line(MAX_SHORT).optional() })
export type Speaker = z.infer<typeof speakerSchema>

const paragraph = z.strictObject({ type: z.literal('paragraph'), text: runs })
const heading = z.strictObject({ type: z.literal('heading'), level: z.union([z.literal(3), z.literal(4)]), text: runs })
const list = z.strictObject({ type: z.literal('list'), ordered: z.boolean(), items: z.array(runs).min(1).max(200) })
const quote = z.strictObject({
  type: z.literal('quote'),
  text: z.array(runs).min(1).max(50),
  speaker: speakerSchema.optional(),
  source: webAddressSchema.optional(),
})
export const imageSchema = z.strictObject({
  type: z.literal('image'),
  media: idSchema.optional(), // absent: the picture could not be had; caption, credit and source stay
  alt: line(MAX_CAPTION),
  caption: text(MAX_CAPTION),
  credit: line(MAX_SHORT),
  agency: line(MAX_SHORT).optional(),
  source: webAddressSchema.optional(),
  width: pixels,
  height: pixels,
})
const gallery = z.strictObject({ type: z.literal('gallery'), images: z.array(imageSchema).min(1).max(MAX_GALLERY) })
const clip = {
  media: idSchema.optional(),
  source: webAddressSchema.optional(),
  title: line(MAX_SHORT),
  caption: text(MAX_CAPTION),
  credit: line(MAX_SHORT),
}
const video = z.strictObject({ type: z.literal('video'), ...clip, width: pixels, height: pixels })
const audio = z.strictObject({ type: z.literal('audio'), ...clip })
const embed = z.strictObject({
  type: z.literal('embed'),
  url: webAddressSchema,
  provider: line(MAX_SHORT).optional(),
  title: line(MAX_HEADLINE).optional(),
  author: line(MAX_SHORT).optional(),
  text: text(MAX_TEXT).optional(),
})
const table = z.strictObject({
  type: z.literal('table'),
  caption: line(MAX_CAPTION).optional(),
  header: z.array(runs).max(20),
  rows: z.array(z.array(runs).max(20)).max(500),
})
const data = z.strictObject({
  type: z.literal('data'),
  title: line(MAX_SHORT),
  items: z
    .array(z.strictObject({ label: line(MAX_SHORT), value: line(MAX_SHORT), note: line(MAX_SHORT).optional() }))
    .min(1)
    .max(100),
})

export const blockSchema = z.discriminatedUnion('type', [
  paragraph,
  heading,
  list,
  quote,
  imageSchema,
  gallery,
  video,
  audio,
  embed,
  table,
  data,
])
export type Block = z.infer<typeof blockSchema>
export type BlockOf<T extends Block['type']> = Extract<Block, { type: T }>
export type ImageBlock = BlockOf<'image'>

export const MAX_SUMMARY_BLOCKS = 10 // a recap is three to five lines
export const summarySchema = z
  .array(z.discriminatedUnion('type', [paragraph, list]))
  .min(1)
  .max(MAX_SUMMARY_BLOCKS)
export type SummaryBlock = z.infer<typeof summarySchema>[number]
export type SummaryInput = z.input<typeof summarySchema>

/** Throws `invalid`. */
export function parseSummary(input: unknown): SummaryBlock[] {
  const parsed = summarySchema.safeParse(input, { error: sayIssue })
  if (!parsed.success) throw invalidInput('This summary cannot be saved', parsed.error)
  return parsed.data
}

export const bylineSchema = z.strictObject({ name: line(MAX_SHORT), role: line(MAX_SHORT).optional() })
export type Byline = z.infer<typeof bylineSchema>

export const VERIFICATIONS = ['none', 'unconfirmed', 'confirmed'] as const

export const contentSchema = z.strictObject({
  headline: line(MAX_HEADLINE),
  place: line(MAX_SHORT).default(''),
  blocks: z.array(blockSchema).max(MAX_BLOCKS),
  bylines: z.array(bylineSchema).max(20).default([]),
  tags: z.array(line(60)).max(30).default([]),
  source: line(MAX_SHORT).default(''),
  rights: line(MAX_CAPTION).default(''),
  verification: z.enum(VERIFICATIONS).default('none'),
  breaking: z.boolean().default(false),
  eventAt: momentSchema
    .nullable()
    .default(null)
    .describe('When it happened, where that differs from when it was posted: milliseconds since 1970 UTC.'),
})
/** What editors write. `headline` may be empty, then the blocks may not. */
export type PostContent = z.infer<typeof contentSchema>
export type PostContentInput = z.input<typeof contentSchema>

/** Throws `invalid` with the list of problems, `too_large` past MAX_CONTENT_BYTES. */
export function parseContent(input: unknown): PostContent {
  const parsed = contentSchema.safeParse(input, { error: sayIssue })
  if (!parsed.success) throw invalidInput('This post cannot be saved', parsed.error)
  if (JSON.stringify(parsed.data).length > MAX_CONTENT_BYTES) {
    throw new AppError('too_large', `A post holds at most ${MAX_CONTENT_BYTES / 1024} KB.`)
  }
  return parsed.data
}

/** One sentence naming the first problem, all of them in `details`; forms say them by the names of their fields (domain/problem.ts). */
export function invalidInput(what: string, error: z.ZodError): AppError {
  const problems = error.issues.slice(0, 20).map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
  return new AppError('invalid', `${what}: ${problems[0] ?? 'malformed input'}`, { details: problems, cause: error })
}

/** True when there is nothing a reader could read or see. */
export function isEmptyContent({ headline, blocks }: Pick<PostContent, 'headline' | 'blocks'>): boolean {
  return isUnseen(headline) && blocks.every((block) => wordsOf(block)?.every((part) => isUnseen(plainRuns(part))))
}

/** null: of what shows more than words. */
function wordsOf(block: Block): Run[][] | null {
  if (block.type === 'paragraph' || block.type === 'heading') return [block.text]
  return block.type === 'list' ? block.items : block.type === 'quote' ? block.text : null
}

/** White space, and signs that have no look of their own: a post of nothing else looks like none. */
function isUnseen(text: string): boolean {
  return /^[\s\u2800\p{Default_Ignorable_Code_Point}]*$/u.test(text)
}

export function plainRuns(parts: readonly Run[]): string {
  return parts
    .map((run) => run.text)
    .join('')
    .trim()
}

/** Every media id the content shows, each once, in order. */
export function mediaOf(content: Pick<PostContent, 'blocks'>): string[] {
  return [...kindsOf(content).keys()]
}

export type MediaKind = 'image' | 'video' | 'audio'

/** What each media id is shown as. */
export function kindsOf({ blocks }: Pick<PostContent, 'blocks'>): Map<string, MediaKind> {
  const kinds = new Map<string, MediaKind>()
  for (const block of blocks) {
    for (const one of block.type === 'gallery' ? block.images : 'media' in block ? [block] : [])
      if (one.media !== undefined && !kinds.has(one.media)) kinds.set(one.media, one.type)
  }
  return kinds
}

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\ufffe\uffff]/g
// Directional overrides can make a line read as another; isolates and marks stay, right-to-left text needs them.
const OVERRIDES = /[\u202a\u202b\u202d\u202e\u202c]/g

/** NFC, no control characters but line breaks and tabs, no directional overrides. */
export function cleanText(value: string): string {
  return value.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(OVERRIDES, '').normalize('NFC')
}

/** One line of it. '' where nothing of it can be seen: as a title or a name it would be nobody's and nothing's. */
export function cleanLine(value: string): string {
  const line = withoutOpenIsolates(cleanText(value)).replace(/\s+/g, ' ').trim()
  return isUnseen(line) ? '' : line
}

/** An isolate that nothing ends takes in what stands after the line on a page: a name could turn the words of a role round. */
function withoutOpenIsolates(value: string): string {
  if (!/[\u2066-\u2069]/.test(value)) return value
  const signs = [...value]
  const open: number[] = []
  for (const [at, sign] of signs.entries()) {
    if (/[\u2066-\u2068]/.test(sign)) open.push(at)
    else if (sign === '\u2069' && open.pop() === undefined) signs[at] = ''
  }
  for (const at of open) signs[at] = ''
  return signs.join('')
}

export function isSafeLink(value: string): boolean {
  return hasScheme(value, ['https:', 'http:', 'mailto:'])
}

function isWebAddress(value: string): boolean {
  return hasScheme(value, ['https:', 'http:'])
}

function hasScheme(value: string, schemes: string[]): boolean {
  if (!/^[a-z]+:/i.test(value)) return false // no leading white space or control characters that a URL parser would forgive
  const parsed = URL.parse(value)
  return parsed !== null && schemes.includes(parsed.protocol)
}
