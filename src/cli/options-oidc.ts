// The rows of the option table for single sign-on.
// Called by options.ts; single-sign-on.ts makes rules of them.
// Must never accept half of it: a provider that is named but cannot be used would look like a door that is shut.

import { ROLES, type Role } from '../domain/permission.ts'
import type { ClaimTest } from '../web/auth/oidc-claims.ts'
import { matching, named, parseBoolean, type Rows } from './option.ts'

export type OidcOptions = {
  /** Null = no single sign-on. Without a slash at the end only where it was given so. */
  oidcIssuer: string | null
  oidcClientId: string | null
  oidcClientSecret: string | null
  oidcScope: string
  oidcLabel: string
  /** As `claim=value:role`, each checked. */
  oidcRoles: string[]
  oidcDefaultRole: Role | null
  /** In lower case. */
  oidcEmailDomains: string[]
  /** As `claim=value`. */
  oidcRequiredClaim: string | null
  oidcLinkByEmail: boolean
  oidcTrustEmail: boolean
  /** As `host:port`. */
  oidcPrivateHosts: string[]
  oidcOnly: boolean
}

export const OIDC_ROWS: Rows<OidcOptions> = {
  oidcIssuer: {
    ...named(
      'OIDC_ISSUER',
      'URL',
      'Single sign-on: the address of an OpenID Connect provider, exactly as it names itself (`issuer`). Needs OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PUBLIC_URL, and OIDC_ROLES or OIDC_DEFAULT_ROLE. See [single sign-on](operations/single-sign-on.md).',
    ),
    default: null,
    shown: 'none: passwords only',
    parse: parseIssuer,
  },
  oidcClientId: {
    ...named('OIDC_CLIENT_ID', 'text', 'The name under which the provider knows this site.'),
    default: null,
    shown: 'none',
    parse: oneLine,
  },
  oidcClientSecret: {
    ...named('OIDC_CLIENT_SECRET', 'text', "The site's secret at the provider."),
    default: null,
    shown: 'none',
    secret: true,
    parse: oneLine,
  },
  oidcRoles: {
    ...named(
      'OIDC_ROLES',
      'list',
      'Who gets which role, as `groups=newsroom-admins:admin,groups=desk:editor`: a claim, one of its values, a role. The first that fits decides; it is asked at every sign-in. A claim inside another is written with dots, as `realm_access.roles`.',
    ),
    default: [],
    shown: 'none',
    parse: (text) => listOf(text).map(checkedRoleRule),
  },
  oidcDefaultRole: {
    ...named('OIDC_DEFAULT_ROLE', ROLES.join(' / '), 'The role of whom no rule of OIDC_ROLES fits.'),
    default: null,
    shown: 'none: they are refused',
    parse: parseRole,
  },
  oidcEmailDomains: {
    ...named(
      'OIDC_EMAIL_DOMAINS',
      'list',
      'Only people with a confirmed e-mail address in one of these domains, separated by commas.',
    ),
    default: [],
    shown: 'any',
    parse: (text) => listOf(text).map(parseDomain),
  },
  oidcRequiredClaim: {
    ...named('OIDC_REQUIRED_CLAIM', 'text', 'Only people with this claim, as `department=news`.'),
    default: null,
    shown: 'none',
    parse: (text) => {
      claimTest(text)
      return text
    },
  },
  oidcLinkByEmail: {
    ...named(
      'OIDC_LINK_BY_EMAIL',
      'true / false',
      'Lets a first sign-in take over the account that has the same confirmed e-mail address. For providers where people cannot choose their own address. Off: it is refused.',
    ),
    default: false,
    parse: parseBoolean,
  },
  oidcTrustEmail: {
    ...named(
      'OIDC_TRUST_EMAIL',
      'true / false',
      'Takes an e-mail address as confirmed where the provider does not say whether it is (Entra ID). Where it says that it is not, it never is.',
    ),
    default: false,
    parse: parseBoolean,
  },
  oidcLabel: {
    ...named('OIDC_LABEL', 'text', 'What stands on the button.'),
    default: 'Sign in with single sign-on',
    parse: (text) => matching(text.trim(), /^[^\p{Cc}]{1,60}$/u, 'one line of 1 to 60 characters'),
  },
  oidcScope: {
    ...named('OIDC_SCOPE', 'text', 'What the provider is asked for, separated by spaces.'),
    default: 'openid email profile',
    parse: (text) =>
      matching(
        text.trim(),
        /^(?=.*\bopenid\b)[!#-[\]-~]+(?: [!#-[\]-~]+)*$/,
        'scopes separated by spaces, `openid` among them',
      ),
  },
  oidcPrivateHosts: {
    ...named(
      'OIDC_PRIVATE_HOSTS',
      'list',
      'Exact `host:port` of a provider in a private network, separated by commas. Dateline reaches no other private address; these may speak http too.',
    ),
    default: [],
    shown: 'none',
    parse: (text) => listOf(text).map(parseHost),
  },
  oidcOnly: {
    ...named(
      'OIDC_ONLY',
      'true / false',
      'Switches passwords off at the sign-in page, and passkeys and invitations with them. The way in that stays is `dateline user link` on the machine.',
    ),
    default: false,
    parse: parseBoolean,
  },
}

/** Sentences; empty = they fit together. `isSet`: given by somebody, not by default. */
export function oidcProblems(
  options: OidcOptions & { publicUrl: string | null },
  isSet: (key: keyof OidcOptions) => boolean,
): string[] {
  const set = (Object.keys(OIDC_ROWS) as (keyof OidcOptions)[]).filter(isSet).map((key) => OIDC_ROWS[key].env)
  if (!isSet('oidcIssuer')) {
    if (set.length === 0) return []
    return [
      `${set.sort().join(', ')} ${set.length === 1 ? 'is' : 'are'} set without OIDC_ISSUER. Set it, or unset them for passwords only.`,
    ]
  }
  const { oidcClientId, oidcClientSecret, publicUrl } = options
  const missing = [
    ...(oidcClientId === null ? ['OIDC_CLIENT_ID'] : []),
    ...(oidcClientSecret === null ? ['OIDC_CLIENT_SECRET'] : []),
    ...(publicUrl === null ? ['PUBLIC_URL'] : []),
    ...(isSet('oidcRoles') || isSet('oidcDefaultRole') ? [] : ['OIDC_ROLES or OIDC_DEFAULT_ROLE']),
  ]
  const problems = missing.length > 0 ? [`OIDC_ISSUER is set without ${missing.join(', ')}.`] : []
  return [...problems, ...httpProblem(options)]
}

function httpProblem({ oidcIssuer, oidcPrivateHosts }: OidcOptions): string[] {
  const url = oidcIssuer === null ? null : new URL(oidcIssuer)
  if (url?.protocol !== 'http:' || oidcPrivateHosts.includes(`${url.hostname}:${url.port || '80'}`)) return []
  return ['OIDC_ISSUER begins with http:, which only a host named in OIDC_PRIVATE_HOSTS may.']
}

/** `claim=value:role`; a value may hold colons. Throws a plain Error. */
export function roleRule(text: string): ClaimTest & { role: Role } {
  const at = text.lastIndexOf(':')
  const role = ROLES.find((one) => one === text.slice(at + 1).trim())
  if (at < 0 || !role) throw new Error(RULES)
  return { ...claimTest(text.slice(0, at), RULES), role }
}

/** Throws a plain Error. */
export function claimTest(text: string, what = 'a claim and its value, as department=news'): ClaimTest {
  const at = text.indexOf('=')
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at < 0 || name === '' || value === '') throw new Error(what)
  return { name, value }
}

const RULES = `a comma-separated list of claim=value:role, as groups=desk:editor, with roles ${ROLES.join(', ')}`

function checkedRoleRule(text: string): string {
  roleRule(text)
  return text
}

function parseRole(text: string): Role {
  const role = ROLES.find((one) => one === text.trim())
  if (!role) throw new Error(`one of ${ROLES.join(', ')}`)
  return role
}

function parseIssuer(text: string): string {
  const url = URL.parse(text)
  const right = url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  if (!right || url.search !== '' || url.hash !== '' || text !== text.trim())
    throw new Error('the address of an OpenID Connect provider, as https://id.example.org')
  return text
}

function parseDomain(text: string): string {
  const domain = text.replace(/^@/, '').toLowerCase()
  return matching(domain, /^[^\s@.]+(?:\.[^\s@.]+)+$/, 'a comma-separated list of domains, as example.org')
}

function parseHost(text: string): string {
  return matching(
    text.toLowerCase(),
    /^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/,
    'a comma-separated list of host:port, as id.internal:443',
  )
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function oneLine(text: string): string {
  return matching(text.trim(), /^[^\p{Cc}]{1,1000}$/u, 'one line of text')
}
