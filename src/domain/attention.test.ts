// What is made of what readers' browsers tell: the histogram, and the words in which the desk says it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attentionOf, BUCKETS, bucketOf, seenSchema, within } from './attention.ts'
import { attentionWords, MAX_SHOWN_MS } from './seen.ts'

const histogram = (times: readonly number[]): number[] => {
  const shown = new Array<number>(BUCKETS).fill(0)
  for (const ms of times) shown[bucketOf(ms)] = (shown[bucketOf(ms)] ?? 0) + 1
  return shown
}

test('the figures of a histogram are those of the times themselves, within 8 %', () => {
  for (const scale of [40, 180, 900, 7_000]) {
    const times = Array.from({ length: 999 }, (_, n) => scale * (0.3 + (n / 999) ** 2 * 4))
    for (const part of [0.5, 0.95]) {
      const exact = times[Math.floor(part * times.length)] ?? 0
      const found = within(part, histogram(times)) ?? 0
      assert.ok(Math.abs(found / exact - 1) < 0.08, `${part} of ${scale}: ${found}, not ${exact}`)
    }
  }
})

test('every time that may be told has a bucket', () => {
  assert.equal(bucketOf(0), 0)
  assert.equal(bucketOf(MAX_SHOWN_MS), BUCKETS - 1)
  let last = 0
  for (let ms = 0; ms <= MAX_SHOWN_MS; ms += 7) {
    assert.ok(bucketOf(ms) >= last && bucketOf(ms) < BUCKETS)
    last = bucketOf(ms)
  }
})

test('where nobody told, no figure is made up', () => {
  assert.equal(within(0.5, []), null)
  assert.deepEqual(attentionOf('a', 3, []), { postId: 'a', reads: 3, shown: null })
  assert.equal(attentionWords({ reads: 0, shown: null }), '')
})

test('the words say of how many readers a figure is', () => {
  const shown = { readers: 12, half: 184, most: 612 }
  assert.equal(
    attentionWords({ reads: 30, shown }),
    'Seen within 0.18 s by half of 12 readers who told us (95 % within 0.61 s) · 30 reads',
  )
  assert.equal(
    attentionWords({ reads: 1, shown: { readers: 1, half: 1_400, most: 1_400 } }),
    'Seen after 1.4 s by the 1 reader who told us · 1 read',
  )
  assert.equal(attentionWords({ reads: 2, shown: null }), '2 reads')
})

test('a batch is ids and times within bounds, and nothing else', () => {
  const id = '0123456789abcdefghjk'
  assert.deepEqual(seenSchema.parse({}), { read: [], shown: [] })
  assert.deepEqual(seenSchema.parse({ read: [id], shown: [[id, 180]] }), { read: [id], shown: [[id, 180]] })
  const bad: unknown[] = [
    ...[null, [], 'x', undefined, { reader: 1 }, { read: id }, { read: ['A'] }, { read: new Array(21).fill(id) }],
    ...[
      { shown: [[id, -1]] },
      { shown: [[id, 60_001]] },
      { shown: [[id, '1']] },
      { shown: [[id]] },
      { shown: [[id, 1, 2]] },
    ],
  ]
  for (const body of bad) assert.equal(seenSchema.safeParse(body).success, false, JSON.stringify(body))
})
