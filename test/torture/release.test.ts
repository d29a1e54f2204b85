// A small field of release.ts; the command runs as many posts as asked.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isSafe, releaseTrial } from './release.ts'

it('scheduled posts are released once, none early, while nodes are killed', { timeout: 90_000 }, async () => {
  const report = await releaseTrial({ posts: 30, spread: 4_000, seed: 1 })
  assert.ok(isSafe(report), JSON.stringify(report))
  assert.ok(report.kills > 0)
})
