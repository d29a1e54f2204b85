// People who may sign in, their passwords, and the one-time link that makes the first of them. Their sessions: sessions.ts.
// Called by web/auth and by commands of cli.
// Never stores a token: only its SHA-256, so that a stolen copy of the database opens no session.

import { cleanLine } from '../domain/content.ts'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Actor, Role } from '../domain/permission.ts'
import type { AccountTable } from './account-tables.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { hashToken, newToken } from './secret.ts'
import { createSignIns, type SignIns } from './sessions.ts'
import { createSignInBrake } from './sign-in-brake.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export const SETUP_MS = 24 * 3_600_000
export const MIN_PASSWORD = 12 // characters; length is what counts, so no rules about their kind
const MAX_PASSWORD = 200
const MAX_NAME = 100
const MAX_EMAIL = 254

export type NewPerson = { name: string; email: string; password: string }
export type SignIn = { email: string; password: string; address: string }

export type Accounts = {
  /** False: nobody can sign in yet; the setup link is the way. */
  anybody(): Promise<boolean>
  /** A fresh link's token; the older one dies. null once anybody has an account. */
  newSetupToken(): Promise<string | null>
  setupTokenIsGood(token: string): Promise<boolean>
  /** Uses the token up. Throws `not_found` for a token that is not good, `invalid`. */
  createFirstAdmin(token: string, person: NewPerson): Promise<{ id: string }>
  /** Throws `invalid`, `conflict` when the address has an account. */
  createAccount(person: NewPerson, role: Role): Promise<{ id: string }>
  /** Throws `unauthorized`, `too_many`. */
  checkPassword(signIn: SignIn): Promise<{ id: string }>
} & SignIns

type PasswordDeps = { random(size: number): Uint8Array }
export type AccountsDeps = PasswordDeps & { db: Database; now(): number }

/** An actor that is no person: importers, the release worker. `name` stands in the log as `system:name`. */
export function systemActor(name: string): Actor {
  return { id: `system:${name}`, name, role: 'editor', credential: `system:${name}` }
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { db, now } = deps
  const brake = createSignInBrake(db, now)
  // Checked where there is no such account, or none with a password, so that both answers take the same time.
  let nobody: Promise<string> | null = null
  return translating<Accounts>({
    anybody: () => anybody(db),
    newSetupToken: () => newSetupToken(deps),
    setupTokenIsGood: (token) => setupTokenIsGood(deps, token),
    createFirstAdmin: (token, person) => createFirstAdmin(deps, token, person),
    createAccount: async (person, role) => insertAccount(db, await accountRow(deps, person, role)),
    checkPassword: async ({ email, password, address }) => {
      const key = emailKey(email)
      const passed = await brake.begin(key, address)
      const account = await db.selectFrom('account').selectAll().where('email_key', '=', key).executeTakeFirst()
      nobody ??= hashPassword('nobody', deps.random)
      const good = await verifyPassword(password.slice(0, MAX_PASSWORD), account?.password || (await nobody))
      if (!good || !account || account.disabled_at !== null) {
        throw new AppError('unauthorized', 'This e-mail address and password do not belong together.')
      }
      await passed()
      return { id: account.id }
    },
    ...createSignIns(deps),
  })
}

async function anybody(db: Database): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined
}

async function newSetupToken({ db, now, random }: AccountsDeps): Promise<string | null> {
  if (await anybody(db)) return null
  const token = newToken(random)
  const row = { token_hash: hashToken(token), created_at: now(), expires_at: now() + SETUP_MS }
  await db
    .insertInto('setup_token')
    .values(row)
    .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
    .execute()
  return token
}

async function setupTokenIsGood({ db, now }: AccountsDeps, token: string): Promise<boolean> {
  const row = await db
    .selectFrom('setup_token')
    .select('one')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now())
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('account').select('id'))))
    .executeTakeFirst()
  return row !== undefined
}

async function createFirstAdmin(deps: AccountsDeps, token: string, person: NewPerson): Promise<{ id: string }> {
  // Asked before hashing: a guessed link must cost us nothing. Asked again by the delete, which lets one of two through.
  if (!(await setupTokenIsGood(deps, token))) throw deadLink()
  const row = await accountRow(deps, person, 'admin')
  return deps.db.transaction().execute(async (tx) => {
    const used = await tx
      .deleteFrom('setup_token')
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', deps.now())
      .returning('one')
      .executeTakeFirst()
    if (!used || (await anybody(tx))) throw deadLink()
    return insertAccount(tx, row)
  })
}

/** `password` null: an account that is opened by other ways. Throws `invalid`. */
export async function accountRow(
  deps: PasswordDeps & { now(): number },
  person: Omit<NewPerson, 'password'> & { password: string | null },
  role: Role,
): Promise<AccountTable> {
  const name = cleanLine(person.name)
  if (name === '' || name.length > MAX_NAME) throw new AppError('invalid', `A name has 1 to ${MAX_NAME} characters.`)
  const email = checkedEmail(person.email)
  const password = person.password === null ? '' : await checkedPassword(deps, email, person.password)
  return {
    id: makeId(deps.random),
    email,
    email_key: emailKey(email),
    name,
    role,
    password,
    created_at: deps.now(),
    disabled_at: null,
  }
}

/** As it is kept. Throws `invalid`. */
export function checkedEmail(typed: string): string {
  const email = cleanLine(typed)
  if (!isEmail(email)) throw new AppError('invalid', 'This is not an e-mail address.')
  return email
}

export function isEmail(line: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(line) && line.length <= MAX_EMAIL
}

/** The hash of a password that may be one. '' in an account's row: it has none, and no password opens it. Throws `invalid`, `too_many`. */
export function checkedPassword({ random }: PasswordDeps, email: string, password: string): Promise<string> {
  const length = [...password].length
  if (length < MIN_PASSWORD)
    throw new AppError('invalid', `A password has at least ${MIN_PASSWORD} characters; this one has ${length}.`)
  if (password.length > MAX_PASSWORD)
    throw new AppError('invalid', `A password has at most ${MAX_PASSWORD} characters.`)
  if (emailKey(password) === emailKey(email))
    throw new AppError('invalid', 'The e-mail address cannot be the password.')
  return hashPassword(password, random)
}

/** Throws `conflict` when the address has an account. */
export async function insertAccount(db: Database, row: AccountTable): Promise<{ id: string }> {
  const made = await db
    .insertInto('account')
    .values(row)
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw new AppError('conflict', 'There is an account with this e-mail address already.')
  return made
}

/** Two spellings of one address are one account. */
export function emailKey(email: string): string {
  return cleanLine(email).normalize('NFKC').toLowerCase().slice(0, MAX_EMAIL)
}

function deadLink(): AppError {
  return new AppError(
    'not_found',
    'This link was used, is older than a day, or was replaced by a newer one. Restart Dateline to get a fresh one.',
  )
}
