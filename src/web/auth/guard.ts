// The guard before every route: where a change comes from, who asks, and whether their role may do such a thing at all.
// Called by declareRoutes before each handler.
// Never decides about one object: that is asked again inside the transaction, at the moment of effect.

import type { FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { requireMayLook, requireProof, wantsProof } from '../../domain/permission.ts'
import { keepTyped } from '../form-body.ts'
import type { Guard, Route } from '../routes.ts'
import { requireSameOrigin } from './csrf.ts'
import type { Sessions } from './session.ts'

/** Throws `forbidden`, `unauthorized` or `step_up`. */
export function createGuard(sessions: Sessions, publicUrl: string | null): Guard {
  const publicHost = publicUrl === null ? [] : [new URL(publicUrl).host]
  return async (request: FastifyRequest, route: Route) => {
    try {
      if (route.method !== 'GET') {
        const came = { origin: request.headers.origin, fetchSite: oneOf(request.headers['sec-fetch-site']) }
        requireSameOrigin(came, [...publicHost, request.host])
      }
      await requireAccess(sessions, request, route)
    } catch (error) {
      if (route.method === 'POST') await keepTyped(request).catch(() => undefined)
      throw error
    }
  }
}

async function requireAccess(sessions: Sessions, request: FastifyRequest, route: Route): Promise<void> {
  const { access } = route
  if (access === 'public') return
  if (access === 'half') {
    if (await sessions.halfOf(request)) return
    throw new AppError('unauthorized', 'There is no sign-in under way here, or it took too long. Begin it again.')
  }
  const session = await sessions.sessionOf(request)
  if (!session) throw new AppError('unauthorized', 'You are not signed in, or your session has ended.')
  // "Own" counts as yes here: whether it is theirs is known only where the thing is read.
  if (access !== 'session') requireMayLook(session.actor, access, session.actor.id)
  if (asksProof(route)) requireProof(session.actor)
}

/** The one place that says which requests of a session want a fresh proof. Pages that only show or ask do not. */
export function asksProof({ method, access, proof }: Pick<Route, 'method' | 'access' | 'proof'>): boolean {
  if (method === 'GET') return false
  const named = access !== 'public' && access !== 'half' && access !== 'session'
  return proof === true || (named && wantsProof(access))
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header
}
