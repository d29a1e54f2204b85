// What every photo storage promises, on disk and in a bucket.
// Called by photo-storage.test.ts with a maker for each.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { Blobs } from '../../src/media/blobs.ts'

const ID = 'abcdefghjkmnpqrstvwx'
const OTHER = 'abcdefghjkmnpqrstvwy'

export function photoStorageContract(name: string, open: () => Blobs): void {
  describe(`photo storage: ${name}`, () => {
    it('gives back what was written, with its size; a second writing replaces it', async () => {
      const blobs = open()
      const blob = { id: ID, part: '400.jpg' }
      await blobs.write(blob, Buffer.from('first'))
      await blobs.write(blob, Buffer.from('second'))
      const found = await blobs.read(blob)
      assert.equal(found?.size, 6)
      assert.equal((await buffer(found.stream)).toString(), 'second')
      assert.equal((await blobs.readBytes(blob))?.toString(), 'second')
    })

    it('keeps every byte of a large file, and of an empty one', async () => {
      const blobs = open()
      const large = randomBytes(6 * 1024 * 1024 + 1)
      await blobs.write({ id: ID, part: 'master.png' }, large)
      assert.ok((await blobs.readBytes({ id: ID, part: 'master.png' }))?.equals(large))
      await blobs.write({ id: ID, part: '800.jpg' }, Buffer.alloc(0))
      assert.equal((await blobs.readBytes({ id: ID, part: '800.jpg' }))?.length, 0)
    })

    it('takes a file from the disk and gives any part of it, with the size of the whole', async () => {
      const blobs = open()
      const clip = { id: ID, part: 'clip.mp4' }
      const bytes = randomBytes(9 * 1024 * 1024 + 5) // more than two pieces
      const folder = mkdtempSync(join(tmpdir(), 'dateline-blob-'))
      writeFileSync(join(folder, 'in'), bytes)
      await blobs.writeFile(clip, join(folder, 'in'))
      rmSync(folder, { recursive: true })
      const last = bytes.length - 1
      for (const [start, end] of [
        [0, last],
        [0, 0],
        [last, last],
        [5, 4_194_309],
        [4_194_304, last - 1],
      ] as const) {
        const part = await blobs.read(clip, { start, end })
        assert.equal(part?.size, bytes.length)
        assert.ok((await buffer(part.stream)).equals(bytes.subarray(start, end + 1)), `${start}-${end}`)
      }
      const whole = await blobs.read(clip)
      assert.ok(whole && (await buffer(whole.stream)).equals(bytes))
      assert.ok((await blobs.readBytes(clip))?.equals(bytes))
      await blobs.removeAll(ID)
      assert.equal(await blobs.read(clip, { start: 0, end: 1 }), null)
    })

    it('has null for what is missing or removed; removing it twice is as once', async () => {
      const blobs = open()
      const blob = { id: OTHER, part: '400.webp' }
      assert.equal(await blobs.read(blob), null)
      await blobs.write(blob, Buffer.from('x'))
      await blobs.remove(blob)
      await blobs.remove(blob)
      assert.equal(await blobs.readBytes(blob), null)
    })

    it('lists the parts of one picture, sorted, and removes them all without touching another picture', async () => {
      const blobs = open()
      await blobs.removeAll(ID)
      for (const part of ['800.jpg', '400.webp', '400.jpg']) await blobs.write({ id: ID, part }, Buffer.from(part))
      await blobs.write({ id: OTHER, part: '400.jpg' }, Buffer.from('other'))
      assert.deepEqual(await blobs.parts(ID), ['400.jpg', '400.webp', '800.jpg'])
      await blobs.removeAll(ID)
      await blobs.removeAll(ID)
      assert.deepEqual(await blobs.parts(ID), [])
      assert.deepEqual(await blobs.parts(OTHER), ['400.jpg'])
    })

    it('lets no name lead out of its place', async () => {
      const blobs = open()
      for (const bad of [
        { id: '../../../../etc/pass', part: '400.jpg' },
        { id: ID, part: '../400.jpg' },
        { id: ID, part: '..' },
        { id: ID, part: 'a/b.jpg' },
        { id: ID, part: '400.jpg\0' },
        { id: ID, part: '400.jpg?acl' },
        { id: `${ID}\n`, part: '400.jpg' },
        { id: 'short', part: '400.jpg' },
      ]) {
        const said = JSON.stringify(bad)
        await assert.rejects(async () => blobs.write(bad, Buffer.from('x')), { code: 'not_found' }, said)
        await assert.rejects(async () => blobs.read(bad), { code: 'not_found' }, said)
        await assert.rejects(async () => blobs.readBytes(bad), { code: 'not_found' }, said)
        await assert.rejects(async () => blobs.remove(bad), { code: 'not_found' }, said)
      }
      await assert.rejects(async () => blobs.parts('../../../etc/passwd'), { code: 'not_found' })
      await assert.rejects(async () => blobs.removeAll('../../../etc/passwd'), { code: 'not_found' })
    })
  })
}
