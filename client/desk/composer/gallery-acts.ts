// Galleries in the document: joined from photos that stand together, put in another order, taken apart.
// Called by the keys of editor.ts, by the views and by insert.ts.
// Never changes a photo: only where it stands.

import { closeHistory } from '@tiptap/pm/history'
import type { Node } from '@tiptap/pm/model'
import { NodeSelection } from '@tiptap/pm/state'
import { Decoration } from '@tiptap/pm/view'
import { MAX_GALLERY } from '../../../src/domain/content.ts'
import type { View } from './context.ts'
import { blockAt, fieldsOf, moveBlock, removeBlock } from './moves.ts'

/** What a part says of its neighbours. `together`: photos from this one on that could be one gallery. `at`: from 1, in a gallery. */
export type GalleryMarks = { together: number; at: number; count: number }

export function marksOf(decorations: readonly Decoration[]): GalleryMarks {
  const found = decorations.find(({ spec }) => spec.gallery)?.spec
  return { together: found?.together ?? 0, at: found?.at ?? 0, count: found?.count ?? 0 }
}

/** They change with the neighbours, so that a view is drawn again when only those did. */
export function galleryMarks(doc: Node): Decoration[] {
  const found: Decoration[] = []
  const mark = (from: number, node: Node, spec: Partial<GalleryMarks>) =>
    found.push(Decoration.node(from, from + node.nodeSize, {}, { gallery: true, ...spec }))
  doc.forEach((node, offset, index) => {
    const isFirst = isPhoto(node) && !(index > 0 && isPhoto(doc.child(index - 1)))
    if (isFirst) mark(offset, node, { together: togetherFrom(doc, index) })
    if (node.type.name !== 'gallery') return
    node.forEach((photo, inner, at) => mark(offset + 1 + inner, photo, { at: at + 1, count: node.childCount }))
  })
  return found
}

/** The photo at `position` and those right below it. */
export function joinGallery(view: View, position: number): void {
  const { doc, schema } = view.state
  const { index, from } = blockAt(view, position)
  const photos = Array.from({ length: togetherFrom(doc, index) }, (_, n) => doc.child(index + n))
  const size = photos.reduce((sum, { nodeSize }) => sum + nodeSize, 0)
  const inside = photos.map(({ attrs }) => schema.node('photo', attrs))
  view.dispatch(closeHistory(view.state.tr).replaceWith(from, from + size, schema.node('gallery', null, inside)))
  focusFirst(view, from)
}

/** Its photos stand alone, in their order. */
export function takeApart(view: View, position: number): void {
  const { doc, schema } = view.state
  const { index, from, size } = blockAt(view, position)
  const alone = doc.child(index).content.content.map(({ attrs }) => schema.node('held', attrs))
  view.dispatch(closeHistory(view.state.tr).replaceWith(from, from + size, alone))
  focusFirst(view, from)
}

/** Gives where the photo stands then; false at the edge of its gallery. */
export function movePhoto(view: View, position: number, step: -1 | 1): number | false {
  const $photo = view.state.doc.resolve(position)
  const photo = $photo.nodeAfter
  const other = step < 0 ? $photo.nodeBefore : $photo.parent.maybeChild($photo.index() + 1)
  if (!photo || !other) return false
  const to = position + step * other.nodeSize
  const tr = closeHistory(view.state.tr)
    .delete(position, position + photo.nodeSize)
    .insert(to, photo)
  const { selection } = view.state
  if (selection instanceof NodeSelection && selection.from === position)
    tr.setSelection(NodeSelection.create(tr.doc, to))
  view.dispatch(tr.scrollIntoView())
  return to
}

/** The last one takes its gallery with it. Gives where the next photo stands; null: there is none. */
export function removePhoto(view: View, position: number): number | null {
  const $photo = view.state.doc.resolve(position)
  const { parent, nodeAfter } = $photo
  if (parent.childCount === 1 || !nodeAfter) {
    removeBlock(view, position)
    return null
  }
  const isLast = $photo.index() === parent.childCount - 1
  const next = isLast ? position - ($photo.nodeBefore?.nodeSize ?? 0) : position
  view.dispatch(closeHistory(view.state.tr).delete(position, position + nodeAfter.nodeSize))
  return next
}

export function moveSelected(view: View, step: -1 | 1): void {
  const { selection } = view.state
  const isInside = selection instanceof NodeSelection && selection.node.type.name === 'photo'
  if (isInside) movePhoto(view, selection.from, step)
  else moveBlock(view, selection.from, step)
}

/** The gallery that holds `at`, else the selection; `end`: behind its last photo, `room`: photos it still takes. */
export function galleryAt(view: View, at = view.state.selection.from): { end: number; room: number } | null {
  const { doc } = view.state
  const index = doc.resolve(Math.min(at, doc.content.size)).index(0)
  const { from, size } = blockAt(view, at)
  const gallery = doc.maybeChild(index)
  // At its very edge the place is between two parts.
  const isOn = at > from || (view.state.selection instanceof NodeSelection && view.state.selection.from === from)
  if (gallery?.type.name !== 'gallery' || !isOn) return null
  return { end: from + size - 1, room: Math.max(0, MAX_GALLERY - gallery.childCount) }
}

export function insertPhotos(view: View, photos: readonly Node[], at: number): number {
  view.dispatch(
    closeHistory(view.state.tr)
      .insert(at, [...photos])
      .scrollIntoView(),
  )
  return at
}

export function focusFirst(view: View, position: number): void {
  fieldsOf(view, position)[0]?.focus()
}

function togetherFrom(doc: Node, index: number): number {
  let count = 0
  while (count < MAX_GALLERY) {
    const node = doc.maybeChild(index + count)
    if (!node || !isPhoto(node)) break
    count += 1
  }
  return count
}

function isPhoto(node: Node): boolean {
  return node.type.name === 'held' && node.attrs.block?.type === 'image'
}
