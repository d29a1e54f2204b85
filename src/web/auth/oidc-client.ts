// One OpenID Connect provider as this installation sees it: where to send people, and who its answer says they are.
// Called by web/auth/oidc.ts. The only file that knows openid-client.
// Never goes out but through the guarded fetch, and never believes an ID token whose signature it has not checked itself.

import * as oidc from 'openid-client'
import { type Fetched, guardedFetch } from '../../base/fetch.ts'
import type { Log } from '../../base/log.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { SESSION_ABSOLUTE_MS } from '../../store/sessions.ts'
import type { Claims } from './oidc-claims.ts'

const FRESH_MS = 30_000 // for so long nobody is sent to a provider that has gone away since
const RETRY_MS = 10_000 // one that is away is not asked by every visitor
const MAX_ANSWER_BYTES = 512 * 1024 // keys and claims are some kilobytes
const ANSWER_MS = 8_000 // people wait for it
const LONGEST_S = SESSION_ABSOLUTE_MS / 1_000 // whom the provider let in longer ago is asked there again
const CLOCK_TOLERANCE_S = 30 // between their clock and ours

export type OidcSettings = {
  issuer: string
  clientId: string
  clientSecret: string
  scope: string
  /** Exact `host:port` that may be private, and may speak http. */
  privateHosts: readonly string[]
  redirectUri: string
}

export type OidcProvider = {
  /** `again`: they are to prove there that it is them, also where they are signed in. Throws `unavailable`: better told by a page of ours than by the browser's. */
  authorizationUrl(sent: { state: string; nonce: string; verifier: string; again: boolean }): Promise<URL>
  /** `answer`: the callback's address with its query. Throws `unavailable`, and `unauthorized` for whatever does not fit. */
  claimsOf(answer: URL, expected: { state: string; nonce: string; verifier: string }): Promise<Claims>
  /** False: at the last try it did not answer. Asks again by itself, without making anybody wait. */
  isThere(): boolean
  /** Where people sign out there; null: not offered, or not known yet. */
  signOutUrl(): string | null
}

/** `config`: the last one that was told. `there`: at the last try it answered. */
type Known = { at: number; config: oidc.Configuration | null; there: boolean }

export function createOidcProvider(settings: OidcSettings, log: Log, now: () => number): OidcProvider {
  let known: Known = { at: Number.NEGATIVE_INFINITY, config: null, there: true }
  const { issuer } = settings
  let told = ''
  let asking: Promise<oidc.Configuration> | null = null
  const ask = (): Promise<oidc.Configuration> => {
    asking ??= discover(settings)
      .then((config) => {
        known = { at: now(), config, there: true }
        if (told !== '') log.info({ issuer }, 'The provider of single sign-on answers again')
        told = ''
        return config
      })
      .catch((cause) => {
        known = { ...known, at: now(), there: false }
        const err = reasonOf(cause)
        // Each trouble once: everybody who opens the page asks again.
        log[err === told ? 'debug' : 'warn']({ err, issuer }, 'The provider of single sign-on does not answer')
        told = err
        throw away(cause)
      })
      .finally(() => {
        asking = null
      })
    return asking
  }
  const isStale = () => now() - known.at > (known.there ? FRESH_MS : RETRY_MS)
  const fresh = () => (known.config && known.there && !isStale() ? Promise.resolve(known.config) : ask())
  // Who comes back from it was sent there by what it told before: that is good enough to redeem the answer with.
  const last = () => fresh().catch((error) => known.config ?? Promise.reject(error))
  return {
    authorizationUrl: async ({ state, nonce, verifier, again }) => {
      const challenge = await oidc.calculatePKCECodeChallenge(verifier)
      return oidc.buildAuthorizationUrl(await fresh(), {
        redirect_uri: settings.redirectUri,
        scope: settings.scope,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        // Any bound makes the provider tell when they last proved it (OpenID Connect Core, 3.1.2.1).
        ...(again ? { prompt: 'login', max_age: '0' } : { max_age: String(LONGEST_S) }),
      })
    },
    claimsOf: async (answer, expected) => {
      try {
        return await exchange(await last(), answer, expected)
      } catch (error) {
        throw refused(error, settings, log)
      }
    },
    isThere: () => {
      if (isStale()) void ask().catch(() => undefined)
      return known.there
    },
    signOutUrl: () => signOutUrl(known.config, settings),
  }
}

export const newVerifier = (): string => oidc.randomPKCECodeVerifier()
export const newNonce = (): string => oidc.randomNonce()

async function discover(settings: OidcSettings): Promise<oidc.Configuration> {
  const url = new URL(settings.issuer)
  const basic = oidc.ClientSecretBasic(settings.clientSecret)
  const post = oidc.ClientSecretPost(settings.clientSecret)
  const authenticate: oidc.ClientAuth = (server, client, body, headers) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? basic : post)(server, client, body, headers)
  }
  const execute = [oidc.enableNonRepudiationChecks]
  // The fetch below refuses http everywhere but at the hosts that were named.
  if (url.protocol === 'http:') execute.push(oidc.allowInsecureRequests)
  return oidc.discovery(url, settings.clientId, { [oidc.clockTolerance]: CLOCK_TOLERANCE_S }, authenticate, {
    execute,
    [oidc.customFetch]: guarded(settings.privateHosts),
  })
}

async function exchange(
  config: oidc.Configuration,
  answer: URL,
  expected: { state: string; nonce: string; verifier: string },
): Promise<Claims> {
  const tokens = await oidc.authorizationCodeGrant(config, answer, {
    expectedState: expected.state,
    expectedNonce: expected.nonce,
    pkceCodeVerifier: expected.verifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims() as Claims & { sub: string }
  if (!config.serverMetadata().userinfo_endpoint) return claims
  // Many providers tell the address and the groups only here. What the signed token says comes first.
  const more = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
  return { ...more, ...claims, ...emailOf(claims, more) }
}

/** An address and the word on whether it is confirmed come from one source: neither may speak for the other's address. */
function emailOf(token: Claims, more: Claims): Claims {
  if (token.email === undefined) return { email: more.email, email_verified: more.email_verified }
  const verified = token.email_verified ?? (more.email === token.email ? more.email_verified : undefined)
  return { email: token.email, email_verified: verified }
}

/** The guarded fetch in the shape the library asks for. A redirect is no answer of a provider. */
function guarded(privateHosts: readonly string[]): oidc.CustomFetch {
  return async (address, { method, headers, body, signal }) => {
    const url = new URL(address)
    const named = privateHosts.includes(`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`)
    if (url.protocol !== 'https:' && !named)
      throw new AppError('unavailable', `The provider names an address without https (${url.host}).`)
    const answer = await guardedFetch(address, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === undefined || body === null ? {} : { body: bodyOf(body) }),
      redirects: 0,
      maxBytes: MAX_ANSWER_BYTES,
      totalMs: ANSWER_MS,
      allowHosts: privateHosts,
      ...(signal ? { signal } : {}),
    })
    if (answer.status >= 500)
      throw new AppError('unavailable', `The address ${url.host} answers with status ${answer.status}.`)
    return responseOf(answer)
  }
}

function bodyOf(body: oidc.FetchBody): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new Error('a body of a kind that this flow does not send')
}

const BODILESS = [101, 103, 204, 205, 304]

function responseOf({ status, headers, body }: Fetched): Response {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (/^content-(?:encoding|length)$/.test(name)) continue // the body is decompressed already
    for (const one of [value ?? []].flat()) kept.append(name, one)
  }
  return new Response(BODILESS.includes(status) ? null : new Uint8Array(body), { status, headers: kept })
}

function signOutUrl(config: oidc.Configuration | null, { clientId, privateHosts }: OidcSettings): string | null {
  const url = URL.parse(config?.serverMetadata().end_session_endpoint ?? '')
  if (!url || (url.protocol !== 'https:' && !privateHosts.includes(url.host))) return null
  url.searchParams.set('client_id', clientId)
  return url.href
}

function refused(error: unknown, { issuer }: OidcSettings, log: Log): AppError {
  const own = ownError(error)
  log.warn({ err: reasonOf(error), issuer }, 'A single sign-on was not confirmed')
  if (own) return away(own)
  return new AppError(
    'unauthorized',
    'The answer of the sign-in service could not be confirmed. Nobody was signed in.',
    {
      cause: error,
    },
  )
}

/** Ours, from inside the fetch, however deep the library has wrapped it. */
function ownError(error: unknown): AppError | null {
  for (let at = error; at instanceof Error; at = at.cause as Error) if (isAppError(at)) return at
  return null
}

/** Codes and sentences of the library and of ours; neither holds a token. */
function reasonOf(error: unknown): string {
  const words: string[] = []
  for (let at = error; at instanceof Error; at = at.cause as Error) {
    const { code, error: said } = at as { code?: unknown; error?: unknown }
    if (at.message === 'something went wrong') continue // the library's wrapper
    words.push([at.message, ...[code, said].filter((one) => typeof one === 'string')].join(' '))
  }
  return words.join(': ')
}

function away(cause: unknown): AppError {
  return new AppError('unavailable', 'The sign-in service does not answer at present. Nobody was signed in.', { cause })
}
