// The part of the composition that lets people in: accounts, second factors, passkeys, invitations, and their pages.
// Called by cli/desk.ts, the user command and tests.

import { randomBytes } from 'node:crypto'
import type { Log } from '../base/log.ts'
import { type AccountsDeps, createAccounts } from '../store/accounts.ts'
import { createInvitations } from '../store/invitations.ts'
import { createPasskeys } from '../store/passkeys.ts'
import { createPeople } from '../store/people.ts'
import { createSecondFactors } from '../store/second-factors.ts'
import { createSignInLinks } from '../store/sign-in-links.ts'
import type { AuthDeps } from '../web/auth/deps.ts'
import { ssoOffer, ssoRoutes } from '../web/auth/oidc.ts'
import { authRoutes } from '../web/auth/routes.ts'
import { createSessions } from '../web/auth/session.ts'
import { signInLinkRoutes } from '../web/auth/sign-in-link.ts'
import type { Route } from '../web/routes.ts'
import type { Store } from './open-store.ts'
import type { Options } from './options.ts'
import { createSingleSignOn } from './single-sign-on.ts'

/** `options`: of HTTPS and single sign-on; absent: neither. */
export type SignInParts = Pick<AuthDeps, 'style' | 'script' | 'publicUrl' | 'timeZone'> & {
  store: Pick<Store, 'db' | 'acts'>
  options?: Options
  log: Log
}

export function connectSignIn({ store, options, log, ...looks }: SignInParts): AuthDeps & { routes: Route[] } {
  const { publicUrl, style, script } = looks
  const accounts = createAccounts(depsOf(store))
  const sessions = createSessions(accounts, publicUrl, (options?.tlsCert ?? null) !== null)
  const sso = options ? createSingleSignOn(options, { db: store.db, accounts, sessions, style, script, log }) : null
  const { links, ...stores } = signInStores(store)
  const deps: AuthDeps = {
    ...looks,
    ...stores,
    accounts,
    sessions,
    sso: sso && ssoOffer(sso),
    desk: { acts: store.acts },
  }
  const routes = [
    ...authRoutes(deps),
    ...signInLinkRoutes({ accounts, sessions, style, links, log }),
    ...(sso ? ssoRoutes(sso) : []),
  ]
  return { ...deps, routes }
}

/** What commands need as well. */
export function signInStores(store: Pick<Store, 'db'>) {
  const deps = depsOf(store)
  return {
    people: createPeople(deps),
    factors: createSecondFactors(deps),
    passkeys: createPasskeys(deps),
    invitations: createInvitations(deps),
    links: createSignInLinks(deps),
  }
}

function depsOf({ db }: Pick<Store, 'db'>): AccountsDeps {
  return { db, now: Date.now, random: randomBytes }
}
