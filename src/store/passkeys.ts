// Passkeys of accounts and the challenges that they sign.
// Called by web/auth, which checks the signatures.
// Never lets one challenge be answered twice, nor for another purpose or by another session than it was made for.

import { networkOf } from '../base/internet-address.ts'
import { cleanLine } from '../domain/content.ts'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { tellEvent } from './account-events.ts'
import type { ChallengePurpose } from './account-tables.ts'
import { asOneself, dropIdleCodes, firstCodes } from './second-factors.ts'
import { hashToken, newToken } from './secret.ts'
import { createSignInBrake } from './sign-in-brake.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

const CHALLENGE_MS = 5 * 60_000 // to find the key
const MAX_CHALLENGES = 200 // open ones of one network; a whole newsroom may stand behind one address
export const MAX_PASSKEYS = 20 // of one account
const MAX_NAME = 60

export type PasskeyLine = { id: string; name: string; createdAt: number; usedAt: number | null }
/** What a signature is checked with. `publicKey`: base64url. */
export type KnownPasskey = {
  id: string
  accountId: string
  credentialId: string
  publicKey: string
  counter: number
  transports: string[]
}
export type NewPasskey = Pick<KnownPasskey, 'credentialId' | 'publicKey' | 'counter' | 'transports'> & { name: string }

/** `boundTo`: the session or the invitation that asked. */
export type Asked = { purpose: ChallengePurpose; boundTo: string | null; accountId: string | null }

export type Passkeys = {
  list(accountId: string): Promise<PasskeyLine[]>
  known(accountId: string): Promise<KnownPasskey[]>
  byCredential(credentialId: string): Promise<KnownPasskey | null>
  /** Throws `too_many`. */
  challenge(asked: Asked, address: string): Promise<string>
  /** Uses it up. Throws `unauthorized`. */
  take(challenge: string, asked: Omit<Asked, 'accountId'>): Promise<{ accountId: string | null }>
  /** Recovery codes, if there were none. Throws `invalid`, `conflict`. */
  add(actor: Actor, passkey: NewPasskey): Promise<string[]>
  /** Throws `not_found`, `conflict` when nothing would be left to sign in with. */
  remove(actor: Actor, passkeyId: string): Promise<void>
  used(passkeyId: string, counter: number): Promise<void>
  /** As the brake of passwords: counted beforehand. Throws `too_many`. */
  attempt(credentialId: string, address: string): Promise<() => Promise<void>>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createPasskeys(deps: Deps): Passkeys {
  const { db, now, random } = deps
  const brake = createSignInBrake(db, now)
  return translating<Passkeys>({
    list: async (accountId) => {
      const rows = await rowsOf(db).where('account_id', '=', accountId).orderBy('created_at').execute()
      return rows.map(({ id, name, created_at, used_at }) => ({ id, name, createdAt: created_at, usedAt: used_at }))
    },
    known: async (accountId) => (await rowsOf(db).where('account_id', '=', accountId).execute()).map(knownOf),
    byCredential: async (credentialId) => {
      const row = await rowsOf(db).where('credential_id', '=', credentialId).executeTakeFirst()
      return row ? knownOf(row) : null
    },
    challenge: (asked, address) => makeChallenge(deps, asked, address),
    take: async (challenge, { purpose, boundTo }) => {
      const taken = await db
        .deleteFrom('passkey_challenge')
        .where('challenge_hash', '=', hashToken(challenge))
        .where('purpose', '=', purpose)
        .where('bound_to', 'is not distinct from', boundTo)
        .where('expires_at', '>', now())
        .returning('account_id')
        .executeTakeFirst()
      if (!taken) throw new AppError('unauthorized', 'This took too long, or was sent twice. Try again.')
      return { accountId: taken.account_id }
    },
    add: (actor, passkey) =>
      asOneself(deps, actor, async (tx) => {
        await insertPasskey(tx, deps, actor.id, passkey)
        const name = cleanName(passkey.name)
        await tellEvent(tx, { accountId: actor.id, kind: 'passkey-added', detail: name, by: actor, at: now() })
        return firstCodes(tx, actor.id, random, now())
      }),
    remove: (actor, passkeyId) => remove(deps, actor, passkeyId),
    used: async (passkeyId, counter) => {
      await db.updateTable('passkey').set({ counter, used_at: now() }).where('id', '=', passkeyId).execute()
    },
    attempt: (credentialId, address) => brake.begin(`passkey:${credentialId}`, address),
  })
}

/** Throws `conflict` for one that is known, `invalid`. */
export async function insertPasskey(
  db: Database,
  { now, random }: Pick<Deps, 'now' | 'random'>,
  accountId: string,
  { credentialId, publicKey, counter, transports, name }: NewPasskey,
): Promise<void> {
  const has = await db.selectFrom('passkey').select('id').where('account_id', '=', accountId).execute()
  if (has.length >= MAX_PASSKEYS) throw new AppError('invalid', `An account has at most ${MAX_PASSKEYS} passkeys.`)
  const key = { credential_id: credentialId, public_key: publicKey, counter, transports: JSON.stringify(transports) }
  const row = { id: makeId(random), account_id: accountId, name: cleanName(name), created_at: now(), used_at: null }
  const made = await db
    .insertInto('passkey')
    .values({ ...key, ...row })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw new AppError('conflict', 'This passkey is registered already.')
}

async function makeChallenge({ db, now, random }: Deps, asked: Asked, address: string): Promise<string> {
  const networkKey = hashToken(networkOf(address))
  await db.deleteFrom('passkey_challenge').where('expires_at', '<=', now()).execute()
  const { n } = await db
    .selectFrom('passkey_challenge')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('network_key', '=', networkKey)
    .executeTakeFirstOrThrow()
  if (n >= MAX_CHALLENGES)
    throw new AppError('too_many', 'Too many sign-ins at once. Wait five minutes, then try again.')
  const challenge = newToken(random)
  const { purpose, boundTo, accountId } = asked
  const row = { purpose, bound_to: boundTo, account_id: accountId, network_key: networkKey }
  await db
    .insertInto('passkey_challenge')
    .values({ ...row, challenge_hash: hashToken(challenge), expires_at: now() + CHALLENGE_MS })
    .execute()
  return challenge
}

async function remove(deps: Deps, actor: Actor, passkeyId: string): Promise<void> {
  await asOneself(deps, actor, async (tx) => {
    const gone = await tx
      .deleteFrom('passkey')
      .where('id', '=', passkeyId)
      .where('account_id', '=', actor.id)
      .returning('name')
      .executeTakeFirst()
    if (!gone) throw new AppError('not_found', 'There is no such passkey.')
    const left = await tx.selectFrom('passkey').select('id').where('account_id', '=', actor.id).executeTakeFirst()
    const account = await tx.selectFrom('account').select('password').where('id', '=', actor.id).executeTakeFirst()
    const provider = await tx
      .selectFrom('sso_identity')
      .select('subject')
      .where('account_id', '=', actor.id)
      .executeTakeFirst()
    if (!left && account?.password === '' && !provider)
      throw new AppError('conflict', 'This is your only way to sign in. Add another passkey or set a password first.')
    await dropIdleCodes(tx, actor.id)
    const about = { accountId: actor.id, kind: 'passkey-removed' as const, detail: gone.name }
    await tellEvent(tx, { ...about, by: actor, at: deps.now() })
  })
}

function rowsOf(db: Database) {
  return db.selectFrom('passkey').selectAll()
}

type Row = {
  id: string
  account_id: string
  credential_id: string
  public_key: string
  counter: number
  transports: string[]
}

function knownOf({ id, account_id, credential_id, public_key, counter, transports }: Row): KnownPasskey {
  return { id, accountId: account_id, credentialId: credential_id, publicKey: public_key, counter, transports }
}

function cleanName(name: string): string {
  return cleanLine(name).slice(0, MAX_NAME) || 'Passkey'
}
