// The simulation as a test: many short worlds, all rules hold; and with a bug planted, some rule breaks.
// Run by node --test. A failing seed is told: `run.ts --replay SEED` shows it event by event.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUGS, type Bug } from './bugs.ts'
import { FAULTS, type Run, runWorld } from './world.ts'

const SEEDS = 3_000 // about eight seconds on one core; run.ts takes as many as there is time
const SEEDS_PER_BUG = 600 // a bug that hides longer than this is not caught by a commit's run

// Outside of any test: inside one, the runner's bookkeeping of promises makes the worlds three times slower.
const runs: Pick<Run, 'seed' | 'violations' | 'deliveries' | 'faults'>[] = []
for (let seed = 1; seed <= SEEDS; seed++) {
  const { violations, deliveries, faults } = await runWorld(seed)
  runs.push({ seed, violations, deliveries, faults })
}

test(`in ${SEEDS} worlds every page ends as the log says and no withdrawn or corrected text is sent`, () => {
  for (const { seed, violations } of runs) {
    assert.equal(
      violations.length,
      0,
      `seed ${seed}: ${violations.map((one) => `${one.rule}: ${one.detail}`).join('\n')}`,
    )
  }
})

test('the worlds are worth something: changes arrived, every fault happened, streams ended in every way', () => {
  const seen: Record<string, number> = {}
  for (const run of runs) {
    for (const [what, n] of Object.entries(run.faults)) seen[what] = (seen[what] ?? 0) + n
  }
  const ends = ['slow', 'refetch', 'drain', 'failed', 'left'].map((reason) => `ended ${reason}`)
  for (const what of [...FAULTS, ...ends]) assert.ok((seen[what] ?? 0) > SEEDS / 50, `"${what}" hardly ever happened`)
  assert.ok(runs.reduce((sum, run) => sum + run.deliveries, 0) > SEEDS * 10)
})

test('a seed is one run: the same trace every time, another seed another trace', async () => {
  for (const seed of [3, 77, 1_234]) {
    const [one, two] = [await runWorld(seed), await runWorld(seed, { keepTrace: true })]
    assert.equal(one.hash, two.hash)
    assert.ok(two.trace.length > 20)
    assert.notEqual(one.hash, (await runWorld(seed + 1)).hash)
  }
})

/** Rules of which at least one must be the one that tells on the bug. */
const TOLD_BY: Record<Bug, readonly string[]> = {
  'ring-keeps-text': ['law 8', 'law 8 late'],
  'archive-replay': ['law 8', 'law 8 late'],
  'trust-doorbell': ['position', 'page', 'regions'],
  'no-poll': ['position', 'page', 'regions'],
  'fold-ignores-version': ['folded'],
  'sequence-hole': ['dense log'],
  'ack-before-commit': ['acknowledged'],
  'torn-page': ['page', 'regions'],
  'same-epoch': ['page', 'regions', 'dense', 'acknowledged'],
}

for (const bug of Object.keys(BUGS) as Bug[]) {
  test(`a planted bug is caught: ${BUGS[bug]}`, async () => {
    for (let seed = 1; seed <= SEEDS_PER_BUG; seed++) {
      const run = await runWorld(seed, { bugs: [bug] })
      if (run.violations.some(({ rule }) => TOLD_BY[bug].includes(rule))) return
    }
    assert.fail(`${SEEDS_PER_BUG} worlds did not catch ${bug}`)
  })
}
