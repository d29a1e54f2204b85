// Pictures of foreign HTML: the image, its caption and its credit.
// Called by formats/html/walk.ts. Never guesses a caption: only figcaption, alt and what stands behind "Photo:".

import { type ImageBlock, MAX_CAPTION, MAX_SHORT, type Run } from '../../domain/content.ts'
import type { BlockList } from './blocks.ts'
import { cutAt } from './runs.ts'

// "… at dawn. Photograph: Jane Doe/Agency": the words behind it are the credit, as long as they are one short phrase.
const CREDIT_TAIL = /(?:^|[\s.])(?:Photograph|Photo|Photo credit|Picture|Image|Credit|Foto)\s*:\s*([^\n:]{2,150})$/i
const TRACKING_PIXEL = 2 // pixels; smaller images are counters, not pictures

export class FigureFrame {
  readonly images: ImageBlock[] = []
  private caption = ''
  private credit = ''

  addCaption(runs: Run[]): void {
    this.caption = joinLine(this.caption, runs)
  }

  addCredit(runs: Run[]): void {
    this.credit = joinLine(this.credit, runs)
  }

  /** The caption stands under the last picture; a figure without pictures gives its caption as text. */
  write(list: BlockList): void {
    const { caption, credit } = this.split()
    if (caption.length > MAX_CAPTION) list.note('A caption was longer than a caption may be and was cut.')
    for (const image of this.images.slice(0, -1)) list.add({ ...image, credit: cut(credit, MAX_SHORT) })
    const last = this.images.at(-1)
    if (last) return list.add({ ...last, caption: cut(caption, MAX_CAPTION), credit: cut(credit, MAX_SHORT) })
    const text = [caption, credit].filter(Boolean).join(' ')
    for (let at = 0; at < text.length; at += 5_000) {
      list.add({ type: 'paragraph', text: [{ text: text.slice(at, at + 5_000) }] })
    }
  }

  private split(): { caption: string; credit: string } {
    const tail = CREDIT_TAIL.exec(this.caption.slice(-220))
    if (this.credit || !tail?.[1]) return { caption: this.caption, credit: this.credit }
    const keep = this.caption.length - tail[0].length + (tail[0].startsWith('.') ? 1 : 0)
    return { caption: this.caption.slice(0, keep).trim(), credit: tail[1].trim() }
  }
}

/** null: a tracking pixel, or nothing to see and nothing to say. */
export function imageOf(
  attributes: { [name: string]: string },
  webAddress: (address: string | undefined) => string | undefined,
): ImageBlock | null {
  const width = pixels(attributes.width)
  const height = pixels(attributes.height)
  if ((width ?? TRACKING_PIXEL + 1) <= TRACKING_PIXEL || (height ?? TRACKING_PIXEL + 1) <= TRACKING_PIXEL) return null
  const candidates = [attributes['data-src'], attributes['data-original'], attributes['data-lazy-src'], attributes.src]
  const source = candidates.map(webAddress).find(Boolean) ?? webAddress(largestOf(attributes.srcset))
  const alt = cut(attributes.alt ?? '', MAX_CAPTION)
  if (!source && !alt) return null
  const size = width && height ? { width, height } : {}
  return { type: 'image', alt, caption: '', credit: '', ...(source ? { source } : {}), ...size }
}

function largestOf(srcset: string | undefined): string | undefined {
  const entries = (srcset ?? '').slice(0, 20_000).split(/,\s+/).slice(0, 50)
  const sized = entries
    .map((entry) => entry.trim().split(/\s+/))
    .map(([url, size]) => ({ url, size: Number.parseFloat(size ?? '1') }))
  return sized.sort((a, b) => (b.size || 0) - (a.size || 0))[0]?.url
}

function pixels(value: string | undefined): number | undefined {
  if (!value || !/^\d{1,5}(?:px)?$/.test(value.trim())) return undefined
  return Number.parseInt(value, 10)
}

function joinLine(before: string, runs: Run[]): string {
  const text = runs.map((run) => run.text).join('')
  return before ? `${before} ${text}` : text
}

function cut(text: string, max: number): string {
  const clean = text.normalize('NFC')
  return clean.length <= max ? clean : `${clean.slice(0, cutAt(clean, max - 1))}…`
}
