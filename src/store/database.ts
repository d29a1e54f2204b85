// Opens the two handles on PostgreSQL: the writing one and the public one that reads the public_* views only (law 6).
// Called by cli/serve.ts, cli commands and tests. Never runs a query of its own but the check of the server's version.

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Log } from '../base/log.ts'
import { AppError, isAppError } from '../domain/error.ts'
import { translate } from './acts.ts'
import type { Database, PublicDatabase, PublicTables, Tables } from './tables.ts'

pg.types.setTypeParser(20, Number) // int8: our bigints are ms, seqs and order keys, all below 2^53

export const PUBLIC_ROLE = 'dateline_public'
export const NO_RIGHT = '42501' // the server's code for a right that an account lacks

/** ms. `connect` also bounds the wait for a free connection. `query` is our own clock: a server that hangs never says so. */
type Bounds = { max: number; connect: number; statement: number; query: number }
// A living server speaks first, so that its connection can be kept: `query` is above `statement`, and that above the locks of acts.ts.
const WRITING: Bounds = { max: 10, connect: 5_000, statement: 8_000, query: 9_000 }
const READING: Bounds = { max: 10, connect: 2_000, statement: 2_000, query: 2_500 } // a reader waits no longer
// Apart from the readers' connections: a crowd at the door must not keep the node from hearing the log.
const FOLLOWING: Bounds = { ...READING, max: 2 }
// Migrations and backups take as long as there is data, and nobody waits for them at a page. 0 = no end.
const PATIENT: Bounds = { max: 4, connect: 5_000, statement: 0, query: 0 }
const KEEP_ALIVE_MS = 10_000 // a peer that vanished without a word is noticed by the system
const GOODBYE_MS = 1_000 // for the last connections to close; a server that hangs never lets them
const MIN_SERVER = 150_000 // PostgreSQL 15

/** How to reach the server: the embedded engine's socket, or the addresses given by the operator. */
export type Connection =
  | { kind: 'socket'; socketDir: string; user: string; database: string }
  | { kind: 'url'; url: string; publicUrl: string | null }

export type Handles = {
  db: Database
  publicDb: PublicDatabase
  /** The same view for the follower alone. */
  followDb: PublicDatabase
  /** A connection of its own, for LISTEN. */
  listener(): pg.Client
  close(): Promise<void>
}

export function openHandles(connection: Connection, log: Log): Handles {
  const writing = makePool(writingConfig(connection), WRITING, log)
  const reading = makePool(readingConfig(connection), READING, log)
  const following = makePool(readingConfig(connection), FOLLOWING, log)
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: writing.pool }) }),
    publicDb: new Kysely<PublicTables>({ dialect: new PostgresDialect({ pool: reading.pool }) }),
    followDb: new Kysely<PublicTables>({ dialect: new PostgresDialect({ pool: following.pool }) }),
    listener: () =>
      new BoundedClient({
        ...writingConfig(connection),
        ...alive,
        connectionTimeoutMillis: WRITING.connect,
        query_timeout: WRITING.connect,
      }),
    close: async () => {
      await Promise.allSettled([writing.close(), reading.close(), following.close()])
    },
  }
}

/** For work whose statements may take as long as they need. */
export function openPatientHandle(connection: Connection, log: Log): { db: Database; close(): Promise<void> } {
  const { pool, close } = makePool(writingConfig(connection), PATIENT, log)
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), close }
}

/** What went wrong on the way to the operator's own server, in one sentence; `error` itself where it is another matter. */
export function outOfReach(connection: Connection, error: unknown): unknown {
  return connection.kind === 'url' ? inOneSentence('DATABASE_URL', connection.url, error) : error
}

/** The same for the public handle, which may have an address of its own. */
export function publicOutOfReach(connection: Connection, error: unknown): unknown {
  if (connection.kind !== 'url' || !connection.publicUrl) return outOfReach(connection, error)
  return inOneSentence('DATABASE_PUBLIC_URL', connection.publicUrl, error)
}

function inOneSentence(setting: string, url: string, error: unknown): unknown {
  if (isAppError(error)) return error
  const { message, code } = error as { message?: string; code?: string }
  const { host, pathname } = new URL(url) // never the user, never the password
  const database = `The database of ${setting} (${host || 'the socket it names'}${pathname})`
  if (code === NO_RIGHT) {
    const text = `${database} refuses its account a right: ${message}. docs/operations/postgresql.md has the roles it needs.`
    return new AppError('forbidden', text, { cause: error })
  }
  if (!isAppError(translate(error), 'unavailable')) return error
  return new AppError('unavailable', `${database} cannot be used: ${message || code}.`, { cause: error })
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

const alive = { keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS }

/** The driver gives up an answer but would lend the connection again, with the old question still on it: it is cut instead. */
class BoundedClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's many ways to call it are kept as they are
  override query(...args: any[]): any {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const answer = (super.query as (...all: any[]) => unknown).apply(this, args)
    if (!(answer instanceof Promise)) return answer
    return answer.catch((error: Error) => {
      if (error.message === 'Query read timeout') cut(this)
      throw error
    })
  }
}

/** pg's typings do not show the socket. */
function cut(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

type ClosablePool = { pool: pg.Pool; close(): Promise<void> }

function makePool(config: pg.ClientConfig, bounds: Bounds, log: Log): ClosablePool {
  const pool = new pg.Pool({
    ...config,
    ...alive,
    Client: BoundedClient,
    max: bounds.max,
    connectionTimeoutMillis: bounds.connect,
    idleTimeoutMillis: 30_000,
    statement_timeout: bounds.statement,
    query_timeout: bounds.query,
    idle_in_transaction_session_timeout: bounds.statement,
    application_name: 'dateline',
  })
  // Without these handlers a connection that the server closes ends the process: the pool's is for idle ones, the client's for
  // one that is lent out and between two statements.
  const lost = (error: Error) => log.warn({ err: error.message }, 'a database connection was lost')
  pool.on('error', lost)
  const open = new Set<Promise<void>>()
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error.message }, 'a lent connection was lost'))
    const ended = new Promise<void>((resolve) => client.once('end', resolve)).then(() => void open.delete(ended))
    open.add(ended)
  })
  return { pool, close: () => closePool(pool, open) }
}

/** The pool's own `end` resolves when the goodbyes are sent: a server that stops then still tells a connection about it. */
async function closePool(pool: pg.Pool, open: ReadonlySet<Promise<void>>): Promise<void> {
  await pool.end()
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS)
  })
  await Promise.race([Promise.all(open), patience])
  clearTimeout(timer)
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
