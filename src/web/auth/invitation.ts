// An invitation's link: who has it gives a name and a password, or a passkey, and is signed in with the role it holds.
// Called through the route table.
// Never tells more of the newsroom than the address and the role that were invited.

import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cleanLine } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { makeId } from '../../domain/id.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { MIN_PASSWORD } from '../../store/accounts.ts'
import type { InvitationLine, Joined, Joining } from '../../store/invitations.ts'
import { SCRIPT_CSP, sendDeskPage } from '../desk/send.ts'
import { codesPage } from '../desk/views/account.ts'
import { invitationPage } from '../desk/views/invitation.ts'
import { asAppError, STATUS } from '../errors.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { csrfTokenOf } from './csrf.ts'
import { type AuthDeps, accountRoute, enter, shellFor, tokenOf } from './deps.ts'
import { askForNewPasskey, checkNewPasskey } from './passkey-check.ts'
import { passkeySiteOf, warningOf } from './site-safety.ts'

export const invitationPath = (token: string): string => `/desk/invitation/${token}`

export function invitationRoutes(deps: AuthDeps): Route[] {
  const url = invitationPath(':token')
  return [
    accountRoute(deps, 'public', 'GET', url, show),
    accountRoute(deps, 'public', 'POST', url, joinByPassword),
    accountRoute(deps, 'public', 'POST', `${url}/passkey/options`, passkeyOptions),
    accountRoute(deps, 'public', 'POST', `${url}/passkey`, joinByPasskey),
  ]
}

async function show(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return sendForm(deps, request, reply, await invited(deps, request), '', null)
}

async function joinByPassword(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const invitation = await invited(deps, request)
  const form = await readForm(request)
  const person = { name: field(form, 'name'), password: field(form, 'password'), passkey: null }
  try {
    await join(deps, request, reply, person)
    return reply.redirect('/desk', 303)
  } catch (thrown) {
    return sendFormAgain(deps, request, reply, invitation, person.name, thrown)
  }
}

async function passkeyOptions(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { id: invitation, email } = await invited(deps, request)
  const name = cleanLine(field(await readForm(request), 'name'))
  if (name === '') throw new AppError('invalid', 'Type your name first.')
  // The account's id before there is an account: it is what the passkey will be kept under.
  const id = makeId(randomBytes)
  const asked = { purpose: 'join', boundTo: invitation, accountId: id } as const
  return reply
    .header('cache-control', 'no-store')
    .send(await askForNewPasskey(deps, request, asked, { id, name, email }))
}

async function joinByPasskey(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const invitation = await invited(deps, request)
  const form = await readForm(request)
  const name = field(form, 'name')
  try {
    const asked = { purpose: 'join', boundTo: invitation.id } as const
    const { accountId, passkey } = await checkNewPasskey(deps, request, asked, field(form, 'passkey'))
    const made = { ...passkey, name: 'First passkey' }
    const { codes, session } = await join(deps, request, reply, {
      ...{ name, password: null, passkey: made },
      ...(accountId === null ? {} : { accountId }),
    })
    const viewer = { name: cleanLine(name), csrf: csrfTokenOf(session.token) }
    const shell = { ...shellFor(deps, null), viewer }
    return sendDeskPage(reply, codesPage({ shell, codes, because: 'joined', next: '/desk' }))
  } catch (thrown) {
    return sendFormAgain(deps, request, reply, invitation, name, thrown)
  }
}

async function join(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply, person: Joining) {
  const joined = await deps.invitations.accept(tokenOf(request), person)
  const session = await enter(deps, request, reply, joined.id, person.passkey ? 'whole' : undefined)
  await giveStoryRole(deps, joined)
  return { ...joined, session }
}

/** An act of whoever invited, by the credential of the invitation. Whether they still may was asked when it was used. */
async function giveStoryRole({ desk }: AuthDeps, { id, invitation, invitedBy, story }: Joined): Promise<void> {
  if (!story) return
  const by = { id: invitedBy ?? 'system:command line', name: 'Invitation', role: 'admin' as const }
  await giveRole(desk, { ...by, credential: `invitation:${invitation}` }, story.id, id, story.role)
}

/** Throws `not_found`, `too_many`, and `forbidden` where it could only make a password or a passkey that opens nothing. */
async function invited({ invitations, sso }: AuthDeps, request: FastifyRequest): Promise<InvitationLine> {
  const invitation = await invitations.read(tokenOf(request), request.ip)
  if (sso?.only) {
    const words =
      'Here one signs in through the sign-in service only: an invitation would set a password, and those are'
    throw new AppError(
      'forbidden',
      `${words} switched off. Sign in there; nothing was made, and the link was not used.`,
    )
  }
  return invitation
}

function sendFormAgain(
  deps: AuthDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  invitation: InvitationLine,
  name: string,
  thrown: unknown,
): FastifyReply {
  const error = asAppError(thrown)
  if (error.code === 'internal' || error.code === 'not_found') throw thrown
  return sendForm(deps, request, reply, invitation, name, error)
}

function sendForm(
  deps: AuthDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  invitation: InvitationLine,
  name: string,
  error: AppError | null,
): FastifyReply {
  const { style, script, publicUrl, timeZone } = deps
  const page = invitationPage({
    ...{ style, script, invitation, name, timeZone, minPassword: MIN_PASSWORD },
    action: invitationPath(tokenOf(request)),
    passkeys: passkeySiteOf(request, publicUrl) !== null,
    warning: warningOf(request, publicUrl),
    error: error?.message ?? null,
  })
  return sendDeskPage(reply, page, error ? STATUS[error.code] : 200, SCRIPT_CSP)
}
