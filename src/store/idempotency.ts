// Answers kept by the key a client sent with a request: the same key and request get the same answer for 30 days.
// Called by web/api around an act.
// Never runs an act: a key that was taken and not answered is taken over, and running the act again is harmless by its ids.

import { AppError } from '../domain/error.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export const KEEP_ANSWERS_MS = 30 * 24 * 3_600_000
/** Longer than any act may take (its statements are cut after 15 s): whoever holds a key for longer has died. */
export const TAKE_OVER_MS = 20_000

const UNDER_WAY = 0 // in place of a status

export type KeptAnswer = { status: number; body: string }
export type KeyedRequest = { accountId: string; key: string; requestHash: string }

export type Answers = {
  /**
   * The answer that was given before; null: the key is ours now, carry the act out and then keep or release it.
   * Throws `conflict` when the key came with another request, `unavailable` while the same one is under way.
   */
  take(request: KeyedRequest): Promise<KeptAnswer | null>
  keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>
  /** Nothing definite came of it: the next try runs anew. */
  release(request: KeyedRequest): Promise<void>
}

export function createAnswers(db: Database, now: () => number): Answers {
  return translating<Answers>({
    take: (request) => take(db, request, now()),
    keep: async ({ accountId, key, requestHash }, { status, body }) => {
      await db
        .updateTable('idempotency')
        .set({ status, body, at: now() })
        .where('account_id', '=', accountId)
        .where('key', '=', key)
        .where('request_hash', '=', requestHash)
        .where('status', '=', UNDER_WAY)
        .execute()
    },
    release: async ({ accountId, key, requestHash }) => {
      await db
        .deleteFrom('idempotency')
        .where('account_id', '=', accountId)
        .where('key', '=', key)
        .where('request_hash', '=', requestHash)
        .where('status', '=', UNDER_WAY)
        .execute()
    },
  })
}

async function take(db: Database, request: KeyedRequest, at: number): Promise<KeptAnswer | null> {
  await db
    .deleteFrom('idempotency')
    .where('at', '<=', at - KEEP_ANSWERS_MS)
    .execute()
  const row = { account_id: request.accountId, key: request.key, request_hash: request.requestHash }
  const made = await db
    .insertInto('idempotency')
    .values({ ...row, status: UNDER_WAY, body: '', at })
    .onConflict((conflict) => conflict.columns(['account_id', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (made) return null
  const kept = await db
    .selectFrom('idempotency')
    .select(['request_hash', 'status', 'body', 'at'])
    .where('account_id', '=', request.accountId)
    .where('key', '=', request.key)
    .executeTakeFirst()
  if (kept && kept.request_hash !== request.requestHash)
    throw new AppError('conflict', 'This Idempotency-Key came with another request before. Nothing was done.')
  if (kept && kept.status !== UNDER_WAY) return { status: kept.status, body: kept.body }
  if (kept && kept.at <= at - TAKE_OVER_MS && (await takeOver(db, request, kept.at, at))) return null
  throw new AppError('unavailable', 'The same request is under way. Its outcome is not known yet; try again.')
}

/** True for one of several. */
async function takeOver(db: Database, request: KeyedRequest, since: number, at: number): Promise<boolean> {
  const taken = await db
    .updateTable('idempotency')
    .set({ at })
    .where('account_id', '=', request.accountId)
    .where('key', '=', request.key)
    .where('status', '=', UNDER_WAY)
    .where('at', '=', since)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}
