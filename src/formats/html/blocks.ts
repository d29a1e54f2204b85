// The blocks made so far and what had to be left out, within the limits of a post.
// Called by formats/html/walk.ts. Never holds a block that domain/content.ts would refuse.

import { type Block, blockSchema, MAX_BLOCKS, MAX_CONTENT_BYTES, plainRuns, type Run } from '../../domain/content.ts'

const MAX_BLOCK_BYTES = MAX_CONTENT_BYTES - 48 * 1024 // the rest is for headline, bylines and tags at their longest

export class BlockList {
  readonly blocks: Block[] = []
  private readonly notes = new Set<string>()
  private bytes = 0
  private full = false

  /** A block past the limits is left out and noted; after the first one everything is, so that no hole appears in the text. */
  add(block: Block): void {
    if (this.full) return
    const parsed = blockSchema.safeParse(block)
    if (!parsed.success) return this.note(`A part of kind "${block.type}" could not be read and was left out.`)
    if (isHollow(parsed.data)) return
    this.bytes += JSON.stringify(parsed.data).length + 1
    if (this.blocks.length >= MAX_BLOCKS || this.bytes > MAX_BLOCK_BYTES) {
      this.full = true
      return this.note('The text is longer than a post may be; its end was left out.')
    }
    this.blocks.push(parsed.data)
  }

  note(problem: string): void {
    this.notes.add(problem)
  }

  problems(): string[] {
    return [...this.notes]
  }
}

/** Several paragraphs in a place that holds one text: a list item, a cell. */
export function joinRuns(before: Run[], more: Run[]): Run[] {
  return before.length === 0 ? more : [...before, { text: '\n' }, ...more]
}

function isHollow(block: Block): boolean {
  return (block.type === 'paragraph' || block.type === 'heading') && plainRuns(block.text) === ''
}
