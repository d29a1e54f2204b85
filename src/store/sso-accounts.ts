// Whose account an identity at a provider is: known, bound at the first sign-in, or made then.
// Called by web/auth/oidc.ts, after the provider's answer was verified and judged.
// Never looks an account up by its e-mail address once an identity is bound, and never opens a closed one.

import { sql, type Transaction } from 'kysely'
import { cleanLine } from '../domain/content.ts'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Role } from '../domain/permission.ts'
import { emailKey, insertAccount, isEmail } from './accounts.ts'
import type { Database, Tables } from './tables.ts'
import { translating } from './translating.ts'

const MAX_NAME = 100 // as of every account
const MAX_SUBJECT = 255 // OpenID Connect Core, section 2

/** `email`: only where it is verified. `role`: null = the provider grants none. */
export type SsoPerson = { issuer: string; subject: string; email: string | null; name: string; role: Role | null }

/** `refused`: the provider grants no role (any more). `unadministered`: nobody is an administrator now. */
export type SsoSignedIn =
  | { kind: 'known' | 'bound' | 'made'; accountId: string; unadministered: boolean }
  | { kind: 'refused'; accountId: string | null; unadministered: boolean }

export type SsoAccounts = {
  /** `linkByEmail`: may the first binding be to an account with the same address? Throws `unauthorized`, `forbidden`, `conflict`. */
  signIn(person: SsoPerson, linkByEmail: boolean): Promise<SsoSignedIn>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }
type Tx = Transaction<Tables>

export function createSsoAccounts(deps: Deps): SsoAccounts {
  const { db } = deps
  return translating<SsoAccounts>({
    signIn: (person, linkByEmail) => {
      if (person.subject === '' || person.subject.length > MAX_SUBJECT)
        throw new AppError('unauthorized', 'The provider names nobody. Nobody was signed in.')
      return db.transaction().execute((tx) => signIn(deps, tx, person, linkByEmail))
    },
  })
}

async function signIn(deps: Deps, tx: Tx, person: SsoPerson, linkByEmail: boolean): Promise<SsoSignedIn> {
  // Two windows of one newcomer must not make two accounts.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${person.issuer} ${person.subject}`}, 0))`.execute(tx)
  const known = await tx
    .selectFrom('sso_identity')
    .innerJoin('account', 'account.id', 'sso_identity.account_id')
    .select(['account.id', 'account.role', 'account.disabled_at'])
    .where('sso_identity.issuer', '=', person.issuer)
    .where('sso_identity.subject', '=', person.subject)
    .forUpdate('account')
    .executeTakeFirst()
  if (known) return signInKnown(deps, tx, person, known)
  if (person.role === null) return { kind: 'refused', accountId: null, unadministered: false }
  return signInNew(deps, tx, { ...person, role: person.role }, linkByEmail)
}

type Known = { id: string; role: Role; disabled_at: number | null }

async function signInKnown({ now }: Deps, tx: Tx, person: SsoPerson, known: Known): Promise<SsoSignedIn> {
  if (known.disabled_at !== null) throw closed()
  const changed = await takeRole(tx, known, person.role ?? 'guest')
  if (person.role === null) {
    await endEverything(tx, known.id, now())
    return { kind: 'refused', accountId: known.id, unadministered: changed && (await nobodyAdministers(tx)) }
  }
  await tx
    .updateTable('sso_identity')
    .set({ used_at: now() })
    .where('issuer', '=', person.issuer)
    .where('subject', '=', person.subject)
    .execute()
  return { kind: 'known', accountId: known.id, unadministered: changed && (await nobodyAdministers(tx)) }
}

async function signInNew(
  deps: Deps,
  tx: Tx,
  person: SsoPerson & { role: Role },
  linkByEmail: boolean,
): Promise<SsoSignedIn> {
  const email = cleanLine(person.email ?? '')
  if (!isEmail(email)) {
    throw new AppError(
      'forbidden',
      'The provider gives no confirmed e-mail address of you, and a new account needs one. Nobody was signed in.',
    )
  }
  const same = await tx
    .selectFrom('account')
    .select(['id', 'role', 'disabled_at'])
    .where('email_key', '=', emailKey(email))
    .forUpdate()
    .executeTakeFirst()
  if (!same) {
    const { id } = await insertAccount(tx, newAccount(deps, email, person))
    await bind(deps, tx, person, id)
    return { kind: 'made', accountId: id, unadministered: false }
  }
  if (same.disabled_at !== null) throw closed()
  if (!linkByEmail || (await isBoundAlready(tx, same.id, person.issuer))) {
    throw new AppError(
      'conflict',
      'There is an account with your e-mail address that is not tied to this sign-in. Ask an administrator. Nobody was signed in.',
    )
  }
  const changed = await takeRole(tx, same, person.role)
  await bind(deps, tx, person, same.id)
  return { kind: 'bound', accountId: same.id, unadministered: changed && (await nobodyAdministers(tx)) }
}

function newAccount({ now, random }: Deps, email: string, person: SsoPerson & { role: Role }) {
  const name = cleanLine(person.name).slice(0, MAX_NAME).trim() || email.slice(0, email.indexOf('@')).slice(0, MAX_NAME)
  return {
    id: makeId(random),
    email,
    email_key: emailKey(email),
    name,
    role: person.role,
    password: '',
    created_at: now(),
    disabled_at: null,
  }
}

async function bind({ now }: Deps, tx: Tx, { issuer, subject }: SsoPerson, accountId: string): Promise<void> {
  const row = { issuer, subject, account_id: accountId, bound_at: now(), used_at: now() }
  await tx.insertInto('sso_identity').values(row).execute()
}

async function isBoundAlready(tx: Tx, accountId: string, issuer: string): Promise<boolean> {
  const row = await tx
    .selectFrom('sso_identity')
    .select('subject')
    .where('account_id', '=', accountId)
    .where('issuer', '=', issuer)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether an administrator was one for the last time. */
async function takeRole(tx: Tx, account: { id: string; role: Role }, role: Role): Promise<boolean> {
  if (account.role === role) return false
  await tx.updateTable('account').set({ role }).where('id', '=', account.id).execute()
  return account.role === 'admin'
}

/** Not refused, as it is at the desk: what the provider no longer grants must not last. The machine can give the role again. */
async function nobodyAdministers(tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return row === undefined
}

async function endEverything(tx: Tx, accountId: string, at: number): Promise<void> {
  for (const table of ['session', 'api_token'] as const) {
    await tx
      .updateTable(table)
      .set({ revoked_at: at })
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is', null)
      .execute()
  }
}

function closed(): AppError {
  return new AppError('unauthorized', 'This account is closed. An administrator can open it again.')
}
