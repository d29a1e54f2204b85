// Tests of the buckets: what is let through, how they fill again, and that they are bounded.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createLimits } from './rate-limit.ts'

const LIMITS = { address: 60, account: 60, token: 60 } // one a second

it('lets a burst through, then as many as flow in, and says how long to wait', () => {
  let now = 0
  const limits = createLimits(() => now, LIMITS)
  for (let n = 59; n >= 0; n--) assert.equal(limits.take('token', 'a').remaining, n)
  assert.deepEqual(limits.take('token', 'a'), { limit: 60, remaining: 0, reset: 60, retryAfter: 1 })
  now = 1_000
  assert.equal(limits.take('token', 'a').retryAfter, 0)
  assert.equal(limits.take('token', 'a').retryAfter, 1)
  now = 500_000
  assert.equal(limits.take('token', 'a').remaining, 59, 'never more than full')
})

it('asking on while nothing is left does not put it off', () => {
  let now = 0
  const limits = createLimits(() => now, LIMITS)
  for (let n = 0; n < 60; n++) limits.take('token', 'a')
  for (now = 100; now < 1_000; now += 100) assert.equal(limits.take('token', 'a').retryAfter, 1)
  now = 1_001
  assert.equal(limits.take('token', 'a').retryAfter, 0)
})

it('counts each client and each kind apart, and survives more clients than it keeps', () => {
  const limits = createLimits(() => 0, LIMITS)
  for (let n = 0; n < 61; n++) limits.take('token', 'a')
  assert.equal(limits.take('token', 'b').retryAfter, 0)
  assert.equal(limits.take('account', 'a').retryAfter, 0)
  for (let n = 0; n < 25_000; n++) limits.take('address', String(n))
  assert.equal(limits.take('token', 'a').retryAfter, 0, 'the one not used for longest was let go')
})

it('a clock that goes back takes nothing away', () => {
  let now = 10_000
  const limits = createLimits(() => now, LIMITS)
  limits.take('token', 'a')
  now = 0
  assert.equal(limits.take('token', 'a').remaining, 58)
})
