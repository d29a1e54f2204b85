// Rows and columns of a table: added, removed, the first one a heading or not; and the way from cell to cell.
// Called by the table's view and the keys of editor.ts.
// Never touches the text of a cell that stays.

import type { Node } from '@tiptap/pm/model'
import { type EditorState, TextSelection } from '@tiptap/pm/state'
import type { View } from './context.ts'

export const TABLE_ACTS = ['rowAdd', 'rowRemove', 'columnAdd', 'columnRemove'] as const
type TableAct = (typeof TABLE_ACTS)[number] | 'headerRow'

const MAX_COLUMNS = 20 // as domain/content.ts has it
const MAX_ROWS = 500

/** `position` of the table. The row and column are those of the caret, or the last ones. */
export function changeTable(view: View, position: number, act: TableAct): void {
  const table = view.state.doc.nodeAt(position)
  if (!table) return
  const at = cellOf(view.state, position)
  const rows = changed(rowsOf(table), act, at ?? { row: table.childCount - 1, column: columnsOf(table) - 1 })
  if (rows.length === 0 || rows.length > MAX_ROWS + 1 || rows.some((row) => row.cells.length > MAX_COLUMNS)) return
  const { schema } = view.state
  const cellNode = (cell: Node | null) => cell ?? schema.node('tableCell')
  const next = rows.map((row) => schema.node('tableRow', { header: row.header }, row.cells.map(cellNode)))
  const tr = view.state.tr.replaceWith(position + 1, position + table.nodeSize - 1, next)
  const to = cellPosition(tr.doc, position, Math.min(at?.row ?? 0, rows.length - 1), at?.column ?? 0)
  if (to !== null) tr.setSelection(TextSelection.create(tr.doc, to))
  view.dispatch(tr)
  view.focus()
}

type Row = { header: boolean; cells: (Node | null)[] }

function rowsOf(table: Node): Row[] {
  return table.content.content.map((row) => ({ header: row.attrs.header === true, cells: [...row.content.content] }))
}

function columnsOf(table: Node): number {
  return Math.max(1, ...table.content.content.map((row) => row.childCount))
}

function changed(rows: Row[], act: TableAct, at: { row: number; column: number }): Row[] {
  const columns = Math.max(1, ...rows.map((row) => row.cells.length))
  switch (act) {
    case 'rowAdd':
      return rows.toSpliced(at.row + 1, 0, { header: false, cells: Array.from({ length: columns }, () => null) })
    case 'rowRemove':
      return rows.toSpliced(at.row, 1)
    case 'columnAdd':
      return rows.map((row) => ({ ...row, cells: filled(row.cells, at.column + 1).toSpliced(at.column + 1, 0, null) }))
    case 'columnRemove':
      return columns < 2 ? rows : rows.map((row) => ({ ...row, cells: row.cells.toSpliced(at.column, 1) }))
    case 'headerRow':
      return rows.map((row, index) => ({ ...row, header: index === 0 && !row.header }))
  }
}

function filled(cells: (Node | null)[], columns: number): (Node | null)[] {
  return [...cells, ...Array.from({ length: Math.max(0, columns - cells.length) }, () => null)]
}

/** The caret's cell in the table that begins at `position`; null when it stands elsewhere. */
function cellOf(state: EditorState, position: number): { row: number; column: number } | null {
  const { $from } = state.selection
  const depth = tableDepth(state)
  if (depth === 0 || $from.before(depth) !== position || $from.depth < depth + 2) return null
  return { row: $from.index(depth), column: $from.index(depth + 1) }
}

function tableDepth(state: EditorState): number {
  const { $from } = state.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === 'table') return depth
  return 0
}

/** Where text of a cell begins; null when there is no such cell. */
function cellPosition(doc: Node, position: number, row: number, column: number): number | null {
  const table = doc.nodeAt(position)
  const line = table?.maybeChild(row)
  const cell = line?.maybeChild(Math.min(column, line.childCount - 1))
  if (!table || !line || !cell) return null
  let at = position + 1
  for (let n = 0; n < row; n += 1) at += table.child(n).nodeSize
  at += 1
  for (let n = 0; n < Math.min(column, line.childCount - 1); n += 1) at += line.child(n).nodeSize
  return at + 1
}

/** Tab and Shift+Tab. False past the last cell: then the key leads out, as everywhere on a page. */
export function nextCell(view: View, step: -1 | 1): boolean {
  const depth = tableDepth(view.state)
  if (depth === 0) return false
  const { $from } = view.state.selection
  const table = $from.node(depth)
  const position = $from.before(depth)
  let row = $from.index(depth)
  let column = $from.index(depth + 1) + step
  while (row >= 0 && row < table.childCount) {
    const cells = table.child(row).childCount
    if (column >= 0 && column < cells) return caretAt(view, cellPosition(view.state.doc, position, row, column))
    row += step
    column = step > 0 ? 0 : (table.maybeChild(row)?.childCount ?? 0) - 1
  }
  return false
}

/** Enter: the cell below; under the last row a new one. */
export function cellBelow(view: View): boolean {
  const depth = tableDepth(view.state)
  if (depth === 0) return false
  const { $from } = view.state.selection
  const position = $from.before(depth)
  const at = { row: $from.index(depth), column: $from.index(depth + 1) }
  if (at.row === $from.node(depth).childCount - 1) changeTable(view, position, 'rowAdd')
  return caretAt(view, cellPosition(view.state.doc, position, at.row + 1, at.column))
}

function caretAt(view: View, position: number | null): boolean {
  if (position === null) return false
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position)).scrollIntoView())
  return true
}
