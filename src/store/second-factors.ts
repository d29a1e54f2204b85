// Codes from an app (TOTP, RFC 6238) and the recovery codes for a lost phone.
// Called by web/auth and `dateline user`. A code is good once; a recovery code too, and stored as a hash.
// Never shows a secret again once a code of it has come back.

import type { Transaction } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { type AccountEvent, eventsOf, tellEvent } from './account-events.ts'
import { emailKey } from './accounts.ts'
import { presentActor } from './authority.ts'
import { asAdmin } from './people.ts'
import { hashToken } from './secret.ts'
import { createSignInBrake } from './sign-in-brake.ts'
import type { Database, Tables } from './tables.ts'
import { translating } from './translating.ts'

const SECRET_BYTES = 20 // what RFC 4226 advises for SHA-1
const STEP_MS = 30_000
const STEPS_AROUND = 1 // a phone's clock may be half a minute off
const CODES = 10
const CODE_BYTES = 10 // 80 bits in 16 letters: too many to guess even from a stolen hash
const ISSUER = 'Dateline'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
const MAX_EVENTS = 30
/** Of one account per quarter of an hour, from all networks: three codes of a million are good at a time. */
export const MAX_CODE_FAILURES_ANYWHERE = 10

export type Pending = { secret: string; uri: string }
export type FactorState = { codeSince: number | null; recoveryLeft: number }

/** Those of an actor are for one's own account, and throw `unauthorized` when the session has ended meanwhile. */
export type SecondFactors = {
  state(accountId: string): Promise<FactorState>
  /** A fresh secret, to be shown until a code of it comes back. Throws `conflict` where codes are on already. */
  begin(actor: Actor, email: string): Promise<Pending>
  /** The one that begin made. null: there is none to show. */
  pending(accountId: string, email: string): Promise<Pending | null>
  /** Turns codes on. The recovery codes, if there were none; they are shown once. Throws `invalid` for a wrong code, `conflict`. */
  confirm(actor: Actor, code: string): Promise<string[]>
  remove(actor: Actor): Promise<void>
  /** The older ones are void. Throws `conflict` where there is no second factor. */
  newRecoveryCodes(actor: Actor): Promise<string[]>
  /** A code of the app, or a recovery code. Throws `unauthorized`, `too_many`. */
  check(accountId: string, code: string, address: string, recovery: 'too' | 'not'): Promise<void>
  /** For who has lost them: app, recovery codes and passkeys go, every session ends. Throws `forbidden`, `step_up`, `not_found`. */
  reset(actor: Actor, accountId: string): Promise<void>
  events(accountId: string): Promise<AccountEvent[]>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }
type Tx = Transaction<Tables>

export function createSecondFactors(deps: Deps): SecondFactors {
  const { db, now, random } = deps
  return translating<SecondFactors>({
    state: (accountId) => stateOf(db, accountId),
    begin: (actor, email) => begin(deps, actor, email),
    pending: async (accountId, email) => {
      const row = await totpOf(db, accountId)
      return row && row.confirmed_at === null ? pendingOf(row.secret, email) : null
    },
    confirm: (actor, code) => confirm(deps, actor, code),
    remove: (actor) =>
      asOneself(deps, actor, async (tx) => {
        const gone = await tx.deleteFrom('account_totp').where('account_id', '=', actor.id).executeTakeFirst()
        await dropIdleCodes(tx, actor.id)
        if (gone.numDeletedRows > 0n) await tell(tx, actor, 'second-factor-off', now())
      }),
    newRecoveryCodes: (actor) =>
      asOneself(deps, actor, async (tx) => {
        if (!(await hasFactor(tx, actor.id)))
          throw new AppError('conflict', 'There is no second factor that these codes could stand in for.')
        await tell(tx, actor, 'recovery-codes', now())
        return freshCodes(tx, actor.id, random, now())
      }),
    check: (accountId, code, address, recovery) => check(deps, { accountId, code, address, recovery }),
    reset: (actor, accountId) => reset(deps, actor, accountId),
    events: (accountId) => eventsOf(db, accountId, MAX_EVENTS),
  })
}

/** The first recovery codes of an account that has just got its first second factor; [] where it has some. */
export async function firstCodes(tx: Tx, accountId: string, random: Deps['random'], at: number): Promise<string[]> {
  const { recoveryLeft } = await stateOf(tx, accountId)
  return recoveryLeft > 0 ? [] : freshCodes(tx, accountId, random, at)
}

/** Recovery codes stand in for a second factor: without one they go. */
export async function dropIdleCodes(tx: Tx, accountId: string): Promise<void> {
  if (!(await hasFactor(tx, accountId)))
    await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
}

async function stateOf(db: Database, accountId: string): Promise<FactorState> {
  const totp = await totpOf(db, accountId)
  const { n } = await db
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return { codeSince: totp?.confirmed_at ?? null, recoveryLeft: n }
}

function totpOf(db: Database, accountId: string) {
  return db.selectFrom('account_totp').selectAll().where('account_id', '=', accountId).executeTakeFirst()
}

async function begin(deps: Deps, actor: Actor, email: string): Promise<Pending> {
  const secret = new Secret({ buffer: Uint8Array.from(deps.random(SECRET_BYTES)).buffer }).base32
  await asOneself(deps, actor, async (tx) => {
    const row = { secret, created_at: deps.now(), confirmed_at: null, last_step: 0 }
    const made = await tx
      .insertInto('account_totp')
      .values({ account_id: actor.id, ...row })
      .onConflict((conflict) =>
        conflict.column('account_id').doUpdateSet(row).where('account_totp.confirmed_at', 'is', null),
      )
      .returning('account_id')
      .executeTakeFirst()
    if (!made) throw new AppError('conflict', 'Codes from an app are on already. Turn them off first.')
  })
  return pendingOf(secret, email)
}

async function confirm(deps: Deps, actor: Actor, code: string): Promise<string[]> {
  const { now, random } = deps
  return asOneself(deps, actor, async (tx) => {
    const row = await totpOf(tx, actor.id)
    if (!row || row.confirmed_at !== null)
      throw new AppError('conflict', 'There is no new app to confirm. Begin again.')
    const step = stepOf(row.secret, code, now())
    if (step === null)
      throw new AppError('invalid', 'This is not the code that the app shows now. Check the clock of the phone.')
    await tx
      .updateTable('account_totp')
      .set({ confirmed_at: now(), last_step: step })
      .where('account_id', '=', actor.id)
      .execute()
    await tell(tx, actor, 'second-factor-on', now())
    return firstCodes(tx, actor.id, random, now())
  })
}

type Given = { accountId: string; code: string; address: string; recovery: 'too' | 'not' }

async function check({ db, now }: Deps, { accountId, code, address, recovery }: Given): Promise<void> {
  const passed = await createSignInBrake(db, now).begin(keyOfCode(accountId), address, MAX_CODE_FAILURES_ANYWHERE)
  const good =
    (await takeAppCode(db, accountId, code, now())) ||
    (recovery === 'too' && (await takeRecoveryCode(db, accountId, code, now())))
  if (!good)
    throw new AppError(
      'unauthorized',
      'This code is wrong, or was used before. The app shows a new one every half minute.',
    )
  await passed()
}

/** The step is taken in the same statement that asks whether it was: of two who send one code, one gets in. */
async function takeAppCode(db: Database, accountId: string, code: string, at: number): Promise<boolean> {
  const row = await totpOf(db, accountId)
  if (!row || row.confirmed_at === null) return false
  const step = stepOf(row.secret, code, at)
  if (step === null) return false
  const taken = await db
    .updateTable('account_totp')
    .set({ last_step: step })
    .where('account_id', '=', accountId)
    .where('secret', '=', row.secret)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}

async function takeRecoveryCode(db: Database, accountId: string, code: string, at: number): Promise<boolean> {
  const bare = code.toLowerCase().replace(/[^a-z2-7]/g, '')
  if (bare.length !== 16) return false
  return db.transaction().execute(async (tx) => {
    const used = await tx
      .deleteFrom('recovery_code')
      .where('account_id', '=', accountId)
      .where('code_hash', '=', hashToken(bare))
      .executeTakeFirst()
    if (used.numDeletedRows !== 1n) return false
    const account = await tx.selectFrom('account').select('name').where('id', '=', accountId).executeTakeFirst()
    const by = { id: accountId, name: account?.name ?? '', credential: 'recovery-code' }
    await tellEvent(tx, { accountId, kind: 'recovery-code-used', by, at })
    return true
  })
}

/** Which step the code is of; null for none near now. */
function stepOf(secret: string, code: string, at: number): number | null {
  const bare = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(bare)) return null
  const delta = new TOTP({ secret }).validate({ token: bare, timestamp: at, window: STEPS_AROUND })
  return delta === null ? null : Math.floor(at / STEP_MS) + delta
}

function pendingOf(secret: string, email: string): Pending {
  return { secret, uri: new TOTP({ issuer: ISSUER, label: email, secret }).toString() }
}

async function freshCodes(tx: Tx, accountId: string, random: Deps['random'], at: number): Promise<string[]> {
  const codes = Array.from({ length: CODES }, () => lettersOf(random(CODE_BYTES)))
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
  const rows = codes.map((code) => ({ account_id: accountId, code_hash: hashToken(code), created_at: at }))
  await tx.insertInto('recovery_code').values(rows).execute()
  return codes.map((code) => (code.match(/.{4}/g) ?? []).join('-'))
}

function lettersOf(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]).join('')
}

async function hasFactor(tx: Tx, accountId: string): Promise<boolean> {
  const totp = await totpOf(tx, accountId)
  if (totp && totp.confirmed_at !== null) return true
  return (
    (await tx.selectFrom('passkey').select('id').where('account_id', '=', accountId).executeTakeFirst()) !== undefined
  )
}

async function reset(deps: Deps, actor: Actor, accountId: string): Promise<void> {
  const { now } = deps
  const account = await asAdmin(deps, actor, async (tx) => {
    const found = await tx.selectFrom('account').select('email').where('id', '=', accountId).executeTakeFirst()
    if (!found) throw new AppError('not_found', 'There is no such account.')
    for (const table of ['account_totp', 'recovery_code', 'passkey'] as const)
      await tx.deleteFrom(table).where('account_id', '=', accountId).execute()
    const open = tx.updateTable('session').set({ revoked_at: now() }).where('account_id', '=', accountId)
    await open.where('revoked_at', 'is', null).execute()
    await tellEvent(tx, { accountId, kind: 'factors-reset', by: actor, at: now() })
    return found
  })
  const brake = createSignInBrake(deps.db, now)
  await brake.forget(keyOfCode(accountId))
  await brake.forget(emailKey(account.email))
}

export async function asOneself<T>(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await presentActor(tx, actor, '', now())
    // One at a time for one account: what it has decides what it may drop.
    await tx.selectFrom('account').select('id').where('id', '=', actor.id).forUpdate().execute()
    return work(tx)
  })
}

function tell(tx: Tx, actor: Actor, kind: AccountEvent['kind'], at: number): Promise<void> {
  return tellEvent(tx, { accountId: actor.id, kind, by: actor, at })
}

function keyOfCode(accountId: string): string {
  return `code:${accountId}`
}
