// Where an installed package keeps its data; a checkout's choice is tested with the engine.

import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isAppError } from '../domain/error.ts'
import { dataBelow } from './place.ts'

const folder = mkdtempSync(join(tmpdir(), 'dateline-place-'))
chmodSync(folder, 0o755)
after(() => rmSync(folder, { recursive: true, force: true }))

test('an installed package keeps its data in a folder of its own below the current one, and says who decides', () => {
  const place = dataBelow(folder, null)
  assert.equal(place.dataDir, join(folder, 'dateline-data'))
  assert.match(place.reason ?? '', /DATA_DIR/)
})

test('a configured data folder is taken as it is, seen from the current folder', () => {
  assert.equal(dataBelow(folder, 'mine').dataDir, join(process.cwd(), 'mine'))
  assert.equal(dataBelow(folder, join(folder, 'mine')).dataDir, join(folder, 'mine'))
  assert.doesNotMatch(dataBelow(folder, join(folder, 'mine')).reason ?? '', /DATA_DIR/)
})

test('data are never put below node_modules unless somebody says so', () => {
  const inside = join(folder, 'node_modules/dateline')
  assert.throws(
    () => dataBelow(inside, null),
    (error) => isAppError(error, 'invalid') && /Start in another folder/.test(error.message),
  )
  assert.equal(dataBelow(inside, folder).dataDir, folder)
})
