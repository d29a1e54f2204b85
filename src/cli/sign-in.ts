// The part of the composition that lets people in: accounts, second factors, passkeys, invitations, and their pages.
// Called by cli/desk.ts, the user command and tests.

import { randomBytes } from 'node:crypto'
import { type AccountsDeps, createAccounts } from '../store/accounts.ts'
import { createInvitations } from '../store/invitations.ts'
import { createPasskeys } from '../store/passkeys.ts'
import { createPeople } from '../store/people.ts'
import { createSecondFactors } from '../store/second-factors.ts'
import type { AuthDeps } from '../web/auth/deps.ts'
import { authRoutes } from '../web/auth/routes.ts'
import { createSessions } from '../web/auth/session.ts'
import type { Route } from '../web/routes.ts'
import type { Store } from './open-store.ts'

export type SignInParts = Pick<AuthDeps, 'style' | 'script' | 'publicUrl' | 'timeZone'> & {
  store: Pick<Store, 'db' | 'acts'>
}

export function connectSignIn({ store, ...looks }: SignInParts): AuthDeps & { routes: Route[] } {
  const accounts = createAccounts(depsOf(store))
  const deps: AuthDeps = {
    ...looks,
    ...signInStores(store),
    accounts,
    sessions: createSessions(accounts, looks.publicUrl),
    desk: { acts: store.acts },
  }
  return { ...deps, routes: authRoutes(deps) }
}

/** What commands need as well. */
export function signInStores(store: Pick<Store, 'db'>) {
  const deps = depsOf(store)
  return {
    people: createPeople(deps),
    factors: createSecondFactors(deps),
    passkeys: createPasskeys(deps),
    invitations: createInvitations(deps),
  }
}

function depsOf({ db }: Pick<Store, 'db'>): AccountsDeps {
  return { db, now: Date.now, random: randomBytes }
}
