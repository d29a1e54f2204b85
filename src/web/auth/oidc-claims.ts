// What a provider's word about a person means here: may they come in, as what, under which address.
// Called by web/auth/oidc.ts with verified claims, and by cli, which makes the rules. Pure.
// Never takes an address for theirs that the provider has not confirmed, and never gives a role that no rule names.

import type { Role } from '../../domain/permission.ts'

export type Claims = { readonly [name: string]: unknown }

/** The claim has this value, or it is among its values. `name` may be a path, as `realm_access.roles`. */
export type ClaimTest = { name: string; value: string }

/** `roles`: the first that fits decides. `otherwise`: null = whom no rule fits is refused. Domains in lower case; none = any. */
export type SsoRules = {
  domains: readonly string[]
  required: ClaimTest | null
  roles: readonly (ClaimTest & { role: Role })[]
  otherwise: Role | null
  /** Where the provider is silent about whether an address is confirmed, it counts as confirmed. */
  trustEmail: boolean
}

/** `email`: null unless confirmed. `refusal`: why `role` is null, for the log; no claim's value stands in it. */
export type Judged = { email: string | null; name: string; role: Role | null; refusal: string | null }

/** When they last proved it there, ms UTC, never after `now`; a provider that does not tell is taken to have asked just now. */
export function provedAtOf({ auth_time: at }: Claims, now: number): number {
  return typeof at === 'number' ? Math.min(now, Math.floor(at * 1_000)) : now
}

export function judgeClaims(claims: Claims, rules: SsoRules): Judged {
  const email = confirmedEmail(claims, rules.trustEmail)
  const name = textOf(claims.name) || textOf(claims.preferred_username)
  const refused = (refusal: string): Judged => ({ email, name, role: null, refusal })
  if (rules.domains.length > 0) {
    if (email === null) return refused('no confirmed e-mail address, and OIDC_EMAIL_DOMAINS asks for one')
    if (!rules.domains.includes(domainOf(email))) return refused('an e-mail address outside OIDC_EMAIL_DOMAINS')
  }
  if (rules.required && !fits(claims, rules.required)) return refused('OIDC_REQUIRED_CLAIM is not met')
  const role = rules.roles.find((rule) => fits(claims, rule))?.role ?? rules.otherwise
  return role === null ? refused('no rule of OIDC_ROLES fits') : { email, name, role, refusal: null }
}

/** Some providers write the truth as text. */
function confirmedEmail({ email, email_verified: verified }: Claims, trust: boolean): string | null {
  const address = textOf(email)
  const yes = verified === true || verified === 'true' || (trust && verified === undefined)
  return address !== '' && yes ? address : null
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}

function fits(claims: Claims, { name, value }: ClaimTest): boolean {
  const found = claimAt(claims, name)
  return (Array.isArray(found) ? found : [found]).some((one) => isPlain(one) && String(one) === value)
}

/** A name that stands there as it is comes before a path: names of claims may be addresses with dots in them. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let at: unknown = claims
  for (const step of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Claims)[step]
  }
  return at
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}
