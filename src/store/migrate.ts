// Brings a database to the newest schema: frozen SQL files, each applied once, one transaction each.
// Called at every start, by any number of nodes at once (an advisory lock lets one through), and by the restore.
// Never imports today's tables into yesterday's migration.

import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { checkServerVersion, NO_RIGHT, PUBLIC_ROLE } from './database.ts'
import type { Database } from './tables.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
const LOCK = 4_207_001 // any constant of ours

/** Returns the names applied now. Throws `unavailable` when the database is newer than this program. */
export async function migrate(db: Database, newEpoch: () => string): Promise<string[]> {
  return db.connection().execute(async (connection) => {
    await checkServerVersion(connection)
    // Another node's long migration, or one of our own, is no broken query.
    await sql`SET statement_timeout = 0`.execute(connection)
    await sql`SELECT pg_advisory_lock(${sql.lit(LOCK)})`.execute(connection)
    try {
      await makePublicRole(connection) // before anything is made: without it a start ends here
      await makeMigrationTable(connection)
      const done = await appliedMigrations(connection)
      refuseNewer(done)
      const applied = knownMigrations().filter((name) => !done.has(name))
      for (const file of applied) await connection.transaction().execute((tx) => applyOne(tx, file))
      if (applied.length > 0 || !(await hasPublicReads(connection))) await grantPublicReads(connection)
      await foundInstallation(connection, newEpoch)
      return applied
    } finally {
      await sql`SELECT pg_advisory_unlock(${sql.lit(LOCK)})`.execute(connection)
      await sql`RESET statement_timeout`.execute(connection)
    }
  })
}

/** File names, oldest first. */
export function knownMigrations(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
}

/** No other node starts or restores until the transaction ends. */
export async function lockMigrations(tx: Database): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
}

/** Applies those of `names` that are not applied yet, in the caller's transaction. Returns them. */
export async function applyMigrations(tx: Database, names: readonly string[]): Promise<string[]> {
  await makeMigrationTable(tx)
  const done = await appliedMigrations(tx)
  const missing = knownMigrations().filter((name) => names.includes(name) && !done.has(name))
  for (const file of missing) await applyOne(tx, file)
  return missing
}

export async function appliedMigrations(db: Database): Promise<Set<string>> {
  const rows = await sql<{ name: string }>`SELECT name FROM migration`.execute(db)
  return new Set(rows.rows.map((row) => row.name))
}

/** Throws `unavailable` when a name is none of ours. */
export function refuseNewer(done: Iterable<string>): void {
  const known = knownMigrations()
  const unknown = [...done].filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new AppError('unavailable', `This database was used by a newer Dateline (${unknown[0]}). Start that version.`)
  }
}

async function makeMigrationTable(db: Database): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
    db,
  )
}

async function applyOne(tx: Database, file: string): Promise<void> {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx)
  await sql`INSERT INTO migration (name) VALUES (${file})`.execute(tx)
}

/** Statements end with `;` at the end of a line followed by a blank line or the end of the file. */
export function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\r?\n[ \t]*\r?\n|\s*$)/)
    .map((statement) => statement.replace(/^\s*--.*$/gm, '').trim())
    .filter((statement) => statement !== '')
}

/** It exists once per server. Throws `forbidden` with the statements for a superuser. */
async function makePublicRole(db: Database): Promise<void> {
  const found = await sql<{ there: boolean; account: string }>`
    SELECT EXISTS(SELECT FROM pg_roles WHERE rolname = ${PUBLIC_ROLE}) AS there, quote_ident(current_user) AS account`.execute(
    db,
  )
  const { there, account } = found.rows[0] ?? { there: false, account: '' }
  if (there) return
  await sql
    .raw(`DO $$ BEGIN CREATE ROLE ${PUBLIC_ROLE} LOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`) // made by another database's start in this moment
    .execute(db)
    .catch((cause) => {
      if (cause.code !== NO_RIGHT) throw cause
      const make = `CREATE ROLE ${PUBLIC_ROLE} NOLOGIN; GRANT ${PUBLIC_ROLE} TO ${account}`
      const text = `The role ${PUBLIC_ROLE} is missing, and the account ${account} may not make roles. As a superuser run: ${make}`
      throw new AppError('forbidden', text, { cause })
    })
}

/** False after a start that ended between its migrations and their grants. */
async function hasPublicReads(db: Database): Promise<boolean> {
  const found = await sql`SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relname = 'public_installation'
      AND has_table_privilege('${sql.raw(PUBLIC_ROLE)}', c.oid, 'SELECT')
      AND has_schema_privilege('${sql.raw(PUBLIC_ROLE)}', n.oid, 'USAGE')`.execute(db)
  return found.rows.length > 0
}

/** The public role may read the public_* views of this database and nothing else. */
export async function grantPublicReads(db: Database): Promise<void> {
  await makePublicRole(db)
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
