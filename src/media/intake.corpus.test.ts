// Damaged pictures, drawings with scripts in them, and photos of others, through the whole intake.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { checkQuick, type Outcome, openTrial } from '../../test/helpers/intake-trial.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'
const FOLDERS = ['hostile-input/images-malformed', 'hostile-input/svg-sanitizer', 'photo-metadata']

it('every picture of the corpus is refused or made new in time', { skip }, async (context) => {
  const trial = await openTrial()
  context.after(() => trial.close())
  const outcomes: Outcome[] = []
  for (const part of FOLDERS) {
    const folder = join(corpus ?? '', part)
    const names = readdirSync(folder).filter((name) => !/\.(md|json)$/.test(name))
    assert.ok(names.length >= 8, part)
    for (const name of names) outcomes.push(await trial.take(name, readFileSync(join(folder, name))))
  }
  const taken = outcomes.filter((one) => one.taken)
  assert.ok(taken.length >= 8, 'photos are taken in')
  assert.deepEqual(
    taken.filter(({ name }) => /\.(svg|tif|bmp)$/.test(name)),
    [],
  )
  context.diagnostic(`${taken.length} made new, ${outcomes.length - taken.length} refused: ${checkQuick(outcomes)}`)
})
