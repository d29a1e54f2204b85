// Fills an empty installation from a dump, in one transaction: the schema the dump was made under, its rows, the newer
// migrations, a new epoch, and both chains of every story walked before anything is kept.
// Called by the restore command. Never touches an installation that holds anything.

import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { allTables, type FoundTable, foreignKeys, hasTable, sequences } from './catalogue.ts'
import { checkServerVersion } from './database.ts'
import { appliedMigrations, applyMigrations, grantPublicReads, knownMigrations, lockMigrations } from './migrate.ts'
import type { Database } from './tables.ts'
import { type ChainReport, verifyChains } from './verify-chains.ts'

const HOLDS_NOTHING_WITHOUT = ['story', 'account', 'media'] as const // whatever else exists belongs to one of these

export type Incoming = {
  epoch: string
  migrations: string[]
  tables: Record<string, { columns: string[]; rows: number }>
  sequences: Record<string, string>
}

export type LoadOptions = {
  newEpoch: () => string
  /** Called once; puts in every row of every table, in any order. `lines`: JSON objects joined by commas. */
  fill: (insert: (table: string, lines: string) => Promise<void>) => Promise<void>
  /** Throws when the chains are not good enough to be kept. */
  judge: (report: ChainReport) => void
}

/** `leftOut`: tables of the dump that no migration of ours makes. */
export type Loaded = { rows: number; leftOut: string[]; upgraded: string[]; chains: ChainReport; epoch: string }

/** Throws `conflict` when the installation is not empty, `invalid` when the dump does not fit; nothing is changed then. */
export async function loadInstallation(db: Database, incoming: Incoming, options: LoadOptions): Promise<Loaded> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '10s', true),
      set_config('idle_in_transaction_session_timeout', '0', true)`.execute(tx)
    await checkServerVersion(tx)
    await lockMigrations(tx)
    await requireEmpty(tx, incoming.migrations)
    await applyMigrations(tx, incoming.migrations)
    const { taken, leftOut } = await matchTables(tx, incoming)
    const tieAgain = await untie(tx, taken)
    const rows = await fill(tx, taken, incoming, options.fill)
    await tieAgain()
    await setSequences(tx, incoming.sequences)
    const upgraded = await applyMigrations(tx, knownMigrations())
    await grantPublicReads(tx)
    const epoch = await beginEpoch(tx, incoming.epoch, options.newEpoch)
    const chains = await verifyChains(tx)
    options.judge(chains)
    return { rows, leftOut, upgraded, chains, epoch }
  })
}

async function requireEmpty(tx: Database, migrations: string[]): Promise<void> {
  if (!(await hasTable(tx, 'migration'))) return
  for (const name of HOLDS_NOTHING_WITHOUT) {
    if (!(await hasTable(tx, name))) continue
    await sql`LOCK TABLE ${sql.table(name)} IN ACCESS EXCLUSIVE MODE`.execute(tx)
    const found = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(tx)
    if (found.rows.length > 0) {
      const advice = 'Restore into a new data folder (--data-dir) or an empty database'
      throw new AppError(
        'conflict',
        `This installation is not empty: it holds a ${name}. ${advice}. Nothing was changed.`,
      )
    }
  }
  const applied = await appliedMigrations(tx)
  if (applied.size !== migrations.length || !migrations.every((name) => applied.has(name))) {
    throw new AppError(
      'conflict',
      'The backup has another schema than this installation, which was started before. Restore into a new data folder ' +
        '(--data-dir) or a database that Dateline was never started on. Nothing was changed.',
    )
  }
}

async function matchTables(tx: Database, incoming: Incoming): Promise<{ taken: FoundTable[]; leftOut: string[] }> {
  const here = await allTables(tx)
  const taken = here.filter(({ name }) => name in incoming.tables)
  for (const { name, columns } of taken) {
    const theirs = incoming.tables[name]?.columns ?? []
    if ([...theirs].sort().join() !== [...columns].sort().join()) {
      throw new AppError(
        'invalid',
        `Table ${name} of the backup has other columns than its schema. Nothing was changed.`,
      )
    }
  }
  const leftOut = Object.keys(incoming.tables).filter((name) => !taken.some((table) => table.name === name))
  return { taken, leftOut }
}

/** Foreign keys and triggers are away while rows come in any order; the keys are checked when they come back. */
async function untie(tx: Database, tables: FoundTable[]): Promise<() => Promise<void>> {
  const keys = await foreignKeys(tx)
  for (const { table, name } of keys)
    await sql`ALTER TABLE ${sql.table(table)} DROP CONSTRAINT ${sql.id(name)}`.execute(tx)
  for (const { name } of tables) await sql`ALTER TABLE ${sql.table(name)} DISABLE TRIGGER USER`.execute(tx)
  return async () => {
    for (const { name } of tables) await sql`ALTER TABLE ${sql.table(name)} ENABLE TRIGGER USER`.execute(tx)
    for (const { table, name, definition } of keys) {
      await sql`ALTER TABLE ${sql.table(table)} ADD CONSTRAINT ${sql.id(name)} ${sql.raw(definition)}`
        .execute(tx)
        .catch((cause) => {
          throw new AppError('invalid', `Rows of table ${table} point at rows that are not there (${name}).`, { cause })
        })
    }
  }
}

async function fill(
  tx: Database,
  tables: FoundTable[],
  incoming: Incoming,
  work: LoadOptions['fill'],
): Promise<number> {
  // A migration may have put in rows of its own.
  if (tables.length > 0) await sql`TRUNCATE ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(tx)
  const counts = new Map(tables.map(({ name }) => [name, 0]))
  await work(async (name, lines) => {
    const table = tables.find((one) => one.name === name)
    if (table) counts.set(name, (counts.get(name) ?? 0) + (await insertRows(tx, table, lines)))
  })
  for (const [name, count] of counts) {
    const said = incoming.tables[name]?.rows
    if (count !== said) throw new AppError('invalid', `Table ${name}: ${count} of ${said} rows came in.`)
  }
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

async function insertRows(tx: Database, { name, columns }: FoundTable, lines: string): Promise<number> {
  const list = sql.join(columns.map((column) => sql.id(column)))
  const into = sql`INSERT INTO ${sql.table(name)} (${list}) OVERRIDING SYSTEM VALUE`
  try {
    const done = await sql`${into} SELECT ${list}
      FROM jsonb_populate_recordset(NULL::${sql.table(name)}, ${`[${lines}]`}::jsonb)`.execute(tx)
    return Number(done.numAffectedRows ?? 0)
  } catch (cause) {
    throw new AppError('invalid', `Table ${name} cannot take a row of the backup: ${(cause as Error).message}`, {
      cause,
    })
  }
}

async function setSequences(tx: Database, wanted: Record<string, string>): Promise<void> {
  const known = await sql<{ name: string }>`
    SELECT sequencename::text AS name FROM pg_sequences WHERE schemaname = current_schema()`.execute(tx)
  const later = await sequences(tx) // what a migration gave out meanwhile is not given out again
  for (const { name } of known.rows) {
    const value = BigInt(wanted[name] ?? 0)
    if (value > BigInt(later[name] ?? 0))
      await sql`SELECT setval(quote_ident(${name})::regclass, ${value.toString()}::bigint)`.execute(tx)
  }
}

/** Law 3: what readers know of the old history is answered with "load the page again". */
async function beginEpoch(tx: Database, old: string, newEpoch: () => string): Promise<string> {
  let epoch = newEpoch()
  while (epoch === old) epoch = newEpoch()
  const done = await tx.updateTable('installation').set({ epoch }).executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw new AppError('invalid', 'The backup names no installation.')
  return epoch
}
