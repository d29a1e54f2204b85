// `npm run torture -- kill --trials N --seed S` or `-- release --posts N --seed S`: experiments with an oracle, as long as asked.
// Prints a line per trial and a summary; ends non-zero when one failed.

import { parseArgs } from 'node:util'
import { isClean, openField, type Report, type Target } from './kill.ts'
import { isSafe, releaseTrial } from './release.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    trials: { type: 'string', default: '10' },
    posts: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})
if (positionals[0] === 'release') {
  const posts = Number(values.posts)
  const report = await releaseTrial({ posts, spread: posts * 100, seed: Number(values.seed) })
  console.log(`${isSafe(report) ? 'ok    ' : 'FAILED'} ${JSON.stringify(report)}`)
  process.exit(isSafe(report) && report.late === 0 ? 0 : 1)
}
if (positionals[0] !== 'kill') {
  console.error('Usage: npm run torture -- kill [--trials N] [--seed S] | release [--posts N] [--seed S]')
  process.exit(2)
}

const trials = Number(values.trials)
const first = Number(values.seed)
const reports: Report[] = []
const field = await openField()
try {
  for (let n = 0; n < trials; n++) {
    const target: Target = n % 2 === 0 ? 'server' : 'postgres'
    const report = await field.trial(target, first + n)
    reports.push(report)
    console.log(`${isClean(report) ? 'ok    ' : 'FAILED'} ${JSON.stringify(report)}`)
  }
} finally {
  await field.close()
}
const failed = reports.filter((report) => !isClean(report)).length
const acknowledged = reports.reduce((sum, report) => sum + report.acknowledged, 0)
const back = reports.map((report) => report.backAfterMs).sort((a, b) => a - b)
console.log(
  `${trials} kills, ${acknowledged} acknowledged posts, ${failed} trials with a loss${failed === 0 ? ` (≤ ${(300 / trials).toFixed(1)} % at 95 %)` : ''}`,
)
console.log(`publishing again after: median ${back[Math.floor(back.length / 2)]} ms, slowest ${back.at(-1)} ms`)
process.exitCode = failed === 0 ? 0 : 1
