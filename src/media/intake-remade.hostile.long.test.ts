// Files that hold a picture and something else, or are unusual: made new, in time, without holding up the server.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { checkQuick, type Outcome, openTrial, type Trial } from '../../test/helpers/intake-trial.ts'
import { remadeFiles } from '../../test/helpers/pictures.ts'

describe('hostile files', () => {
  let trial: Trial
  before(async () => {
    trial = await openTrial()
  })
  after(() => trial.close())

  it('that hold a picture come out as that picture and nothing else', async (context) => {
    const outcomes: Outcome[] = []
    for (const [name, bytes] of await remadeFiles()) {
      const outcome = await trial.take(name, bytes)
      assert.ok(outcome.taken, `${name} was refused`)
      outcomes.push(outcome)
    }
    context.diagnostic(`${outcomes.length} made new: ${checkQuick(outcomes)}`)
  })
})
