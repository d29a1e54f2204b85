// Inviting people: the form's answer is the page with the link; taking an invitation back.
// Called through the route table.
// Never shows a link twice, and writes none into a log.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { ROLES } from '../../domain/permission.ts'
import type { StoryRole, Wanted } from '../../store/invitations.ts'
import { invitationPath } from '../auth/invitation.ts'
import type { SignedIn } from '../auth/session.ts'
import { clientOf } from '../client.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, requireOwnForm, sendAgain, shellOf, signedIn } from './deps.ts'
import { sendDeskPage } from './send.ts'
import { invitationLinkPage } from './views/invitation.ts'
import { type InviteForm, peoplePage } from './views/people.ts'

const MAX_STORIES = 200 // to choose from

export const NOBODY: InviteForm = { email: '', role: 'reporter', storyId: '', storyRole: 'contributor' }

export function invitationRoutesOfDesk(deps: DeskDeps): Route[] {
  const url = '/desk/people/invitations'
  const route = { method: 'POST', access: 'roles:assign', object: 'account' } as const
  return [
    { ...route, url, handler: (request, reply) => invite(deps, request, reply) },
    { ...route, url: `${url}/:invitationId/revoke`, handler: (request, reply) => revoke(deps, request, reply) },
  ]
}

/** The list, with the form as typed. */
export async function peopleSheet(deps: DeskDeps, session: SignedIn, form: InviteForm, error: string | null) {
  const [people, invitations] = [await deps.people.list(), await deps.invitations.open()]
  const stories = (await deps.reads.stories(MAX_STORIES)).filter(({ withdrawnAt }) => withdrawnAt === null)
  const { timeZone } = deps
  return peoplePage({ shell: shellOf(deps, session), people, invitations, stories, timeZone, form, error })
}

/** The answer is the page with the link: there is no address that shows it again. */
async function invite(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const form = formFrom(body)
  try {
    requireOwnForm(session, body)
    const wanted = wantedFrom(form, body)
    const { token, expiresAt } = await deps.invitations.make(session.actor, wanted)
    const link = `${clientOf(request, deps.publicUrl).origin}${invitationPath(token)}`
    const { timeZone } = deps
    const view = { shell: shellOf(deps, session), email: wanted.email, link, expiresAt, timeZone }
    return sendDeskPage(reply, invitationLinkPage(view))
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => peopleSheet(deps, session, form, message))
  }
}

async function revoke(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const { invitationId } = request.params as { invitationId: string }
  try {
    requireOwnForm(session, body)
    await deps.invitations.revoke(session.actor, invitationId)
    return reply.redirect('/desk/people', 303)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => peopleSheet(deps, session, NOBODY, message))
  }
}

function formFrom(body: FormBody): InviteForm {
  return {
    email: field(body, 'email'),
    role: ROLES.find((one) => one === field(body, 'role')) ?? NOBODY.role,
    storyId: field(body, 'storyId'),
    storyRole: storyRoleIn(body) ?? NOBODY.storyRole,
  }
}

function wantedFrom({ email, role, storyId, storyRole }: InviteForm, body: FormBody): Wanted {
  if (field(body, 'role') !== role) throw new AppError('invalid', 'Choose a role.')
  if (storyId === '') return { email, role, story: null }
  if (!isId(storyId)) throw new AppError('invalid', 'There is no such story.')
  return { email, role, story: { id: storyId, role: storyRole } }
}

function storyRoleIn(body: FormBody): StoryRole | null {
  const role = ROLES.find((one) => one === field(body, 'storyRole'))
  return role && role !== 'admin' ? role : null
}
