// A few trials of kill.ts; the command runs as many as asked.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { isClean, openField } from './kill.ts'

let field: Awaited<ReturnType<typeof openField>> | undefined
before(async () => {
  field = await openField()
})
after(() => field?.close())

for (const [target, seed] of [
  ['server', 1],
  ['postgres', 2],
  ['server', 3],
] as const) {
  it(`keeps every acknowledged post when ${target} is killed while an editor publishes (seed ${seed})`, {
    timeout: 90_000,
  }, async () => {
    const report = await (field as NonNullable<typeof field>).trial(target, seed)
    assert.ok(isClean(report), JSON.stringify(report))
    assert.ok(report.acknowledged > 5)
  })
}
