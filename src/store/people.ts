// The people of the newsroom as an administrator sees and changes them: accounts, roles, sessions, passwords.
// Called by web/desk/people.ts and `dateline user`.
// Never leaves a newsroom without an administrator, and never lets a closed account do one thing more.

import { sql, type Transaction } from 'kysely'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import { type Actor, type Role, requireMay } from '../domain/permission.ts'
import { tellEvent } from './account-events.ts'
import { type AccountsDeps, accountRow, checkedPassword, emailKey, insertAccount, type NewPerson } from './accounts.ts'
import { presentActor } from './authority.ts'
import { SESSION_IDLE_MS } from './sessions.ts'
import type { Database, Tables } from './tables.ts'
import { translating } from './translating.ts'

const MAX_PEOPLE = 1_000 // of a list that people read

/** `sessions`: open now. `closedAt`: null while the account is open. Times are ms UTC. */
export type Person = {
  id: string
  name: string
  email: string
  role: Role
  createdAt: number
  closedAt: number | null
  sessions: number
  seenAt: number | null
  /** Tied to somebody at a provider of single sign-on. */
  provider: boolean
}
export type StoryRole = { person: Person; role: Role }

/** Those with an `actor` throw `unauthorized` and `forbidden` by what holds at that moment. */
export type People = {
  /** Open accounts first, then by name. */
  list(): Promise<Person[]>
  person(accountId: string): Promise<Person | null>
  personByEmail(email: string): Promise<Person | null>
  /** Who has a role of their own in a story. */
  rolesIn(storyId: string): Promise<StoryRole[]>
  /** The password stands in the answer and nowhere else. Throws `invalid`, `conflict` when the address has an account. */
  add(actor: Actor, person: Omit<NewPerson, 'password'>, role: Role): Promise<{ id: string; password: string }>
  /** Throws `conflict` for the last administrator. */
  changeRole(actor: Actor, accountId: string, role: Role): Promise<void>
  /** Ends its sessions and its tokens in the same moment, for good. Throws `conflict` for the last administrator. */
  close(actor: Actor, accountId: string): Promise<void>
  reopen(actor: Actor, accountId: string): Promise<void>
  endSessions(actor: Actor, accountId: string): Promise<void>
  /** The next one who signs in through a provider is not this account, and every session ends. Throws `conflict` when there is no tie. */
  untie(actor: Actor, accountId: string): Promise<void>
  /** A fresh one; the older one is void and every session ends. */
  newPassword(actor: Actor, accountId: string): Promise<string>
  /** One's own, already asked for the older one. Every other session ends. Throws `invalid`. */
  changeOwnPassword(actor: Actor, sessionId: string, password: string): Promise<void>
}

type Tx = Transaction<Tables>

export function createPeople(deps: AccountsDeps): People {
  const { db, now, random } = deps
  const one = async (id: string) => {
    const row = await personQuery(db, now()).where('account.id', '=', id).executeTakeFirst()
    return row ?? null
  }
  return translating<People>({
    list: () =>
      personQuery(db, now())
        .orderBy('account.disabled_at', (order) => order.asc().nullsFirst())
        .orderBy('account.name')
        .limit(MAX_PEOPLE)
        .execute(),
    person: one,
    personByEmail: async (email) =>
      (await personQuery(db, now()).where('account.email_key', '=', emailKey(email)).executeTakeFirst()) ?? null,
    rolesIn: async (storyId) => {
      const rows = await personQuery(db, now())
        .innerJoin('story_role', 'story_role.account_id', 'account.id')
        .select('story_role.role as storyRole')
        .where('story_role.story_id', '=', storyId)
        .orderBy('account.name')
        .execute()
      return rows.map(({ storyRole, ...person }) => ({ person, role: storyRole }))
    },
    add: async (actor, person, role) => {
      const password = makePassword(random)
      const row = await accountRow(deps, { ...person, password }, role)
      return asAdmin(deps, actor, async (tx) => ({ ...(await insertAccount(tx, row)), password }))
    },
    changeRole: (actor, id, role) =>
      asAdmin(deps, actor, async (tx) => {
        if (role !== 'admin') await keepAnAdmin(tx, id)
        await change(tx, id, { role })
      }),
    close: (actor, id) =>
      asAdmin(deps, actor, async (tx) => {
        await keepAnAdmin(tx, id)
        await change(tx, id, { disabled_at: now() })
        await revoke(tx, id, now())
        await revokeTokens(tx, id, now())
      }),
    reopen: (actor, id) => asAdmin(deps, actor, (tx) => change(tx, id, { disabled_at: null })),
    endSessions: (actor, id) => asAdmin(deps, actor, (tx) => revoke(tx, id, now())),
    untie: (actor, id) => asAdmin(deps, actor, (tx) => untie(tx, actor, id, now())),
    newPassword: async (actor, id) => {
      const password = makePassword(random)
      const hash = await checkedPassword(deps, '', password)
      await asAdmin(deps, actor, async (tx) => {
        await change(tx, id, { password: hash })
        await revoke(tx, id, now())
      })
      return password
    },
    changeOwnPassword: async (actor, sessionId, password) => {
      const person = await one(actor.id)
      const hash = await checkedPassword(deps, person?.email ?? '', password)
      await db.transaction().execute(async (tx) => {
        await presentActor(tx, actor, '', now())
        await change(tx, actor.id, { password: hash })
        await revoke(tx, actor.id, now(), sessionId)
      })
    },
  })
}

/** Rights as they are at that moment. Throws `unauthorized`, `forbidden`, `step_up`. */
export async function asAdmin<T>({ db, now }: AccountsDeps, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    requireMay(await presentActor(tx, actor, '', now()), 'roles:assign')
    return work(tx)
  })
}

/** All of them are locked in one order: two who let each other go at once must not both succeed. */
async function keepAnAdmin(tx: Tx, leaving: string): Promise<void> {
  const admins = await tx
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (admins.length === 1 && admins[0]?.id === leaving)
    throw new AppError('conflict', 'This is the last administrator. Make somebody else one first.')
}

type Changes = { role?: Role; password?: string; disabled_at?: number | null }

async function change(tx: Tx, id: string, changes: Changes): Promise<void> {
  const { numUpdatedRows } = await tx.updateTable('account').set(changes).where('id', '=', id).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('not_found', 'There is no such account.')
}

async function revoke(tx: Tx, accountId: string, at: number, except = ''): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: at })
    .where('account_id', '=', accountId)
    .where('id', '<>', except)
    .where('revoked_at', 'is', null)
    .execute()
}

async function untie(tx: Tx, actor: Actor, accountId: string, at: number): Promise<void> {
  const { numDeletedRows } = await tx.deleteFrom('sso_identity').where('account_id', '=', accountId).executeTakeFirst()
  if (numDeletedRows === 0n) throw new AppError('conflict', 'This account is tied to nobody at a provider.')
  await revoke(tx, accountId, at)
  await tellEvent(tx, { accountId, kind: 'provider-untied', by: actor, at })
}

async function revokeTokens(tx: Tx, accountId: string, at: number): Promise<void> {
  const tokens = tx.updateTable('api_token').set({ revoked_at: at }).where('account_id', '=', accountId)
  await tokens.where('revoked_at', 'is', null).execute()
}

function personQuery(db: Database, at: number) {
  return db
    .selectFrom('account')
    .leftJoinLateral(
      (query) =>
        query
          .selectFrom('session')
          .select(({ fn }) => [fn.countAll<number>().as('sessions'), fn.max('session.seen_at').as('seen_at')])
          .whereRef('session.account_id', '=', 'account.id')
          .where('session.stage', '=', 'full')
          .where('session.revoked_at', 'is', null)
          .where('session.expires_at', '>', at)
          .where('session.seen_at', '>', at - SESSION_IDLE_MS)
          .as('open'),
      (join) => join.onTrue(),
    )
    .select(['account.id', 'account.name', 'account.email', 'account.role'])
    .select(['account.created_at as createdAt', 'account.disabled_at as closedAt'])
    .select(({ fn, val }) => fn.coalesce('open.sessions', val(0)).as('sessions'))
    .select('open.seen_at as seenAt')
    .select(sql<boolean>`EXISTS (SELECT FROM sso_identity WHERE sso_identity.account_id = account.id)`.as('provider'))
}

/** Twenty letters and digits, 100 bits, in groups that can be read out. */
function makePassword(random: (size: number) => Uint8Array): string {
  return (makeId(random).match(/.{5}/g) ?? []).join('-')
}
