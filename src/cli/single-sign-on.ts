// Single sign-on's part of the composition: from options to a provider, its rules and its routes.
// Called by cli/sign-in.ts.
// Never asks the provider before the site is there: a start must not wait for somebody else's machine.

import { randomBytes } from 'node:crypto'
import type { Log } from '../base/log.ts'
import type { Accounts } from '../store/accounts.ts'
import { createSsoAccounts } from '../store/sso-accounts.ts'
import { createSsoAttempts } from '../store/sso-attempts.ts'
import type { Database } from '../store/tables.ts'
import { SSO_CALLBACK_PATH, type SsoDeps } from '../web/auth/oidc.ts'
import type { SsoRules } from '../web/auth/oidc-claims.ts'
import { createOidcProvider } from '../web/auth/oidc-client.ts'
import type { Sessions } from '../web/auth/session.ts'
import type { Options } from './options.ts'
import { claimTest, type OidcOptions, roleRule } from './options-oidc.ts'

type Parts = { db: Database; accounts: Accounts; sessions: Sessions; style: string; script: string; log: Log }

/** null: none is configured. */
export function createSingleSignOn(options: Options, parts: Parts): SsoDeps | null {
  const { oidcIssuer: issuer, oidcClientId, oidcClientSecret, publicUrl } = options
  if (issuer === null || oidcClientId === null || oidcClientSecret === null || publicUrl === null) return null
  const { db, accounts, sessions, style, script, log } = parts
  const settings = {
    issuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    scope: options.oidcScope,
    privateHosts: options.oidcPrivateHosts,
    redirectUri: `${publicUrl}${SSO_CALLBACK_PATH}`,
  }
  const provider = createOidcProvider(settings, log, Date.now)
  provider.isThere() // begins to ask; the first visitor finds the answer
  return {
    provider,
    issuer,
    label: options.oidcLabel,
    rules: rulesOf(options),
    linkByEmail: options.oidcLinkByEmail,
    only: options.oidcOnly,
    publicUrl,
    attempts: createSsoAttempts({ db, now: Date.now, random: randomBytes }),
    accounts,
    identities: createSsoAccounts({ db, now: Date.now, random: randomBytes }),
    sessions,
    style,
    script,
    log,
    now: Date.now,
  }
}

export function rulesOf(options: OidcOptions): SsoRules {
  return {
    domains: options.oidcEmailDomains,
    required: options.oidcRequiredClaim === null ? null : claimTest(options.oidcRequiredClaim),
    roles: options.oidcRoles.map(roleRule),
    otherwise: options.oidcDefaultRole,
    trustEmail: options.oidcTrustEmail,
  }
}
