// A table of foreign HTML while it is read.
// Called by formats/html/walk.ts. Never keeps a layout table as a table: one column is running text.

import { MAX_CAPTION, type Run } from '../../domain/content.ts'
import type { BlockList } from './blocks.ts'

const MAX_COLUMNS = 20
const MAX_ROWS = 500
const MAX_CELL_RUNS = 400
const MAX_TABLE = 80_000 // characters of all cells; what comes after is left out and noted

export class TableFrame {
  inCell = false
  readonly after: (() => void)[] = []
  private caption = ''
  private header: Run[][] = []
  private readonly rows: Run[][][] = []
  private row: Run[][] | null = null
  private rowIsHeader = true
  private size = 0
  private cutOff = false

  addCaption(runs: Run[]): void {
    this.caption = `${this.caption} ${runs.map((run) => run.text).join('')}`.trim().slice(0, MAX_CAPTION)
  }

  startRow(): void {
    this.endRow()
    this.row = []
    this.rowIsHeader = true
  }

  addCell(runs: Run[], isHeader: boolean): void {
    this.row ??= []
    this.rowIsHeader &&= isHeader
    this.size += runs.reduce((sum, run) => sum + run.text.length + 20, 20)
    if (this.row.length >= MAX_COLUMNS || this.size > MAX_TABLE) this.cutOff = true
    else this.row.push(runs.slice(0, MAX_CELL_RUNS))
  }

  endRow(): void {
    const { row } = this
    this.row = null
    if (!row?.some((cell) => cell.length > 0)) return
    if (this.rowIsHeader && this.header.length === 0 && this.rows.length === 0) this.header = row
    else if (this.rows.length < MAX_ROWS) this.rows.push(row)
    else this.cutOff = true
  }

  write(list: BlockList): void {
    this.endRow()
    if (this.cutOff) list.note('A table was larger than a table may be; its end was left out.')
    const all = this.header.length > 0 ? [this.header, ...this.rows] : this.rows
    if (all.every((row) => row.length <= 1)) {
      if (this.caption) list.add({ type: 'paragraph', text: [{ text: this.caption }] })
      for (const text of all.flat()) list.add({ type: 'paragraph', text })
    } else {
      const caption = this.caption ? { caption: this.caption } : {}
      list.add({ type: 'table', ...caption, header: this.header, rows: this.rows })
    }
    for (const write of this.after) write()
  }
}
