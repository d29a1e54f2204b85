// What happened to an account: invited, second factors, passkeys, sessions ended. Each with who did it.
// Called by the files of store/ that change such things, in the same transaction, and read by web/auth.
// Never holds a secret, and is never changed afterwards.

import type { Actor } from '../domain/permission.ts'
import type { Database } from './tables.ts'

/** Kind → how it is told. */
export const EVENT_WORDS = {
  joined: 'Joined',
  'second-factor-on': 'Codes from an app turned on',
  'second-factor-off': 'Codes from an app turned off',
  'recovery-codes': 'New recovery codes made',
  'recovery-code-used': 'Signed in with a recovery code',
  'passkey-added': 'Passkey added',
  'passkey-removed': 'Passkey removed',
  'factors-reset': 'Second factors taken away',
  'provider-untied': 'Untied from single sign-on',
} as const
export type EventKind = keyof typeof EVENT_WORDS

export type AccountEvent = { kind: EventKind; detail: string; by: string; own: boolean; at: number }
type By = Pick<Actor, 'id' | 'name' | 'credential'>

export async function tellEvent(
  db: Database,
  about: { accountId: string; kind: EventKind; detail?: string; by: By; at: number },
): Promise<void> {
  const { accountId, kind, detail = '', by, at } = about
  const who = { by_id: by.id, by_name: by.name, credential: by.credential }
  await db
    .insertInto('account_event')
    .values({ account_id: accountId, kind, detail, ...who, at })
    .execute()
}

/** Newest first. */
export async function eventsOf(db: Database, accountId: string, limit: number): Promise<AccountEvent[]> {
  const rows = await db
    .selectFrom('account_event')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap(({ kind, detail, by_name, by_id, at }) =>
    Object.hasOwn(EVENT_WORDS, kind)
      ? [{ kind: kind as EventKind, detail, by: by_name, own: by_id === accountId, at }]
      : [],
  )
}
