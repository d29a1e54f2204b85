// Values of JSON-LD that come in many shapes: names, addresses, pictures, films.
// Called by the readers of this folder. Never makes up what a value does not say.

import { type Block, isSafeLink, MAX_CAPTION, MAX_HEADLINE, MAX_SHORT, MAX_URL } from '../../domain/content.ts'
import { cutAt } from '../html/runs.ts'
import { plainLine } from '../html/text.ts'
import { isThing, listOf, type Thing } from './json.ts'

/** How a reader sees a page: references followed, addresses made absolute. */
export type Sight = { base: string | undefined; resolve(value: unknown): unknown }

/** Text, `{"@value": text}`, or the first of several; '' = none. */
export function textOf(value: unknown): string {
  const first = listOf(value)[0]
  if (typeof first === 'string') return first
  if (typeof first === 'number') return String(first)
  return isThing(first) && typeof first['@value'] === 'string' ? first['@value'] : ''
}

export function lineOf(value: unknown, max: number): string {
  return shortened(plainLine(textOf(value)), max)
}

export function shortened(text: string, max: number): string {
  const clean = text.normalize('NFC')
  return clean.length <= max ? clean : `${clean.slice(0, cutAt(clean, max - 1))}…`
}

/** Names of persons or organisations: text, an object, a reference, or many of them. Each once. */
export function namesOf(value: unknown, sight: Sight): { name: string; role?: string }[] {
  const found = new Map<string, { name: string; role?: string }>()
  for (const entry of listOf(value)) {
    const person = sight.resolve(entry)
    const names = isThing(person) ? listOf(person.name ?? person.alternateName) : [person]
    for (const name of names.map((text) => lineOf(text, MAX_SHORT)).filter(Boolean)) {
      const role = isThing(person) ? lineOf(person.jobTitle, MAX_SHORT) : ''
      if (!found.has(name)) found.set(name, role ? { name, role } : { name })
    }
  }
  return [...found.values()].slice(0, 20)
}

/** The first value that is a web address, absolute; objects give their url or @id. */
export function addressOf(value: unknown, sight: Sight): string | null {
  for (const entry of listOf(value)) {
    const raw = isThing(entry) ? (entry.url ?? entry['@id']) : entry
    if (typeof raw !== 'string' || raw.trim() === '') continue
    const trimmed = plainAddress(raw)
    const address = /^https?:/i.test(trimmed) ? trimmed : URL.parse(trimmed, sight.base)?.href
    if (address && address.length <= MAX_URL && /^https?:/i.test(address) && isSafeLink(address)) return address
  }
  return null
}

/** Pictures of a thing. Several without captions are crops of one: the widest stands for all, else the first. */
export function imagesOf(value: unknown, sight: Sight): Block[] {
  const all = listOf(value).flatMap((entry) => imageFrom(sight.resolve(entry), sight))
  const own = all.filter((image) => image.caption !== '')
  const crops = all.filter((image) => image.caption === '')
  const widest = crops.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0))[0]
  if (own.length === 0) return widest ? [widest] : []
  return own.filter((image, index) => own.findIndex((other) => other.caption === image.caption) === index)
}

export function filmsOf(value: unknown, sight: Sight): Block[] {
  return listOf(value).flatMap((entry): Block[] => {
    const film = sight.resolve(entry)
    if (!isThing(film)) return []
    const title = lineOf(film.name ?? film.headline, MAX_SHORT)
    const source = addressOf(film.contentUrl, sight)
    const player = addressOf(film.embedUrl, sight) ?? addressOf(film.url, sight)
    const caption = lineOf(film.description, MAX_CAPTION)
    if (source) return [{ type: 'video', source, title, caption, credit: creditOf(film, sight) }]
    if (!player) return []
    return [{ type: 'embed', url: player, ...(title ? { title: shortened(title, MAX_HEADLINE) } : {}) }]
  })
}

function imageFrom(image: unknown, sight: Sight): Extract<Block, { type: 'image' }>[] {
  const thing: Thing = isThing(image) ? image : { url: image }
  const source = addressOf(thing.contentUrl, sight) ?? addressOf(thing.url, sight) ?? addressOf(thing['@id'], sight)
  if (!source) return []
  const width = pixelsOf(thing.width)
  const height = pixelsOf(thing.height)
  return [
    {
      type: 'image',
      alt: lineOf(thing.alternativeHeadline ?? thing.accessibilitySummary, MAX_CAPTION),
      caption: lineOf(thing.caption ?? thing.description, MAX_CAPTION),
      credit: creditOf(thing, sight),
      source,
      ...(width && height ? { width, height } : {}),
    },
  ]
}

function creditOf(thing: Thing, sight: Sight): string {
  const said = lineOf(thing.creditText, MAX_SHORT)
  if (said) return said
  const names = namesOf(thing.author ?? thing.creator ?? thing.copyrightHolder, sight)
  return shortened(names.map(({ name }) => name).join(', '), MAX_SHORT)
}

function pixelsOf(value: unknown): number | undefined {
  const number = Number.parseInt(textOf(isThing(value) ? (value.value ?? value.name) : value), 10)
  return number >= 1 && number <= 100_000 ? number : undefined
}

function plainAddress(text: string): string {
  return text.trim().replaceAll('&amp;', '&').replace(/^\/\//, 'https://')
}
