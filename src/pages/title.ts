// A post in one line and in a few: what tabs, link previews, feeds and search engines call it.
// Called by the pages of this room, its feeds and structured data.
// Never markup.

import { type Block, type PostContent, plainRuns } from '../domain/content.ts'
import type { PublicItem, PublicStory } from '../domain/view.ts'
import { clockTime } from '../kit/time.ts'
import { headlineOf } from './post.ts'
import { word, wordsLanguage } from './words.ts'

const MAX_DESCRIPTION = 200 // characters; what link previews show
export const MAX_TITLE = 80

/** Tabs and link previews tell one post from another by it: its headline, else its words, else what it shows, and when. */
export function titleOf(item: PublicItem | null, story: PublicStory): string {
  const { language } = story
  const within = (post: string) => `${post} | ${story.title}`
  if (item === null) return story.title
  if (item.kind === 'trace') {
    const time = clockTime(item.trace.withdrawnAt, { ...story, language: wordsLanguage(language) })
    return within(word(language, 'withdrawn-title', { time }))
  }
  const { post } = item
  const { blocks } = post.content
  const own = headlineOf(post) || cut(textOf(post.content), MAX_TITLE)
  if (own !== '') return own
  const shown = blocks.map(shownIn).find((text) => text.trim() !== '') ?? ''
  return within(cut(plain(shown), MAX_TITLE) || clockTime(post.publishedAt, story))
}

export function descriptionOf(content: PostContent): string {
  return cut(textOf(content), MAX_DESCRIPTION)
}

export function textOf({ blocks }: PostContent): string {
  return plain(blocks.map(wordsOf).join(' '))
}

/** What a link preview may say of a block; '' for what is no running text. */
function wordsOf(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return plainRuns(block.text)
    case 'quote':
      return block.text.map(plainRuns).join(' ')
    case 'list':
    case 'heading':
    case 'image':
    case 'gallery':
    case 'video':
    case 'audio':
    case 'embed':
    case 'table':
    case 'data':
      return ''
  }
}

/** What a post without running text is about: a picture's caption, a clip's title, the first item of a list. */
function shownIn(block: Block): string {
  switch (block.type) {
    case 'image':
      return block.caption || block.alt
    case 'gallery':
      return block.images.map((image) => image.caption || image.alt).find((text) => text !== '') ?? ''
    case 'video':
    case 'audio':
      return block.title || block.caption
    case 'embed':
      return block.title ?? ''
    case 'table':
      return block.caption ?? ''
    case 'data':
      return block.title
    case 'heading':
      return plainRuns(block.text)
    case 'list':
      return plainRuns(block.items[0] ?? [])
    case 'paragraph':
    case 'quote':
      return '' // its words are the title already
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** At a word's end, where there is one. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const start = text.slice(0, max - 1).toWellFormed()
  return `${start.replace(/\s+\S*$/, '')}…`
}
