// A fresh proof that it is still them: password, code or passkey; then on with what was being done.
// Called through the route table; the page of errors shows the same form where an act wanted the proof.
// Never does the act by itself: it is shown once more, under the new token, and sent by a press.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { PROVE_PATH } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import { PROOF_MS, requireProof } from '../../domain/permission.ts'
import { SCRIPT_CSP, sendDeskPage } from '../desk/send.ts'
import { goOnPage, type ProveView, provePage } from '../desk/views/prove.ts'
import { asAppError, prefersHtml, STATUS } from '../errors.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { csrfTokenOf, requireCsrfToken } from './csrf.ts'
import { type AuthDeps, accountRoute, shellFor, signedInOf } from './deps.ts'
import { askForPasskey, checkPasskey } from './passkey-check.ts'
import type { SignedIn } from './session.ts'
import { safeNext } from './sign-in.ts'

export function proveRoutes(deps: AuthDeps): Route[] {
  return [
    accountRoute(deps, 'session', 'GET', PROVE_PATH, show),
    accountRoute(deps, 'session', 'POST', PROVE_PATH, prove),
    accountRoute(deps, 'session', 'POST', `${PROVE_PATH}/passkey/options`, passkeyOptions),
  ]
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedInOf(deps, request)
  const next = safeNext((request.query as { next?: string }).next ?? '/desk')
  return sendDeskPage(reply, provePage(viewOf(deps, session, next, new Map())), 200, SCRIPT_CSP)
}

async function prove(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedInOf(deps, request)
  const form = await readForm(request)
  const to = field(form, 'proof-to')
  const elsewhere = field(form, 'proof-elsewhere') !== ''
  try {
    // Proved at the provider in another window, the form's token is that of the session before: it only shows the form again.
    if (elsewhere) requireProof(session.actor)
    else {
      requireCsrfToken(session.token, field(form, 'csrf'))
      await check(deps, request, session, form)
    }
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal' || !prefersHtml(request)) throw thrown
    const view = viewOf(deps, session, safeNext(field(form, 'proof-next')), form.fields)
    return sendDeskPage(reply, provePage({ ...view, to, error: error.message }), STATUS[error.code], SCRIPT_CSP)
  }
  const csrf = elsewhere ? session.csrf : await renew(deps, session, reply)
  if (!prefersHtml(request)) return reply.header('cache-control', 'no-store').send({ csrf, lastsMs: PROOF_MS })
  if (to === '' || safeNext(to) !== to) return reply.redirect(safeNext(field(form, 'proof-next')), 303)
  const shell = shellFor(deps, { ...session, csrf })
  return sendDeskPage(reply, goOnPage({ shell, to, typed: form.fields }))
}

/** Fresh from now on, under a new token. */
async function renew({ accounts, sessions }: AuthDeps, { id }: SignedIn, reply: FastifyReply): Promise<string> {
  const opened = await accounts.proveSession(id)
  sessions.setCookie(reply, opened)
  return csrfTokenOf(opened.token)
}

/** One of the ways is enough: the session itself stands for the other factor. Throws `unauthorized`, `too_many`. */
async function check(deps: AuthDeps, request: FastifyRequest, session: SignedIn, form: FormBody): Promise<void> {
  const { id } = session.actor
  const [passkey, code, password] = [field(form, 'passkey'), field(form, 'proof-code'), field(form, 'proof-password')]
  if (passkey) {
    await checkPasskey(deps, request, { purpose: 'prove', boundTo: session.id }, passkey, id)
  } else if (code) {
    await deps.factors.check(id, code, request.ip, 'not')
  } else {
    const person = await deps.people.person(id)
    if (!person || password === '') throw new AppError('unauthorized', 'Give your password, or a code.')
    await deps.accounts.checkPassword({ email: person.email, password, address: request.ip }).catch((error) => {
      const { code: why } = asAppError(error)
      throw why === 'unauthorized' ? new AppError('unauthorized', 'This is not your password.') : error
    })
  }
}

async function passkeyOptions(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedInOf(deps, request)
  requireCsrfToken(session.token, field(await readForm(request), 'csrf'))
  const asked = { purpose: 'prove', boundTo: session.id, accountId: session.actor.id } as const
  return reply.header('cache-control', 'no-store').send(await askForPasskey(deps, request, asked, session.actor.id))
}

function viewOf(deps: AuthDeps, session: SignedIn, next: string, typed: ReadonlyMap<string, string>): ProveView {
  const [{ script }, provider] = [deps, deps.sso?.proof ?? null]
  return { shell: shellFor(deps, session), script, ways: session.ways, provider, next, to: '', typed, error: null }
}
