// Puts the API into the application: its own body parsers, its own way to say no, its guard before every body.
// Called by cli/serve.ts and tests.
// Never takes a form: those are the desk's, and another site can make a browser send them.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../base/log.ts'
import { AppError } from '../../domain/error.ts'
import { CLIP_TYPE, MAX_UPLOAD } from '../app.ts'
import { sendProblem } from '../errors.ts'
import { declareRoutes, type Guard, type Route } from '../routes.ts'
import { SEND_JSON, SEND_MEDIA } from './input.ts'
import { API_BASE } from './operation.ts'

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
    // Too large to be held: its operation reads it, and no other does.
    scope.addContentTypeParser(CLIP_TYPE, (_request, body, done) => done(null, body))
    scope.setErrorHandler((error, request, reply) => {
      if (reply.statusCode === 401 || (error as { code?: string }).code === 'unauthorized')
        reply.header('www-authenticate', 'Bearer realm="Dateline"')
      return sendProblem(request, reply, wrongType(error, request) ?? error, log)
    })
    declareRoutes(scope, routes, guard, 'onRequest')
  })
  await app.register(
    async (scope) =>
      scope.setNotFoundHandler((request, reply) =>
        sendProblem(request, reply, wrongMethod(routes, request, reply) ?? { statusCode: 404 }, log),
      ),
    { prefix: API_BASE },
  )
}

/** What to send instead; null for any other error. */
function wrongType(error: unknown, { routeOptions }: FastifyRequest): AppError | null {
  if ((error as { code?: string }).code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return null
  return new AppError('invalid', routeOptions.config.takes === 'media' ? SEND_MEDIA : SEND_JSON)
}

/** The address is known, the method is not: that tells nothing which the documentation does not. */
function wrongMethod(routes: readonly Route[], { url }: FastifyRequest, reply: FastifyReply): AppError | null {
  const path = url.split('?', 1)[0] ?? ''
  const methods = routes.filter((route) => patternOf(route).test(path)).map((route) => route.method)
  if (methods.length === 0) return null
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  reply.header('allow', [...new Set(allowed)].join(', '))
  return new AppError('wrong_method', `This address takes ${allowed.join(', ')} only.`)
}

function patternOf({ url }: Route): RegExp {
  return new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
}
