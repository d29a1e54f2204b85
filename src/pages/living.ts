// What every page that follows its story tells the reader's program, and the line it speaks through.
// Called by pages/story-page.ts and pages/post-page.ts. client/reader/page.ts reads it.
// Never holds anything of the reader.

import { formatPosition } from '../domain/position.ts'
import type { PublicStory } from '../domain/view.ts'
import { attributes, html, type SafeAttributes, type SafeHtml } from '../kit/html.ts'
import { clockLocale } from '../kit/time.ts'
import { word, wordsAttributes, wordsLanguage } from './words.ts'

export type Order = 'newest' | 'oldest'

/** Attributes of `main`. `openEnd`: new posts belong on this page. */
export function livingFacts(
  epoch: string,
  story: PublicStory,
  page: { order: Order; openEnd: boolean },
): SafeAttributes {
  return attributes({
    'data-story': story.id,
    'data-name': story.name,
    'data-position': formatPosition({ epoch, seq: story.seq }),
    'data-order': page.order,
    'data-open-end': String(page.openEnd),
    'data-zone': story.timeZone,
    'data-locale': clockLocale(story.language),
    'data-words-locale': clockLocale(wordsLanguage(story.language)),
  })
}

/** Empty and hidden until the connection is lost or slow. */
export function renderConnection(language: string): SafeHtml {
  const words = { 'data-lost': word(language, 'connection-lost'), 'data-polling': word(language, 'connection-polling') }
  return html`<p ${attributes({ class: 'connection', role: 'status', 'data-connection': true, hidden: true, ...words })} ${wordsAttributes(language)}></p>`
}
