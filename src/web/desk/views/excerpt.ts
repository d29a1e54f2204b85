// A post in a few plain words: its headline and how its text begins, without the signs it is written in.
// Called by the list of posts and by the pages that ask before something is done to a post. Pure.

import { type Block, plainRuns } from '../../../domain/content.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'

const MAX_EXCERPT = 220 // characters of the text
const MAX_NAME = 80 // characters of a post in a list to choose from

export function excerptOf(story: DeskStory, { content }: DeskPost): SafeHtml {
  const words = attributes({ lang: story.language, dir: story.direction })
  const text = cut(plainOf(content.blocks), MAX_EXCERPT)
  return html`${content.headline ? html`<p class="row-title" ${words}>${content.headline}</p>` : ''}
${text ? html`<p class="excerpt" ${words}>${text}</p>` : ''}${text || content.headline ? '' : pictureWords(content.blocks, story)}`
}

/** What the post is called where it is one of many. */
export function nameOf({ content }: DeskPost): string {
  return cut(content.headline || plainOf(content.blocks) || 'A post without words', MAX_NAME)
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text
}

function plainOf(blocks: readonly Block[]): string {
  return blocks.map(blockWords).filter(Boolean).join(' · ').replace(/\s+/g, ' ')
}

/** Of a post that has no other words. */
function pictureWords(blocks: readonly Block[], { language, direction }: DeskStory): SafeHtml {
  const images = blocks.filter((block) => block.type === 'image')
  if (images.length === 0) return html`<p class="excerpt">(no words)</p>`
  const said = images.map(({ caption, alt, credit }) => caption || alt || credit).find(Boolean)
  const what = images.length === 1 ? 'Photo' : `${images.length} photos`
  return html`<p class="excerpt">${what}${said ? html`: <span lang="${language}" dir="${direction}">${said}</span>` : ', without a caption'}</p>`
}

function blockWords(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return plainRuns(block.text)
    case 'list':
      return block.items.map(plainRuns).join(' · ')
    case 'quote':
      return block.text.map(plainRuns).join(' ') + (block.speaker ? ` — ${block.speaker.name}` : '')
    case 'image':
      return ''
    case 'gallery':
    case 'video':
    case 'audio':
    case 'embed':
    case 'table':
    case 'data':
      return `[${block.type}]`
  }
}
