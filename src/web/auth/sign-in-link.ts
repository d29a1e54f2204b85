// The one-time link of `dateline user link`: it opens one button, which signs its person in.
// Called through the route table.
// Never used up by being looked at: programs that read links before people do would burn it.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../base/log.ts'
import { deadLink, type SignInLinks } from '../../store/sign-in-links.ts'
import { sendDeskPage } from '../desk/send.ts'
import { signInLinkPage } from '../desk/views/sign-in-link.ts'
import type { Route } from '../routes.ts'
import { type AuthDeps, accountRoute, enter, tokenOf } from './deps.ts'

export const signInLinkPath = (token: string): string => `/desk/link/${token}`

export type SignInLinkDeps = Pick<AuthDeps, 'accounts' | 'sessions' | 'style'> & { links: SignInLinks; log: Log }

export function signInLinkRoutes(deps: SignInLinkDeps): Route[] {
  const url = signInLinkPath(':token')
  return [accountRoute(deps, 'public', 'GET', url, show), accountRoute(deps, 'public', 'POST', url, use)]
}

async function show(deps: SignInLinkDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const name = await deps.links.nameOf(tokenOf(request))
  if (name === null) throw deadLink()
  return sendDeskPage(reply, signInLinkPage(deps.style, name))
}

async function use(deps: SignInLinkDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { id } = await deps.links.use(tokenOf(request))
  deps.log.warn({ account: id, address: request.ip }, 'Somebody signed in by a one-time link')
  await enter(deps, request, reply, id, 'whole') // who holds the machine could take every factor away anyway
  return reply.redirect('/desk', 303)
}
