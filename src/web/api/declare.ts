// Puts the API into the application: its own body parsers, its own way to say no, its guard before every body.
// Called by cli/serve.ts and tests.
// Never takes a form: those are the desk's, and another site can make a browser send them.

import type { FastifyInstance } from 'fastify'
import type { Log } from '../../base/log.ts'
import { MAX_UPLOAD } from '../app.ts'
import { sendProblem } from '../errors.ts'
import { declareRoutes, type Guard, type Route } from '../routes.ts'

export type Api = { routes: readonly Route[]; guard: Guard; log: Log }

export async function declareApi(app: FastifyInstance, { routes, guard, log }: Api): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const parseJson = scope.getDefaultJsonParser('error', 'error')
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
      // A client that names the type of nothing is common: an act may have no body.
      if (text === '') done(null, undefined)
      else parseJson(request, text as string, done)
    })
    const bytes = { parseAs: 'buffer' as const, bodyLimit: MAX_UPLOAD }
    scope.addContentTypeParser(/^image\/[\w.+-]+$/, bytes, (_request, body, done) => done(null, body))
    scope.setErrorHandler((error, request, reply) => {
      if (reply.statusCode === 401 || (error as { code?: string }).code === 'unauthorized')
        reply.header('www-authenticate', 'Bearer realm="Dateline"')
      return sendProblem(request, reply, error, log)
    })
    declareRoutes(scope, routes, guard, 'onRequest')
  })
}
