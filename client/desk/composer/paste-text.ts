// Plain text of the clipboard → blocks: paragraphs, the lines of a wrapped mail joined again, and lists.
// Called by insert.ts. Pure.
// Never drops a word, and changes none but the mark of a list item.

import { type Block, MAX_TEXT, type Run } from '../../../src/domain/content.ts'
import { addressAt, nextScheme } from '../../../src/domain/plain-address.ts'
import { normaliseRuns } from '../../../src/domain/plain-runs.ts'

const BULLET = /^[ \t]*(?:[-*•·▪◦‣–][ \t\u00a0]+|[o§]\t)(\S.*)$/
const NUMBER = /^[ \t]*(\d{1,3})[.)][ \t\u00a0]+(\S.*)$/
// A mail is wrapped at about 72 characters: lines in between that end so far out were broken by a program.
const WRAPPED_FROM = 55
const WRAPPED_TO = 80

export function readPastedText(text: string): Block[] {
  const chunks = chunksOf(text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/\u00a0/g, ' '))
  return chunks.flatMap((lines) => listFrom(lines) ?? paragraphsFrom(lines))
}

/** Bare addresses become links, as they do in the plain form. */
export function runsWithLinks(text: string): Run[] {
  const runs: Run[] = []
  let at = 0
  while (at < text.length) {
    const length = addressAt(text, at)
    const rest = text.slice(at)
    const next = length > 0 ? length : nextScheme(rest) < 0 ? rest.length : nextScheme(rest)
    const part = rest.slice(0, Math.min(next, MAX_TEXT))
    runs.push(length > 0 && part.length === length ? { text: part, link: part } : { text: part })
    at += part.length
  }
  return normaliseRuns(runs)
}

/** Empty lines part paragraphs; where there are none, every line is one. */
function chunksOf(text: string): string[][] {
  const chunks = text.split(/\n[ \t]*\n\s*/).map((chunk) => chunk.split('\n').filter((line) => line.trim() !== ''))
  const filled = chunks.filter((lines) => lines.length > 0)
  if (filled.length > 1 || filled[0]?.every((line) => BULLET.test(line) || NUMBER.test(line))) return filled
  return isWrapped(filled[0] ?? []) ? filled : (filled[0] ?? []).map((line) => [line])
}

function listFrom(lines: string[]): Block[] | null {
  if (lines.length < 2) return null
  const bullets = lines.map((line) => BULLET.exec(line)?.[1])
  const numbers = lines.map((line) => NUMBER.exec(line))
  const items = bullets.every(Boolean) ? bullets : numbers.every(Boolean) ? numbers.map((found) => found?.[2]) : null
  if (items === null || (items !== bullets && numbers[0]?.[1] !== '1')) return null
  return [{ type: 'list', ordered: items !== bullets, items: items.map((item) => runsWithLinks(item ?? '')) }]
}

function paragraphsFrom(lines: string[]): Block[] {
  const text = lines.map((line) => line.trim()).join(isWrapped(lines) ? ' ' : '\n')
  return [{ type: 'paragraph', text: runsWithLinks(text) }]
}

function isWrapped(lines: readonly string[]): boolean {
  const between = lines.slice(0, -1).map((line) => line.trim().length)
  return between.length > 0 && between.every((length) => length >= WRAPPED_FROM && length <= WRAPPED_TO)
}
