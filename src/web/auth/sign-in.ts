// Sign in and out: by password, or by a passkey alone.
// Called through the route table.
// Never tells whether an e-mail address has an account.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { SCRIPT_CSP, sendDeskPage } from '../desk/send.ts'
import { signedInPage, signInPage } from '../desk/views/sign-in.ts'
import { asAppError, STATUS } from '../errors.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { requireCsrfToken } from './csrf.ts'
import { type AuthDeps, accountRoute, enter } from './deps.ts'
import { askForPasskey, checkPasskey } from './passkey-check.ts'
import { passkeySiteOf, warningOf } from './site-safety.ts'

export const SIGN_IN = '/desk/sign-in'
/** Where the second of two proofs is given. */
export const SECOND = '/desk/sign-in/code'
/** Where one goes on to when the text waits in another window. */
export const SIGNED_IN = '/desk/signed-in'

const BY_PASSKEY = { purpose: 'sign-in', boundTo: null } as const

export function signInRoutes(deps: AuthDeps): Route[] {
  return [
    accountRoute(deps, 'public', 'GET', SIGN_IN, show),
    accountRoute(deps, 'public', 'POST', SIGN_IN, signIn),
    accountRoute(deps, 'public', 'POST', `${SIGN_IN}/passkey/options`, passkeyOptions),
    accountRoute(deps, 'public', 'POST', `${SIGN_IN}/passkey`, signInByPasskey),
    accountRoute(deps, 'session', 'GET', SIGNED_IN, showSignedIn),
    accountRoute(deps, 'session', 'POST', '/desk/sign-out', signOut),
  ]
}

/** Throws `forbidden` where the provider of single sign-on is the only way in: passwords and passkeys open nothing then. */
export function requireOwnWays({ sso }: Pick<AuthDeps, 'sso'>): void {
  if (!sso?.only) return
  const words =
    'Here one signs in through the sign-in service only: passwords are switched off, and passkeys with them.'
  throw new AppError('forbidden', words)
}

/** Only addresses of the desk: a sign-in must not become a way out to another site. */
export function safeNext(next: string): string {
  return /^\/desk(?:[/?][A-Za-z0-9/?=&._~-]*)?$/.test(next) && !/\/\/|\.\./.test(next) ? next : '/desk'
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { next: wanted = '/desk', out } = request.query as { next?: string; out?: string }
  const next = safeNext(wanted)
  if (await deps.sessions.sessionOf(request)) return reply.redirect(next, 303)
  if (await deps.sessions.halfOf(request)) return reply.redirect(`${SECOND}?next=${encodeURIComponent(next)}`, 303)
  const unset = !(await deps.accounts.anybody())
  const signOutUrl = out === 'sso' ? (deps.sso?.signOutUrl() ?? null) : null
  return sendForm(deps, request, reply, { next, email: '', error: null, unset: unset && !deps.sso?.only, signOutUrl })
}

async function signIn(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const form = await readForm(request)
  const next = safeNext(field(form, 'next'))
  const email = field(form, 'email')
  try {
    requireOwnWays(deps)
    const account = await deps.accounts.checkPassword({ email, password: field(form, 'password'), address: request.ip })
    const { stage } = await enter(deps, request, reply, account.id)
    return reply.redirect(stage === 'full' ? next : `${SECOND}?next=${encodeURIComponent(next)}`, 303)
  } catch (thrown) {
    return sendFormAgain(deps, request, reply, form, thrown)
  }
}

async function passkeyOptions(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  requireOwnWays(deps)
  const options = await askForPasskey(deps, request, { ...BY_PASSKEY, accountId: null }, null)
  return reply.header('cache-control', 'no-store').send(options)
}

async function signInByPasskey(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const form = await readForm(request)
  try {
    requireOwnWays(deps)
    const { accountId } = await checkPasskey(deps, request, BY_PASSKEY, field(form, 'passkey'))
    await enter(deps, request, reply, accountId, 'whole')
    return reply.redirect(safeNext(field(form, 'next')), 303)
  } catch (thrown) {
    return sendFormAgain(deps, request, reply, form, thrown)
  }
}

function sendFormAgain(
  deps: AuthDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  form: FormBody,
  thrown: unknown,
): FastifyReply {
  const error = asAppError(thrown)
  if (error.code === 'internal') throw thrown
  const typed = { next: safeNext(field(form, 'next')), email: field(form, 'email') }
  return sendForm(deps, request, reply, { ...typed, error, unset: false })
}

/** `signOutUrl`: where one is perhaps still signed in. `hint`: what to do after an error. */
type Form = {
  next: string
  email: string
  error: AppError | null
  unset: boolean
  signOutUrl?: string | null
  hint?: string
}
type FormDeps = Pick<AuthDeps, 'style' | 'script' | 'publicUrl' | 'sso'>

export function sendForm(deps: FormDeps, request: FastifyRequest, reply: FastifyReply, form: Form): FastifyReply {
  const { next, error } = form
  const { style, script, publicUrl, sso } = deps
  const page = signInPage({
    ...{ ...form, style, script, waiting: next === SIGNED_IN },
    error: error?.message ?? null,
    passkeys: !sso?.only && passkeySiteOf(request, publicUrl) !== null,
    sso: sso?.button(next) ?? null,
    warning: warningOf(request, publicUrl),
  })
  return sendDeskPage(reply, page, error ? STATUS[error.code] : 200, SCRIPT_CSP)
}

async function showSignedIn(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await deps.sessions.sessionOf(request)
  if (!session) return reply.redirect(SIGN_IN, 303)
  return sendDeskPage(reply, signedInPage(deps.style, { name: session.actor.name, csrf: session.csrf }))
}

async function signOut(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await deps.sessions.sessionOf(request)
  let away = SIGN_IN
  if (session) {
    requireCsrfToken(session.token, field(await readForm(request), 'csrf'))
    await deps.accounts.closeSession(session.id)
    if (deps.sso && session.ways.provider) away += '?out=sso'
  }
  deps.sessions.clearCookie(reply)
  return reply.redirect(away, 303)
}
