// Tests of the time that a message above the composer has.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createReading } from './told.ts'

const DONE = { words: 'Published.', bad: false }

it('a message goes with the first key after five seconds of typing under it, not before and not by itself', () => {
  const isRead = createReading()
  assert.equal(isRead(DONE, null, 100_000), false, 'the first key, however long after')
  assert.equal(isRead(DONE, null, 105_000), false)
  assert.equal(isRead(DONE, null, 105_001), true)
})

it('stays while what it tells of can be taken back, begins anew with the next one, and where it needs somebody it stays', () => {
  const isRead = createReading()
  isRead(DONE, 10_000, 1_000)
  assert.equal(isRead(DONE, 10_000, 9_999), false)
  assert.equal(isRead(DONE, 10_000, 10_000), true)
  const next = { ...DONE }
  assert.equal(isRead(next, null, 20_000), false)
  const bad = { words: 'Not published.', bad: true }
  isRead(bad, null, 30_000)
  assert.equal(isRead(bad, null, 90_000), false)
  assert.equal(isRead(null, null, 200_000), false)
})
