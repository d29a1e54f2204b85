// HTML of the clipboard → blocks: what Word, Google Docs, mail programs and web pages write, read by the importers' own rules.
// Called by insert.ts. Pure.
// Never lets through what the typed tree cannot say, and never makes the page ask another server for a picture.

import { type Block, isSafeLink } from '../../../src/domain/content.ts'
import { BlockList } from '../../../src/formats/html/blocks.ts'
import { Walk } from '../../../src/formats/html/walk.ts'
import { isElement, type TreeElement, textIn, treeOf } from './paste-tree.ts'

/** `pictures`: data: addresses, in the order of their places; `leftOut`: pictures that stand elsewhere. */
export type PastedHtml = { blocks: Block[]; pictures: string[]; leftOut: number; problems: string[] }

const PLACE = 'https://pasted.invalid/' // stands for a picture that came along, until its place in the text is known
const DATA_PICTURE = /^data:image\/(?:png|jpe?g|gif|webp|avif|heic);base64,/i
const BULLET = /^[\s\u00a0]*[·•▪◦‣oü§\-–][\s\u00a0]{2,}/
const NUMBER = /^[\s\u00a0]*\(?[0-9a-zA-Z]{1,4}[.)]/
const TRACKER = 2 // pixels; smaller pictures count openings of a mail

/** null: no HTML that people write; its plain text is the better source. */
export function readPastedHtml(html: string): PastedHtml | null {
  const tree = treeOf(html)
  if (tree === null) return null
  const reader = new PasteReader()
  reader.children(tree)
  return reader.finish()
}

export function pictureNumber(block: Block): number | null {
  return block.type === 'image' && block.source?.startsWith(PLACE) ? Number(block.source.slice(PLACE.length)) : null
}

type WordList = { name: string; ordered: boolean }

class PasteReader {
  private readonly list = new BlockList()
  private readonly walk = new Walk(this.list, { base: undefined, breakLines: false })
  private readonly pictures: string[] = []
  private leftOut = 0

  finish(): PastedHtml {
    this.walk.finish()
    const blocks = this.list.blocks.map(plainHeading)
    return { blocks, pictures: this.pictures, leftOut: this.leftOut, problems: this.list.problems() }
  }

  children(parent: TreeElement): void {
    let word: WordList | null = null
    for (const child of parent.children) {
      const item = isElement(child) ? wordListOf(child) : null
      if (word && !item && (isElement(child) || child.text.trim() !== '')) {
        this.walk.close()
        word = null
      }
      if (!isElement(child)) this.walk.text(child.text)
      else if (item) word = this.wordItem(child, item, word)
      else this.element(child)
    }
    if (word) this.walk.close()
  }

  private wordItem(element: TreeElement, item: WordList, open: WordList | null): WordList {
    const goesOn = open !== null && open.name === item.name
    if (open && !goesOn) this.walk.close()
    if (!goesOn) this.walk.open(item.ordered ? 'ol' : 'ul', {})
    this.walk.open('li', {})
    this.children(element)
    this.walk.close()
    return goesOn ? open : item
  }

  private element(element: TreeElement): void {
    const { name } = element
    if (isLeftOut(element)) return
    if (name === 'img') return this.picture(element)
    if (classOf(element).includes('Apple-converted-space')) return this.walk.text(' ')
    const names = marksOf(element, name)
    for (const one of names) this.walk.open(one, attributesOf(element, one))
    this.children(element)
    for (const _ of names) this.walk.close()
  }

  private picture(element: TreeElement): void {
    const source = element.attributes.src ?? ''
    const isTracker = ['width', 'height'].some((side) => Number(element.attributes[side] ?? 100) <= TRACKER)
    if (isTracker) return
    if (!DATA_PICTURE.test(source)) {
      this.leftOut += 1
      return
    }
    this.walk.open('img', { src: `${PLACE}${this.pictures.length}`, alt: element.attributes.alt ?? '' })
    this.walk.close()
    this.pictures.push(source)
  }
}

const LEFT_OUT = new Set([
  'meta',
  'link',
  'xml',
  'base',
  'iframe',
  'embed',
  'video',
  'audio',
  'source',
  'picture-source',
])

function isLeftOut(element: TreeElement): boolean {
  if (LEFT_OUT.has(element.name) || /^(?:v|w|m|x):/.test(element.name)) return true
  const style = styleOf(element)
  if (/(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all)/.test(style)) return true
  // The mark of a list stands in the text of Word; comments and their anchors are no text of the author's.
  if (
    /mso-list\s*:\s*ignore|mso-element\s*:\s*(?:comment|endnote-list|footnote-list)|mso-special-character\s*:\s*comment/.test(
      style,
    )
  )
    return true
  return classOf(element).includes('msocomanchor') || element.attributes['aria-hidden'] === 'true'
}

/** What the element means: its own name, and the marks its style stands for. */
function marksOf(element: TreeElement, name: string): string[] {
  const style = styleOf(element)
  const weight = /(?:^|;)\s*font-weight\s*:\s*(\w+)/.exec(style)?.[1]
  const isBold = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600
  const isPlain = weight !== undefined && !isBold
  const slant = /(?:^|;)\s*font-style\s*:\s*(\w+)/.exec(style)?.[1]
  const own =
    (isPlain && (name === 'b' || name === 'strong')) || (slant === 'normal' && (name === 'i' || name === 'em'))
  if (!/^(?:span|font|a|b|strong|i|em|u|s|code|small|sup|sub)$/.test(name)) return [name]
  const marks = own ? [] : [name]
  if (isBold && name !== 'b' && name !== 'strong') marks.push('b')
  if (slant === 'italic' && name !== 'i' && name !== 'em') marks.push('i')
  if (/(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/.test(style) && name !== 's') marks.push('s')
  return marks
}

function attributesOf(element: TreeElement, name: string): Record<string, string> {
  const wanted = { a: ['href'], blockquote: ['cite', 'class'] }[name] ?? []
  const found: Record<string, string> = {}
  for (const one of wanted) {
    const value = element.attributes[one]
    if (value !== undefined) found[one] = one === 'href' ? unwrapped(value) : value
  }
  return found
}

/** Mail programs and document services lead every link over themselves; readers get the page that was meant. */
function unwrapped(address: string): string {
  const url = URL.parse(address)
  if (!url) return address
  const isGoogle = url.hostname === 'www.google.com' && url.pathname === '/url'
  const isOutlook = url.hostname.endsWith('.safelinks.protection.outlook.com')
  const inner = isGoogle ? (url.searchParams.get('q') ?? url.searchParams.get('url')) : url.searchParams.get('url')
  return (isGoogle || isOutlook) && inner && isSafeLink(inner) ? inner : address
}

/** A paragraph that Word means as an item of a list; deeper levels go on in the same list. */
function wordListOf(element: TreeElement): WordList | null {
  if (element.name !== 'p' && element.name !== 'h1') return null
  const name = /mso-list\s*:\s*(l\d+)\s+level\d/.exec(styleOf(element))?.[1]
  const mark = markIn(element)
  if (name !== undefined) return { name, ordered: NUMBER.test(mark ?? '') && !BULLET.test(mark ?? '') }
  return /^MsoListParagraph/.test(classOf(element)) ? writtenMark(element) : null
}

/** The sign or number that Word writes before an item. */
function markIn(element: TreeElement): string | undefined {
  if (/mso-list\s*:\s*ignore/.test(styleOf(element))) return textIn(element)
  for (const child of element.children) {
    const found = isElement(child) ? markIn(child) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** The same where only the words are left: the mark is taken out of them. */
function writtenMark(element: TreeElement): WordList | null {
  const first = firstText(element)
  const found = BULLET.exec(first?.text ?? '') ?? /^[\s\u00a0]*\(?\d{1,3}[.)][\s\u00a0]{2,}/.exec(first?.text ?? '')
  if (!first || !found) return null
  first.text = first.text.slice(found[0].length)
  const ordered = /\d/.test(found[0])
  return { name: ordered ? 'numbers' : 'bullets', ordered }
}

function firstText(element: TreeElement): { text: string } | null {
  for (const child of element.children) {
    const found = isElement(child) ? firstText(child) : child
    if (found && found.text.trim() !== '') return found
  }
  return null
}

function classOf(element: TreeElement): string {
  return element.attributes.class ?? ''
}

function styleOf(element: TreeElement): string {
  return (element.attributes.style ?? '').toLowerCase()
}

/** Office makes every heading bold; a heading is one already. */
function plainHeading(block: Block): Block {
  if (block.type !== 'heading') return block
  return { ...block, text: block.text.map(({ bold: _, ...run }) => run) }
}
