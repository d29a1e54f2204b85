// Tokens for programs: made for one account, limited to scopes, ending at a fixed time.
// Called by web/api and the token command. Rights are the account's of the moment, cut down to the scopes.
// Never stores a token: only its SHA-256, so that a stolen copy of the database opens nothing.

import { cleanLine } from '../domain/content.ts'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import { type Actor, may, type Role, roleInStory, type Scope } from '../domain/permission.ts'
import { emailKey } from './accounts.ts'
import { hashToken, newToken } from './secret.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

const DAY_MS = 24 * 3_600_000
export const DEFAULT_TOKEN_MS = 90 * DAY_MS
export const MAX_TOKEN_MS = 365 * DAY_MS // a token outlives the memory of who made it
const TOUCH_MS = 60_000 // how exactly the last use is kept; every request would be a write
const MAX_NAME = 100

/** Says what it is, so that people and scanners of leaked secrets recognise one. */
export const TOKEN_PREFIX = 'dl_'
export const TOKEN_PATTERN = /^dl_[A-Za-z0-9_-]{43}$/

export type NewToken = { email: string; name: string; scopes: readonly Scope[]; lastsMs?: number }
/** `secret` is shown once. `role`: the account's of this moment. */
export type MadeToken = { id: string; secret: string; expiresAt: number; role: Role }
export type TokenLine = {
  id: string
  email: string
  name: string
  scopes: readonly Scope[]
  createdAt: number
  usedAt: number | null
  expiresAt: number
  revokedAt: number | null
}
/** `roleAtHome`: in the newsroom; the actor's own may be another one, in a story. */
export type TokenHolder = { tokenId: string; actor: Actor; roleAtHome: Role; expiresAt: number }

export type Tokens = {
  /** Throws `not_found` for an address without an account, `forbidden` when its role may not have tokens, `invalid`. */
  create(wanted: NewToken): Promise<MadeToken>
  /** Newest first. */
  list(email?: string): Promise<TokenLine[]>
  /** From the next request on. Throws `not_found`. */
  revoke(id: string): Promise<void>
  /** The role is the one in `storyId`, where one is given. null: unknown, revoked, expired, or the account was closed. */
  holderOf(secret: string, storyId?: string): Promise<TokenHolder | null>
}

export type TokensDeps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createTokens(deps: TokensDeps): Tokens {
  const { db, now } = deps
  return translating<Tokens>({
    create: (wanted) => create(deps, wanted),
    list: (email) => list(db, email),
    revoke: async (id) => {
      const row = await db
        .updateTable('api_token')
        .set(({ fn, val }) => ({ revoked_at: fn.coalesce('revoked_at', val(now())) }))
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst()
      if (!row) throw new AppError('not_found', 'There is no such token.')
    },
    holderOf: (secret, storyId) => holderOf(deps, secret, storyId ?? ''),
  })
}

async function create({ db, now, random }: TokensDeps, wanted: NewToken): Promise<MadeToken> {
  const name = cleanLine(wanted.name)
  const lasts = wanted.lastsMs ?? DEFAULT_TOKEN_MS
  if (name === '' || name.length > MAX_NAME)
    throw new AppError('invalid', `A token's name has 1 to ${MAX_NAME} characters.`)
  if (wanted.scopes.length === 0) throw new AppError('invalid', 'A token needs a scope.')
  if (!(lasts > 0 && lasts <= MAX_TOKEN_MS)) throw new AppError('invalid', 'A token lasts for a year at most.')
  const account = await db
    .selectFrom('account')
    .select(['id', 'role'])
    .where('email_key', '=', emailKey(wanted.email))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (!account)
    throw new AppError(
      'not_found',
      'There is no open account with this e-mail address. `dateline user list` shows them, `dateline user add` makes one.',
    )
  if (!may(account, 'token:create')) throw new AppError('forbidden', `A ${account.role} may not have tokens.`)
  const secret = `${TOKEN_PREFIX}${newToken(random)}`
  const at = now()
  const row = { id: makeId(random), account_id: account.id, name, created_at: at, expires_at: at + lasts }
  await db
    .insertInto('api_token')
    .values({
      ...row,
      token_hash: hashToken(secret),
      scopes: JSON.stringify([...new Set(wanted.scopes)]),
      used_at: null,
      revoked_at: null,
    })
    .execute()
  return { id: row.id, secret, expiresAt: row.expires_at, role: account.role }
}

async function list(db: Database, email?: string): Promise<TokenLine[]> {
  let query = db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .selectAll('api_token')
    .select('account.email')
  if (email !== undefined) query = query.where('account.email_key', '=', emailKey(email))
  const rows = await query.orderBy('api_token.created_at', 'desc').orderBy('api_token.id').execute()
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }))
}

async function holderOf({ db, now }: TokensDeps, secret: string, storyId: string): Promise<TokenHolder | null> {
  if (!TOKEN_PATTERN.test(secret)) return null
  const at = now()
  const row = await db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .leftJoin('story_role', (join) =>
      join.onRef('story_role.account_id', '=', 'account.id').on('story_role.story_id', '=', storyId),
    )
    .select(['api_token.id as token_id', 'api_token.scopes', 'api_token.used_at', 'api_token.expires_at'])
    .select(['account.id', 'account.name', 'account.role', 'story_role.role as story_role'])
    .where('api_token.token_hash', '=', hashToken(secret))
    .where('api_token.revoked_at', 'is', null)
    .where('api_token.expires_at', '>', at)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  if (at - (row.used_at ?? 0) > TOUCH_MS)
    await db.updateTable('api_token').set({ used_at: at }).where('id', '=', row.token_id).execute()
  const { id, name, scopes } = row
  const role = roleInStory(row.role, row.story_role)
  const actor: Actor = { id, name, role, credential: `token:${row.token_id}`, scopes }
  return { tokenId: row.token_id, actor, roleAtHome: row.role, expiresAt: row.expires_at }
}
