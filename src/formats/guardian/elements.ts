// The elements of a Guardian block → our blocks: one rule per kind of element.
// Called by formats/guardian/block.ts. Never drops an element in silence: what has no rule and no HTML is noted.

import { type Block, MAX_SHORT, type Run } from '../../domain/content.ts'
import type { BlockList } from '../html/blocks.ts'
import { readHtml } from '../html/read.ts'
import { isThing, listOf, type Thing } from '../jsonld/json.ts'
import { addressOf, lineOf, textOf } from '../jsonld/values.ts'
import { audioOf, commentOf, embedOf, tweetOf, videoOf } from './clips.ts'
import { type Element, elementOf } from './element.ts'
import { imageOf } from './image.ts'

const MAX_ELEMENTS = 1_000 // of one block; a post holds 200 parts
const MAX_NESTING = 4 // lists of key takeaways hold elements

/** Furniture of the page: nothing of the story is in it. */
const FURNITURE = new Set('adplaceholder divider newslettersignup interactivecontents membership'.split(' '))
const TEXT = new Set('text subheading numberedtitle itemlink highlight disclaimer table code'.split(' '))
const TITLED = new Set('explaineratom guideatom profileatom qa qaatom timelineatom'.split(' '))
const VIDEO = new Set('video youtube videoyoutube videovimeo videofacebook guvideo mediaatom'.split(' '))
const LISTS = new Set('keytakeaways list qandaexplainer timeline dcrtimeline dcrsectionedtimeline'.split(' '))

type Way = { list: BlockList; base: string | undefined; depth: number }

export function readElements(elements: unknown, list: BlockList, base: string | undefined, depth = 0): void {
  const all = listOf(elements)
  if (all.length > MAX_ELEMENTS) list.note('The text is longer than a post may be; its end was left out.')
  for (const raw of all.slice(0, MAX_ELEMENTS)) {
    const element = elementOf(raw)
    if (element) readElement(element, { list, base, depth })
    else list.note('An element without a kind was left out.')
  }
}

function readElement(element: Element, way: Way): void {
  const { kind, data } = element
  const { list } = way
  if (FURNITURE.has(kind)) return
  if (TEXT.has(kind)) return addHtml(data.html, way)
  if (TITLED.has(kind)) return addTitled(data, way)
  if (LISTS.has(kind)) return addItems(data, way)
  if (VIDEO.has(kind)) return addOr(videoOf(element, way.base), element, way)
  switch (kind) {
    case 'image':
      return addOr(imageOf(element, way.base), element, way)
    case 'cartoon':
      return addOr(imageOf({ ...element, data: { ...data, media: cartoonMedia(data) } }, way.base), element, way)
    case 'multiimage':
      return addGallery(data, way)
    case 'blockquote':
    case 'pullquote':
      return addQuote(data, way)
    case 'tweet':
      return addOr(tweetOf(data, way.base), element, way)
    case 'comment':
      return addOr(commentOf(data, way.base), element, way)
    case 'audio':
    case 'audioatom':
      return addOr(audioOf(element, way.base), element, way)
    case 'richlink':
      return addLink(data, way)
    case 'caption':
      return void list.add(paragraph(lineOf(data.captionText, 2_000)))
  }
  addOr(embedOf(data, way.base), element, way)
}

/** Where the rule finds nothing, the element's own HTML may still say something. */
function addOr(block: Block | null, element: Element, way: Way): void {
  if (block) return void way.list.add(block)
  const before = way.list.blocks.length
  addHtml(element.data.html, way)
  if (way.list.blocks.length === before) way.list.note(`An element of kind "${element.kind}" was left out.`)
}

function addHtml(html: unknown, { list, base }: Way): void {
  const read = readHtml(textOf(html), base ? { base } : {})
  for (const block of read.blocks) list.add(block)
  for (const problem of read.problems) list.note(problem)
}

function addTitled(data: Thing, way: Way): void {
  addHeading(data.title, way)
  for (const part of [data.description, data.body, data.html]) addHtml(part, way)
  for (const event of listOf(data.events).filter(isThing)) {
    addHeading([lineOf(event.date, 100), lineOf(event.title, 200)].filter(Boolean).join(': '), way)
    addHtml(event.body, way)
  }
}

/** Items with a title and elements of their own: takeaways, questions, the events of a timeline. */
function addItems(data: Thing, way: Way): void {
  if (way.depth >= MAX_NESTING) return way.list.note('A list in a list in a list was left out.')
  const sections = [data, ...listOf(data.sections).filter(isThing)]
  for (const section of sections) {
    if (section !== data) addHeading(section.title, way)
    const items = [section.items, section.keyTakeaways, section.qAndAExplainers, section.events].flatMap(listOf)
    for (const item of items.filter(isThing)) {
      addHeading([lineOf(item.date, 100), lineOf(item.title, 200)].filter(Boolean).join(': '), way)
      for (const part of [item.main, item.elements, item.body]) readElements(part, way.list, way.base, way.depth + 1)
    }
  }
}

function addHeading(title: unknown, { list }: Way): void {
  const text = lineOf(title, 300)
  if (text) list.add({ type: 'heading', level: 3, text: [{ text }] })
}

function addGallery(data: Thing, way: Way): void {
  const images = listOf(data.images).flatMap((raw) => {
    const element = elementOf(raw)
    const image = element && imageOf(element, way.base)
    return image ? [image] : []
  })
  if (images.length > 0) way.list.add({ type: 'gallery', images: images.slice(0, 50) })
  for (const image of images.slice(50)) way.list.add(image)
  if (images.length < listOf(data.images).length) way.list.note('A picture of a gallery was left out.')
  way.list.add(paragraph(lineOf(data.caption, 2_000)))
}

/** A pull quote repeats words of the text and may name who said them. */
function addQuote(data: Thing, { list, base }: Way): void {
  const read = readHtml(textOf(data.html), base ? { base } : {})
  const texts = read.blocks.flatMap(textsOf).slice(0, 50)
  const name = lineOf(data.attribution, MAX_SHORT)
  if (texts.length > 0) list.add({ type: 'quote', text: texts, ...(name ? { speaker: { name } } : {}) })
  for (const block of read.blocks) if (textsOf(block).length === 0) list.add(block)
  for (const problem of read.problems) list.note(problem)
}

function textsOf(block: Block): Run[][] {
  if (block.type === 'paragraph' || block.type === 'heading') return [block.text]
  if (block.type === 'quote') return block.text
  return block.type === 'list' ? block.items : []
}

function addLink(data: Thing, { list, base }: Way): void {
  const link = addressOf(data.url ?? data.originalUrl, { base, resolve: (value) => value })
  const text = lineOf(data.text ?? data.linkText, 300) || (link ?? '')
  const prefix = lineOf(data.prefix ?? data.linkPrefix, 100).replace(/:$/, '')
  if (text === '') return list.note('A link without an address was left out.')
  const lead: Run[] = prefix ? [{ text: `${prefix}: ` }] : []
  list.add({ type: 'paragraph', text: [...lead, { text, ...(link ? { link } : {}) }] })
}

function cartoonMedia(data: Thing): Thing {
  const variants = listOf(data.variants).filter(isThing)
  const large = variants.find((variant) => variant.viewportSize === 'large') ?? variants[0]
  return { allImages: large?.images }
}

/** An empty one is left out by the list. */
function paragraph(text: string): Block {
  return { type: 'paragraph', text: [{ text }] }
}
