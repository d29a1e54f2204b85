// Slows down guessing: counts failed sign-ins per account and per address, in the database, so that all nodes count together.
// Called by store/accounts.ts, second-factors.ts, passkeys.ts and invitations.ts.
// Never stores what was typed: keys are hashes, for people type passwords into the wrong field.

import { createHash } from 'node:crypto'
import { networkOf } from '../base/internet-address.ts'
import { AppError } from '../domain/error.ts'
import type { Database } from './tables.ts'

const WINDOW_MS = 15 * 60_000
export const MAX_ACCOUNT_FAILURES = 10 // per window, from one network: nobody can lock a colleague out from elsewhere
export const MAX_ACCOUNT_FAILURES_ANYWHERE = 200 // per window, from all networks together: guessing from many is slow too
export const MAX_ADDRESS_FAILURES = 50 // per window; a whole newsroom may stand behind one address

export type SignInBrake = {
  /**
   * Counts a failure beforehand; the function given back takes it away again. `account`: whatever is guessed at, an account,
   * its code, a link. `anywhere`: failures from all networks together. Throws `too_many`.
   */
  begin(account: string, address: string, anywhere?: number): Promise<() => Promise<void>>
  /** Forgets the failures of one account. */
  forget(account: string): Promise<void>
}

export function createSignInBrake(db: Database, now: () => number): SignInBrake {
  return {
    async forget(account) {
      await db.deleteFrom('sign_in_attempt').where('account_key', '=', keyOf(account)).execute()
    },
    async begin(account, address, anywhere = MAX_ACCOUNT_FAILURES_ANYWHERE) {
      const at = now()
      const keys = { account_key: keyOf(account), address_key: keyOf(networkOf(address)) }
      // Written before it is counted: of many tries at once none slips past the count.
      const own = await db
        .insertInto('sign_in_attempt')
        .values({ ...keys, at })
        .returning('id')
        .executeTakeFirstOrThrow()
      const takeAway = async () => {
        await db.deleteFrom('sign_in_attempt').where('id', '=', own.id).execute()
      }
      await db
        .deleteFrom('sign_in_attempt')
        .where('at', '<=', at - WINDOW_MS)
        .execute()
      const { account_key, address_key } = keys
      const tooMany =
        (await failures(db, keys)) > MAX_ACCOUNT_FAILURES ||
        (await failures(db, { address_key })) > MAX_ADDRESS_FAILURES ||
        (await failures(db, { account_key })) > anywhere
      if (tooMany) {
        await takeAway() // else trying on would keep the door shut for ever
        throw new AppError('too_many', 'Too many failed sign-ins. Wait a quarter of an hour, then try again.')
      }
      return takeAway
    },
  }
}

async function failures(db: Database, keys: { account_key?: string; address_key?: string }): Promise<number> {
  const row = await db
    .selectFrom('sign_in_attempt')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(({ and }) => and(keys))
    .executeTakeFirstOrThrow()
  return row.n
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
