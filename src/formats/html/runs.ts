// Collects text with its marks into runs, as a browser would join it: white space single, ends trimmed.
// Called by formats/html/walk.ts. Never gives out a run or a list of runs beyond the limits of domain/content.ts.

import type { Run } from '../../domain/content.ts'

export type Marks = Omit<Run, 'text'>

const MAX_RUN = 5_000 // characters; half of what a run may hold, since cleaning can lengthen text
const MAX_RUNS = 200 // of one paragraph; the content allows 500, a list item may be joined of two
const MAX_PARAGRAPH = 20_000 // characters; longer ones go on in the next paragraph, at the next space

export class RunBuffer {
  private parts: Run[] = []
  private done: Run[][] = []
  private size = 0
  private atSpace = true

  push(text: string, marks: Marks, preserve: boolean): void {
    let rest = text.normalize('NFC')
    if (!preserve) {
      rest = rest.replace(/[ \t\n\r\f]+/g, ' ')
      if (this.atSpace && rest.startsWith(' ')) rest = rest.slice(1)
    }
    if (rest === '') return
    this.atSpace = rest.endsWith(' ') || rest.endsWith('\n')
    while (rest.length > 0) {
      const piece = rest.slice(0, wordCutAt(rest, MAX_RUN))
      this.append(piece, marks)
      rest = rest.slice(piece.length)
    }
  }

  /** A line break. True when there already was one: two of them part paragraphs. */
  lineBreak(): boolean {
    const last = this.parts.at(-1)
    if (!last) return this.done.length > 0
    last.text = last.text.replace(/ +$/, '')
    if (last.text.endsWith('\n')) return true
    this.append('\n', {})
    this.atSpace = true
    return false
  }

  /** What was collected, as paragraphs (nearly always one); empty when there was no visible text. */
  take(): Run[][] {
    this.close()
    const paragraphs = this.done
    this.done = []
    this.atSpace = true
    return paragraphs
  }

  private append(text: string, marks: Marks): void {
    const last = this.parts.at(-1)
    if (last && last.text.length + text.length <= MAX_RUN && sameMarks(last, marks)) last.text += text
    else this.parts.push({ text, ...marks })
    this.size += text.length
    const full = this.parts.length >= MAX_RUNS || this.size >= MAX_PARAGRAPH
    const between = /\s$/.test(text)
    if ((full && between) || this.parts.length >= 2 * MAX_RUNS || this.size >= 2 * MAX_PARAGRAPH) this.close()
  }

  private close(): void {
    const last = this.parts.at(-1)
    if (last) last.text = last.text.replace(/[ \n]+$/, '')
    const runs = this.parts.filter((run) => run.text !== '')
    if (runs.some((run) => run.text.trim() !== '')) this.done.push(runs)
    this.parts = []
    this.size = 0
  }
}

/** Never between the two halves of one character. */
export function cutAt(text: string, max: number): number {
  if (text.length <= max) return text.length
  const before = text.charCodeAt(max - 1)
  return before >= 0xd800 && before <= 0xdbff ? max - 1 : max
}

function wordCutAt(text: string, max: number): number {
  const space = text.length <= max ? -1 : text.lastIndexOf(' ', max - 1)
  return space > max / 2 ? space + 1 : cutAt(text, max)
}

function sameMarks(run: Run, marks: Marks): boolean {
  return (
    run.bold === marks.bold &&
    run.italic === marks.italic &&
    run.code === marks.code &&
    run.strike === marks.strike &&
    run.link === marks.link
  )
}
