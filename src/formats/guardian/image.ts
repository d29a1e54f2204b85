// Pictures of a Guardian block: the crop that is large enough, with caption, alt and credit.
// Called by formats/guardian/elements.ts. Never takes the credit away because the page hides it: it is owed.

import { type ImageBlock, MAX_CAPTION, MAX_SHORT } from '../../domain/content.ts'
import { isThing, listOf, type Thing } from '../jsonld/json.ts'
import { addressOf, lineOf, textOf } from '../jsonld/values.ts'
import type { Element } from './element.ts'

const ENOUGH = 1_600 // pixels of width; our largest rendition
const MAX_CROPS = 100
// "Photograph: Jane Doe/AP": the word says what the credit is for. "Composite:" and "Illustration:" say more than that.
const LEAD = /^(?:photograph|photo|picture)\s*:\s*/i

type Crop = { source: string; width: number; height: number }

/** null: no address, no caption and no description. */
export function imageOf({ data, assets }: Element, base: string | undefined): ImageBlock | null {
  const media = isThing(data.media) ? listOf(data.media.allImages) : []
  const crop = bestOf([...media, ...assets].slice(0, MAX_CROPS).flatMap((raw) => cropOf(raw, base)))
  const said = isThing(data.data) ? data.data : data
  const alt = lineOf(said.alt, MAX_CAPTION)
  const caption = lineOf(said.caption, MAX_CAPTION)
  if (!crop && !alt && !caption) return null
  const size = crop && crop.width > 0 && crop.height > 0 ? { width: crop.width, height: crop.height } : {}
  return { type: 'image', alt, caption, ...creditOf(said), ...(crop ? { source: crop.source } : {}), ...size }
}

/** The smallest that is wide enough; else the widest. */
function bestOf(crops: Crop[]): Crop | null {
  const byWidth = crops.toSorted((a, b) => a.width - b.width)
  return byWidth.find((crop) => crop.width >= ENOUGH) ?? byWidth.at(-1) ?? null
}

function cropOf(raw: unknown, base: string | undefined): Crop[] {
  if (!isThing(raw)) return []
  const facts: Thing = isThing(raw.fields) ? raw.fields : isThing(raw.typeData) ? raw.typeData : raw
  const source = addressOf([facts.secureFile, raw.url, raw.file], { base, resolve: (value) => value })
  return source ? [{ source, width: pixels(facts.width), height: pixels(facts.height) }] : []
}

function creditOf(said: Thing): { credit: string; agency?: string } {
  const photographer = lineOf(said.photographer, MAX_SHORT)
  const agency = lineOf(said.source, MAX_SHORT)
  const whole = lineOf(said.credit, MAX_SHORT).replace(LEAD, '')
  const credit = whole || photographer || agency || lineOf(said.copyright, MAX_SHORT)
  return agency && !credit.includes(agency) ? { credit, agency } : { credit }
}

function pixels(value: unknown): number {
  const number = Number.parseInt(textOf(value), 10)
  return number >= 1 && number <= 100_000 ? number : 0
}
