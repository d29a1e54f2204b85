// Opens the two handles on PostgreSQL: the writing one and the public one that reads the public_* views only (law 6).
// Called by cli/serve.ts, cli commands and tests. Never runs a query of its own but the check of the server's version.

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import type { Database, PublicDatabase, PublicTables, Tables } from './tables.ts'

pg.types.setTypeParser(20, Number) // int8: our bigints are ms, seqs and order keys, all below 2^53

export const PUBLIC_ROLE = 'dateline_public'
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 15_000 // a query that takes longer is broken; it must not hold a story's lock
const MIN_SERVER = 150_000 // PostgreSQL 15

/** How to reach the server: the embedded engine's socket, or the addresses given by the operator. */
export type Connection =
  | { kind: 'socket'; socketDir: string; user: string; database: string }
  | { kind: 'url'; url: string; publicUrl: string | null }

export type Handles = {
  db: Database
  publicDb: PublicDatabase
  /** A connection of its own, for LISTEN. */
  listener(): pg.Client
  close(): Promise<void>
}

export function openHandles(connection: Connection, log: Log, poolSize = 10): Handles {
  const pool = makePool(writingConfig(connection), poolSize, log)
  const publicPool = makePool(readingConfig(connection), poolSize, log)
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    publicDb: new Kysely<PublicTables>({ dialect: new PostgresDialect({ pool: publicPool }) }),
    listener: () => new pg.Client({ ...writingConfig(connection), keepAlive: true }),
    close: async () => {
      await Promise.allSettled([pool.end(), publicPool.end()])
    },
  }
}

/** Throws `unavailable` for a server that is too old. */
export async function checkServerVersion(db: Database): Promise<void> {
  const version = await sql<{ n: number }>`SELECT current_setting('server_version_num')::int AS n`.execute(db)
  const number = version.rows[0]?.n ?? 0
  if (number < MIN_SERVER) {
    throw new AppError(
      'unavailable',
      `Dateline needs PostgreSQL 15 or newer; this server is ${Math.floor(number / 10_000)}.`,
    )
  }
}

function makePool(config: pg.ClientConfig, max: number, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'dateline',
  })
  // Without these handlers a connection that the server closes ends the process: the pool's is for idle ones, the client's for
  // one that is lent out and between two statements.
  const lost = (error: Error) => log.warn({ err: error.message }, 'a database connection was lost')
  pool.on('error', lost)
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug({ err: error.message }, 'a lent connection was lost')),
  )
  return pool
}

function writingConfig(connection: Connection): pg.ClientConfig {
  return connection.kind === 'url' ? { connectionString: connection.url } : socketConfig(connection, connection.user)
}

function readingConfig(connection: Connection): pg.ClientConfig {
  const readOnly = '-c default_transaction_read_only=on'
  if (connection.kind === 'socket') {
    return { ...socketConfig(connection, PUBLIC_ROLE), options: readOnly }
  }
  if (connection.publicUrl) return { connectionString: connection.publicUrl, options: readOnly }
  // One account only: its sessions lay down their rights at connect. A separate account is the stronger wall (docs/configuration.md).
  return { connectionString: connection.url, options: `${readOnly} -c role=${PUBLIC_ROLE}` }
}

/** Everything is said, so that no PG* variable of the environment leaks in. */
function socketConfig({ socketDir, database }: { socketDir: string; database: string }, user: string): pg.ClientConfig {
  return { host: socketDir, port: 5432, user, database, password: '', ssl: false }
}
