// The start-up check of the public handle: a store does not open when public pages could read more than the public views.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { silentLog } from '../../src/base/log.ts'
import { connectStore } from '../../src/cli/open-store.ts'
import { isAppError } from '../../src/domain/error.ts'
import { type Connection, PUBLIC_ROLE } from '../../src/store/database.ts'
import { checkPublicHandle } from '../../src/store/public-rights.ts'
import type { PublicTables } from '../../src/store/tables.ts'
import { clientConfig, openTestStore, type TestStore } from '../helpers/database.ts'

let store: TestStore
const roles: string[] = []
before(async () => {
  store = await openTestStore()
})
after(async () => {
  for (const role of roles) await store.admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  await store.close()
})

const forbidden = (words: RegExp) => (error: Error) => {
  assert.ok(isAppError(error, 'forbidden'), error.stack)
  assert.match(error.message, words)
  return true
}

/** As if something on the way had dropped or kept these start-up options. */
async function checkWith(options: string, user?: string): Promise<void> {
  const pool = new pg.Pool({ ...clientConfig(store.connection), ...(user ? { user } : {}), options, max: 1 })
  const publicDb = new Kysely<PublicTables>({ dialect: new PostgresDialect({ pool }) })
  try {
    await checkPublicHandle(store.db, publicDb, false)
  } finally {
    await publicDb.destroy()
  }
}

/** The embedded engine's socket has an address too. */
function addressOf(connection: Connection): string {
  if (connection.kind === 'url') return connection.url
  const { user, database, socketDir } = connection
  return `postgres://${user}@localhost:5432/${database}?host=${encodeURIComponent(socketDir)}`
}

/** A login of its own in this database. */
async function account(grants: string): Promise<string> {
  const role = `t_${randomBytes(6).toString('hex')}`
  await store.admin.query(`CREATE ROLE ${role} LOGIN`)
  roles.push(role)
  for (const statement of grants.split(';').filter(Boolean)) await store.admin.query(statement.replaceAll('$', role))
  return role
}

describe('the public handle', () => {
  it('that Dateline opens by itself passes', async () => {
    const again = await connectStore(store.connection, { notify: false, engine: null }, silentLog())
    await again.close()
  })

  it('with the rights of the owner is refused, naming DATABASE_PUBLIC_URL', async () => {
    await assert.rejects(
      checkWith('-c default_transaction_read_only=on'),
      forbidden(/all rights.*DATABASE_PUBLIC_URL/s),
    )
    await assert.rejects(checkWith(''), forbidden(/DATABASE_PUBLIC_URL/))
  })

  it('that could write is refused', async () => {
    await assert.rejects(checkWith(`-c role=${PUBLIC_ROLE}`), forbidden(/can write.*default_transaction_read_only/s))
  })

  it('that may read one table, or one column of it, is refused', async () => {
    for (const right of ['SELECT ON post', 'SELECT (content) ON post', 'DELETE ON session']) {
      await store.admin.query(`GRANT ${right} TO ${PUBLIC_ROLE}`)
      try {
        await assert.rejects(
          connectStore(store.connection, { notify: false, engine: null }, silentLog()),
          forbidden(/1 tables \((post|session)/),
        )
      } finally {
        await store.admin.query(`REVOKE ${right} FROM ${PUBLIC_ROLE}`)
      }
    }
  })

  describe('with an account of its own', () => {
    const openAs = async (user: string, database?: string) => {
      const url = addressOf(store.connection)
      const publicUrl = new URL(url)
      publicUrl.username = user
      if (database) publicUrl.pathname = `/${database}`
      const connection: Connection = { kind: 'url', url, publicUrl: publicUrl.href }
      const opened = await connectStore(connection, { notify: false, engine: null }, silentLog())
      await opened.close()
    }

    it('passes as a member of the public role', async () => {
      await openAs(await account(`GRANT ${PUBLIC_ROLE} TO $`))
    })

    it('is refused as the owner or a superuser', async () => {
      const { username } = new URL(addressOf(store.connection))
      await assert.rejects(openAs(username), forbidden(/account .* of DATABASE_PUBLIC_URL has more rights/))
    })

    it('is refused when it may take the role of the owner', async () => {
      const owner = (await store.admin.query('SELECT current_user AS name')).rows[0].name
      const user = await account(`GRANT ${PUBLIC_ROLE} TO $;GRANT "${owner}" TO $;ALTER ROLE $ NOINHERIT`)
      await assert.rejects(openAs(user), forbidden(/DATABASE_PUBLIC_URL has more rights/))
    })

    it('is refused when it cannot read the views, or reads another database', async () => {
      const user = await account('')
      await assert.rejects(
        openAs(user),
        (error) => isAppError(error, 'invalid') && /cannot read the public/.test(error.message),
      )
      const other = await openTestStore()
      const member = await account(`GRANT ${PUBLIC_ROLE} TO $`)
      const name = (await other.admin.query('SELECT current_database() AS name')).rows[0].name
      await assert.rejects(
        openAs(member, name),
        (error) => isAppError(error, 'invalid') && /another database/.test(error.message),
      )
      await other.close()
    })
  })
})
