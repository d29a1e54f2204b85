// What the pages of sign-in need, and the one way in once a proof was given.
// Called by the routes of web/auth.
// Never leaves an older session of the same browser behind: a cookie from before a sign-in opens nothing afterwards.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../base/internet-address.ts'
import { AppError } from '../../domain/error.ts'
import type { Desk } from '../../newsroom/desk.ts'
import type { Accounts } from '../../store/accounts.ts'
import type { Invitations } from '../../store/invitations.ts'
import type { Passkeys } from '../../store/passkeys.ts'
import type { People } from '../../store/people.ts'
import type { SecondFactors } from '../../store/second-factors.ts'
import type { NewSession, Whole } from '../../store/sessions.ts'
import type { Shell } from '../desk/views/shell.ts'
import type { Access, Route } from '../routes.ts'
import { browserWords } from './browser-words.ts'
import type { Sessions, SignedIn } from './session.ts'
import type { SsoOffer } from './sso-offer.ts'

export type AuthDeps = {
  accounts: Accounts
  sessions: Sessions
  factors: SecondFactors
  passkeys: Passkeys
  invitations: Invitations
  people: People
  desk: Desk
  /** Absent or null where no single sign-on is configured. */
  sso?: SsoOffer | null
  /** Paths of the style sheet, and of the script of passkeys. */
  style: string
  script: string
  publicUrl: string | null
  timeZone: string
}

type Handler<Deps> = (deps: Deps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** A row of the route table about an account, whose handler is given `deps`. */
export function accountRoute<Deps>(
  deps: Deps,
  access: Access,
  method: 'GET' | 'POST',
  url: string,
  handler: Handler<Deps>,
): Route {
  return { method, url, access, object: 'account', handler: (request, reply) => handler(deps, request, reply) }
}

/** The secret in the address of a one-time link. */
export function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token
}

/** `whole`: the proof was two factors in one, given now or at `provedAt`. Half: the page of codes is next. */
export async function enter(
  { accounts, sessions }: Pick<AuthDeps, 'accounts' | 'sessions'>,
  request: FastifyRequest,
  reply: FastifyReply,
  accountId: string,
  whole?: Whole,
): Promise<NewSession> {
  const older = (await sessions.sessionOf(request)) ?? (await sessions.halfOf(request))
  if (older) await accounts.closeSession(older.id)
  const from = { browser: browserWords(request.headers['user-agent']), network: networkOf(request.ip) }
  const session = await accounts.openSession(accountId, from, whole)
  sessions.setCookie(reply, session)
  return session
}

/** The guard let the request in, so somebody is signed in; asked again all the same. Throws `unauthorized`. */
export async function signedInOf({ sessions }: AuthDeps, request: FastifyRequest): Promise<SignedIn> {
  const session = await sessions.sessionOf(request)
  if (!session) throw new AppError('unauthorized', 'You are not signed in, or your session has ended.')
  return session
}

export function shellFor({ style }: Pick<AuthDeps, 'style'>, session: SignedIn | null): Shell {
  return { style, viewer: session && { name: session.actor.name, csrf: session.csrf } }
}
