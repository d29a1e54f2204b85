// Runs of marked text as plain text and back: **bold**, *italic*, ~~struck~~, `code`, [words](address), a bare address, escapes.
// Called by domain/plain-text.ts. Pure.
// Never loses a character: what is not a mark is text, and what looks like a mark but is text gets a backslash.

import { isSafeLink, MAX_URL, type Run } from './content.ts'
import { addressAt, holdBack, nextScheme } from './plain-address.ts'

const MARKS = [
  { mark: 'bold', sign: '**' },
  { mark: 'italic', sign: '*' },
  { mark: 'strike', sign: '~~' },
  { mark: 'code', sign: '`' },
] as const
type Mark = (typeof MARKS)[number]['mark']

type Token =
  | { kind: 'text'; text: string }
  | { kind: 'mark'; mark: Mark; sign: string; opens: boolean; closes: boolean }
  | { kind: 'link'; link: string | undefined }
  | { kind: 'address'; text: string }

/** Joins neighbours that carry the same marks, drops empty runs. */
export function normaliseRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (run.text === '') continue
    if (last && sameMarks(last, run)) joined[joined.length - 1] = { ...last, text: last.text + run.text }
    else joined.push(run)
  }
  return joined
}

/** Text of one block part; line breaks stay line breaks. Special line starts are the caller's to escape. */
export function textFromRuns(runs: readonly Run[]): string {
  const bare: Run = { text: '' }
  const parts = withBareAddresses(normaliseRuns(runs))
  let out = ''
  parts.forEach((run, index) => {
    const before = parts[index - 1] ?? bare
    const text = run.address ? run.text : escapeText(run)
    out += transition(before, run) + escapeEdges(text, opens(before, run), opens(parts[index + 1] ?? bare, run))
  })
  return out + transition(parts.at(-1) ?? bare, bare)
}

/** Marks that are never closed, and brackets without an address, are text. */
export function runsFromText(text: string): Run[] {
  const runs: Run[] = []
  const open = new Set<Mark>()
  let link: string | undefined
  const tokens = tokensOf(text)
  const lastClosing = new Map<Mark, number>()
  tokens.forEach((token, index) => token.kind === 'mark' && token.closes && lastClosing.set(token.mark, index))
  tokens.forEach((token, index) => {
    if (token.kind === 'link') link = token.link
    else if (token.kind === 'address') runs.push(markedRun(token.text, open, open.has('code') ? undefined : token.text))
    else if (token.kind === 'text') runs.push(markedRun(token.text, open, link))
    else if (open.has(token.mark) && token.closes) open.delete(token.mark)
    else if (!open.has(token.mark) && token.opens && (lastClosing.get(token.mark) ?? -1) > index) open.add(token.mark)
    else runs.push(markedRun(token.sign, open, link))
  })
  return normaliseRuns(runs)
}

/** A backslash before anything but a letter or a digit is taken away. */
export function unescapeText(text: string): string {
  return text.replace(/\\([^\p{L}\p{N}])/gu, '$1')
}

/** `address`: the link is written as it is, for it would be read as the same link. */
type Part = Run & { address?: true }

function withBareAddresses(runs: readonly Run[]): Part[] {
  return runs.map((run, index) => {
    const { link, ...rest } = run
    return link !== undefined && isBareAddress(runs, index) ? { ...rest, address: true } : run
  })
}

function isBareAddress(runs: readonly Run[], index: number): boolean {
  const run = runs[index]
  const before = runs[index - 1]
  const after = runs[index + 1]
  if (!run || run.link !== run.text || run.code || before?.link !== undefined || after?.link !== undefined) return false
  if (before && /[\p{L}\p{N}]$/u.test(before.text)) return false
  // Signs of the next run that are neither the address's nor white space could join it to what comes after them.
  const joined = run.text + (after?.text ?? '')
  const ends = runs.length <= index + 2 || /\s/.test(after?.text ?? '')
  return ends && addressAt(joined, 0) === run.text.length
}

function transition(before: Run, after: Run): string {
  let text = signs(after, before)
  if (before.link !== after.link) {
    if (before.link !== undefined) text += `](${before.link.replace(/[()\]\\\s]/g, '\\$&')})`
    if (after.link !== undefined) text += '['
  }
  return text + signs(before, after)
}

/** The signs of marks that `run` has and `other` has not. */
function signs(other: Run, run: Run): string {
  return MARKS.filter(({ mark }) => run[mark] && !other[mark])
    .map(({ sign }) => sign)
    .join('')
}

function opens(other: Run, run: Run): boolean {
  return signs(other, run) !== ''
}

function escapeText(run: Run): string {
  // Brackets are common in quotations ("[sic]") and harmless but where they could close into a link.
  const brackets = run.link === undefined ? /\](?=\(|$)/g : /[[\]]/g
  const escaped = run.text
    .replace(/[\\*`]/g, '\\$&')
    .replace(/~(?=~)|(?<=~)~|^~|~$/g, '\\$&')
    .replace(brackets, '\\$&')
  return run.link === undefined ? holdBack(escaped) : escaped
}

/** A sign opens before, and closes after, something that is not bare white space. */
function escapeEdges(text: string, opening: boolean, closing: boolean): string {
  const started = opening ? text.replace(/^\s/, '\\$&') : text
  return closing && !(opening && text.length === 1) ? started.replace(/\s$/, '\\$&') : started
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let linkEnd = -1 // where the ] of the open link stands
  let at = 0
  const push = (token: Token, length: number): void => {
    tokens.push(token)
    at += length
  }
  while (at < text.length) {
    const link = linkEnd < 0 && text[at] === '[' ? linkAt(text, at) : null
    const sign = MARKS.find((mark) => text.startsWith(mark.sign, at))
    const address = linkEnd < 0 ? addressAt(text, at) : 0
    if (at === linkEnd) {
      linkEnd = -1
      push({ kind: 'link', link: undefined }, addressLength(text, at))
    } else if (link) {
      linkEnd = link.end
      push({ kind: 'link', link: link.address }, 1)
    } else if (address > 0) push({ kind: 'address', text: text.slice(at, at + address) }, address)
    else if (sign) push(markToken(text, at, sign), sign.sign.length)
    else if (text[at] === '\\') push(...escapedAt(text, at))
    else {
      const plain = /^[^\\*~`[\]]+/.exec(text.slice(at, at + 2_000))?.[0] ?? text[at] ?? ''
      const next = nextScheme(plain)
      push({ kind: 'text', text: next < 0 ? plain : plain.slice(0, next) }, next < 0 ? plain.length : next)
    }
  }
  return tokens
}

/** A backslash alone on the last line stands for an empty line. */
function escapedAt(text: string, at: number): [Token, number] {
  const next = text[at + 1]
  if (next === undefined) return [{ kind: 'text', text: at === 0 || text[at - 1] === '\n' ? '' : '\\' }, 1]
  if (/[\p{L}\p{N}]/u.test(next)) return [{ kind: 'text', text: '\\' }, 1]
  return [{ kind: 'text', text: next }, 2]
}

function markToken(text: string, at: number, { mark, sign }: { mark: Mark; sign: string }): Token {
  const before = text[at - 1]
  const after = text[at + sign.length]
  let slashes = 0
  while (text[at - 2 - slashes] === '\\') slashes += 1
  const escaped = slashes % 2 === 1
  return {
    kind: 'mark',
    mark,
    sign,
    opens: after !== undefined && !/\s/.test(after),
    closes: before !== undefined && (!/\s/.test(before) || escaped),
  }
}

/** `[words](address)` starting here: where its ] stands, and the address. No bracket inside, address safe. */
function linkAt(text: string, at: number): { end: number; address: string } | null {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '[') return null
    else if (text[end] === ']') {
      const length = addressLength(text, end)
      const address = length > 0 ? withScheme(unescapeText(text.slice(end + 2, end + length - 1))) : ''
      return isSafeLink(address) && end > at + 1 ? { end, address } : null
    }
  }
  return null
}

/** Length of `](address)` from its ]; 0 when there is none. Round brackets inside must match or be escaped. */
function addressLength(text: string, at: number): number {
  if (text[at + 1] !== '(') return 0
  let depth = 0
  const limit = Math.min(text.length, at + 2 * MAX_URL)
  for (let end = at + 1; end < limit; end += 1) {
    const char = text[end] ?? ''
    if (char === '\\') end += 1
    else if (char === '(') depth += 1
    else if (char === ')') depth -= 1
    else if (/\s/.test(char) || text.startsWith('](', end)) return 0
    if (depth === 0) return end - at + 1
  }
  return 0
}

/** People leave https:// away. */
function withScheme(address: string): string {
  return /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]|$)/i.test(address) ? `https://${address}` : address
}

function markedRun(text: string, open: ReadonlySet<Mark>, link: string | undefined): Run {
  const marks = Object.fromEntries(MARKS.filter(({ mark }) => open.has(mark)).map(({ mark }) => [mark, true as const]))
  return link === undefined ? { text, ...marks } : { text, ...marks, link }
}

function sameMarks(a: Run, b: Run): boolean {
  return a.link === b.link && MARKS.every(({ mark }) => a[mark] === b[mark])
}
