// A start that cannot be: one sentence that says what to do, and nothing misleading before it.

import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { temporaryFolder } from '../../test/helpers/node.ts'
import { createLog, silentLog } from '../base/log.ts'
import { isAppError } from '../domain/error.ts'
import { translate } from '../store/acts.ts'
import { connectStore } from './open-store.ts'
import { parseOptions } from './options.ts'
import { serve } from './serve.ts'

let store: TestStore
const folder = temporaryFolder()
before(async () => {
  store = await openTestStore()
})
after(async () => {
  await store.close()
  folder.remove()
})

const options = (env: Record<string, string>) => parseOptions([], { PORT: '0', ...env }).options

describe('an address that cannot be listened on', () => {
  it('is named, whatever is wrong with it', async () => {
    for (const host of ['300.1.1.1', '192.0.2.1']) {
      await assert.rejects(
        serve(options({ HOST: host }), store, folder.path, silentLog()),
        (error) => isAppError(error, 'invalid') && error.message.includes(host),
      )
    }
  })

  it('a taken port is said without a word about the log', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const lines: string[] = []
    const own = await openTestStore({ connection: store.connection })
    try {
      const log = createLog('info', { write: (line) => void lines.push(line) })
      const refused = serve(options({ PORT: String(port) }), own, folder.path, log)
      await assert.rejects(refused, (error) => isAppError(error, 'conflict') && error.message.includes(String(port)))
    } finally {
      await own.close()
      taken.close()
    }
    await new Promise((resolve) => setTimeout(resolve, 1_200)) // a poll would have come by now
    assert.deepEqual(lines, [])
  })
})

describe('a database that cannot be reached', () => {
  it('is one sentence that names the host and not the password', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve))
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const url = `postgres://ada:sesame@${host}/news`
      await assert.rejects(
        connectStore({ kind: 'url', url, publicUrl: null }, { notify: true, engine: null }, silentLog()),
        (error) =>
          isAppError(error, 'unavailable') &&
          error.message.includes(`${host}/news`) &&
          !/sesame|ada|\n/.test(error.message),
      )
    }
  })

  it('a role, database, schema or table that is missing counts as out of reach', async () => {
    const { connection } = store
    const base =
      connection.kind === 'url'
        ? { connectionString: connection.url }
        : { host: connection.socketDir, database: connection.database, user: connection.user }
    const failures = [
      await failureOf({ ...base, database: 'no_such_database', connectionString: undefined }, 'SELECT 1'),
      await failureOf(base, 'SELECT 1 FROM no_such_table'),
      await failureOf(base, 'CREATE TABLE no_such_schema.t (n int)'),
      ...(connection.kind === 'url' ? [] : [await failureOf({ ...base, user: 'no_such_role' }, 'SELECT 1')]),
    ]
    for (const error of failures) assert.ok(isAppError(translate(error), 'unavailable'), String(error))
  })
})

async function failureOf(config: pg.ClientConfig, statement: string): Promise<unknown> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(statement)
    return null
  } catch (error) {
    return error
  } finally {
    await client.end().catch(() => undefined)
  }
}
