// Reads everything an installation holds, as one snapshot, beside a running server.
// Called by the backup command. Never writes, and never migrates what it reads.

import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { carriedTables, type FoundTable, hasTable, sequences } from './catalogue.ts'
import { appliedMigrations, refuseNewer } from './migrate.ts'
import type { Database } from './tables.ts'

const ROWS_PER_FETCH = 200 // a row is a post with its text: some megabytes at most in memory

export type Snapshot = {
  epoch: string
  /** As "18.4". */
  server: string
  /** In the order they are applied. */
  migrations: string[]
  tables: FoundTable[]
  /** Name → last value given out. */
  sequences: Record<string, string>
  /** Without withdrawn ones: their files are on their way out. */
  mediaIds: string[]
  /** One JSON object per row, made by PostgreSQL: numbers of any size stay whole. */
  rows(table: string): AsyncIterable<string[]>
}

/** `work` sees one instant, however long it takes. Throws `not_found` where no Dateline was ever started. */
export async function withSnapshot<T>(db: Database, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return withSnapshotTransaction(db, async (tx) => {
    if (!(await hasTable(tx, 'migration')))
      throw new AppError('not_found', 'This database holds no Dateline. There is nothing to back up.')
    const applied = await appliedMigrations(tx)
    refuseNewer(applied)
    const about = await sql<{ epoch: string; server: string }>`
      SELECT epoch, split_part(current_setting('server_version'), ' ', 1) AS server FROM installation`.execute(tx)
    const { epoch, server } = about.rows[0] as { epoch: string; server: string }
    // By the row as JSON: an earlier schema has no such column.
    const media = await sql<{ id: string }>`
      SELECT id FROM media WHERE to_jsonb(media) ->> 'withdrawn_at' IS NULL ORDER BY id`.execute(tx)
    return work({
      epoch,
      server,
      migrations: [...applied].sort(),
      tables: await carriedTables(tx),
      sequences: await sequences(tx),
      mediaIds: media.rows.map(({ id }) => id),
      rows: (table) => rowsOf(tx, table),
    })
  })
}

/** A reading transaction of one instant that may stay open for long: a slow disk or pipe is no broken query. */
export async function withSnapshotTransaction<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`SELECT set_config('statement_timeout', '0', true),
        set_config('idle_in_transaction_session_timeout', '0', true)`.execute(tx)
      return work(tx)
    })
}

async function* rowsOf(tx: Database, table: string): AsyncIterable<string[]> {
  await sql`DECLARE dump NO SCROLL CURSOR FOR
    SELECT to_jsonb(dumped_row)::text AS line FROM ${sql.table(table)} AS dumped_row`.execute(tx)
  for (;;) {
    const batch = await sql<{ line: string }>`FETCH ${sql.lit(ROWS_PER_FETCH)} FROM dump`.execute(tx)
    if (batch.rows.length === 0) break
    yield batch.rows.map(({ line }) => line)
  }
  await sql`CLOSE dump`.execute(tx)
}
