// A post in a few plain words: its headline and how its text begins, without the signs it is written in.
// Called by the list of posts and by the pages that ask before something is done to a post. Pure.

import type { Block } from '../../../domain/content.ts'
import { plainExcerpt, plainName } from '../../../domain/excerpt.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'

const MAX_NAME = 80 // characters of a post in a list to choose from

export function excerptOf(story: DeskStory, { content }: DeskPost): SafeHtml {
  const words = attributes({ lang: story.language, dir: story.direction })
  const text = plainExcerpt(content.blocks)
  return html`${content.headline ? html`<p class="row-title" ${words}>${content.headline}</p>` : ''}
${text ? html`<p class="excerpt" ${words}>${text}</p>` : ''}${text || content.headline ? '' : pictureWords(content.blocks, story)}`
}

/** What the post is called where it is one of many. */
export function nameOf({ content }: DeskPost): string {
  return plainName(content, MAX_NAME)
}

/** Of a post that has no other words. */
function pictureWords(blocks: readonly Block[], { language, direction }: DeskStory): SafeHtml {
  const images = blocks.filter((block) => block.type === 'image')
  if (images.length === 0) return html`<p class="excerpt">(no words)</p>`
  const said = images.map(({ caption, alt, credit }) => caption || alt || credit).find(Boolean)
  const what = images.length === 1 ? 'Photo' : `${images.length} photos`
  return html`<p class="excerpt">${what}${said ? html`: <span lang="${language}" dir="${direction}">${said}</span>` : ', without a caption'}</p>`
}
