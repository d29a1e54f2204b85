// Who calls the API and whether they may at all: rates, the token or the session, where a change comes from, the role in that story.
// Called by declareRoutes before the body is read, so that a stranger's bytes are never taken in.
// Never decides about one object: that is asked again inside the transaction, at the moment of effect.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../base/internet-address.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, ROLES, refusalOf, requireProof } from '../../domain/permission.ts'
import type { Tokens } from '../../store/tokens.ts'
import { requireCsrfToken, requireSameOrigin } from '../auth/csrf.ts'
import { asksProof } from '../auth/guard.ts'
import type { Sessions } from '../auth/session.ts'
import type { Guard, Route } from '../routes.ts'
import { type Left, type LimitKind, type Limits, tooMany } from './rate-limit.ts'

/** `actor`: with the role in the story of the address, where there is one. `csrf`: for a session. */
export type Caller = { actor: Actor; credential: 'token' | 'session'; csrf: string | null; expiresAt: number | null }

export const CSRF_HEADER = 'x-csrf-token'

export type GuardDeps = { tokens: Tokens; sessions: Sessions; limits: Limits; publicUrl: string | null }

const callers = new WeakMap<FastifyRequest, Caller>()

/** Whom the guard let in; null for public operations, which know nobody. */
export function callerOf(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null
}

/** Throws `too_many`, `unauthorized`, `forbidden`, `step_up`, `conflict` for the form token of another session. */
export function createApiGuard(deps: GuardDeps): Guard {
  return async (request, route, reply) => {
    const isPublic = route.access === 'public'
    if (isPublic) allowAnyOrigin(reply)
    const rate = rateOf(deps.limits, reply, isPublic)
    rate('address', networkOf(request.ip))
    if (isPublic) return
    const caller = await identify(deps, request, route)
    if (caller.credential === 'token') rate('token', caller.actor.credential)
    rate('account', caller.actor.id)
    requireAccess(caller.actor, route)
    callers.set(request, caller)
  }
}

/** Public reads know no credentials, so any page of the web may read them. */
function allowAnyOrigin(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', 'etag, retry-after')
  reply.header('cross-origin-resource-policy', 'cross-origin')
}

/** The tightest of the buckets is told; never in an answer that caches share, for it tells of one client. */
function rateOf(limits: Limits, reply: FastifyReply, isPublic: boolean) {
  let tightest: Left | null = null
  return (kind: LimitKind, key: string): void => {
    const left = limits.take(kind, key)
    if (tightest === null || left.remaining <= tightest.remaining) tightest = left
    if (!isPublic || left.retryAfter > 0) {
      reply.header('ratelimit-limit', tightest.limit)
      reply.header('ratelimit-remaining', tightest.remaining)
      reply.header('ratelimit-reset', tightest.reset)
    }
    if (left.retryAfter === 0) return
    reply.header('retry-after', left.retryAfter)
    throw tooMany()
  }
}

/** A token that is there and no good is refused, whatever cookie comes with it. */
async function identify(deps: GuardDeps, request: FastifyRequest, route: Route): Promise<Caller> {
  const { tokens, sessions } = deps
  const header = request.headers.authorization
  if (header !== undefined) {
    const secret = /^Bearer ([^\s]+)$/i.exec(header)?.[1] ?? ''
    const holder = await tokens.holderOf(secret, storyIn(request))
    if (!holder) throw new AppError('unauthorized', 'This token is unknown, has expired or was revoked.')
    return { actor: holder.actor, credential: 'token', csrf: null, expiresAt: holder.expiresAt }
  }
  const session = await sessions.sessionOf(request)
  if (!session) throw new AppError('unauthorized', 'Send a token, as "Authorization: Bearer dl_…".')
  if (route.method !== 'GET') requireOwnPage(deps, request, session.token)
  return { actor: session.actor, credential: 'session', csrf: session.csrf, expiresAt: null }
}

function storyIn(request: FastifyRequest): string | undefined {
  const { storyId } = request.params as { storyId?: string }
  return storyId !== undefined && isId(storyId) ? storyId : undefined
}

/** The desk's own rules: a page of ours, and the token of this very session in a header that no form can set. */
function requireOwnPage({ publicUrl }: GuardDeps, request: FastifyRequest, sessionToken: string): void {
  const hosts = publicUrl === null ? [request.host] : [new URL(publicUrl).host, request.host]
  const fetchSite = request.headers['sec-fetch-site']
  const came = { origin: request.headers.origin, fetchSite: fetchSite === undefined ? undefined : String(fetchSite) }
  requireSameOrigin(came, hosts)
  requireCsrfToken(sessionToken, String(request.headers[CSRF_HEADER] ?? ''))
}

function requireAccess(actor: Actor, route: Route): void {
  const { access } = route
  if (access === 'half') throw new AppError('unauthorized', 'The API knows no half sessions.')
  if (access === 'session' || access === 'public') return
  // A list of stories is asked for with the roles in each of them: the answer holds those stories only.
  const ofMany = route.object === 'story' && !route.url.includes(':storyId')
  const roles = ofMany ? ROLES : [actor.role]
  // "Own" counts as yes here: whether it is theirs is known only where the thing is read.
  const refusals = roles.map((role) => refusalOf({ ...actor, role }, access, actor.id))
  const [first] = refusals
  if (first && !refusals.includes(null)) throw new AppError('forbidden', first)
  if (asksProof(route)) requireProof(actor)
}
