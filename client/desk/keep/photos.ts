// Photos and clips that the server has not got, as they stand in a text: by their key in the place of their id.
// Called by keep/store.ts, keep/files.ts and the composer. Pure.
// Never writes over words of the author's with those of a file.

import { type Block, type BlockOf, type ImageBlock, mediaOf, type PostContent } from '../../../src/domain/content.ts'
import type { Uploaded } from '../composer/uploads.ts'

/** `key`: also the act's key at the server, so that a lost answer makes no second photo. `result`: the server has it, `file` is gone. */
export type KeptFile = {
  key: string
  storyId: string
  file: File | null
  addedAt: number
  result: Uploaded | null
}

/** What may wait for a file: a photo, alone or in a gallery, a video, a sound. */
export type Holder = ImageBlock | BlockOf<'video'> | BlockOf<'audio'>

/** Ids and keys of the photos and clips of a text, in its order. */
export function photosIn(blocks: readonly Block[]): string[] {
  return mediaOf({ blocks: [...blocks] })
}

/** The same blocks again where none of them waits for this file. */
export function withResult<T extends readonly Block[]>(blocks: T, key: string, result: Uploaded): T {
  if (!photosIn(blocks).includes(key)) return blocks
  const settled = <B extends Holder>(one: B): B => (one.media === key ? (arrived(one, result) as B) : one)
  return blocks.map((block) => {
    if (block.type === 'gallery') return { ...block, images: block.images.map(settled) }
    return isHolder(block) ? settled(block) : block
  }) as unknown as T
}

/** What its file really holds decides: a video without a picture is a sound. */
export function arrived(block: Holder, { id, width, height, kind = 'image', ...words }: Uploaded): Holder {
  if (block.type !== 'image') {
    const { width: _w, height: _h, ...rest } = { width: 0, height: 0, ...block }
    const size = kind === 'video' ? { width, height } : {}
    return { ...rest, type: kind === 'audio' ? 'audio' : 'video', media: id, ...size } as Holder
  }
  const next: ImageBlock = { ...block, media: id, width, height }
  for (const name of ['caption', 'credit', 'agency', 'alt'] as const)
    if (!next[name] && words[name]) next[name] = words[name]
  return next
}

/** What the server can be sent of a text. */
export function withoutWaiting(content: PostContent, waits: (media: string) => boolean): PostContent {
  if (!photosIn(content.blocks).some(waits)) return content
  const stays = (one: Holder) => one.media === undefined || !waits(one.media)
  const blocks = content.blocks.flatMap((block): Block[] => {
    if (block.type !== 'gallery') return isHolder(block) && !stays(block) ? [] : [block]
    const images = block.images.filter(stays)
    return images.length > 0 ? [{ ...block, images }] : []
  })
  return { ...content, blocks }
}

function isHolder(block: Block): block is Holder {
  return block.type === 'image' || block.type === 'video' || block.type === 'audio'
}

const YOUNG_MS = 600_000 // the text that holds it may not be kept yet, or an undo may bring it back

/** Keys of files in no text and no act: nobody will ever send them. */
export function unused(files: readonly KeptFile[], texts: readonly (readonly Block[])[], now: number): string[] {
  const used = new Set(texts.flatMap(photosIn))
  return files.filter(({ key, addedAt }) => !used.has(key) && addedAt < now - YOUNG_MS).map(({ key }) => key)
}
