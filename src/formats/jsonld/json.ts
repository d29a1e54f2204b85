// JSON-LD as pages really carry it: script elements, sloppy JSON, graphs and references.
// Called by the readers of this folder. Never runs anything and never follows an address.

import { decodeEntities } from '../html/text.ts'

export type Thing = { [key: string]: unknown }

const MAX_THINGS = 100_000 // objects looked at in one page
const MAX_NESTING = 40
const SCRIPT_OPEN = /<script\b([^<>]{0,1000})>/gi
const SCRIPT_CLOSE = /<\/script/gi
const OPENINGS = ['<!--', '//<![CDATA[', '// <![CDATA[', '/*<![CDATA[*/', '/* <![CDATA[ */', '<![CDATA[', '\ufeff']
const CLOSINGS = ['-->', '//]]>', '// ]]>', '/*]]>*/', '/* ]]> */', ']]>', '//', ';']

/** The documents in a page or a file; a broken one is counted in `broken`. */
export function jsonDocuments(text: string): { documents: unknown[]; broken: number } {
  const whole = parseSloppy(text)
  if (whole !== undefined && typeof whole === 'object') return { documents: [whole], broken: 0 }
  const scripts = scriptsOf(text)
  const documents = scripts.map(parseSloppy).filter((document) => document !== undefined)
  return { documents, broken: scripts.length - documents.length }
}

/** Strict JSON first; then again with wrappers, comments, control characters and trailing commas taken out. */
export function parseSloppy(text: string): unknown {
  const bare = text.trim()
  if (bare === '') return undefined
  const strict = parseStrict(bare)
  if (strict !== undefined) return strict
  const inner = unwrapped(bare)
  if (!/^[{[]/.test(inner)) return undefined
  const unescaped = /^[{[]\s*&(?:quot|#34);/i.test(inner) ? decodeEntities(inner) : inner
  try {
    return parseStrict(repaired(unescaped))
  } catch {
    return undefined // a text so odd that the matcher ran out of room
  }
}

/** Every object of the documents in document order, and those with an @id by it. */
export function thingsOf(documents: unknown[]): { things: Thing[]; byId: Map<string, Thing> } {
  const things: Thing[] = []
  const byId = new Map<string, Thing>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_NESTING || things.length >= MAX_THINGS || value === null || typeof value !== 'object') return
    if (!Array.isArray(value)) {
      const thing = value as Thing
      things.push(thing)
      const id = thing['@id']
      if (typeof id === 'string' && Object.keys(thing).length > Object.keys(byId.get(id) ?? {}).length)
        byId.set(id, thing)
    }
    for (const inner of Object.values(value)) visit(inner, depth + 1)
  }
  visit(documents, 0)
  return { things, byId }
}

/** True for "BlogPosting", ["Article", "BlogPosting"], "schema:BlogPosting", "https://schema.org/BlogPosting". */
export function hasType(thing: Thing, type: string): boolean {
  return listOf(thing['@type']).some((name) => typeof name === 'string' && name.replace(/^.*[/:#]/, '') === type)
}

/** One value or many, as JSON-LD allows everywhere. */
export function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value.flat(3) : [value]
}

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function scriptsOf(page: string): string[] {
  const scripts: string[] = []
  SCRIPT_OPEN.lastIndex = 0
  for (let open = SCRIPT_OPEN.exec(page); open; open = SCRIPT_OPEN.exec(page)) {
    SCRIPT_CLOSE.lastIndex = SCRIPT_OPEN.lastIndex
    const end = SCRIPT_CLOSE.exec(page)?.index ?? page.length
    if (/application\/ld\+json/i.test(open[1] ?? '')) scripts.push(page.slice(SCRIPT_OPEN.lastIndex, end))
    SCRIPT_OPEN.lastIndex = end
  }
  return scripts
}

function parseStrict(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Comments that hide a script from old browsers or XML. */
function unwrapped(text: string): string {
  let inner = text
  for (let length = -1; length !== inner.length; ) {
    length = inner.length
    const opening = OPENINGS.find((mark) => inner.startsWith(mark))
    if (opening) inner = inner.slice(opening.length).trimStart()
    const closing = CLOSINGS.find((mark) => inner.endsWith(mark))
    if (closing) inner = inner.slice(0, -closing.length).trimEnd()
  }
  return inner
}

/** Splits into strings, comments and the rest; each is repaired on its own. */
function repaired(text: string): string {
  const parts = text.match(/"(?:[^"\\]+|\\[^])*"?|\/\/[^\n]*|\/\*(?:[^*]+|\*(?!\/))*(?:\*\/)?|\/|[^"/]+/g) ?? []
  const kept = parts.filter((part) => !part.startsWith('//') && !part.startsWith('/*'))
  const clean = kept.map((part) => (part.startsWith('"') ? repairedString(part) : part.replace(CONTROLS, ' ')))
  return withoutTrailingCommas(clean)
}

const CONTROLS = /[\u0000-\u001f]/g

function repairedString(part: string): string {
  const escaped = part.replace(CONTROLS, (char) => (char === '\n' ? '\\n' : char === '\t' ? '\\t' : ''))
  return escaped.replace(/\\([^"\\/bfnrtu])/g, '$1') // "\'" and the like, which no JSON knows
}

function withoutTrailingCommas(parts: string[]): string {
  const out: string[] = []
  for (const part of parts) {
    const last = out.length - 1
    if (/^\s*[}\]]/.test(part) && /^\s*,\s*$/.test(out[last] ?? '')) out[last] = ''
    out.push(part.startsWith('"') ? part : part.replace(/,(\s{0,1000}[}\]])/g, '$1'))
  }
  return out.join('')
}
