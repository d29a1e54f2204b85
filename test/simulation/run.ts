// The simulation from the command line: --seeds N --from S, --replay SEED, --bug NAME.
// Run by `npm run sim`. Ends with 1 when a rule was broken, 2 when it was asked wrongly.

import { parseArgs } from 'node:util'
import { BUGS, type Bug } from './bugs.ts'
import { type Run, runWorld } from './world.ts'

const MAX_SHOWN = 5 // failures told in full

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    replay: { type: 'string' },
    bug: { type: 'string', multiple: true, default: [] },
  },
})
const bugs = values.bug.filter((name): name is Bug => name in BUGS)
const numbers = [values.seeds, values.from, values.replay ?? '1'].map(Number)
if (bugs.length !== values.bug.length || numbers.some((n) => !Number.isSafeInteger(n) || n < 0)) {
  console.error(`Usage: run.ts [--seeds N] [--from S] [--replay SEED] [--bug ${Object.keys(BUGS).join('|')}]`)
  process.exit(2)
}

process.exitCode = values.replay === undefined ? await sweep() : await replay(Number(values.replay))

async function replay(seed: number): Promise<number> {
  const run = await runWorld(seed, { bugs, keepTrace: true })
  console.log(run.trace.join('\n'))
  tell(run)
  return run.violations.length > 0 ? 1 : 0
}

async function sweep(): Promise<number> {
  const [count, from] = [Number(values.seeds), Number(values.from)]
  const sum = { failed: 0, acts: 0, deliveries: 0, refetches: 0, virtualMs: 0, faults: {} as Record<string, number> }
  const start = performance.now()
  for (let seed = from; seed < from + count; seed++) {
    const run = await runWorld(seed, { bugs })
    sum.acts += run.acts
    sum.deliveries += run.deliveries
    sum.refetches += run.refetches
    sum.virtualMs += run.virtualMs
    for (const [kind, n] of Object.entries(run.faults)) sum.faults[kind] = (sum.faults[kind] ?? 0) + n
    if (run.violations.length > 0 && ++sum.failed <= MAX_SHOWN) tell(run)
  }
  const seconds = (performance.now() - start) / 1_000
  const hours = (sum.virtualMs / 3_600_000).toFixed(1)
  console.log(`${count} seeds from ${from}: ${sum.failed} failed`)
  console.log(`${hours} simulated hours in ${seconds.toFixed(1)} s (×${Math.round(sum.virtualMs / 1_000 / seconds)})`)
  console.log(`${sum.acts} acts, ${sum.deliveries} changes delivered, ${sum.refetches} refetches`)
  console.log(
    `faults: ${Object.entries(sum.faults)
      .map(([kind, n]) => `${kind} ${n}`)
      .join(', ')}`,
  )
  return sum.failed > 0 ? 1 : 0
}

function tell(run: Run): void {
  console.log(`seed ${run.seed}, trace ${run.hash}: ${run.violations.length === 0 ? 'all rules held' : 'RULES BROKEN'}`)
  for (const { rule, detail } of run.violations) console.log(`  ${rule}: ${detail}`)
}
