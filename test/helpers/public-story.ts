// A public story and its posts for tests of what readers see: plain values, each part replaceable.
// Called by tests beside src/pages.
// Never random: the same call gives the same value.

import type { Block, BlockOf, PostContent } from '../../src/domain/content.ts'
import { orderKeyOf } from '../../src/domain/post.ts'
import type { PublicItem, PublicPost, PublicStory, StoryFace } from '../../src/domain/view.ts'

export const START = Date.UTC(2026, 0, 31, 6, 0) // 07:00 in Oslo
export const MINUTE = 60_000

export function storyOf(part: Partial<PublicStory> = {}): PublicStory {
  return {
    id: 'story00000000000000',
    name: 'storm',
    title: 'Storm surge in the harbour',
    standfirst: 'Water over the quay wall.',
    language: 'en',
    direction: 'ltr',
    timeZone: 'Europe/Oslo',
    state: 'live',
    visibility: 'public',
    seq: 12,
    version: 3,
    ordinal: 6,
    startsAt: null,
    startedAt: START,
    endedAt: null,
    summary: null,
    lead: null,
    previous: null,
    next: null,
    ...part,
  }
}

export function contentOf(part: Partial<PostContent> = {}): PostContent {
  return {
    headline: 'Terminal closed',
    place: '',
    blocks: [paragraph('The terminal is closed.')],
    bylines: [],
    tags: [],
    source: '',
    rights: '',
    verification: 'none',
    breaking: false,
    eventAt: null,
    ...part,
  }
}

/** The `n`th post of the story, n minutes after its start. */
export function postOf(n: number, part: Partial<PublicPost> = {}): PublicPost {
  const at = START + n * MINUTE
  return {
    id: `post${String(n).padStart(16, '0')}`,
    storyId: 'story00000000000000',
    version: n,
    orderKey: orderKeyOf(n),
    content: contentOf(),
    keyEvent: null,
    pinned: false,
    corrections: [],
    firstPublishedAt: at,
    publishedAt: at,
    updatedAt: null,
    ...part,
  }
}

export function itemOf(n: number, part: Partial<PublicPost> = {}): PublicItem {
  return { kind: 'post', post: postOf(n, part) }
}

export function faceOf(part: Partial<StoryFace> = {}): StoryFace {
  return { story: storyOf(), keyEvents: [], pinned: [], postCount: 6, updatedAt: START + 6 * MINUTE, ...part }
}

export function paragraph(text: string): Block {
  return { type: 'paragraph', text: [{ text }] }
}

/** Every type of block, with `text` in every place for words and `address` in every place for addresses. */
export function everyBlock(text: string, address: string, media?: string): Block[] {
  const runs = [{ text, bold: true, italic: true, strike: true, code: true, link: address } as const, { text }]
  const image = {
    type: 'image',
    alt: text,
    caption: `c ${text}`,
    credit: `k ${text}`,
    agency: text,
    source: address,
  } as const
  const clip = { source: address, title: text, caption: `c ${text}`, credit: text }
  const one = { ...image, ...(media ? { media } : {}) }
  const kinds: { [T in Block['type']]: BlockOf<T>[] } = {
    paragraph: [{ type: 'paragraph', text: runs }],
    heading: ([3, 4] as const).map((level) => ({ type: 'heading', level, text: runs })),
    list: [true, false].map((ordered) => ({ type: 'list', ordered, items: [runs] })),
    quote: [{ type: 'quote', text: [runs], speaker: { name: text, role: text }, source: address }],
    image: [one],
    gallery: [{ type: 'gallery', images: [one] }],
    video: [{ type: 'video', ...clip }],
    audio: [{ type: 'audio', ...clip }],
    embed: [{ type: 'embed', url: address, provider: text, title: text, author: text, text }],
    table: [{ type: 'table', caption: text, header: [runs], rows: [[runs], [runs, runs]] }],
    data: [{ type: 'data', title: text, items: [{ label: text, value: text, note: text }] }],
  }
  return Object.values(kinds).flat()
}
