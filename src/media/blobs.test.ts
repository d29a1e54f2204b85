// Blobs on a real disk.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { createDiskBlobs } from './blobs.ts'

const ID = 'abcdefghjkmnpqrstvwx'

async function store(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  context.after(() => rm(folder, { recursive: true }))
  return { folder, blobs: createDiskBlobs(folder, randomBytes) }
}

test('what was written is read back, with its size; a second writing replaces it', async (context) => {
  const { folder, blobs } = await store(context)
  await blobs.write({ id: ID, part: '400.jpg' }, Buffer.from('first'))
  await blobs.write({ id: ID, part: '400.jpg' }, Buffer.from('second'))
  const found = await blobs.read({ id: ID, part: '400.jpg' })
  assert.equal(found?.size, 6)
  assert.equal((await buffer(found.stream)).toString(), 'second')
  assert.equal((await blobs.readBytes({ id: ID, part: '400.jpg' }))?.toString(), 'second')
  assert.deepEqual(await readdir(join(folder, 'ab', ID.slice(2))), ['400.jpg'], 'no temporary file stays')
})

test('a missing or removed blob is null', async (context) => {
  const { blobs } = await store(context)
  assert.equal(await blobs.read({ id: ID, part: '400.jpg' }), null)
  await blobs.write({ id: ID, part: '400.jpg' }, Buffer.from('x'))
  await blobs.remove({ id: ID, part: '400.jpg' })
  await blobs.remove({ id: ID, part: '400.jpg' })
  assert.equal(await blobs.readBytes({ id: ID, part: '400.jpg' }), null)
})

test('no name leads out of the folder', async (context) => {
  const { blobs } = await store(context)
  for (const name of [
    { id: '../../../../etc/pass', part: '400.jpg' },
    { id: ID, part: '../400.jpg' },
    { id: ID, part: '..' },
    { id: ID, part: 'a/b.jpg' },
    { id: ID, part: '400.jpg\0' },
    { id: `${ID}\n`, part: '400.jpg' },
    { id: 'short', part: '400.jpg' },
  ]) {
    await assert.rejects(async () => blobs.write(name, Buffer.from('x')), { code: 'not_found' }, JSON.stringify(name))
    await assert.rejects(async () => blobs.read(name), { code: 'not_found' })
  }
})
