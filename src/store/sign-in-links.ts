// One-time links that sign somebody in: the way in for who holds the machine, when no other is left.
// Called by `dateline user link` and web/auth/sign-in-link.ts.
// Never opens a closed account, and never works twice.

import { AppError } from '../domain/error.ts'
import { hashToken, newToken } from './secret.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export const LINK_MS = 15 * 60_000 // from the terminal to the browser

export type SignInLinks = {
  /** A fresh link's token; the older one of this account dies. Throws `conflict` for a closed account, `not_found`. */
  make(accountId: string): Promise<string>
  /** The name of whose it is; null when it is no good. */
  nameOf(token: string): Promise<string | null>
  /** Uses it up. Throws `not_found`. */
  use(token: string): Promise<{ id: string }>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createSignInLinks({ db, now, random }: Deps): SignInLinks {
  const good = (token: string) =>
    db
      .selectFrom('sign_in_link')
      .innerJoin('account', 'account.id', 'sign_in_link.account_id')
      .select(['account.id', 'account.name'])
      .where('sign_in_link.token_hash', '=', hashToken(token))
      .where('sign_in_link.expires_at', '>', now())
      .where('account.disabled_at', 'is', null)
  return translating<SignInLinks>({
    make: async (accountId) => {
      const account = await db
        .selectFrom('account')
        .select('disabled_at')
        .where('id', '=', accountId)
        .executeTakeFirst()
      if (!account) throw new AppError('not_found', 'There is no such account.')
      if (account.disabled_at !== null)
        throw new AppError('conflict', 'This account is closed. Open it first; no link was made.')
      const token = newToken(random)
      const row = { token_hash: hashToken(token), expires_at: now() + LINK_MS }
      await db
        .insertInto('sign_in_link')
        .values({ account_id: accountId, ...row })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
        .execute()
      return token
    },
    nameOf: async (token) => (await good(token).executeTakeFirst())?.name ?? null,
    use: async (token) => {
      const account = await good(token).executeTakeFirst()
      const used = await db
        .deleteFrom('sign_in_link')
        .where('token_hash', '=', hashToken(token))
        .where('expires_at', '>', now())
        .returning('account_id')
        .executeTakeFirst()
      if (!account || !used) throw deadLink()
      return { id: account.id }
    },
  })
}

export function deadLink(): AppError {
  return new AppError(
    'not_found',
    'This link was used, is older than a quarter of an hour, or was replaced by a newer one. Make a new one with `dateline user link`.',
  )
}
