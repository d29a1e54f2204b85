// The start-up check of the public handle: it reads the public views of our database, and has no right beyond (law 6).
// Called once when a store is opened. Must never be skipped: a pooler that drops start-up options leaves no other sign.

import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { NO_RIGHT, PUBLIC_ROLE } from './database.ts'
import type { Database, PublicDatabase } from './tables.ts'

const SHOWN_TABLES = 3 // enough to recognise the case

/**
 * Throws `forbidden` when the public handle can reach a table or write, `invalid` when it reads another database.
 * `separate`: it has an account of its own (DATABASE_PUBLIC_URL).
 */
export async function checkPublicHandle(db: Database, publicDb: PublicDatabase, separate: boolean): Promise<void> {
  const { schema, epoch, account } = await writingSide(db)
  const { user, readOnly, reachable, readable } = await publicSide(publicDb, schema).catch((error) => {
    throw isRefusedRole(error) ? noMember(account, error) : error
  })
  if (reachable.length > 0) {
    const some = reachable.slice(0, SHOWN_TABLES).join(', ')
    throw new AppError('forbidden', `${tooMuch(user, separate)} It can reach ${reachable.length} tables (${some}, …).`)
  }
  if (!readOnly) {
    throw new AppError(
      'forbidden',
      `Public pages would be read by the role ${user} in transactions that can write. Something between Dateline and ` +
        `PostgreSQL drops start-up options. ${separate ? 'Run' : 'Set DATABASE_PUBLIC_URL to an account of its own and run'}: ` +
        `ALTER ROLE ${separate ? user : '<that account>'} SET default_transaction_read_only = on`,
    )
  }
  if (!readable) {
    throw new AppError(
      'invalid',
      `The role ${user} of DATABASE_PUBLIC_URL cannot read the public views: GRANT ${PUBLIC_ROLE} TO ${user}, and check ` +
        'that both addresses name the same database.',
    )
  }
  if ((await publicDb.selectFrom('public_installation').select('epoch').executeTakeFirst())?.epoch !== epoch)
    throw new AppError('invalid', 'DATABASE_PUBLIC_URL is another database than DATABASE_URL.')
}

function tooMuch(user: string, separate: boolean): string {
  return separate
    ? `The account ${user} of DATABASE_PUBLIC_URL has more rights than public pages need: it must be a member of ` +
        `${PUBLIC_ROLE} and nothing else, neither an owner of tables nor a superuser.`
    : `Public pages would be read with all rights of the account ${user}: something between Dateline and PostgreSQL drops ` +
        `start-up options. Set DATABASE_PUBLIC_URL to an account that is a member of ${PUBLIC_ROLE} only.`
}

type WritingSide = { schema: string; epoch: string; account: string }

async function writingSide(db: Database): Promise<WritingSide> {
  const found = await sql<WritingSide>`
    SELECT current_schema() AS schema, epoch, quote_ident(current_user) AS account FROM installation`.execute(db)
  return found.rows[0] as WritingSide
}

/** With one account only, its sessions take the public role as they begin, and the server refuses that to who is no member. */
function isRefusedRole(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === NO_RIGHT && message?.includes(PUBLIC_ROLE) === true
}

function noMember(account: string, cause: unknown): AppError {
  return new AppError(
    'forbidden',
    `Public pages are read as ${PUBLIC_ROLE}, and the account ${account} of DATABASE_URL is no member of that role. As a ` +
      `superuser run: GRANT ${PUBLIC_ROLE} TO ${account}`,
    { cause },
  )
}

type PublicSide = { user: string; readOnly: boolean; reachable: string[]; readable: boolean }

// Rights on columns count, and so does a role that may be taken: SET ROLE is one statement away.
async function publicSide(publicDb: PublicDatabase, schema: string): Promise<PublicSide> {
  const found = await sql<PublicSide>`
    SELECT current_user AS user, current_setting('transaction_read_only') = 'on' AS "readOnly",
      ARRAY(SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${schema} AND c.relkind IN ('r', 'p') AND (
          has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
          OR pg_has_role(c.relowner, 'MEMBER'))
        ORDER BY 1) AS reachable,
      EXISTS(SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${schema} AND c.relname = 'public_installation' AND has_table_privilege(c.oid, 'SELECT')
          AND has_schema_privilege(n.oid, 'USAGE')) AS readable`.execute(publicDb)
  return found.rows[0] as PublicSide
}
