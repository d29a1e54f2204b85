// HTML as a branded value: a tagged template that escapes by the place a value stands in.
// Called by pages and by every room that writes markup.
// Never lets a plain string become markup; raw() is for strings written in this repository, never for anything that came in.

/** Markup that may be sent as it is. Only `html` and `raw` make it. */
export class SafeHtml {
  readonly #markup: string

  constructor(markup: string, key: typeof MAKER) {
    if (key !== MAKER) throw new TypeError('SafeHtml is made by html`…` and raw().')
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** Attributes that may stand in a tag. Only `attributes` makes them. */
export class SafeAttributes {
  readonly text: string

  constructor(text: string, key: typeof MAKER) {
    if (key !== MAKER) throw new TypeError('SafeAttributes are made by attributes().')
    this.text = text
  }
}

const MAKER = Symbol('maker')

type Empty = null | undefined | false
export type HtmlValue = string | number | SafeHtml | SafeAttributes | Empty | readonly HtmlValue[]
export type AttributeValue = string | number | true | Empty

export const nothing = new SafeHtml('', MAKER)

/**
 * Text is escaped, arrays are joined, null, undefined and false vanish. Attribute values stand in double quotes.
 * Throws TypeError where a value stands in a place that cannot be made safe: a bare tag, a comment, script, style, on….
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  const places = placesOf(strings)
  let out = strings[0] ?? ''
  for (const [index, value] of values.entries()) {
    const place = places[index] ?? 'text'
    const part = put(place, value)
    if (place === 'tag' && part === '') out = out.trimEnd() // `<p ${…}>` without attributes is `<p>`
    out += part + (strings[index + 1] ?? '')
  }
  return new SafeHtml(out, MAKER)
}

/** For our own constant strings only. */
export function raw(markup: string): SafeHtml {
  return new SafeHtml(markup, MAKER)
}

/** A script element that no browser runs: its type says that it is data. Nothing in it can end it. */
export function jsonData(type: 'application/ld+json', value: object): SafeHtml {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return new SafeHtml(`<script type="${type}">${json}</script>`, MAKER)
}

/** `{ hidden: true, id: 'a' }` → ` hidden id="a"`. Throws TypeError on names that could run code. */
export function attributes(values: Readonly<Record<string, AttributeValue>>): SafeAttributes {
  let out = ''
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === false) continue
    if (!ATTRIBUTE_NAME.test(name)) throw new TypeError(`${name} is no attribute name.`)
    refuseActive(name)
    out +=
      value === true ? ` ${name}` : ` ${name}="${escapeHtml(isAddress(name) ? safeAddress(String(value)) : value)}"`
  }
  return new SafeAttributes(out, MAKER)
}

export function escapeHtml(value: string | number): string {
  const text = String(value)
  return SPECIAL.test(text) ? text.replace(SPECIALS, (sign) => ENTITIES[sign] ?? sign) : text
}

const SPECIAL = /[&<>"'`]/
const SPECIALS = /[&<>"'`]/g
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

const ATTRIBUTE_NAME = /^[a-z][a-z0-9-]*$/
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'poster', 'cite', 'background', 'ping', 'data'])
/** Absolute web addresses, mail, and paths of our own host; no white space that a URL parser would forgive. */
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:|\/(?![/\\\s])|\/$|[#?])/i

type Place = 'text' | 'value' | 'address' | 'tag'

function put(place: Place, value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (place === 'tag') {
    if (value instanceof SafeAttributes) return value.text.trimStart()
    throw new TypeError('Inside a tag stand attributes(…) or quoted values.')
  }
  if (place === 'text') {
    if (value instanceof SafeHtml) return value.toString()
    if (Array.isArray(value)) return value.map((part: HtmlValue) => put(place, part)).join('')
  }
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`A ${typeof value} is no ${place}.`)
  return escapeHtml(place === 'address' ? safeAddress(String(value)) : value)
}

// A second lock behind the schema of content: whatever slipped in, no link runs code.
function safeAddress(address: string): string {
  return SAFE_ADDRESS.test(address) ? address : '#'
}

function isAddress(name: string): boolean {
  return ADDRESSES.has(name)
}

function refuseActive(name: string): void {
  if (/^on|^style$|^srcdoc$/.test(name)) throw new TypeError(`${name} takes no values.`)
}

/** One look per template: a template literal is the same object each time it runs. */
const known = new WeakMap<TemplateStringsArray, Place[]>()

function placesOf(strings: TemplateStringsArray): Place[] {
  let places = known.get(strings)
  if (!places) {
    places = findPlaces(strings)
    known.set(strings, places)
  }
  return places
}

type Scan = { state: 'text' | 'tag' | 'value'; tag: string; name: string; value: string }

/** Walks the constant parts. Refuses what it cannot follow: comments, single quotes, script or style with content. */
function findPlaces(strings: TemplateStringsArray): Place[] {
  const scan: Scan = { state: 'text', tag: '', name: '', value: '' }
  const places = strings.map((part, index) => {
    for (const sign of part) step(scan, sign)
    const place = index < strings.length - 1 ? placeOf(scan) : 'text'
    if (scan.state === 'value') scan.value += '…'
    return place
  })
  if (scan.state !== 'text') throw new TypeError('A template ends outside of its tags.')
  return places.slice(0, -1)
}

function step(scan: Scan, sign: string): void {
  if (scan.state === 'value') {
    if (sign === '"') scan.state = 'tag'
    else scan.value += sign
  } else if (scan.state === 'text') {
    if (/^(?:script|style)\b/i.test(scan.tag) && sign !== '<') throw new TypeError('Script and style stand in files.')
    if (sign === '<') Object.assign(scan, { state: 'tag', tag: '' })
  } else if (sign === '>') scan.state = 'text'
  else if (sign === '"') {
    const name = /(?:^|\s)([a-zA-Z][\w:-]*)=$/.exec(scan.tag)?.[1]
    if (!name) throw new TypeError('A quote opens after name=.')
    Object.assign(scan, { state: 'value', name: name.toLowerCase(), value: '' })
    scan.tag += '"'
  } else {
    scan.tag += sign
    if (sign === "'" || sign === '<' || scan.tag.startsWith('!--')) throw new TypeError('Double quotes, no comments.')
  }
}

function placeOf(scan: Scan): Place {
  if (scan.state === 'text') {
    if (/^(?:script|style)\b/i.test(scan.tag)) throw new TypeError('Script and style stand in files.')
    return 'text'
  }
  if (scan.state === 'tag') {
    if (!/^[a-z][\w-]*\s(?:.*[\s"])?$/is.test(scan.tag)) throw new TypeError('A value in a tag must be quoted.')
    return 'tag'
  }
  refuseActive(scan.name)
  return isAddress(scan.name) && scan.value === '' ? 'address' : 'value'
}
