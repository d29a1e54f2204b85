// The HTTP edge: one Fastify instance, its bounds and its headers. Routes come from the tables of each part.
// Called by cli/serve.ts and by tests. Never opens a port by itself.

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { type ErrorPage, sendError } from './errors.ts'
import { refuseUndeclared } from './routes.ts'
import { answerUnreadable } from './unreadable.ts'

export const MAX_BODY = 1024 * 1024 // bytes of a form or JSON body; a post's content has a bound of its own
export const MAX_UPLOAD = 25 * 1024 * 1024 // bytes of one photo
export const MAX_FIELDS = 150 // of a form: a post with twenty pictures has about eighty
const MAX_FILES = 10
const HEADERS_TIMEOUT_MS = 10_000 // a client that trickles its headers is cut (slowloris)
const REQUEST_TIMEOUT_MS = 1_800_000 // a clip of 200 MB at one megabit a second
const PATIENCE: Patience = {
  bodyMs: 120_000, // however slow the line
  answeredMs: 10_000, // refused mostly
}
/** Types by which a clip is sent. */
export const CLIP_TYPE = /^(?:video|audio)\/|^application\/ogg/
const KEEP_ALIVE_MS = 72_000 // longer than common proxies keep theirs, so that they close first

/** Reader pages: no third party, no inline script, no frame of others but our own. */
export const READER_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** `tls`: absent or null = HTTP. `secure`: readers come by https, whoever speaks it. */
/** How long a body that is no file may take, and how long one may go on sending that was answered already. */
export type Patience = { bodyMs: number; answeredMs: number }

export type AppOptions = {
  log: Log
  trustedProxies: string[]
  errorPage: ErrorPage
  secure: boolean
  tls?: { cert: Buffer; key: Buffer } | null
  patience?: Patience
}

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { log, errorPage } = options
  const bounds = { headersTimeout: HEADERS_TIMEOUT_MS }
  const { tls } = options
  const app = Fastify({
    // HTTP/1.1 in both cases (docs/limits.md).
    ...((tls ? { https: { ...bounds, ...tls, minVersion: 'TLSv1.2' } } : { http: bounds }) as { http: typeof bounds }),
    logger: false,
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    return503OnClosing: false,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => void sendError(request, reply, error, errorPage, log),
  })
  refuseUndeclared(app)
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: MAX_BODY })
  await app.register(multipart, {
    limits: {
      fileSize: MAX_UPLOAD,
      files: MAX_FILES,
      fields: MAX_FIELDS,
      fieldSize: MAX_BODY,
      parts: MAX_FIELDS + MAX_FILES,
    },
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('content-security-policy', READER_CSP)
    reply.header('referrer-policy', 'strict-origin-when-cross-origin')
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), interest-cohort=()')
    reply.header('cross-origin-opener-policy', 'same-origin')
    if (options.secure) reply.header('strict-transport-security', 'max-age=31536000')
  })
  boundBodies(app, options.patience ?? PATIENCE)
  app.setNotFoundHandler((request, reply) => sendError(request, reply, { statusCode: 404 }, errorPage, log))
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error, errorPage, log))
  return app
}

/** Only a file may take long, and only until it was answered: a body that trickles holds a connection (slowloris). */
function boundBodies(app: FastifyInstance, { bodyMs, answeredMs }: Patience): void {
  const cut = ({ raw }: FastifyRequest, ms: number) => {
    const timer = setTimeout(() => raw.complete || raw.destroy(), ms).unref()
    raw.once('close', () => clearTimeout(timer))
  }
  app.addHook('onRequest', async (request) => {
    const { takes, signedIn } = request.routeOptions.config
    const isFile = takes || (signedIn && request.headers['content-type']?.startsWith('multipart/'))
    if (!isFile && request.method !== 'GET') cut(request, bodyMs)
  })
  app.addHook('onResponse', async (request) => {
    if (!request.raw.complete) cut(request, answeredMs)
  })
}
