// The composer's document: one node per kind of part that is written in place, one for all that is held as a card.
// Called by composer.tsx, which adds the views, and by tests. Runs without a DOM.
// Never allows what domain/content.ts could not hold; how a document becomes content is said in document.ts alone.

import { type Extensions, InputRule, Mark, mergeAttributes, Node, wrappingInputRule } from '@tiptap/core'
import type { Transaction } from '@tiptap/pm/state'
import { type Block, blockSchema, isSafeLink } from '../../../src/domain/content.ts'
import { addressAt } from '../../../src/domain/plain-address.ts'

const Document = Node.create({ name: 'doc', topNode: true, content: 'block+' })
const Text = Node.create({ name: 'text', group: 'inline' })

const Paragraph = Node.create({
  name: 'paragraph',
  group: 'block',
  content: 'inline*',
  priority: 1_000, // the first textblock is what an empty document is filled with
  parseHTML: () => [{ tag: 'p' }],
  renderHTML: ({ HTMLAttributes }) => ['p', HTMLAttributes, 0],
})

const Heading = Node.create({
  name: 'heading',
  group: 'block',
  content: 'inline*',
  defining: true,
  addAttributes: () => ({ level: { default: 3, rendered: false } }),
  parseHTML: () => [
    { tag: 'h3', attrs: { level: 3 } },
    { tag: 'h4', attrs: { level: 4 } },
  ],
  renderHTML: ({ node, HTMLAttributes }) => [node.attrs.level === 4 ? 'h4' : 'h3', HTMLAttributes, 0],
})

/** One paragraph each: the content has no list in a list. */
const ListItem = Node.create({
  name: 'listItem',
  content: 'paragraph',
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  renderHTML: ({ HTMLAttributes }) => ['li', HTMLAttributes, 0],
})

const listOf = (name: string, tag: 'ul' | 'ol', find: RegExp) =>
  Node.create({
    name,
    group: 'block list',
    content: 'listItem+',
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
    addInputRules() {
      return [wrappingInputRule({ find, type: this.type })]
    },
  })
const BulletList = listOf('bulletList', 'ul', /^\s*[-*•]\s$/)
const OrderedList = listOf('orderedList', 'ol', /^1[.)]\s$/)

/** Speaker and source are attributes: their fields stand under the text (fields.tsx). */
const Quote = Node.create({
  name: 'quote',
  group: 'block',
  content: 'paragraph+',
  defining: true,
  addAttributes: () => ({ speaker: jsonAttribute('data-speaker'), source: jsonAttribute('data-source') }),
  parseHTML: () => [{ tag: 'blockquote' }],
  renderHTML: ({ HTMLAttributes }) => ['blockquote', HTMLAttributes, 0],
  addInputRules() {
    return [wrappingInputRule({ find: /^\s*>\s$/, type: this.type })]
  },
})

const heldBase = {
  atom: true,
  selectable: true,
  draggable: true,
  isolating: true,
  addAttributes: () => ({
    block: {
      default: null,
      parseHTML: (element: HTMLElement) => heldBlockFrom(element.getAttribute('data-block')),
      renderHTML: (attributes: Record<string, unknown>) => ({ 'data-block': JSON.stringify(attributes.block) }),
    },
  }),
}

/** Pictures, clips, embeds and data: the block itself is the attribute, so that nothing of it can be lost. */
const Held = Node.create({
  ...heldBase,
  name: 'held',
  group: 'block',
  parseHTML: () => [
    {
      tag: 'div[data-block]',
      getAttrs: (element) => {
        const block = heldBlockFrom(element.getAttribute('data-block'))
        return block !== null && block.type !== 'gallery' && null
      },
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],
})

/** A photo in a gallery: as one that stands alone, under another name, so that no other part comes into a gallery. */
const Photo = Node.create({
  ...heldBase,
  name: 'photo',
  priority: 200, // asked before what stands alone
  parseHTML: () => [
    {
      tag: 'div[data-photo]',
      getAttrs: (element) => heldBlockFrom(element.getAttribute('data-block'))?.type === 'image' && null,
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ['div', { 'data-photo': '', ...HTMLAttributes }],
})
const Gallery = Node.create({
  name: 'gallery',
  group: 'block',
  content: 'photo+',
  isolating: true,
  selectable: true,
  draggable: true,
  parseHTML: () => [{ tag: 'div[data-gallery]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', { 'data-gallery': '', ...HTMLAttributes }, 0],
})

/** Rows may differ in length and be empty, as the content's may. A row with `header` comes first or not at all. */
const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow*',
  isolating: true,
  selectable: true,
  addAttributes: () => ({ caption: jsonAttribute('data-caption') }),
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
})
const TableRow = Node.create({
  name: 'tableRow',
  content: 'tableCell*',
  addAttributes: () => ({
    header: {
      default: false,
      parseHTML: (element) => element.hasAttribute('data-header'),
      renderHTML: (attributes) => (attributes.header ? { 'data-header': '' } : {}),
    },
  }),
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: ({ HTMLAttributes }) => ['tr', HTMLAttributes, 0],
})
const TableCell = Node.create({
  name: 'tableCell',
  content: 'inline*',
  isolating: true,
  parseHTML: () => [{ tag: 'td' }, { tag: 'th' }],
  renderHTML: ({ HTMLAttributes }) => ['td', HTMLAttributes, 0],
})

const HardBreak = Node.create({
  name: 'hardBreak',
  group: 'inline',
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: 'br' }],
  renderHTML: () => ['br'],
  renderText: () => '\n',
  addKeyboardShortcuts() {
    return { 'Shift-Enter': () => this.editor.commands.insertContent({ type: 'hardBreak' }) }
  },
})

const markOf = (name: string, tag: string, others: string[], key: string) =>
  Mark.create({
    name,
    code: name === 'code',
    excludes: name, // only itself: a run may carry every mark
    parseHTML: () => [tag, ...others].map((one) => ({ tag: one })),
    renderHTML: () => [tag, 0],
    addKeyboardShortcuts() {
      return { [key]: () => this.editor.commands.toggleMark(name) }
    },
  })
const Bold = markOf('bold', 'strong', ['b'], 'Mod-b')
const Italic = markOf('italic', 'em', ['i'], 'Mod-i')
const Strike = markOf('strike', 's', ['del'], 'Mod-Shift-x')
const Code = markOf('code', 'code', [], 'Mod-e')

const Link = Mark.create({
  name: 'link',
  inclusive: false, // what is typed after a link is no link
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: 'a[href]', getAttrs: (element) => isSafeLink(element.getAttribute('href') ?? '') && null }],
  renderHTML: ({ HTMLAttributes }) => ['a', mergeAttributes(HTMLAttributes, { rel: 'noopener' }), 0],
  addInputRules() {
    return [new InputRule({ find: /https?:\/\/\S+ $/i, handler: linkTyped })]
  },
})

type Typed = Parameters<InputRule['handler']>[0]

/** A typed address becomes a link with the space behind it, as in the plain form; undo takes the link back. */
function linkTyped({ state, range, match }: Typed): null | undefined {
  return linkAddress(state.tr, range.from, match[0]) ? undefined : null
}

/** `text` stands at `from`. False when it is no address, or is linked already. */
export function linkAddress(tr: Transaction, from: number, text: string): boolean {
  const length = addressAt(text, 0)
  const mark = tr.doc.type.schema.mark('link', { href: text.slice(0, length) })
  if (length === 0 || tr.doc.rangeHasMark(from, from + length, mark.type)) return false
  tr.addMark(from, from + length, mark).removeStoredMark(mark.type)
  return true
}

export const SCHEMA_EXTENSIONS: Extensions = [
  ...[Document, Text, Paragraph, Heading, BulletList, OrderedList, ListItem, Quote, Held, Gallery, Photo],
  ...[Table, TableRow, TableCell, HardBreak, Link, Bold, Italic, Strike, Code],
]

/** A value that is written as JSON; null = none. */
function jsonAttribute(name: string) {
  const key = name.slice('data-'.length)
  return {
    default: null,
    parseHTML: (element: HTMLElement) => parsed(element.getAttribute(name)),
    renderHTML: (attributes: Record<string, unknown>) =>
      attributes[key] === null ? {} : { [name]: JSON.stringify(attributes[key]) },
  }
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json)
  } catch {
    return null
  }
}

/** The clipboard is anybody's: only what the content could hold comes in. */
function heldBlockFrom(json: string | null): Block | null {
  const block = blockSchema.safeParse(parsed(json))
  return block.success ? block.data : null
}
