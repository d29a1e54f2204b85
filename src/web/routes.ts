// The table of routes: every route declares who may call it and what it is about (law 7). An undeclared route ends the start.
// Called by web/app.ts; looped over by test/surfaces.test.ts and the rights tests.
// Never decides rights by itself: domain/permission.ts does.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Action } from '../domain/permission.ts'

/**
 * `public`: anyone. `half`: who has given the first of two proofs, and nobody else. `session`: anyone signed in. An action:
 * those whose role may do it, to something at least.
 */
export type Access = 'public' | 'half' | 'session' | Action

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  access: Access
  object: 'site' | 'story' | 'post' | 'media' | 'account'
  /** It wants a fresh proof beside the session; an action that does brings this by itself (domain/permission.ts). */
  proof?: true
  /** The name in web/surfaces.ts when published things can be seen here. */
  surface?: string
  /** Bytes of the request's body; absent = the application's bound. */
  bodyLimit?: number
  /** What a body is, where that is not JSON or a form: told to who sends another thing. */
  takes?: 'media'
  handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>
}

/** Throws `unauthorized`, `forbidden` or `step_up` before the handler of a route that is not public; checks the origin of changes. */
export type Guard = (request: FastifyRequest, route: Route, reply: FastifyReply) => Promise<void>

declare module 'fastify' {
  interface FastifyContextConfig {
    declared?: true
    takes?: 'media'
    /** Nobody comes to the handler without a session. */
    signedIn?: boolean
  }
}

/** Call once, before any declareRoutes: from then on a route without a declaration is refused. */
export function refuseUndeclared(app: FastifyInstance): void {
  app.addHook('onRoute', (options) => {
    const automaticHead = options.method === 'HEAD' // made from a declared GET, with its guard
    if (!options.config?.declared && !automaticHead) {
      throw new Error(`The route ${String(options.method)} ${options.url} is not declared in a route table.`)
    }
  })
}

/** `asks`: when the guard is asked. `onRequest` is before the body is read: for routes that need nothing of it to refuse. */
export function declareRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  guard: Guard,
  asks: 'onRequest' | 'preHandler' = 'preHandler',
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.url,
      bodyLimit: route.bodyLimit,
      config: {
        declared: true,
        signedIn: !['public', 'half'].includes(route.access),
        ...(route.takes ? { takes: route.takes } : {}),
      },
      [asks]: async (request: FastifyRequest, reply: FastifyReply) => guard(request, route, reply),
      handler: route.handler,
    })
  }
}
