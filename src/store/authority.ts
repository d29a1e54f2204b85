// Who an actor is at this moment: their role in this story, and whether their credential is still good.
// Called by the act store inside the transaction of an act, so that rights hold at the moment of effect.
// Never trusts what a request knew when it began.

import type { Transaction } from 'kysely'
import { AppError } from '../domain/error.ts'
import { type Actor, PROOF_MS, type Role, roleInStory, type Scope } from '../domain/permission.ts'
import type { Tables } from './tables.ts'

type Tx = Transaction<Tables>

/** Actors that are no people (`system:…`) are what they say: no request can name one. Throws `unauthorized`. */
export async function presentActor(tx: Tx, actor: Actor, storyId: string, now: number): Promise<Actor> {
  const [kind, id = ''] = actor.credential.split(':')
  if (kind !== 'session' && kind !== 'token' && kind !== 'account') return actor
  const person = await tx
    .selectFrom('account')
    .leftJoin('story_role', (join) =>
      join.onRef('story_role.account_id', '=', 'account.id').on('story_role.story_id', '=', storyId),
    )
    .select(['account.name', 'account.role', 'story_role.role as story_role'])
    .where('account.id', '=', actor.id)
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!person) throw new AppError('unauthorized', 'This account is closed.')
  const role = roleInStory(person.role, person.story_role)
  const fresh = kind === 'session' ? isFresh(await requireSession(tx, id, now), now) : undefined
  const scopes = kind === 'token' ? await tokenScopes(tx, id, now) : undefined
  return {
    id: actor.id,
    name: person.name,
    credential: actor.credential,
    role,
    ...(scopes ? { scopes } : {}),
    ...(fresh === undefined ? {} : { fresh }),
  }
}

/** `provedAt`: of a session; null = never since it began to count. */
export function isFresh(provedAt: number | null, now: number): boolean {
  return provedAt !== null && now - provedAt < PROOF_MS
}

/** When its holder last proved that it is them. A half session is none. */
async function requireSession(tx: Tx, id: string, now: number): Promise<number | null> {
  const row = await tx
    .selectFrom('session')
    .select('proved_at')
    .where('id', '=', id)
    .where('stage', '=', 'full')
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) throw new AppError('unauthorized', 'You are not signed in, or your session has ended.')
  return row.proved_at
}

async function tokenScopes(tx: Tx, id: string, now: number): Promise<readonly Scope[]> {
  const row = await tx
    .selectFrom('api_token')
    .select('scopes')
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) throw new AppError('unauthorized', 'This token has expired or was revoked.')
  return row.scopes
}

type GivenRole = { storyId: string; accountId: string; role: Role | null; by: string; at: number }

/** Throws `invalid` for an account that is not there. */
export async function saveRole(tx: Tx, { storyId, accountId, role, by, at }: GivenRole): Promise<void> {
  await tx.deleteFrom('story_role').where('story_id', '=', storyId).where('account_id', '=', accountId).execute()
  if (role === null) return
  const account = await tx.selectFrom('account').select('id').where('id', '=', accountId).executeTakeFirst()
  if (!account) throw new AppError('invalid', 'There is no such account.')
  const row = { story_id: storyId, account_id: accountId, role, given_by: by, at }
  await tx.insertInto('story_role').values(row).execute()
}
