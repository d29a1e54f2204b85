// The salt on a real database: random, lasting, and out of the public role's sight.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { PUBLIC_ROLE } from './database.ts'

let store: TestStore

before(async () => {
  store = await openTestStore()
})
after(() => store.close())

test('a salt is made with the installation and stays the same, for every node', async () => {
  const salt = await store.importSalt()
  assert.match(salt, /^[0-9a-f-]{72}$/)
  assert.notEqual(salt.slice(0, 36), salt.slice(36))
  const node = await openTestStore({ connection: store.connection })
  assert.equal(await node.importSalt(), salt)
  await node.close()
})

test('two installations have different salts', async () => {
  const other = await openTestStore()
  assert.notEqual(await other.importSalt(), await store.importSalt())
  await other.close()
})

test('the public role cannot read it, and no public view has it', async () => {
  const views = await store.admin.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.columns WHERE column_name = 'import_salt'`,
  )
  assert.deepEqual(
    views.rows.map((row) => row.table_name),
    ['installation'],
  )
  await store.admin.query('BEGIN')
  await store.admin.query(`SET LOCAL ROLE ${pg.escapeIdentifier(PUBLIC_ROLE)}`)
  await assert.rejects(store.admin.query('SELECT import_salt FROM installation'), { code: '42501' })
  await store.admin.query('ROLLBACK')
})
