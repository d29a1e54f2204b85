// The session cookie: set at sign-in, read on every request of the desk.
// Called by the routes of web/auth and web/desk, and by web/media for staff.
// Never puts anything into the cookie but the random token.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Accounts, NewSession, Session } from '../../store/accounts.ts'
import { csrfTokenOf } from './csrf.ts'

/** `csrf`: the token that this session's forms carry. */
export type SignedIn = Session & { token: string; csrf: string }

export type Sessions = {
  /** Asked once per request, however often it is called. */
  sessionOf(request: FastifyRequest): Promise<SignedIn | null>
  actorOf(request: FastifyRequest): Promise<Actor | null>
  setCookie(reply: FastifyReply, session: NewSession): void
  clearCookie(reply: FastifyReply): void
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** `publicUrl`: null on a laptop; with https, also where the node speaks it itself, the cookie is bound to this very host. */
export function createSessions(accounts: Accounts, publicUrl: string | null, ownTls = false): Sessions {
  const secure = ownTls || isSecure(publicUrl)
  const name = cookieNameOf(publicUrl, ownTls)
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
  const known = new WeakMap<FastifyRequest, Promise<SignedIn | null>>()
  const sessionOf = (request: FastifyRequest): Promise<SignedIn | null> => {
    const found = known.get(request) ?? read(accounts, request.cookies[name], storyIn(request))
    known.set(request, found)
    return found
  }
  return {
    sessionOf,
    actorOf: async (request) => (await sessionOf(request))?.actor ?? null,
    setCookie: (reply, session) =>
      void reply.setCookie(name, session.token, { ...options, expires: new Date(session.expiresAt) }),
    clearCookie: (reply) => void reply.clearCookie(name, options),
  }
}

export function cookieNameOf(publicUrl: string | null, ownTls = false): string {
  return ownTls || isSecure(publicUrl) ? '__Host-dateline' : 'dateline-session'
}

function isSecure(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** Rights may differ from story to story: a request about one is asked with the role in it. */
function storyIn(request: FastifyRequest): string | undefined {
  const { storyId } = (request.params ?? {}) as { storyId?: string }
  return storyId !== undefined && isId(storyId) ? storyId : undefined
}

async function read(
  accounts: Accounts,
  token: string | undefined,
  storyId: string | undefined,
): Promise<SignedIn | null> {
  if (token === undefined || !TOKEN.test(token)) return null
  const session = await accounts.sessionByToken(token, storyId)
  return session && { ...session, token, csrf: csrfTokenOf(token) }
}
