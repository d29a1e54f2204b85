// A child whose time is up: whether it had the machine, or the machine had no time for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChild } from './child.ts'

const BUSY = '../../test/helpers/busy-child'

test('one that computed all the while is spent; one that waited is late', async () => {
  const ms = 1_500
  const [busy, waits] = await Promise.all([
    runChild(BUSY, ['compute'], { ms, spentMs: 200 }),
    runChild(BUSY, ['wait'], { ms }),
  ])
  assert.deepEqual([busy.spent, busy.late, busy.failure], [true, false, `took longer than ${ms} ms`])
  assert.deepEqual([waits.spent, waits.late, waits.failure], [false, true, `took longer than ${ms} ms`])
})
