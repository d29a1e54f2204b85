// What changed between two texts, word by word.
// Called by domain/content-diff.ts, and by the desk wherever two texts stand side by side. Pure.
// Never takes longer than its bounds: two texts that have little in common are told as one that went and one that came.

export type Piece = { change: 'kept' | 'added' | 'removed'; text: string }

const MAX_WORDS = 20_000 // of one text; a long post has a few hundred
const MAX_EDITS = 1_000 // words that differ, and some MB while it works; beyond it a reader of the difference reads both texts anyway

// A number keeps its point or comma; scripts written without spaces go sign by sign.
const WORDS =
  /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}\p{N}_’']+|[^\s]/gu

/** Kept, added and removed pieces in reading order; joined without the added ones they are `before`, without the removed ones `after`. */
export function diffText(before: string, after: string): Piece[] {
  if (before === after) return before === '' ? [] : [{ change: 'kept', text: before }]
  const edits = diffLists(wordsOf(before), wordsOf(after), MAX_WORDS, MAX_EDITS)
  return edits === null ? whole(before, after) : readable(edits)
}

/** How many of their words both have, whatever their order: 0 none, 1 all. Cheap, for choosing what to compare. */
export function likeness(before: string, after: string): number {
  if (before === after) return 1
  const [some, others] = [before, after].map((text) => wordsOf(text).filter((word) => word.trim() !== ''))
  const left = new Map<string, number>()
  for (const word of some ?? []) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of others ?? []) {
    const count = left.get(word) ?? 0
    if (count > 0) common++
    left.set(word, count - 1)
  }
  const all = (some?.length ?? 0) + (others?.length ?? 0)
  return all === 0 ? 1 : (2 * common) / all
}

function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? []
}

function whole(before: string, after: string): Piece[] {
  const pieces: Piece[] = [
    { change: 'removed', text: before },
    { change: 'added', text: after },
  ]
  return pieces.filter(({ text }) => text !== '')
}

/**
 * The shortest way from one list to the other (Myers). null past the bounds: `maxItems` of either, `maxEdits` steps.
 */
export function diffLists(
  before: readonly string[],
  after: readonly string[],
  maxItems: number,
  maxEdits: number,
): Piece[] | null {
  if (before.length > maxItems || after.length > maxItems) return null
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const middle = shortestWay(before.slice(start, before.length - end), after.slice(start, after.length - end), maxEdits)
  if (middle === null) return null
  const same = (items: readonly string[]): Piece[] => items.map((text) => ({ change: 'kept', text }))
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))]
}

/** How far into `before` each diagonal came. Of one step: diagonals −edits − 1 to edits + 1. */
type Reach = Int32Array

function shortestWay(before: readonly string[], after: readonly string[], maxEdits: number): Piece[] | null {
  const most = Math.min(before.length + after.length, maxEdits)
  const zero = most + 1
  const reach = new Int32Array(2 * most + 3)
  const trail: Reach[] = []
  for (let edits = 0; edits <= most; edits++) {
    const known = reach.slice(zero - edits - 1, zero + edits + 2)
    trail.push(known)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepTo(known, diagonal, edits).x
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++
      reach[zero + diagonal] = x
      if (x >= before.length && x - diagonal >= after.length) return wayBack(before, after, trail)
    }
  }
  return null
}

/** The step onto a diagonal: from which one, taking an added or a removed item, and where it lands. */
function stepTo(known: Reach, diagonal: number, edits: number): { from: number; added: boolean; x: number } {
  const at = (other: number) => known[other + edits + 1] ?? 0
  const added = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1))
  if (edits === 0) return { from: 0, added: false, x: 0 }
  const from = added ? diagonal + 1 : diagonal - 1
  return { from, added, x: added ? at(from) : at(from) + 1 }
}

function wayBack(before: readonly string[], after: readonly string[], trail: readonly Reach[]): Piece[] {
  const pieces: Piece[] = []
  let x = before.length
  let y = after.length
  for (let edits = trail.length - 1; edits >= 0; edits--) {
    const diagonal = x - y
    const step = stepTo(trail[edits] ?? new Int32Array(3), diagonal, edits)
    for (; x > step.x; x--, y--) pieces.push({ change: 'kept', text: before[x - 1] ?? '' })
    if (edits === 0) break
    if (step.added) pieces.push({ change: 'added', text: after[--y] ?? '' })
    else pieces.push({ change: 'removed', text: before[--x] ?? '' })
  }
  return pieces.reverse()
}

/** Words of one change run together: what was removed, then what was added; a lone space between two changes goes with both. */
function readable(edits: readonly Piece[]): Piece[] {
  const pieces: Piece[] = []
  let removed = ''
  let added = ''
  const keep = (text: string) => {
    const last = pieces.at(-1)
    if (last?.change === 'kept') last.text += text
    else if (text !== '') pieces.push({ change: 'kept', text })
  }
  const flush = () => {
    const { before, after } = sharedSpace(removed, added)
    keep(before)
    pieces.push(
      ...whole(
        removed.slice(before.length, removed.length - after.length),
        added.slice(before.length, added.length - after.length),
      ),
    )
    keep(after)
    removed = ''
    added = ''
  }
  edits.forEach(({ change, text }, index) => {
    const next = edits[index + 1]
    const between =
      change === 'kept' &&
      (removed !== '' || added !== '') &&
      /^\s+$/.test(text) &&
      next !== undefined &&
      next.change !== 'kept'
    if (change === 'removed' || between) removed += text
    if (change === 'added' || between) added += text
    if (change !== 'kept' || between) return
    flush()
    keep(text)
  })
  flush()
  return pieces
}

/** White space with which both begin, and that with which both end, is no change. */
function sharedSpace(removed: string, added: string): { before: string; after: string } {
  const shorter = Math.min(removed.length, added.length)
  let start = 0
  while (start < shorter && removed[start] === added[start] && /\s/.test(removed[start] ?? '')) start++
  let end = 0
  const at = (text: string) => text[text.length - 1 - end]
  while (end < shorter - start && at(removed) === at(added) && /\s/.test(at(removed) ?? '')) end++
  return { before: removed.slice(0, start), after: removed.slice(removed.length - end) }
}
