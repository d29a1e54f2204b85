// Hostile files through the whole intake: refused in time, without holding up the server.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { checkQuick, type Outcome, openTrial, type Trial } from '../../test/helpers/intake-trial.ts'
import { refusedFiles } from '../../test/helpers/pictures.ts'

describe('hostile files', () => {
  let trial: Trial
  before(async () => {
    trial = await openTrial()
  })
  after(() => trial.close())

  it('are refused in time, and the server goes on', async (context) => {
    const outcomes: Outcome[] = []
    for (const [name, bytes] of await refusedFiles()) {
      const outcome = await trial.take(name, bytes)
      assert.equal(outcome.taken, null, `${name} was taken in`)
      outcomes.push(outcome)
    }
    context.diagnostic(`${outcomes.length} refused: ${checkQuick(outcomes)}`)
  })
})
