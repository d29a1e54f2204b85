// Brings a database to the newest schema: frozen SQL files, each applied once, one transaction each.
// Called at every start, by any number of nodes at once (an advisory lock lets one through).
// Never imports today's tables into yesterday's migration.

import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { checkServerVersion, PUBLIC_ROLE } from './database.ts'
import type { Database } from './tables.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
const LOCK = 4_207_001 // any constant of ours

/** Returns the names applied now. Throws `unavailable` when the database is newer than this program. */
export async function migrate(db: Database, newEpoch: () => string): Promise<string[]> {
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
  return db.connection().execute(async (connection) => {
    const version = await sql<{ n: number }>`SELECT current_setting('server_version_num')::int AS n`.execute(connection)
    checkServerVersion(version.rows[0]?.n ?? 0)
    await sql`SELECT pg_advisory_lock(${sql.lit(LOCK)})`.execute(connection)
    try {
      const applied: string[] = []
      const done = await appliedMigrations(connection)
      refuseNewer(done, files)
      for (const file of files.filter((name) => !done.has(name))) {
        await applyOne(connection, file)
        applied.push(file)
      }
      if (applied.length > 0) await grantPublicReads(connection)
      await foundInstallation(connection, newEpoch)
      return applied
    } finally {
      await sql`SELECT pg_advisory_unlock(${sql.lit(LOCK)})`.execute(connection)
    }
  })
}

async function appliedMigrations(db: Database): Promise<Set<string>> {
  await sql`CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
    db,
  )
  const rows = await sql<{ name: string }>`SELECT name FROM migration`.execute(db)
  return new Set(rows.rows.map((row) => row.name))
}

function refuseNewer(done: Set<string>, files: string[]): void {
  const unknown = [...done].filter((name) => !files.includes(name))
  if (unknown.length > 0) {
    throw new AppError('unavailable', `This database was used by a newer Dateline (${unknown[0]}). Start that version.`)
  }
}

async function applyOne(db: Database, file: string): Promise<void> {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  await db.transaction().execute(async (tx) => {
    for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx)
    await sql`INSERT INTO migration (name) VALUES (${file})`.execute(tx)
  })
}

/** Statements end with `;` at the end of a line followed by a blank line or the end of the file. */
export function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\r?\n[ \t]*\r?\n|\s*$)/)
    .map((statement) => statement.replace(/^\s*--.*$/gm, '').trim())
    .filter((statement) => statement !== '')
}

/** The public role exists once per server; it may read the public_* views of this database and nothing else. */
async function grantPublicReads(db: Database): Promise<void> {
  await sql
    .raw(`DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${PUBLIC_ROLE}') THEN CREATE ROLE ${PUBLIC_ROLE} LOGIN; END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
    .execute(db)
  const views = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.views
    WHERE table_schema = current_schema() AND table_name LIKE 'public\\_%'`.execute(db)
  const schema = await sql<{ name: string }>`SELECT quote_ident(current_schema()) AS name`.execute(db)
  await sql.raw(`GRANT USAGE ON SCHEMA ${schema.rows[0]?.name} TO ${PUBLIC_ROLE}`).execute(db)
  for (const view of views.rows) await sql.raw(`GRANT SELECT ON ${view.name} TO ${PUBLIC_ROLE}`).execute(db)
  await sql
    .raw(`DO $$ BEGIN EXECUTE format('GRANT ${PUBLIC_ROLE} TO %I', current_user);
    EXCEPTION WHEN OTHERS THEN NULL; END $$`)
    .execute(db)
}

async function foundInstallation(db: Database, newEpoch: () => string): Promise<void> {
  await sql`INSERT INTO installation (epoch, created_at)
    VALUES (${newEpoch()}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) ON CONFLICT DO NOTHING`.execute(db)
}
