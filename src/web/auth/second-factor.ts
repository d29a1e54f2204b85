// The second of two proofs: a code from the app, a recovery code, or a passkey.
// Called through the route table; the only pages that a half session reaches.
// Never lets anything else be done before it.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { SCRIPT_CSP, sendDeskPage } from '../desk/send.ts'
import { secondFactorPage } from '../desk/views/sign-in.ts'
import { asAppError, STATUS } from '../errors.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { requireCsrfToken } from './csrf.ts'
import { type AuthDeps, accountRoute } from './deps.ts'
import { askForPasskey, checkPasskey } from './passkey-check.ts'
import type { HalfSignedIn } from './session.ts'
import { requireOwnWays, SECOND, SIGN_IN, safeNext } from './sign-in.ts'
import { passkeySiteOf } from './site-safety.ts'

export function secondFactorRoutes(deps: AuthDeps): Route[] {
  return [
    accountRoute(deps, 'half', 'GET', SECOND, show),
    accountRoute(deps, 'half', 'POST', SECOND, give),
    accountRoute(deps, 'half', 'POST', `${SECOND}/passkey/options`, passkeyOptions),
    accountRoute(deps, 'half', 'POST', `${SECOND}/leave`, leave),
  ]
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const next = safeNext((request.query as { next?: string }).next ?? '/desk')
  return sendPage(deps, request, reply, await halfOf(deps, request), next, null)
}

async function give(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const half = await halfOf(deps, request)
  const form = await readForm(request)
  const next = safeNext(field(form, 'next'))
  const passkey = field(form, 'passkey')
  try {
    requireOwnWays(deps)
    requireCsrfToken(half.token, field(form, 'csrf'))
    if (passkey) await checkPasskey(deps, request, { purpose: 'second', boundTo: half.id }, passkey, half.accountId)
    else await deps.factors.check(half.accountId, field(form, 'code'), request.ip, 'too')
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal') throw thrown
    return sendPage(deps, request, reply, half, next, error)
  }
  deps.sessions.setCookie(reply, await deps.accounts.proveSession(half.id))
  return reply.redirect(next, 303)
}

async function passkeyOptions(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const half = await halfOf(deps, request)
  requireCsrfToken(half.token, field(await readForm(request), 'csrf'))
  const asked = { purpose: 'second', boundTo: half.id, accountId: half.accountId } as const
  return reply.header('cache-control', 'no-store').send(await askForPasskey(deps, request, asked, half.accountId))
}

async function leave(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const half = await halfOf(deps, request)
  requireCsrfToken(half.token, field(await readForm(request), 'csrf'))
  await deps.accounts.closeSession(half.id)
  deps.sessions.clearCookie(reply)
  return reply.redirect(SIGN_IN, 303)
}

async function halfOf({ sessions }: AuthDeps, request: FastifyRequest): Promise<HalfSignedIn> {
  const half = await sessions.halfOf(request)
  if (!half)
    throw new AppError('unauthorized', 'There is no sign-in under way here, or it took too long. Begin it again.')
  return half
}

function sendPage(
  deps: AuthDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  half: HalfSignedIn,
  next: string,
  error: AppError | null,
): FastifyReply {
  const { style, script, publicUrl } = deps
  const { name, csrf } = half
  const passkeys = half.ways.passkey && passkeySiteOf(request, publicUrl) !== null
  const page = secondFactorPage({
    style,
    script,
    name,
    csrf,
    next,
    passkeys,
    app: half.ways.code,
    error: error?.message ?? null,
  })
  return sendDeskPage(reply, page, error ? STATUS[error.code] : 200, SCRIPT_CSP)
}
