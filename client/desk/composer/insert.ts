// What comes in other than by typing: pasted, dropped or chosen. Text becomes blocks, files are sent, addresses become links.
// Called by editor.ts and composer.tsx.
// Never inserts what document.ts could not read back, and never links to a picture of another server.

import { Fragment, type Node, Slice } from '@tiptap/pm/model'
import { TextSelection } from '@tiptap/pm/state'
import { type Block, type BlockOf, isSafeLink, MAX_GALLERY, MAX_URL } from '../../../src/domain/content.ts'
import { addressAt } from '../../../src/domain/plain-address.ts'
import type { ComposerContext, View } from './context.ts'
import { nodeOf } from './document.ts'
import { galleryAt, insertPhotos } from './gallery-acts.ts'
import { fill } from './labels.ts'
import { blockAt, fieldsOf } from './moves.ts'
import { pictureNumber, readPastedHtml } from './paste-html.ts'
import { readPastedText } from './paste-text.ts'

/** What a chooser of files offers. */
export const CHOSEN_FILES = 'image/*,video/*,audio/*'
export const MAX_FILES = 20 // at once; a gallery holds 50, a post of more photos is a gallery
const MAX_HTML = 5_000_000 // characters; a page of Word with its pictures has under 1,000,000
/** Marks what was copied here: it comes back as it was. Anything else is read as foreign. */
export const OWN_MARK = 'data-dateline'

const VIDEO = /^(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com|dailymotion\.com)$/
const VIDEO_FILE = /\.(?:mp4|webm|m4v|mov|m3u8)$/i
const AUDIO_FILE = /\.(?:mp3|m4a|aac|ogg|oga|opus|wav|flac)$/i

/** True when it was taken. `at`: where it was dropped; absent = the selection. */
export function takeTransfer(view: View, context: ComposerContext, data: DataTransfer, at?: number): boolean {
  const html = data.getData('text/html')
  const text = data.getData('text/plain')
  if (html.includes(OWN_MARK) && html.includes('data-pm-slice')) return false // ours: ProseMirror reads it by the schema
  const files = [...data.files]
  if (files.length > 0 && !hasWords(html, text)) {
    addFiles(view, context, files, at)
    return true
  }
  if (at !== undefined) placeCaret(view, at)
  if (isAddress(text.trim())) return takeAddress(view, text.trim())
  if (html !== '' && html.length <= MAX_HTML) return takeHtml(view, context, html) || takeText(view, text)
  return takeText(view, text)
}

/** A picture copied from a page brings its own HTML; text copied from Word brings a picture of itself. */
function hasWords(html: string, text: string): boolean {
  return text.trim() !== '' && (html === '' || html.replace(/<[^>]*>/g, '').trim() !== '')
}

/** Files that are neither pictures nor clips, and clips that are too large, are named and left out. */
export function addFiles(view: View, context: ComposerContext, files: readonly File[], at?: number): void {
  const { labels, uploads } = context
  const { pictures, clips, problems } = sorted(files, context)
  if (pictures.length > MAX_FILES) problems.push(fill(labels.tooMany, { max: MAX_FILES }))
  const { schema } = view.state
  const gallery = galleryAt(view, at)
  const room = Math.min(MAX_FILES, gallery?.room ?? MAX_FILES)
  if (gallery && pictures.length > gallery.room) problems.push(fill(labels.galleryFull, { max: MAX_GALLERY }))
  const nodes = pictures
    .slice(0, room)
    .map((file) => schema.node(gallery ? 'photo' : 'held', { block: { ...emptyPicture(), media: uploads.add(file) } }))
  addClips(view, context, clips, gallery ? gallery.end : at)
  const joined = gallery || nodes.length < 2 ? [] : [fill(labels.severalPhotos, { count: nodes.length })]
  context.say([...problems, ...joined])
  if (nodes.length === 0) return
  const position = gallery ? insertPhotos(view, nodes, gallery.end) : insertAround(view, nodes, at)
  fieldsOf(view, position)[0]?.focus()
}

function sorted(files: readonly File[], { labels, maxClip }: ComposerContext) {
  const problems: string[] = []
  const pictures: File[] = []
  const clips: File[] = []
  for (const file of files) {
    const isClip = kindOfClip(file) !== null
    if (isPicture(file)) pictures.push(file)
    else if (!isClip) problems.push(fill(labels.notPicture, { file: file.name }))
    else if (file.size <= maxClip) clips.push(file)
    else problems.push(fill(labels.clipTooLarge, { file: file.name, max: Math.floor(maxClip / 1024 / 1024) }))
  }
  return { pictures, clips, problems }
}

/** Each a part of its own, also where it was dropped on a gallery. */
function addClips(view: View, { uploads }: ComposerContext, clips: readonly File[], at?: number): void {
  if (clips.length === 0) return
  const nodes = clips.map((file) => {
    const block = { type: kindOfClip(file) ?? 'video', media: uploads.add(file), title: '', caption: '', credit: '' }
    return view.state.schema.node('held', { block })
  })
  const position = insertAround(view, nodes, at)
  fieldsOf(view, position)[0]?.focus()
}

function kindOfClip({ type, name }: File): 'video' | 'audio' | null {
  if (type.startsWith('video/') || VIDEO_FILE.test(name)) return 'video'
  return type.startsWith('audio/') || type === 'application/ogg' || AUDIO_FILE.test(name) ? 'audio' : null
}

/** Two by two with a heading row, the caret in its first cell. */
export function insertTable(view: View): void {
  const { schema } = view.state
  const cells = [schema.node('tableCell'), schema.node('tableCell')]
  const rows = [true, false].map((header) => schema.node('tableRow', { header }, cells))
  placeCaret(view, insertAround(view, [schema.node('table', null, rows)]) + 3)
  view.focus()
}

/** After the block of the caret; in place of an empty paragraph. Gives where the first one stands. */
function insertAround(view: View, nodes: readonly Node[], at = view.state.selection.from): number {
  const { state } = view
  const { index, from, size } = blockAt(view, Math.min(at, state.doc.content.size))
  const block = state.doc.maybeChild(index)
  const isEmpty = block?.type.name === 'paragraph' && block.childCount === 0
  const start = isEmpty || !block ? from : from + size
  const isLast = index >= state.doc.childCount - 1
  const after = isLast ? [state.schema.node('paragraph')] : []
  view.dispatch(state.tr.replaceWith(start, isEmpty ? from + size : start, [...nodes, ...after]).scrollIntoView())
  return start
}

function isPicture(file: File): boolean {
  return file.type.startsWith('image/') || /\.(?:heic|heif|avif)$/i.test(file.name)
}

function emptyPicture(): BlockOf<'image'> {
  return { type: 'image', alt: '', caption: '', credit: '' }
}

function takeHtml(view: View, context: ComposerContext, html: string): boolean {
  const read = readPastedHtml(html)
  if (read === null) return false
  const { blocks, pictures, leftOut, problems } = read
  const { labels, uploads } = context
  const said = leftOut > 0 ? [...problems, fill(labels.picturesLeft, { count: leftOut })] : problems
  context.say(said)
  const nodes = blocks.map((block) => {
    const number = pictureNumber(block)
    const file = number === null ? null : fileFrom(pictures[number] ?? '', number + 1)
    if (!file) return view.state.schema.nodeFromJSON(nodeOf(block))
    const held = {
      ...emptyPicture(),
      ...(block.type === 'image' && { alt: block.alt, caption: block.caption, credit: block.credit }),
    }
    return view.state.schema.node('held', { block: { ...held, media: uploads.add(file) } })
  })
  if (nodes.length > 0) insertNodes(view, nodes)
  return nodes.length > 0 || leftOut > 0
}

function fileFrom(address: string, number: number): File | null {
  const [head = '', data = ''] = address.split(',', 2)
  const type = /^data:(image\/\w+)/i.exec(head)?.[1] ?? ''
  try {
    const bytes = Uint8Array.from(atob(data.trim()), (char) => char.charCodeAt(0))
    return new File([bytes], `pasted-${number}.${type.split('/')[1]}`, { type })
  } catch {
    return null
  }
}

function takeText(view: View, text: string): boolean {
  const blocks = readPastedText(text)
  if (blocks.length > 0)
    insertNodes(
      view,
      blocks.map((block) => view.state.schema.nodeFromJSON(nodeOf(block))),
    )
  return true
}

/** Over a selection it links it, alone on its line it is an embed or a clip, elsewhere it is a link. */
function takeAddress(view: View, address: string): boolean {
  const { state } = view
  const { from, to, empty, $from } = state.selection
  const link = state.schema.mark('link', { href: address })
  const isWeb = /^https?:/i.test(address)
  if (!empty) view.dispatch(state.tr.addMark(from, to, link).scrollIntoView())
  else if (isWeb && $from.depth === 1 && $from.parent.type.name === 'paragraph' && $from.parent.content.size === 0) {
    insertAround(view, [state.schema.nodeFromJSON(nodeOf(blockFor(address)))])
    placeCaret(view, view.state.selection.from + 1)
    view.focus()
  } else view.dispatch(state.tr.replaceSelectionWith(state.schema.text(address, [link]), false).scrollIntoView())
  return true
}

function blockFor(address: string): Block {
  const { hostname, pathname } = new URL(address)
  const clip = { source: address, title: '', caption: '', credit: '' }
  if (VIDEO.test(hostname) || VIDEO_FILE.test(pathname)) return { type: 'video', ...clip }
  return AUDIO_FILE.test(pathname) ? { type: 'audio', ...clip } : { type: 'embed', url: address }
}

function isAddress(text: string): boolean {
  if (text.length > MAX_URL || /\s/.test(text)) return false
  return (
    (/^https?:/i.test(text) && addressAt(text, 0) === text.length) || (/^mailto:.+@/i.test(text) && isSafeLink(text))
  )
}

function placeCaret(view: View, at: number): void {
  const { state } = view
  const near = TextSelection.near(state.doc.resolve(Math.min(at, state.doc.content.size)))
  view.dispatch(state.tr.setSelection(near))
}

/** One paragraph flows into the text; in a list paragraphs are items; in a cell all is one text. */
export function insertNodes(view: View, nodes: readonly Node[]): void {
  const { state } = view
  const { $from } = state.selection
  const fragment = Fragment.from(nodes)
  const isText = (node: Node | null | undefined) => node?.type.name === 'paragraph'
  const list = $from.depth >= 3 && $from.node(-1).type.name === 'listItem' ? $from.node(-2).type.name : null
  let slice = new Slice(fragment, isText(nodes[0]) ? 1 : 0, isText(nodes.at(-1)) ? 1 : 0)
  if ($from.parent.type.name === 'tableCell') slice = new Slice(Fragment.from(inlineOf(view, nodes)), 0, 0)
  else if (list && nodes.length > 1 && nodes.every(isText)) {
    const items = nodes.map((node) => state.schema.node('listItem', null, node))
    slice = new Slice(Fragment.from(state.schema.node(list, null, items)), 3, 3)
  }
  view.dispatch(state.tr.replaceSelection(slice).scrollIntoView().setMeta('uiEvent', 'paste'))
}

function inlineOf(view: View, nodes: readonly Node[]): Node[] {
  const lines: Node[][] = []
  for (const node of nodes) {
    node.descendants((inner) => {
      if (inner.isTextblock) lines.push([...inner.content.content])
    })
    if (node.isTextblock) lines.push([...node.content.content])
  }
  return lines.flatMap((line, index) => (index > 0 ? [view.state.schema.node('hardBreak'), ...line] : line))
}
