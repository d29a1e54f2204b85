// Which way a text runs, said where it runs the other way than what stands around it.
// Called by the parts of this room that show editors' text.
// Never dir="auto": it asks the first letter alone, so "CNN: …" would turn a Hebrew paragraph around, and "45%" would run left to right.

import { plainRuns, type Run } from '../domain/content.ts'
import { attributes, html, type SafeAttributes, type SafeHtml } from '../kit/html.ts'

export type Direction = 'ltr' | 'rtl'

/**
 * Share of a text's words. Latin names and acronyms are common within Hebrew and Arabic, the other way round is rare; the
 * threshold is the one of Closure's bidi estimate.
 */
const RTL_SHARE = 0.4

const LETTER = /\p{L}/u
const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** The direction of most of its words; `around` where it has none. */
export function directionIn(text: string | readonly Run[], around: Direction): Direction {
  const plain = typeof text === 'string' ? text : plainRuns(text)
  if (around === 'ltr' && !RTL_LETTER.test(plain)) return around
  let [words, rtl] = [0, 0]
  for (const word of plain.split(/\s+/)) {
    const letter = word.includes('://') ? undefined : LETTER.exec(word)?.[0] // an address says nothing of the language
    if (letter === undefined) continue
    words += 1
    if (RTL_LETTER.test(letter)) rtl += 1
  }
  return words === 0 ? around : rtl > words * RTL_SHARE ? 'rtl' : 'ltr'
}

/** `dir` for an element that holds the text; nothing where it runs as what is around it. */
export function dirOf(text: string | readonly Run[], around: Direction): SafeAttributes {
  const own = directionIn(text, around)
  return attributes({ dir: own !== around && own })
}

/** The text within a line of ours, set apart where it runs the other way. */
export function inDirection(text: string, around: Direction): SafeHtml {
  return directionIn(text, around) === around ? html`${text}` : html`<span ${dirOf(text, around)}>${text}</span>`
}
