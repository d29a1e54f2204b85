// The guard before every route: where a change comes from, who asks, and whether their role may do such a thing at all.
// Called by declareRoutes before each handler.
// Never decides about one object: that is asked again inside the transaction, at the moment of effect.

import type { FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { requireMay } from '../../domain/permission.ts'
import { keepTyped } from '../form-body.ts'
import type { Guard, Route } from '../routes.ts'
import { requireSameOrigin } from './csrf.ts'
import type { Sessions } from './session.ts'

/** Throws `forbidden` or `unauthorized`. */
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
  if (route.access === 'public') return
  const session = await sessions.sessionOf(request)
  if (!session) throw new AppError('unauthorized', 'You are not signed in, or your session has ended.')
  // "Own" counts as yes here: whether it is theirs is known only where the thing is read.
  if (route.access !== 'session') requireMay(session.actor, route.access, session.actor.id)
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header
}
