// The session cookie: set at sign-in, read on every request of the desk.
// Called by the routes of web/auth and web/desk, and by web/media for staff. A half session is another type, without an actor.
// Never puts anything into the cookie but the random token.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Accounts } from '../../store/accounts.ts'
import type { HalfSession, Opened, Session } from '../../store/sessions.ts'
import { csrfTokenOf } from './csrf.ts'

/** `csrf`: the token that this session's forms carry. */
export type SignedIn = Session & { token: string; csrf: string }
/** Of who has still to give the second of two proofs. */
export type HalfSignedIn = HalfSession & { token: string; csrf: string }

export type Sessions = {
  /** Asked once per request, however often it is called. */
  sessionOf(request: FastifyRequest): Promise<SignedIn | null>
  actorOf(request: FastifyRequest): Promise<Actor | null>
  /** null for who is signed in fully, and for who is not at all. */
  halfOf(request: FastifyRequest): Promise<HalfSignedIn | null>
  setCookie(reply: FastifyReply, session: Opened): void
  clearCookie(reply: FastifyReply): void
}

const shown = new WeakMap<FastifyRequest, SignedIn>()

/** For the page of an error, which cannot wait: who was found to be signed in. null: nobody, or nobody has asked. */
export function sessionShownTo(request: FastifyRequest): SignedIn | null {
  return shown.get(request) ?? null
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** `publicUrl`: null on a laptop; with https, also where the node speaks it itself, the cookie is bound to this very host. */
export function createSessions(accounts: Accounts, publicUrl: string | null, ownTls = false): Sessions {
  const secure = ownTls || isSecure(publicUrl)
  const name = cookieNameOf(publicUrl, ownTls)
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
  const known = new WeakMap<FastifyRequest, Promise<SignedIn | null>>()
  const sessionOf = (request: FastifyRequest): Promise<SignedIn | null> => {
    const found = known.get(request) ?? read(accounts, request, request.cookies[name])
    known.set(request, found)
    return found
  }
  return {
    sessionOf,
    actorOf: async (request) => (await sessionOf(request))?.actor ?? null,
    halfOf: async (request) => {
      const token = request.cookies[name]
      if (token === undefined || !TOKEN.test(token)) return null
      const half = await accounts.halfSessionByToken(token)
      return half && { ...half, token, csrf: csrfTokenOf(token) }
    },
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

async function read(accounts: Accounts, request: FastifyRequest, token: string | undefined): Promise<SignedIn | null> {
  if (token === undefined || !TOKEN.test(token)) return null
  const session = await accounts.sessionByToken(token, storyIn(request))
  if (!session) return null
  const signedIn = { ...session, token, csrf: csrfTokenOf(token) }
  shown.set(request, signedIn)
  return signedIn
}
