// Sign in and out.
// Called through the route table.
// Never tells whether an e-mail address has an account.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import type { Accounts } from '../../store/accounts.ts'
import { sendDeskPage } from '../desk/send.ts'
import { signedInPage, signInPage } from '../desk/views/sign-in.ts'
import { asAppError, STATUS } from '../errors.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { requireCsrfToken } from './csrf.ts'
import type { Sessions } from './session.ts'
import type { SsoOffer } from './sso-offer.ts'

/** `sso`: absent or null where no single sign-on is configured. */
export type AuthDeps = { accounts: Accounts; sessions: Sessions; style: string; sso?: SsoOffer | null }

/** Where one goes on to when the text waits in another window. */
export const SIGNED_IN = '/desk/signed-in'

export function signInRoutes(deps: AuthDeps): Route[] {
  const url = '/desk/sign-in'
  return [
    {
      method: 'GET',
      url,
      access: 'public',
      object: 'account',
      handler: (request, reply) => show(deps, request, reply),
    },
    {
      method: 'POST',
      url,
      access: 'public',
      object: 'account',
      handler: (request, reply) => signIn(deps, request, reply),
    },
    {
      method: 'GET',
      url: SIGNED_IN,
      access: 'session',
      object: 'account',
      handler: (request, reply) => showSignedIn(deps, request, reply),
    },
    {
      method: 'POST',
      url: '/desk/sign-out',
      access: 'session',
      object: 'account',
      handler: (request, reply) => signOut(deps, request, reply),
    },
  ]
}

/** Only addresses of the desk: a sign-in must not become a way out to another site. */
export function safeNext(next: string): string {
  return /^\/desk(?:[/?][A-Za-z0-9/?=&._~-]*)?$/.test(next) && !/\/\/|\.\./.test(next) ? next : '/desk'
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { next: wanted = '/desk', out } = request.query as { next?: string; out?: string }
  const next = safeNext(wanted)
  if (await deps.sessions.sessionOf(request)) return reply.redirect(next, 303)
  const unset = !(await deps.accounts.anybody())
  return sendDeskPage(
    reply,
    signInPage({
      style: deps.style,
      next,
      email: '',
      error: null,
      unset: unset && !deps.sso?.only,
      waiting: next === SIGNED_IN,
      sso: deps.sso?.button(next) ?? null,
      signOutUrl: out === 'sso' ? (deps.sso?.signOutUrl() ?? null) : null,
    }),
  )
}

async function signIn(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const form = await readForm(request)
  const next = safeNext(field(form, 'next'))
  const email = field(form, 'email')
  try {
    if (deps.sso?.only) throw noPasswords()
    const account = await deps.accounts.checkPassword({ email, password: field(form, 'password'), address: request.ip })
    const older = await deps.sessions.sessionOf(request)
    if (older) await deps.accounts.closeSession(older.id)
    deps.sessions.setCookie(reply, await deps.accounts.openSession(account.id))
    return reply.redirect(next, 303)
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal') throw thrown
    return sendDeskPage(
      reply,
      signInPage({
        style: deps.style,
        next,
        email,
        error: error.message,
        unset: false,
        waiting: next === SIGNED_IN,
        sso: deps.sso?.button(next) ?? null,
      }),
      STATUS[error.code],
    )
  }
}

async function showSignedIn(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await deps.sessions.sessionOf(request)
  if (!session) return reply.redirect('/desk/sign-in', 303)
  return sendDeskPage(reply, signedInPage(deps.style, { name: session.actor.name, csrf: session.csrf }))
}

async function signOut(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await deps.sessions.sessionOf(request)
  let away = '/desk/sign-in'
  if (session) {
    requireCsrfToken(session.token, field(await readForm(request), 'csrf'))
    await deps.accounts.closeSession(session.id)
    if (await deps.sso?.isBound(session.actor.id)) away += '?out=sso'
  }
  deps.sessions.clearCookie(reply)
  return reply.redirect(away, 303)
}

function noPasswords(): AppError {
  return new AppError('forbidden', 'Here one signs in through the sign-in service only: passwords are switched off.')
}
