// A post: one update in a story, in all its states, and the order it stands in.
// Called by newsroom, store, pages and web. Pure.

import type { PostContent } from './content.ts'

export const POST_STATES = ['draft', 'submitted', 'scheduled', 'published', 'withdrawn'] as const
export type PostState = (typeof POST_STATES)[number]

export const MAX_REVISION = 2_147_483_647 // of the columns that hold one

export type Correction = { at: number; note: string }
export type Withdrawal = { at: number; trace: 'line' | 'none'; reason: string }

/** A post as the desk knows it. Times are ms UTC. */
export type Post = {
  id: string
  storyId: string
  state: PostState
  content: PostContent
  revision: number // of the text, from 1; for concurrency
  version: number | null // seq of the last public entry that changed how it looks; null = never public
  orderKey: number | null // its place in the story, apart from all times
  keyEvent: { title: string } | null // before publication: what it is to be; '' = the headline's words
  pinnedAt: number | null
  corrections: Correction[]
  withdrawal: Withdrawal | null
  createdAt: number
  createdBy: string
  firstPublishedAt: number | null
  publishedAt: number | null
  updatedAt: number | null // last change of the text after publication
  release: Release | null // set while it is scheduled
  embargo: Embargo | null // until then nobody publishes it without a second confirmation
  origin: { storyId: string; postId: string } | null // what it is a copy of
  deskNote: DeskNote | null // what an editor, or the release worker, said when it was sent back
}

/** A draft that was thrown away, or moved to another story: withdrawn before it was ever out, or after an undo. Nobody is shown it. */
export function isDiscarded({ state, firstPublishedAt }: Pick<Post, 'state' | 'firstPublishedAt'>): boolean {
  return state === 'withdrawn' && firstPublishedAt === null
}

/** `zone` is the IANA zone in which the editor chose the time; `by` whose authority counts at the release. */
export type Release = { at: number; zone: string; by: string }
export type Embargo = { until: number; zone: string }
export type DeskNote = { at: number; by: string; text: string }

/**
 * Order keys leave room between neighbours, so that a post can be moved between two others without touching them.
 * An ordinal counts first publications in a story from 1; 2^20 × 2^33 still fits a double exactly.
 */
export const ORDER_GAP = 2 ** 20

export function orderKeyOf(ordinal: number): number {
  return ordinal * ORDER_GAP
}

export const PAGE_SIZE = 20 // posts of an older page; the first page takes the remainder: 20 to 39

/** A closed range of ordinals, both ends included. Named `21-40` in addresses. */
export type PageRange = { from: number; to: number }

/** Where the first page begins: everything below stands on closed pages that never shift. */
export function firstPageFrom(ordinal: number): number {
  return Math.max(0, Math.floor(ordinal / PAGE_SIZE) - 1) * PAGE_SIZE + 1
}

/** The closed page just older than `from`; null when there is none. */
export function olderPage(from: number): PageRange | null {
  return from > PAGE_SIZE ? { from: from - PAGE_SIZE, to: from - 1 } : null
}

/** Accepts only ranges that are pages: `1-20`, `21-40` … */
export function parsePageRange(text: string): PageRange | null {
  const match = /^([1-9][0-9]{0,9})-([1-9][0-9]{0,9})$/.exec(text)
  if (!match) return null
  const range = { from: Number(match[1]), to: Number(match[2]) }
  return range.from % PAGE_SIZE === 1 && range.to === range.from + PAGE_SIZE - 1 ? range : null
}

/**
 * The order keys of a range: from inclusive, to exclusive. `to` absent = open at the newest end. The oldest range holds what was moved
 * below the first post too.
 */
export function keysOf(from: number, to?: number): { from: number; to: number } {
  const lowest = from === 1 ? 0 : orderKeyOf(from)
  return { from: lowest, to: to === undefined ? Number.MAX_SAFE_INTEGER : orderKeyOf(to + 1) }
}
