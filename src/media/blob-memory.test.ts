// What a server remembers of its renditions, and when it asks again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ABSENT_MS, KEPT_MS, withMemory } from './blob-memory.ts'
import type { Blobs } from './blobs.ts'

const name = (part = '400.jpg', id = 'abcdefghjkmnpqrstvwx') => ({ id, part })

/** A storage that counts its reads and answers when it is told to. */
function counted(maxBytes?: number) {
  const files = new Map<string, Buffer>()
  const state = { reads: 0, now: 0, broken: false, gate: Promise.resolve() }
  const key = ({ id, part }: { id: string; part: string }) => `${id}/${part}`
  const storage: Blobs = {
    write: async (one, bytes) => void files.set(key(one), Buffer.from(bytes)),
    writeFile: async (one, path) => void files.set(key(one), Buffer.from(path)),
    read: async () => null,
    readBytes: async (one) => {
      state.reads++
      const found = files.get(key(one)) ?? null
      await state.gate
      if (state.broken) throw new Error('away')
      return found
    },
    remove: async (one) => void files.delete(key(one)),
    parts: async () => [],
    removeAll: async () => files.clear(),
  }
  return { state, blobs: withMemory(storage, { now: () => state.now, ...(maxBytes ? { maxBytes } : {}) }) }
}

test('many readers of one picture are one request, also while it is under way; after its time it is asked for again', async () => {
  const { state, blobs } = counted()
  await blobs.write(name(), Buffer.from('one'))
  const all = await Promise.all(Array.from({ length: 50 }, () => blobs.readBytes(name())))
  assert.deepEqual(new Set(all.map(String)), new Set(['one']))
  state.now += KEPT_MS - 1
  await blobs.readBytes(name())
  assert.equal(state.reads, 1)
  state.now += 1
  await blobs.readBytes(name())
  assert.equal(state.reads, 2)
})

test('what is absent is remembered for seconds, a failure not at all', async () => {
  const { state, blobs } = counted()
  assert.equal(await blobs.readBytes(name()), null)
  assert.equal(await blobs.readBytes(name()), null)
  assert.equal(state.reads, 1)
  state.now += ABSENT_MS
  state.broken = true
  await assert.rejects(blobs.readBytes(name()))
  state.broken = false
  assert.equal(await blobs.readBytes(name()), null)
  assert.equal(state.reads, 3)
})

test('what is written or removed is asked for anew, even when an older answer is still on its way', async () => {
  const { state, blobs } = counted()
  await blobs.write(name(), Buffer.from('old'))
  let open = () => {}
  state.gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const late = blobs.readBytes(name())
  await blobs.write(name(), Buffer.from('new'))
  open()
  await late
  assert.equal(String(await blobs.readBytes(name())), 'new')
  await blobs.remove(name())
  assert.equal(await blobs.readBytes(name()), null)
  await blobs.write(name(), Buffer.from('again'))
  await blobs.readBytes(name())
  await blobs.removeAll(name().id)
  assert.equal(await blobs.readBytes(name()), null)
})

test('it holds no more than its bound, forgets what was used longest ago, and never keeps a master', async () => {
  const { state, blobs } = counted(1_000)
  const parts = Array.from({ length: 12 }, (_, index) => name(`${index}.jpg`))
  for (const part of parts) await blobs.write(part, Buffer.alloc(100))
  for (const part of parts) await blobs.readBytes(part)
  await blobs.readBytes(name('11.jpg'))
  assert.equal(state.reads, 12)
  await blobs.readBytes(name('0.jpg'))
  assert.equal(state.reads, 13, 'the oldest was forgotten')
  await blobs.write(name('master.png'), Buffer.alloc(10))
  await blobs.readBytes(name('master.png'))
  await blobs.readBytes(name('master.png'))
  assert.equal(state.reads, 15)
})
