// What the desk says of times and of where a text is.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOT_KEPT } from './keep/keeper.ts'
import { Refusal } from './server/api.ts'
import type { QueuedAct } from './types.ts'
import { clockWords, countdownWords, keptWords, queueWords, secondsLeft } from './words.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

it('a countdown is as fine as it is near, and never says that nothing is left while something is', () => {
  const said = [-1, 0, 1, 45 * SECOND, 99 * SECOND, 100 * SECOND, 30 * MINUTE, 59 * MINUTE + 1].map((ms) =>
    countdownWords(ms, 0),
  )
  assert.deepEqual(said, ['due', 'due', 'in 1 s', 'in 45 s', 'in 99 s', 'in 2 min', 'in 30 min', 'in 1 h'])
  assert.deepEqual(
    [HOUR + 5 * MINUTE, 47 * HOUR, 49 * HOUR].map((ms) => countdownWords(ms, 0)),
    ['in 1 h 05 min', 'in 47 h', 'in 2 days'],
  )
})

it('the seconds that are left to undo never go below none', () => {
  assert.deepEqual(
    [10_000, 9_001, 1, 0, -500].map((ms) => secondsLeft(ms, 0)),
    [10, 10, 1, 0, 0],
  )
})

it('a text is said to be where it is, and no more', () => {
  const at = Date.UTC(2026, 0, 5, 14, 32, 5)
  const clock = clockWords(at)
  assert.equal(keptWords(NOT_KEPT), '')
  assert.equal(keptWords({ ...NOT_KEPT, unsaved: true }), 'Keeping…')
  assert.equal(keptWords({ ...NOT_KEPT, here: at, unsaved: true }), `Saved here ${clock} · sending…`)
  assert.equal(keptWords({ ...NOT_KEPT, here: at, server: at }), `Saved here ${clock} · on the server ${clock}`)
  const trouble = new Refusal('away', '')
  assert.equal(
    keptWords({ here: at, server: at, unsaved: true, trouble }),
    `Saved here ${clock}, not on the server yet`,
  )
})

describe('what waits, in a few words', () => {
  const act = (n: number, state: QueuedAct['state'] = 'waiting') => ({ n, state }) as QueuedAct

  it('tells how many and why, and first what needs somebody', () => {
    assert.equal(queueWords({ queue: [], sending: null, held: null }), '')
    assert.equal(queueWords({ queue: [act(1), act(2)], sending: null, held: 'away' }), '2 queued: no connection')
    assert.equal(queueWords({ queue: [act(1)], sending: 1, held: null }), '1 on the way')
    assert.equal(queueWords({ queue: [act(1)], sending: 1, held: 'away' }), '1 queued: no connection')
    assert.equal(
      queueWords({ queue: [act(1, 'refused'), act(2)], sending: null, held: 'signed-out' }),
      '1 post needs you: see above. 1 queued: signed out',
    )
  })
})
