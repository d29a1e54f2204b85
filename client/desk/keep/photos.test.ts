// Photos that wait, as they stand in a text, and which of them anybody will still send.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Block, ImageBlock } from '../../../src/domain/content.ts'
import { NO_CONTENT } from '../text.ts'
import { type KeptFile, photosIn, unused, withoutWaiting, withResult } from './photos.ts'

const KEY = 'waiting0000000000001'
const photo = (media: string, more: Partial<ImageBlock> = {}): ImageBlock => ({
  ...{ type: 'image', media, alt: '', caption: '', credit: '', ...more },
})
const words: Block = { type: 'paragraph', text: [{ text: 'x' }] }
const result = { id: 'media000000000000001', width: 8, height: 6, credit: 'From the file', caption: 'File' }

describe('a photo that waits', () => {
  it('becomes the photo that came of it wherever its key stands; the author’s words stay', () => {
    const blocks = withResult([photo(KEY, { caption: 'Mine' }), words, photo(KEY)], KEY, result)
    const size = { width: 8, height: 6, credit: 'From the file' }
    assert.deepEqual(blocks, [
      photo(result.id, { ...size, caption: 'Mine' }),
      words,
      photo(result.id, { ...size, caption: 'File' }),
    ])
  })

  it('is left out of what the server is sent before, and nothing else is', () => {
    const content = { ...NO_CONTENT, blocks: [photo(KEY), words, photo(result.id)] }
    assert.deepEqual(withoutWaiting(content, (media) => media === KEY).blocks, [words, photo(result.id)])
    assert.equal(
      withoutWaiting(content, () => false),
      content,
    )
  })

  it('changes nothing of a text that does not hold it', () => {
    const blocks = [words, photo(result.id)]
    assert.equal(withResult(blocks, KEY, result), blocks)
    assert.deepEqual(photosIn(blocks), [result.id])
  })
})

describe('a kept file', () => {
  const file = (key: string, addedAt: number): KeptFile => ({ key, storyId: 's', file: null, addedAt, result: null })

  it('goes when no text and no act holds it, but never while its text may still be on its way into the store', () => {
    const files = [file('held', 0), file('left', 0), file('young', 999_000)]
    assert.deepEqual(unused(files, [[photo('held')]], 1_000_000), ['left'])
  })
})

it('photos of a gallery and clips wait and arrive as single photos do, and a video without a picture is a sound', () => {
  const image = { type: 'image', media: 'key-a', alt: '', caption: '', credit: '' } as const
  const clip = { type: 'video', media: 'key-b', title: 'T', caption: '', credit: '' } as const
  const blocks: Block[] = [{ type: 'gallery', images: [image, { ...image, media: 'there' }] }, clip]
  assert.deepEqual(photosIn(blocks), ['key-a', 'there', 'key-b'])
  const waits = (media: string) => media.startsWith('key-')
  const sent = withoutWaiting({ ...NO_CONTENT, blocks }, waits).blocks
  assert.deepEqual(photosIn(sent), ['there'])
  const photo = withResult(blocks, 'key-a', { id: 'now', width: 3, height: 2, credit: 'Ada' })
  assert.deepEqual(photo[0], {
    type: 'gallery',
    images: [
      { ...image, media: 'now', width: 3, height: 2, credit: 'Ada' },
      { ...image, media: 'there' },
    ],
  })
  const video = withResult(blocks, 'key-b', { id: 'now', kind: 'video', width: 3, height: 2 })
  assert.deepEqual(video[1], { ...clip, media: 'now', width: 3, height: 2 })
  const sound = withResult(blocks, 'key-b', { id: 'now', kind: 'audio', width: 0, height: 0 })
  assert.deepEqual(sound[1], { ...clip, type: 'audio', media: 'now' })
})
