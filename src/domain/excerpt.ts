// A post in a few plain words, without the signs it is written in: how its text begins, and what it is called in a list.
// Called by the lists and questions of web/desk and by client/desk. Pure.
// Never the words readers get: those are made by pages/.

import { type Block, type PostContent, plainRuns } from './content.ts'

const MAX_EXCERPT = 220 // characters of the text

/** `captions`: a photo is said by its caption; else it says nothing. */
export function plainExcerpt(blocks: readonly Block[], captions = false): string {
  const said = captions ? blocks : blocks.filter(({ type }) => type !== 'image')
  return shortened(oneLine(said), MAX_EXCERPT)
}

/** What a post is called where it is one of many. */
export function plainName(
  { headline, blocks }: Pick<PostContent, 'headline' | 'blocks'>,
  max: number,
  captions = false,
): string {
  return shortened(headline.trim() || plainExcerpt(blocks, captions) || 'A post without words', max)
}

export function plainWords(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return plainRuns(block.text)
    case 'list':
      return block.items.map(plainRuns).join(' · ')
    case 'quote':
      return block.text.map(plainRuns).join(' ') + (block.speaker ? ` — ${block.speaker.name}` : '')
    case 'image':
      return block.caption
    case 'gallery':
    case 'video':
    case 'audio':
    case 'embed':
    case 'table':
    case 'data':
      return `[${block.type}]`
  }
}

function oneLine(blocks: readonly Block[]): string {
  return blocks.map(plainWords).filter(Boolean).join(' · ').replace(/\s+/g, ' ')
}

function shortened(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text
}
