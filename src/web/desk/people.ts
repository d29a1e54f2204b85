// The people of the newsroom: accounts, roles, sessions, passwords; roles in one story; one's own password.
// Called through the route table.
// Never shows a password twice, and puts none into an address.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { ROLES, type Role, requireProof } from '../../domain/permission.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { MIN_PASSWORD } from '../../store/accounts.ts'
import type { Person } from '../../store/people.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { backToStory, type DeskDeps, requireOwnForm, sendAgain, shellOf, signedIn, storyOf } from './deps.ts'
import { invitationRoutesOfDesk, NOBODY, peopleSheet } from './invitations.ts'
import { sendDeskPage } from './send.ts'
import { ownPasswordPage, passwordPage, personPage } from './views/people.ts'
import { storyPeoplePage } from './views/story-people.ts'

type Handler = (deps: DeskDeps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function peopleRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', url: string, handler: Handler, access: Route['access'] = 'roles:assign') => ({
    method,
    url,
    access,
    object: 'account' as const,
    handler: (request: FastifyRequest, reply: FastifyReply) => handler(deps, request, reply),
  })
  const one = '/desk/people/:accountId'
  const story = '/desk/stories/:storyId/people'
  return [
    route('GET', '/desk/people', showPeople),
    route('GET', one, showPerson),
    route('POST', `${one}/role`, onPerson('The role was changed.', changeRole)),
    route('POST', `${one}/close`, onPerson('The account is closed and signed out everywhere.', close)),
    route('POST', `${one}/reopen`, onPerson('The account is open again.', reopen)),
    route('POST', `${one}/sessions`, onPerson('Signed out everywhere.', endSessions)),
    route(
      'POST',
      `${one}/factors`,
      onPerson('The second factors are gone, and every session has ended.', resetFactors),
    ),
    route(
      'POST',
      `${one}/untie`,
      onPerson('The account is untied from the provider, and every session has ended.', untie),
    ),
    route('POST', `${one}/password`, newPassword),
    ...invitationRoutesOfDesk(deps),
    route('GET', story, showStoryPeople),
    route('POST', story, setStoryRole),
    route('GET', '/desk/password', showOwnPassword, 'session'),
    route('POST', '/desk/password', changeOwnPassword, 'session'),
  ]
}

async function showPeople(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  return sendDeskPage(reply, await peopleSheet(deps, session, NOBODY, null))
}

async function showPerson(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const person = await personOf(deps, request)
  return sendDeskPage(reply, await personSheet(deps, session, person, null, null))
}

type Act = (deps: DeskDeps, session: SignedIn, person: Person, body: FormBody) => Promise<void>

/** The page after the act is the person's again. Who has just closed their own account sees why the next page is shut. */
function onPerson(done: string, act: Act): Handler {
  return async (deps, request, reply) => {
    const session = await signedIn(deps, request)
    const body = await readForm(request)
    const person = await personOf(deps, request)
    try {
      requireOwnForm(session, body)
      await act(deps, session, person, body)
      return sendDeskPage(reply, await personSheet(deps, session, await personAt(deps, person.id), done, null))
    } catch (thrown) {
      return sendAgain(deps, reply, thrown, async ({ message }) => personSheet(deps, session, person, null, message))
    }
  }
}

const changeRole: Act = async (deps, { actor }, person, body) => {
  const role = roleIn(body)
  if (!role) throw new AppError('invalid', 'Choose a role.')
  await deps.people.changeRole(actor, person.id, role)
}
const close: Act = (deps, { actor }, person) => deps.people.close(actor, person.id)
const reopen: Act = (deps, { actor }, person) => deps.people.reopen(actor, person.id)
const untie: Act = (deps, { actor }, person) => deps.people.untie(actor, person.id)
const resetFactors: Act = (deps, { actor }, person) => deps.factors.reset(actor, person.id)
const endSessions: Act = (deps, { actor }, person) => deps.people.endSessions(actor, person.id)

async function newPassword(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const person = await personOf(deps, request)
  try {
    requireOwnForm(session, body)
    const password = await deps.people.newPassword(session.actor, person.id)
    return sendDeskPage(reply, passwordPage({ shell: shellOf(deps, session), person, password }))
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async ({ message }) => personSheet(deps, session, person, null, message))
  }
}

async function showStoryPeople(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return sendDeskPage(reply, await storyPeopleSheet(deps, request, null))
}

async function setStoryRole(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  try {
    requireOwnForm(session, body)
    const accountId = field(body, 'accountId')
    if (!isId(accountId)) throw new AppError('invalid', 'Choose a person.')
    await giveRole(deps.desk, session.actor, story.id, accountId, roleIn(body))
    return backToStory(reply, story.id, 'role')
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => storyPeopleSheet(deps, request, message))
  }
}

async function storyPeopleSheet(deps: DeskDeps, request: FastifyRequest, error: string | null) {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const given = await deps.people.rolesIn(story.id)
  const people = (await deps.people.list()).filter(({ closedAt, role }) => closedAt === null && role !== 'admin')
  return storyPeoplePage({ shell: shellOf(deps, session), story, given, people, error })
}

async function showOwnPassword(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  return sendDeskPage(reply, ownPasswordPage({ ...ownPassword(deps, session), done: false, error: null }))
}

async function changeOwnPassword(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const view = ownPassword(deps, session)
  try {
    requireOwnForm(session, body)
    await checkPresent(deps, request, session, body)
    await deps.people.changeOwnPassword(session.actor, session.id, field(body, 'next-password'))
    return sendDeskPage(reply, ownPasswordPage({ ...view, done: true, error: null }))
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async ({ code, message }) =>
      ownPasswordPage({
        ...view,
        done: false,
        error: code === 'unauthorized' ? 'The present password is wrong.' : message,
      }),
    )
  }
}

/** Who has none gives a fresh proof in its place. Throws `unauthorized`, `step_up`, `too_many`. */
async function checkPresent(
  deps: DeskDeps,
  request: FastifyRequest,
  { actor, ways }: SignedIn,
  body: FormBody,
): Promise<void> {
  if (!ways.password) return requireProof(actor)
  const { email } = await personAt(deps, actor.id)
  await deps.checkPassword({ email, password: field(body, 'password'), address: request.ip })
}

function ownPassword(deps: DeskDeps, session: SignedIn) {
  return { has: session.ways.password, shell: shellOf(deps, session), minPassword: MIN_PASSWORD }
}

async function personSheet(
  deps: DeskDeps,
  session: SignedIn,
  person: Person,
  done: string | null,
  error: string | null,
) {
  const own = person.id === session.actor.id
  const [factors, events] = [await deps.factors.state(person.id), await deps.factors.events(person.id)]
  const { timeZone } = deps
  return personPage({ shell: shellOf(deps, session), person, own, factors, events, timeZone, done, error })
}

/** Throws `not_found`. */
async function personOf(deps: DeskDeps, request: FastifyRequest): Promise<Person> {
  return personAt(deps, (request.params as { accountId: string }).accountId)
}

async function personAt(deps: DeskDeps, accountId: string): Promise<Person> {
  const person = isId(accountId) ? await deps.people.person(accountId) : null
  if (!person) throw new AppError('not_found', 'There is no such account.')
  return person
}

function roleIn(body: FormBody): Role | null {
  return ROLES.find((one) => one === field(body, 'role')) ?? null
}
