// The editors' recap at the top of a story: a region of its page.
// Called by pages/regions.ts.
// Never holds an earlier recap: those are in the desk log.

import type { PublicStory } from '../domain/view.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderBlocks } from './blocks.ts'
import { clockElement, dayElement } from './times.ts'
import { phrase, word } from './words.ts'

/** Empty while there is none. */
export function renderSummary(story: PublicStory): SafeHtml {
  const { summary, language } = story
  if (!summary) return nothing
  const time = html`${dayElement(summary.at, story)} ${clockElement(summary.at, story)}`
  return html`<h2>${word(language, 'in-short')}</h2>
<div class="body">${renderBlocks(summary.blocks, language)}</div>
<p class="when">${phrase(language, 'updated', { time })}</p>`
}
