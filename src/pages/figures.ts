// Pictures: from the renditions of our own media only.
// Called by pages/blocks.ts and pages/document.ts.
// Never loads a picture from anywhere else: without `media` a picture is its caption and credit.

import { MEDIA_WIDTHS, type MediaFormat, type MediaWidth, mediaPath } from '../domain/address.ts'
import type { Block, BlockOf, ImageBlock } from '../domain/content.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderLines } from './runs.ts'
import { word } from './words.ts'

const ONE = '(min-width:44em) 36rem, 100vw' // the measure of the posts' column in reader.css
const HALF = '(min-width:44em) 18rem, 50vw'
const FALLBACK_WIDTH = 800 // what a browser without srcset gets, and what is safe to ask for when the size is unknown
const TALL = 1.15 // height by width; above it a picture is held narrower, so that it fits a screen

export function renderImage(image: ImageBlock, language: string): SafeHtml {
  const caption = renderCaption(image, language)
  if (image.media === undefined) return html`<figure class="image missing">${caption}</figure>`
  return html`<figure class="${isTall(image) ? 'image tall' : 'image'}">${renderPicture(image, image.media, ONE)}${caption}</figure>`
}

export function renderGallery(gallery: BlockOf<'gallery'>, language: string): SafeHtml {
  const label = word(language, 'gallery', { n: gallery.images.length })
  const images = gallery.images.map(
    (image) =>
      html`<figure>${image.media !== undefined && renderPicture(image, image.media, HALF)}${renderCaption(image, language)}</figure>`,
  )
  return html`<div class="gallery" role="group" aria-label="${label}">${images}</div>`
}

/** The first picture that stands among our media: what link previews show. Path, or null. */
export function previewPath(blocks: readonly Block[]): string | null {
  for (const block of blocks) {
    const images = block.type === 'image' ? [block] : block.type === 'gallery' ? block.images : []
    const image = images.find((one) => one.media !== undefined)
    if (image?.media !== undefined) return mediaPath(image.media, largest(image), 'jpg')
  }
  return null
}

function renderPicture(image: ImageBlock, media: string, sizes: string): SafeHtml {
  // A caption said twice is read twice: where the description only repeats it, the caption speaks.
  const alt = image.alt.trim() === image.caption.trim() ? '' : image.alt
  const size = image.width && image.height ? { width: image.width, height: image.height } : {}
  // The address of an AVIF answers with WebP until the AVIF is made: the page never has to change for it.
  const source = (format: 'avif' | 'webp') =>
    html`<source type="image/${format}" srcset="${sources(image, media, format)}" sizes="${sizes}">`
  const rest = attributes({ alt, ...size, loading: 'lazy', decoding: 'async' })
  return html`<picture>${source('avif')}${source('webp')}<img src="${mediaPath(media, largest(image), 'jpg')}" srcset="${sources(image, media, 'jpg')}" sizes="${sizes}" ${rest}></picture>`
}

function widthsOf(image: ImageBlock): MediaWidth[] {
  const original = image.width ?? FALLBACK_WIDTH
  return MEDIA_WIDTHS.filter((width) => width <= original || width === MEDIA_WIDTHS[0])
}

function largest(image: ImageBlock): MediaWidth {
  return widthsOf(image).findLast((width) => width <= FALLBACK_WIDTH) ?? MEDIA_WIDTHS[0]
}

function sources(image: ImageBlock, media: string, format: MediaFormat): string {
  return widthsOf(image)
    .map((width) => `${mediaPath(media, width, format)} ${width}w`)
    .join(', ')
}

/** Caption, then credit; neither twice. Without both, the description stands in for a missing picture. */
function renderCaption(image: ImageBlock, language: string): SafeHtml {
  const credit = creditOf(image, language)
  const said = image.caption.trim() || (image.media === undefined ? image.alt.trim() : '')
  const shown = credit !== '' && !said.includes(credit) ? credit : ''
  if (said === '' && shown === '' && image.media !== undefined) return nothing
  const text = said === '' && shown === '' ? word(language, 'photo') : said
  return html`<figcaption>${text !== '' && renderLines(text)}${text !== '' && shown !== '' && ' '}${shown !== '' && html`<span class="credit">${shown}</span>`}${image.media === undefined && renderSource(image.source, language)}</figcaption>`
}

function creditOf(image: ImageBlock, language: string): string {
  const agency = image.agency ?? ''
  if (image.credit === '' || agency === '') return image.credit || agency
  return image.credit.includes(agency) ? image.credit : word(language, 'credit', { name: image.credit, agency })
}

function renderSource(source: string | undefined, language: string): SafeHtml {
  const host = hostOf(source)
  if (!source || !host) return nothing
  return html` <a href="${source}" rel="noopener nofollow external">${word(language, 'see-on', { host })}</a>`
}

/** "www." says nothing; foreign letters show as punycode, so that no host passes for another. '' when there is none. */
export function hostOf(address: string | undefined): string {
  return address === undefined ? '' : (URL.parse(address)?.hostname.replace(/^www\./, '') ?? '')
}

function isTall(image: ImageBlock): boolean {
  return image.width !== undefined && image.height !== undefined && image.height > image.width * TALL
}
