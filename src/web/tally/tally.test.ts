// What a node counts of what browsers tell, and how little one of them can do: on a clock of the test, without a database.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../base/log.ts'
import { bucketOf } from '../../domain/attention.ts'
import type { Told } from '../../store/attention.ts'
import { createTally, MAX_OF_NETWORK } from './tally.ts'

const POST = '0123456789abcdefghjk'
const OTHER = 'zyxwvutsrqpnmkjhgfed'
const DAY_MS = 24 * 3600_000

function open(known = [POST, OTHER]) {
  const added: Told[][] = []
  const state = { now: 1_000 * DAY_MS, fails: false, readers: 0, salts: 0 }
  const tally = createTally({
    attention: {
      add: async (told) => {
        if (state.fails) throw new Error('away')
        added.push([...told])
        return told.map(({ postId }) => postId).filter((id) => known.includes(id))
      },
      ofStory: async () => [],
      clock: async () => state.now + 250,
    },
    now: () => state.now,
    newSalt: () => Uint8Array.of(state.salts++),
    readers: () => state.readers,
    log: silentLog(),
  })
  const told = async () => {
    added.length = 0
    await tally.flush()
    return Object.fromEntries((added[0] ?? []).map(({ postId, reads }) => [postId, reads]))
  }
  return { tally, state, added, told }
}

const from = (network: string, browser = 'Firefox') => ({ network, browser })
const read = (...ids: string[]) => ({ read: ids, shown: [] })

test('a client counts once for a post, however often it loads the page; others beside it count too', async () => {
  const { tally, told } = open()
  for (let n = 0; n < 5; n++) tally.take(from('192.0.2.1'), read(POST, POST, OTHER))
  tally.take(from('192.0.2.1', 'Safari'), read(POST))
  tally.take(from('192.0.2.2'), read(POST))
  assert.deepEqual(await told(), { [POST]: 3, [OTHER]: 1 })
  tally.take(from('192.0.2.2'), read(POST))
  assert.deepEqual(await told(), {}, 'also after it was added')
  await tally.stop()
})

test('one address adds no more than its share, whatever browsers it claims', async () => {
  const { tally, told } = open()
  for (let n = 0; n < 500; n++) tally.take(from('192.0.2.1', `made up ${n}`), read(POST))
  assert.deepEqual(await told(), { [POST]: MAX_OF_NETWORK })
  await tally.stop()
})

test('the next day a reader counts again, by another salt', async () => {
  const { tally, state, told } = open()
  tally.take(from('192.0.2.1'), read(POST))
  assert.deepEqual(await told(), { [POST]: 1 })
  state.now += DAY_MS
  tally.take(from('192.0.2.1'), read(POST))
  assert.deepEqual(await told(), { [POST]: 1 })
  assert.equal(state.salts, 2)
  await tally.stop()
})

test('times go into their buckets, once for each client', async () => {
  const { tally, added } = open()
  tally.take(from('192.0.2.1'), {
    read: [],
    shown: [
      [POST, 180],
      [POST, 9_000],
    ],
  })
  tally.take(from('192.0.2.2'), { read: [], shown: [[POST, 181]] })
  await tally.flush()
  const [{ shown = [], reads = -1 } = {}] = added[0] ?? []
  assert.equal(reads, 0)
  assert.equal(shown[bucketOf(180)], 2)
  assert.equal(
    shown.reduce((sum, count) => sum + count, 0),
    2,
  )
  await tally.stop()
})

test('a database that is away loses these seconds and no more; nothing is counted twice', async () => {
  const { tally, state, told } = open()
  tally.take(from('192.0.2.1'), read(POST))
  state.fails = true
  assert.deepEqual(await told(), {})
  state.fails = false
  tally.take(from('192.0.2.1'), read(POST))
  tally.take(from('192.0.2.2'), read(POST))
  assert.deepEqual(await told(), { [POST]: 1 })
  await tally.stop()
})

test('what is no public post takes no memory beyond a flush, and too many of them none at all', async () => {
  const { tally, told } = open([])
  for (let n = 0; n < 3_000; n++) tally.take(from('192.0.2.1'), read(`unknown${String(n).padStart(12, '0')}`))
  assert.equal(Object.keys(await told()).length, 2_000)
  tally.take(from('192.0.2.1'), read('unknown000000000000'))
  assert.deepEqual(await told(), { unknown000000000000: 1 }, 'it was forgotten, so it is asked for again')
  await tally.stop()
})

test('the clock is the database’s, and a larger audience is spread over a longer time', async () => {
  const { tally, state } = open()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(tally.serverNow(), state.now + 250)
  assert.equal(tally.wait(), 2_000)
  state.readers = 5_000
  assert.equal(tally.wait(), 10_000)
  state.readers = 100_000
  assert.equal(tally.wait(), 30_000)
  await tally.stop()
})
