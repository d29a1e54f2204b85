// Single sign-on: to the provider and back.
// Called through the route table; the sign-in page asks what to offer.
// Never believes an answer that was not asked for by this very browser, and never sends anybody on but to the desk.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../base/log.ts'
import { AppError } from '../../domain/error.ts'
import type { Accounts } from '../../store/accounts.ts'
import type { SsoAccounts } from '../../store/sso-accounts.ts'
import { SSO_ATTEMPT_MS, type SsoAttempts } from '../../store/sso-attempts.ts'
import { asAppError } from '../errors.ts'
import type { Route } from '../routes.ts'
import { enter } from './deps.ts'
import { judgeClaims, provedAtOf, type SsoRules } from './oidc-claims.ts'
import { newNonce, newVerifier, type OidcProvider } from './oidc-client.ts'
import type { Sessions } from './session.ts'
import { SIGNED_IN, safeNext, sendForm } from './sign-in.ts'
import type { SsoOffer } from './sso-offer.ts'

export const SSO_PATH = '/desk/sso'
/** What the provider has to know, behind PUBLIC_URL. */
export const SSO_CALLBACK_PATH = '/desk/sso/callback'

export type SsoDeps = {
  provider: OidcProvider
  issuer: string
  label: string
  rules: SsoRules
  linkByEmail: boolean
  /** Passwords are switched off. */
  only: boolean
  publicUrl: string
  attempts: SsoAttempts
  accounts: Accounts
  identities: SsoAccounts
  sessions: Sessions
  style: string
  script: string
  log: Log
  now(): number
}

export function ssoRoutes(deps: SsoDeps): Route[] {
  return [
    {
      method: 'GET',
      url: SSO_PATH,
      access: 'public',
      object: 'account',
      handler: (request, reply) => orSignInPage(deps, request, reply, () => begin(deps, request, reply)),
    },
    {
      method: 'GET',
      url: SSO_CALLBACK_PATH,
      access: 'public',
      object: 'account',
      handler: (request, reply) => orSignInPage(deps, request, reply, () => finish(deps, request, reply)),
    },
  ]
}

export function ssoOffer(deps: SsoDeps): SsoOffer {
  const { label, only, provider } = deps
  return {
    only,
    button: (next) => ({
      label,
      href: `${SSO_PATH}?next=${encodeURIComponent(next)}`,
      away: !provider.isThere(),
      only,
    }),
    proof: { label, href: `${SSO_PATH}?again=1&next=${encodeURIComponent(SIGNED_IN)}` },
    signOutUrl: provider.signOutUrl,
  }
}

async function begin(deps: SsoDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const asked = queryOf(deps, request).searchParams
  const next = safeNext(asked.get('next') ?? '/desk')
  const sent = { nonce: newNonce(), verifier: newVerifier() }
  const { state, browser } = await deps.attempts.begin({ ...sent, next }, request.ip)
  const url = await deps.provider.authorizationUrl({ ...sent, state, again: asked.has('again') })
  reply.setCookie(cookieName(deps), browser, { ...cookieOptions(deps), maxAge: SSO_ATTEMPT_MS / 1_000 })
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(url.href, 303)
}

async function finish(deps: SsoDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const answer = queryOf(deps, request)
  const [state = '', ...more] = answer.searchParams.getAll('state')
  const browser = request.cookies[cookieName(deps)] ?? ''
  reply.clearCookie(cookieName(deps), cookieOptions(deps))
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer') // the address holds the code
  const attempt = more.length === 0 ? await deps.attempts.take(state, browser) : null
  if (!attempt) {
    throw new AppError(
      'unauthorized',
      'This sign-in was begun in another browser, more than ten minutes ago, or was used already. Nobody was signed in.',
    )
  }
  if (answer.searchParams.has('error')) throw saidNo(deps, answer.searchParams.get('error') ?? '')
  const claims = await deps.provider.claimsOf(answer, { ...attempt, state })
  const accountId = await accountOf(deps, claims)
  // The second factor is the provider's to ask for; how long ago it did decides what the session may do at once.
  await enter(deps, request, reply, accountId, { provedAt: provedAtOf(claims, deps.now()) })
  return reply.redirect(attempt.next, 303)
}

/** Throws `forbidden`, `unauthorized`, `conflict`. */
async function accountOf(deps: SsoDeps, claims: { readonly [name: string]: unknown }): Promise<string> {
  const { email, name, role, refusal } = judgeClaims(claims, deps.rules)
  // As the provider writes its name in the token, which was compared with the one that is set: a slash there changes nobody.
  const person = { issuer: String(claims.iss), subject: String(claims.sub), email, name, role }
  const done = await deps.identities.signIn(person, deps.linkByEmail)
  if (done.unadministered)
    deps.log.warn('Nobody is an administrator any more: `dateline user role <email> admin` makes somebody one')
  if (done.kind !== 'refused') {
    if (done.kind !== 'known') deps.log.info({ account: done.accountId, kind: done.kind }, 'A first single sign-on')
    return done.accountId
  }
  deps.log.warn({ account: done.accountId, reason: refusal }, 'A single sign-on was refused')
  throw new AppError(
    'forbidden',
    'You are known to the sign-in service, but it grants you no role in this newsroom. Ask an administrator. Nobody was signed in.',
  )
}

/** Only words of ours are shown: anybody can put others into an address. */
function saidNo({ log, issuer }: SsoDeps, code: string): AppError {
  log.info({ issuer, code: code.replace(/[^\w.-]/g, '').slice(0, 60) }, 'The provider ended a single sign-on')
  if (code === 'temporarily_unavailable' || code === 'server_error')
    return new AppError('unavailable', 'The sign-in service cannot do this at present. Nobody was signed in.')
  return new AppError('unauthorized', 'The sign-in service ended this sign-in, or you did. Nobody was signed in.')
}

/** A refusal is told on the sign-in page, with its status, beside the other ways in. */
async function orSignInPage(
  deps: SsoDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await work()
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal') throw thrown
    const offer = ssoOffer(deps)
    const sso = { ...offer, button: (next: string) => ({ ...offer.button(next), away: false }) } // the error says it
    const form = { next: '/desk', email: '', error, unset: false, hint: hintOf(deps, error) }
    return sendForm({ ...deps, sso }, request, reply, form)
  }
}

function hintOf({ only }: SsoDeps, { code }: AppError): string {
  if (code !== 'unavailable') return 'Begin again, or ask whoever runs this site.'
  return only ? 'Try again in a moment.' : 'Try again in a moment, or sign in with your password.'
}

/** By the address the operator gave, never by the one a request claims. */
function queryOf({ publicUrl }: SsoDeps, request: FastifyRequest): URL {
  const at = request.url.indexOf('?')
  return new URL(`${publicUrl}${SSO_CALLBACK_PATH}${at < 0 ? '' : request.url.slice(at)}`)
}

function cookieName({ publicUrl }: SsoDeps): string {
  return publicUrl.startsWith('https:') ? '__Host-dateline-sso' : 'dateline-sso'
}

/** Lax: it has to come along when the provider sends the browser back. */
function cookieOptions({ publicUrl }: SsoDeps) {
  return { path: '/', httpOnly: true, secure: publicUrl.startsWith('https:'), sameSite: 'lax' as const }
}
