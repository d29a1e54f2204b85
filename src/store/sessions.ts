// Sign-ins that are under way or done: half after a password where a second factor is still to come, full after that.
// Called by store/accounts.ts, which hands them on to web/auth.
// Never gives an actor for a half session: what is no actor can do nothing.

import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import { type Actor, roleInStory } from '../domain/permission.ts'
import type { AccountTable } from './account-tables.ts'
import { isFresh } from './authority.ts'
import { hashToken, newToken } from './secret.ts'
import type { Database } from './tables.ts'

const HOUR = 3_600_000
export const SESSION_IDLE_MS = 12 * HOUR // a working day with its breaks
export const SESSION_ABSOLUTE_MS = 7 * 24 * HOUR // however busy
export const HALF_SESSION_MS = HOUR / 6 // to find the phone
const TOUCH_MS = 60_000 // how exactly "idle" is kept; every request would be a write
const MAX_LISTED = 50 // sessions of one person, the newest

/** By what somebody can prove that it is them. `provider`: they have signed in through one. */
export type Ways = { password: boolean; code: boolean; passkey: boolean; provider: boolean }

/** A sign-in that is still good. `id` is no secret; the token is, and is known to the cookie alone. */
export type Session = { id: string; actor: Actor; ways: Ways }
/** The password was right and a second factor is still to come. There is no actor in it. */
export type HalfSession = { id: string; accountId: string; name: string; ways: Ways }

/** The cookie's value and when it ends, ms UTC. */
export type Opened = { token: string; expiresAt: number; id: string }
export type NewSession = ({ stage: 'full'; actor: Actor } | { stage: 'half'; actor: null }) & Opened

/** `browser`: in a few words. `network`: as in base/internet-address.ts. */
export type From = { browser: string; network: string }
export type SessionLine = From & { id: string; since: number; seenAt: number }

export type Whole = 'whole' | { provedAt: number }

export type SignIns = {
  /**
   * After one proof. Full only where no second factor is set, or `whole`: the proof was one of two factors (a passkey with
   * its own check of the person, or one elsewhere at `provedAt`, ms UTC). Throws `unauthorized` for an account that is closed.
   */
  openSession(accountId: string, from?: From, whole?: Whole): Promise<NewSession>
  /** The actor's role is the one in `storyId`, where one is given. null: unknown, half, revoked, idle or too old, or the account was closed. */
  sessionByToken(token: string, storyId?: string): Promise<Session | null>
  /** The same question without being a sign of life: an open stream alone keeps nobody signed in. */
  sessionStanding(token: string, storyId: string): Promise<Session | null>
  /** null for a full one too. */
  halfSessionByToken(token: string): Promise<HalfSession | null>
  /** A fresh proof: full from now on, under a new token; the older one is dead. Throws `unauthorized`. */
  proveSession(sessionId: string): Promise<Opened>
  closeSession(sessionId: string): Promise<void>
  /** Signs a person out everywhere, but for one session. */
  closeAllSessions(accountId: string, except?: string): Promise<void>
  /** Open ones, last seen first. */
  sessionsOf(accountId: string): Promise<SessionLine[]>
  /** One's own. Throws `not_found`. */
  closeOwnSession(accountId: string, sessionId: string): Promise<void>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createSignIns(deps: Deps): SignIns {
  const { db, now } = deps
  return {
    openSession: (accountId, from, whole) => openSession(deps, accountId, from ?? { browser: '', network: '' }, whole),
    sessionByToken: (token, storyId) => sessionByToken(deps, token, storyId ?? ''),
    sessionStanding: (token, storyId) => sessionByToken(deps, token, storyId, false),
    halfSessionByToken: (token) => halfSessionByToken(deps, token),
    proveSession: (sessionId) => proveSession(deps, sessionId),
    closeSession: async (sessionId) => {
      await revoking(deps).where('id', '=', sessionId).execute()
    },
    closeAllSessions: async (accountId, except = '') => {
      await revoking(deps).where('account_id', '=', accountId).where('id', '<>', except).execute()
    },
    sessionsOf: async (accountId) => {
      const rows = await db
        .selectFrom('session')
        .select(['id', 'browser', 'network', 'created_at as since', 'seen_at as seenAt'])
        .where('account_id', '=', accountId)
        .where('stage', '=', 'full')
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now())
        .where('seen_at', '>', now() - SESSION_IDLE_MS)
        .orderBy('seen_at', 'desc')
        .limit(MAX_LISTED)
        .execute()
      return rows
    },
    closeOwnSession: async (accountId, sessionId) => {
      const open = revoking(deps).where('account_id', '=', accountId).where('id', '=', sessionId)
      if (!(await open.returning('id').executeTakeFirst()))
        throw new AppError('not_found', 'This session has ended already.')
    },
  }
}

function revoking({ db, now }: Deps) {
  return db.updateTable('session').set({ revoked_at: now() }).where('revoked_at', 'is', null)
}

async function openSession(
  { db, now, random }: Deps,
  accountId: string,
  from: From,
  whole?: Whole,
): Promise<NewSession> {
  const account = await accountQuery(db)
    .where('account.id', '=', accountId)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!account) throw new AppError('unauthorized', 'This account is closed.')
  const ways = waysOf(account)
  const half = whole === undefined && (ways.code || ways.passkey)
  const token = newToken(random)
  const at = now()
  const provedAt = typeof whole === 'object' ? whole.provedAt : at
  const row = {
    ...{ id: makeId(random), account_id: accountId, created_at: at, seen_at: at },
    ...{ stage: half ? ('half' as const) : ('full' as const), proved_at: half ? null : provedAt },
    expires_at: at + (half ? HALF_SESSION_MS : SESSION_ABSOLUTE_MS),
  }
  const { browser, network } = from
  await db
    .insertInto('session')
    .values({ ...row, browser, network, token_hash: hashToken(token), revoked_at: null })
    .execute()
  await db
    .deleteFrom('session')
    .where('expires_at', '<', at - SESSION_ABSOLUTE_MS)
    .execute()
  const opened = { id: row.id, token, expiresAt: row.expires_at }
  if (half) return { ...opened, stage: 'half', actor: null }
  return { ...opened, stage: 'full', actor: actorOf(account, row.id, isFresh(provedAt, at)) }
}

async function sessionByToken(
  { db, now }: Deps,
  token: string,
  storyId: string,
  isSignOfLife = true,
): Promise<Session | null> {
  const at = now()
  const row = await accountQuery(db)
    .innerJoin('session', 'session.account_id', 'account.id')
    .leftJoin('story_role', (join) =>
      join.onRef('story_role.account_id', '=', 'account.id').on('story_role.story_id', '=', storyId),
    )
    .select(['session.id as session_id', 'session.seen_at', 'session.proved_at', 'story_role.role as story_role'])
    .where('session.token_hash', '=', hashToken(token))
    .where('session.stage', '=', 'full')
    .where('session.revoked_at', 'is', null)
    .where('session.expires_at', '>', at)
    .where('session.seen_at', '>', at - SESSION_IDLE_MS)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  if (isSignOfLife && at - row.seen_at > TOUCH_MS)
    await db.updateTable('session').set({ seen_at: at }).where('id', '=', row.session_id).execute()
  const role = roleInStory(row.role, row.story_role)
  const actor = actorOf({ ...row, role }, row.session_id, isFresh(row.proved_at, at))
  return { id: row.session_id, actor, ways: waysOf(row) }
}

async function halfSessionByToken({ db, now }: Deps, token: string): Promise<HalfSession | null> {
  const row = await accountQuery(db)
    .innerJoin('session', 'session.account_id', 'account.id')
    .select('session.id as session_id')
    .where('session.token_hash', '=', hashToken(token))
    .where('session.stage', '=', 'half')
    .where('session.revoked_at', 'is', null)
    .where('session.expires_at', '>', now())
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  return row ? { id: row.session_id, accountId: row.id, name: row.name, ways: waysOf(row) } : null
}

async function proveSession({ db, now, random }: Deps, sessionId: string): Promise<Opened> {
  const token = newToken(random)
  const at = now()
  const changed = await db
    .updateTable('session')
    .set(({ eb, ref }) => ({
      token_hash: hashToken(token),
      proved_at: at,
      seen_at: at,
      stage: 'full' as const,
      // A half session's end was the code page's; a full one keeps its own.
      expires_at: eb
        .case()
        .when('stage', '=', 'half')
        .then(at + SESSION_ABSOLUTE_MS)
        .else(ref('expires_at'))
        .end(),
    }))
    .where('id', '=', sessionId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('expires_at')
    .executeTakeFirst()
  if (!changed) throw new AppError('unauthorized', 'Your session has ended. Sign in again.')
  return { id: sessionId, token, expiresAt: changed.expires_at }
}

type WithWays = { password: string; has_code: unknown; has_passkey: unknown; has_provider: unknown }

/** An account and by what its holder can prove that it is them. */
function accountQuery(db: Database) {
  return db
    .selectFrom('account')
    .select(['account.id', 'account.name', 'account.role', 'account.password'])
    .select(({ exists, selectFrom }) => [
      exists(
        selectFrom('account_totp')
          .select('account_totp.account_id')
          .whereRef('account_totp.account_id', '=', 'account.id')
          .where('account_totp.confirmed_at', 'is not', null),
      ).as('has_code'),
      exists(selectFrom('passkey').select('passkey.id').whereRef('passkey.account_id', '=', 'account.id')).as(
        'has_passkey',
      ),
      exists(
        selectFrom('sso_identity')
          .select('sso_identity.subject')
          .whereRef('sso_identity.account_id', '=', 'account.id'),
      ).as('has_provider'),
    ])
}

function waysOf({ password, has_code, has_passkey, has_provider }: WithWays): Ways {
  return {
    password: password !== '',
    code: has_code === true,
    passkey: has_passkey === true,
    provider: has_provider === true,
  }
}

function actorOf(account: Pick<AccountTable, 'id' | 'name' | 'role'>, sessionId: string, fresh: boolean): Actor {
  return { id: account.id, name: account.name, role: account.role, credential: `session:${sessionId}`, fresh }
}
