// Photos that the server has not got, as they stand in a text: by their key in the place of their id.
// Called by keep/store.ts, keep/files.ts and the composer. Pure.
// Never writes over words of the author's with those of a file.

import type { Block, ImageBlock, PostContent } from '../../../src/domain/content.ts'
import type { Uploaded } from '../composer/uploads.ts'

/** `key`: also the act's key at the server, so that a lost answer makes no second photo. `result`: the server has it, `file` is gone. */
export type KeptFile = {
  key: string
  storyId: string
  file: File | null
  addedAt: number
  result: Uploaded | null
}

/** Ids and keys of the photos of a text, in its order. */
export function photosIn(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.type === 'image' && block.media !== undefined ? [block.media] : []))
}

/** The same blocks again where none of them waits for this photo. */
export function withResult<T extends readonly Block[]>(blocks: T, key: string, result: Uploaded): T {
  const waits = (block: Block): block is ImageBlock => block.type === 'image' && block.media === key
  if (!blocks.some(waits)) return blocks
  return blocks.map((block) => (waits(block) ? arrived(block, result) : block)) as unknown as T
}

export function arrived(block: ImageBlock, { id, width, height, ...words }: Uploaded): ImageBlock {
  const next: ImageBlock = { ...block, media: id, width, height }
  for (const name of ['caption', 'credit', 'agency', 'alt'] as const)
    if (!next[name] && words[name]) next[name] = words[name]
  return next
}

/** What the server can be sent of a text. */
export function withoutWaiting(content: PostContent, waits: (media: string) => boolean): PostContent {
  const gone = (block: Block) => block.type === 'image' && block.media !== undefined && waits(block.media)
  if (!content.blocks.some(gone)) return content
  return { ...content, blocks: content.blocks.filter((block) => !gone(block)) }
}

const YOUNG_MS = 600_000 // the text that holds it may not be kept yet, or an undo may bring it back

/** Keys of files in no text and no act: nobody will ever send them. */
export function unused(files: readonly KeptFile[], texts: readonly (readonly Block[])[], now: number): string[] {
  const used = new Set(texts.flatMap(photosIn))
  return files.filter(({ key, addedAt }) => !used.has(key) && addedAt < now - YOUNG_MS).map(({ key }) => key)
}
