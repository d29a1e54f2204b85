// Moving, removing and leaving a block of the document, by its position.
// Called by the keys of editor.ts and by the views.
// Never changes what stands in a block.

import { closeHistory } from '@tiptap/pm/history'
import type { Node } from '@tiptap/pm/model'
import { NodeSelection, Selection, TextSelection, type Transaction } from '@tiptap/pm/state'
import type { View } from './context.ts'

/** The block of the top level that holds `position`. */
export function blockAt(view: View, position: number): { index: number; from: number; size: number } {
  const index = Math.min(view.state.doc.resolve(position).index(0), view.state.doc.childCount - 1)
  let from = 0
  for (let n = 0; n < index; n += 1) from += view.state.doc.child(n).nodeSize
  return { index, from, size: view.state.doc.child(index).nodeSize }
}

/** False at the edge of the document. Gives the new position of the block otherwise. */
export function moveBlock(view: View, position: number, step: -1 | 1): number | false {
  const { doc, selection } = view.state
  const { index, from, size } = blockAt(view, position)
  const other = index + step < 0 ? null : doc.maybeChild(index + step)
  if (!other) return false
  const to = step < 0 ? from - other.nodeSize : from + other.nodeSize
  const tr = ownStep(view)
    .delete(from, from + size)
    .insert(to, doc.child(index))
  if (selection instanceof TextSelection && selection.from >= from && selection.to <= from + size) {
    tr.setSelection(TextSelection.create(tr.doc, selection.anchor + to - from, selection.head + to - from))
  } else if (selection instanceof NodeSelection && selection.from === from) {
    tr.setSelection(NodeSelection.create(tr.doc, to))
  }
  view.dispatch(tr.scrollIntoView())
  return to
}

/** The caret goes where the block was. */
export function removeBlock(view: View, position: number): void {
  const { from, size } = blockAt(view, position)
  const tr = ownStep(view)
  if (view.state.doc.childCount === 1) tr.replaceWith(from, from + size, paragraph(view))
  else tr.delete(from, from + size)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size)), 1))
  view.dispatch(tr.scrollIntoView())
  view.focus()
}

/** Into the text behind or before the block; where there is none, an empty paragraph is made. */
export function leaveBlock(view: View, position: number, step: -1 | 1): void {
  const { doc } = view.state
  const { index, from, size } = blockAt(view, position)
  const edge = step < 0 ? from : from + size
  const next = index + step < 0 ? null : doc.maybeChild(index + step)
  const tr = view.state.tr
  if (!next || isCard(next)) tr.insert(edge, paragraph(view))
  const inside = step < 0 && next && !isCard(next) ? edge - 1 : edge + 1
  tr.setSelection(Selection.near(tr.doc.resolve(inside), step))
  view.dispatch(tr.scrollIntoView())
  view.focus()
}

function isCard({ type }: Node): boolean {
  return type.name === 'held' || type.name === 'gallery'
}

export function selectBlock(view: View, position: number): void {
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, blockAt(view, position).from)))
  view.focus()
}

/** At once: the editor's own command waits for a frame, and what is typed until then goes elsewhere. */
export function focusText(view: View, at?: 'start' | 'end' | number): void {
  const { doc, tr } = view.state
  if (at === 'start') view.dispatch(tr.setSelection(Selection.atStart(doc)))
  else if (at === 'end') view.dispatch(tr.setSelection(Selection.atEnd(doc)))
  else if (at !== undefined) view.dispatch(tr.setSelection(Selection.near(doc.resolve(at), -1)))
  view.focus()
}

/** The fields of the block there, in their order. */
export function fieldsOf(view: View, position: number): HTMLElement[] {
  const dom = view.nodeDOM(position)
  return dom instanceof HTMLElement ? [...dom.querySelectorAll<HTMLElement>('[data-fields] :is(input, textarea)')] : []
}

/** Undone alone, however quickly it followed another. */
function ownStep(view: View): Transaction {
  return closeHistory(view.state.tr)
}

function paragraph(view: View) {
  const { paragraph } = view.state.schema.nodes
  if (!paragraph) throw new Error('The document has no paragraphs.')
  return paragraph.create()
}
