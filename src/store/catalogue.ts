// What the database itself says is there: tables, columns, sequences, foreign keys.
// Called by the backup (dump.ts) and the restore (load.ts), so that a table added by a later migration cannot be forgotten.
// Never knows a table by name but those a backup leaves out.

import { type RawBuilder, sql } from 'kysely'
import type { Database } from './tables.ts'

/** Tables a backup does not carry, and why. A test holds the names to the catalogue. */
export const NOT_CARRIED: Readonly<Record<string, string>> = {
  invitation: 'one that was used or taken back since must not open again',
  migration: 'the names stand in the manifest',
  passkey_challenge: 'ends after minutes',
  recovery_code: 'one that was used since must not be good again; everybody makes new ones',
  session: 'everybody signs in again',
  setup_token: 'the next start prints a new link',
  desk_presence: 'who is at work is known again after seconds',
  node_count: 'each node counts anew',
  sign_in_attempt: 'failed sign-ins are forgotten after minutes anyway',
  sso_attempt: 'a sign-in under way at a provider lasts ten minutes',
  sign_in_link: '`dateline user link` makes a new one',
}

/** `columns`: without generated ones, in the order of the table. */
export type FoundTable = { name: string; columns: string[] }
export type ForeignKey = { table: string; name: string; definition: string }

const HERE: RawBuilder<unknown> = sql`(SELECT oid FROM pg_namespace WHERE nspname = current_schema())`

export async function carriedTables(db: Database): Promise<FoundTable[]> {
  return (await allTables(db)).filter(({ name }) => !(name in NOT_CARRIED))
}

/** Ordered by name. A partitioned table counts once. */
export async function allTables(db: Database): Promise<FoundTable[]> {
  const found = await sql<FoundTable>`
    SELECT c.relname::text AS name,
      coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''), '{}') AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = ${HERE} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    GROUP BY c.relname ORDER BY c.relname`.execute(db)
  return found.rows
}

/** Name → last value given out, as text; sequences never used are absent. */
export async function sequences(db: Database): Promise<Record<string, string>> {
  const found = await sql<{ name: string; last: string }>`
    SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename`.execute(db)
  return Object.fromEntries(found.rows.map(({ name, last }) => [name, last]))
}

export async function foreignKeys(db: Database): Promise<ForeignKey[]> {
  const found = await sql<ForeignKey>`
    SELECT c.relname::text AS table, k.conname::text AS name, pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = ${HERE} AND k.contype = 'f' AND k.conparentid = 0
    ORDER BY c.relname, k.conname`.execute(db)
  return found.rows
}

export async function hasTable(db: Database, name: string): Promise<boolean> {
  return (await allTables(db)).some((table) => table.name === name)
}
