// Sign-ins that are under way at a provider: what the answer must fit to, kept on the server and bound to one browser.
// Called by web/auth/oidc.ts.
// Never gives one out twice: the answer that takes it deletes it, so a copied address is worth nothing.

import { networkOf } from '../base/internet-address.ts'
import { AppError } from '../domain/error.ts'
import { hashToken, newToken } from './secret.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export const SSO_ATTEMPT_MS = 10 * 60_000 // to find the password and the second factor at the provider
export const MAX_SSO_ATTEMPTS = 300 // under way from one network; a whole newsroom may stand behind one address

/** `browser` goes into a cookie, `state` to the provider and back. Both are known to the database as hashes only. */
export type SsoBegun = { state: string; browser: string }
export type SsoAttempt = { nonce: string; verifier: string; next: string }

export type SsoAttempts = {
  /** Throws `too_many`. */
  begin(attempt: SsoAttempt, address: string): Promise<SsoBegun>
  /** null: unknown, too old, taken already, or begun in another browser. */
  take(state: string, browser: string): Promise<SsoAttempt | null>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createSsoAttempts(deps: Deps): SsoAttempts {
  return translating<SsoAttempts>({
    begin: (attempt, address) => begin(deps, attempt, address),
    take: async (state, browser) => {
      // By the state alone: tried from another browser it is gone for both.
      const row = await deps.db
        .deleteFrom('sso_attempt')
        .where('state_hash', '=', hashToken(state))
        .returningAll()
        .executeTakeFirst()
      const good = row && row.browser_hash === hashToken(browser) && row.expires_at > deps.now()
      return good ? { nonce: row.nonce, verifier: row.verifier, next: row.next } : null
    },
  })
}

async function begin({ db, now, random }: Deps, attempt: SsoAttempt, address: string): Promise<SsoBegun> {
  const begun = { state: newToken(random), browser: newToken(random) }
  const addressKey = hashToken(networkOf(address))
  await db.deleteFrom('sso_attempt').where('expires_at', '<=', now()).execute()
  const row = {
    state_hash: hashToken(begun.state),
    browser_hash: hashToken(begun.browser),
    address_key: addressKey,
    expires_at: now() + SSO_ATTEMPT_MS,
    ...attempt,
  }
  await db.insertInto('sso_attempt').values(row).execute()
  // Written before it is counted: of many at once none slips past the count.
  const { n } = await db
    .selectFrom('sso_attempt')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('address_key', '=', addressKey)
    .executeTakeFirstOrThrow()
  if (n > MAX_SSO_ATTEMPTS) {
    await db.deleteFrom('sso_attempt').where('state_hash', '=', row.state_hash).execute()
    throw new AppError('too_many', 'Too many sign-ins were begun from here. Wait ten minutes, then try again.')
  }
  return begun
}
