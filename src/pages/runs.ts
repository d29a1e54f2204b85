// Runs of marked text as markup.
// Called by pages/blocks.ts and its parts.
// Never makes an element that is not named here (law 10).

import { plainRuns, type Run } from '../domain/content.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { type Direction, dirOf } from './direction.ts'

/** Neighbours with one address become one link. Line breaks stay. */
export function renderRuns(runs: readonly Run[]): SafeHtml {
  const parts: SafeHtml[] = []
  for (let at = 0; at < runs.length; ) {
    const link = runs[at]?.link
    let end = at + 1
    while (link !== undefined && runs[end]?.link === link) end += 1
    const text = html`${runs.slice(at, end).map(renderMarks)}`
    parts.push(link === undefined ? text : html`<a href="${link}" rel="noopener">${text}</a>`)
    at = end
  }
  return html`${parts}`
}

export function hasText(runs: readonly Run[]): boolean {
  return plainRuns(runs) !== ''
}

/** Text with its line breaks. */
export function renderLines(text: string): SafeHtml {
  if (!text.includes('\n')) return html`${text}`
  return html`${text.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${line}`)}`
}

/** Paragraphs stand apart by empty lines. */
export function renderParagraphs(text: string, around: Direction): SafeHtml {
  const parts = text.split(/\n\s*\n/).filter((part) => part.trim() !== '')
  return parts.length === 0
    ? nothing
    : html`${parts.map((part) => html`<p ${dirOf(part, around)}>${renderLines(part.trim())}</p>`)}`
}

function renderMarks(run: Run): SafeHtml {
  let part = renderLines(run.text)
  if (run.code) part = html`<code>${part}</code>`
  if (run.strike) part = html`<s>${part}</s>`
  if (run.italic) part = html`<em>${part}</em>`
  if (run.bold) part = html`<strong>${part}</strong>`
  return part
}
