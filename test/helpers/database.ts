// A database of its own for each test file: in the engine that the test command started, in the server of
// TEST_DATABASE_URL, or in an engine of this process when the file runs alone.
// Never shares rows between files.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { silentLog } from '../../src/base/log.ts'
import { connectStore, type Store } from '../../src/cli/open-store.ts'
import type { Connection } from '../../src/store/database.ts'
import { type Engine, openEngine } from '../../src/store/engine.ts'

export type TestStore = Store & { connection: Connection; admin: pg.Client }

let own: { engine: Engine; dir: string } | null = null

/** `notify` false: the doorbell is cut off. Close it in `after`. */
export async function openTestStore(options: { notify?: boolean; connection?: Connection } = {}): Promise<TestStore> {
  const base = options.connection ?? (await serverConnection())
  const name = `t_${randomBytes(6).toString('hex')}`
  const template = process.env.TEST_TEMPLATE
  if (!options.connection) await onServer(base, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`)
  const connection = options.connection ?? named(base, name)
  const store = await connectStore(connection, { notify: options.notify ?? true, engine: null }, silentLog())
  const admin = new pg.Client(clientConfig(connection))
  admin.on('error', () => undefined) // tests cut it on purpose
  await admin.connect()
  return {
    ...store,
    connection,
    admin,
    close: async () => {
      await admin.end().catch(() => undefined)
      await store.close()
      if (!options.connection) await dropDatabase(base, name).catch(() => undefined)
      if (!options.connection) await closeOwn()
    },
  }
}

/** A database with every migration and no installation, to copy instead of migrating each file's own. */
export async function createTemplate(base: Connection, name: string): Promise<void> {
  await onServer(base, `CREATE DATABASE ${name}`)
  const connection = named(base, name)
  const store = await connectStore(connection, { notify: false, engine: null }, silentLog())
  await store.close()
  await onServer(connection, 'DELETE FROM installation')
}

export const dropDatabase = (base: Connection, name: string): Promise<void> =>
  onServer(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)

/** A database without a single table. Drop it in `after`. */
export async function createEmptyDatabase(): Promise<{ connection: Connection; drop(): Promise<void> }> {
  const base = await serverConnection()
  const name = `t_${randomBytes(6).toString('hex')}`
  await onServer(base, `CREATE DATABASE ${name}`)
  return {
    connection: named(base, name),
    drop: async () => {
      await dropDatabase(base, name).catch(() => undefined)
      await closeOwn()
    },
  }
}

let users = 0

async function serverConnection(): Promise<Connection> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { kind: 'url', url, publicUrl: null }
  const socketDir = process.env.TEST_ENGINE_SOCKET
  if (socketDir) return { kind: 'socket', socketDir, user: 'dateline', database: 'dateline' }
  users += 1
  if (!own) {
    const dir = mkdtempSync(join(tmpdir(), 'dateline-test-'))
    own = { dir, engine: await openEngine({ dataDir: dir, log: silentLog() }) }
  }
  return { kind: 'socket', socketDir: own.engine.socketDir, user: 'dateline', database: 'dateline' }
}

async function closeOwn(): Promise<void> {
  if (!own || --users > 0) return
  const { engine, dir } = own
  own = null
  await engine.stop()
  rmSync(dir, { recursive: true, force: true })
}

function named(base: Connection, database: string): Connection {
  if (base.kind === 'socket') return { ...base, database }
  const url = new URL(base.url)
  url.pathname = `/${database}`
  return { ...base, url: url.href }
}

export function clientConfig(connection: Connection): pg.ClientConfig {
  if (connection.kind === 'url') return { connectionString: connection.url }
  return { host: connection.socketDir, user: connection.user, database: connection.database }
}

async function onServer(base: Connection, statement: string): Promise<void> {
  const client = new pg.Client(clientConfig(base))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
