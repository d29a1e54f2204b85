// The link printed at the first start: it opens one form, which makes the first administrator and signs them in.
// Called through the route table.
// Never answers anything once somebody has an account.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { MIN_PASSWORD } from '../../store/accounts.ts'
import { sendDeskPage } from '../desk/send.ts'
import { setupPage } from '../desk/views/setup.ts'
import { asAppError, STATUS } from '../errors.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type AuthDeps, accountRoute, enter, tokenOf } from './deps.ts'

export const setupPath = (token: string): string => `/desk/setup/${token}`

export function setupRoutes(deps: AuthDeps): Route[] {
  const url = setupPath(':token')
  return [accountRoute(deps, 'public', 'GET', url, show), accountRoute(deps, 'public', 'POST', url, create)]
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (!(await deps.accounts.setupTokenIsGood(tokenOf(request)))) {
    throw new AppError(
      'not_found',
      (await deps.accounts.anybody())
        ? 'This link was used: there is an account. Sign in with it at /desk; it invites others at "People".'
        : 'This link is older than a day, or was replaced by a newer one. Restart Dateline to get a fresh one.',
    )
  }
  return sendDeskPage(
    reply,
    setupPage({ style: deps.style, minPassword: MIN_PASSWORD, name: '', email: '', error: null }),
  )
}

async function create(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const form = await readForm(request)
  const person = { name: field(form, 'name'), email: field(form, 'email'), password: field(form, 'password') }
  try {
    const account = await deps.accounts.createFirstAdmin(tokenOf(request), person)
    await enter(deps, request, reply, account.id)
    return reply.redirect('/desk', 303)
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal' || error.code === 'not_found') throw thrown
    const page = setupPage({
      style: deps.style,
      minPassword: MIN_PASSWORD,
      name: person.name,
      email: person.email,
      error: error.message,
    })
    return sendDeskPage(reply, page, STATUS[error.code])
  }
}
