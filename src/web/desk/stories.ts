// The list of stories, a new story, starting and ending one.
// Called through the route table.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import { checkSlug, MAX_SLUG, parseStorySettings, type StorySettings, VISIBILITIES } from '../../domain/story.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  isOwnForm,
  isResumed,
  lookOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { aboutField, fieldsOf, tellField, tellFields } from './field-problems.ts'
import { sendDeskPage } from './send.ts'
import { newStoryPage, type StoryForm, storiesPage } from './views/stories.ts'

const MAX_STORIES = 200 // of the list; older ones are found by their address

type Handler = (deps: DeskDeps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function storiesRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', url: string, access: Route['access'], handler: Handler): Route => ({
    method,
    url,
    access,
    object: 'story',
    handler: (request, reply) => handler(deps, request, reply),
  })
  return [
    route('GET', '/desk', 'session', list),
    route('GET', '/desk/', 'session', list), // where the desk on a home screen begins: inside the scope of its worker
    route('GET', '/desk/stories/new', 'story:create', showNew),
    route('POST', '/desk/stories', 'story:create', create),
    route('POST', '/desk/stories/:storyId/start', 'story:run', start),
    route('POST', '/desk/stories/:storyId/end', 'story:run', end),
  ]
}

async function list(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const { actor } = session
  // A guest sees the stories in which they were given something to do.
  const stories = await deps.reads.stories(MAX_STORIES, may(actor, 'desk:read') ? undefined : actor.id)
  const draftsOf = may(actor, 'post:read-drafts') ? undefined : actor.id
  const ids = stories.map(({ id }) => id)
  const waiting = await deps.reads.waiting(ids, actor.id, draftsOf)
  const rights = {
    create: may(actor, 'story:create'),
    assign: may(actor, 'roles:assign'),
    snippets: may(actor, 'snippet:use'),
  }
  return sendDeskPage(reply, storiesPage({ shell: shellOf(deps, session), stories, waiting, rights }))
}

async function showNew(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const form: StoryForm = {
    ...(await offered(deps)),
    storyId: deps.newId(),
    title: '',
    standfirst: '',
    slug: '',
    languageTag: '',
  }
  return sendDeskPage(
    reply,
    newStoryPage({ shell: shellOf(deps, session), form, error: null, problems: {}, told: null }),
  )
}

/** A newsroom's next story is most often in the language and the zone of the one before; the first is in the machine's zone. */
async function offered({
  reads,
  timeZone,
}: DeskDeps): Promise<Pick<StoryForm, 'language' | 'timeZone' | 'visibility'>> {
  const stories = await reads.stories(MAX_STORIES)
  const last = stories.toSorted((one, other) => other.createdAt - one.createdAt)[0]
  return { language: last?.language ?? 'en', timeZone: last?.timeZone ?? timeZone, visibility: 'public' }
}

async function create(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const form = storyFormFrom(body, deps.newId)
  const told = lookOf(session, body)
  const shell = shellOf(deps, session)
  const looked = () => sendDeskPage(reply, newStoryPage({ shell, form, error: null, problems: {}, told }))
  if (isResumed(body)) return looked()
  try {
    requireOwnForm(session, body)
    const { storyId } = form
    const settings = settingsOf(form)
    if (told) return looked()
    await createStory(deps.desk, session.actor, storyId, settings).catch((error) => {
      throw settings.slug && isAppError(error, 'conflict') ? aboutField('slug', error) : error
    })
    if (field(body, 'then') === 'start' && may(session.actor, 'story:run')) {
      await startStory(deps.desk, session.actor, storyId)
      return backToStory(reply, storyId, 'started')
    }
    return backToStory(reply, storyId, 'created')
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async (error) =>
      newStoryPage({ shell, form, error: error.message, problems: fieldsOf(error), told: null }),
    )
  }
}

/** Throws `invalid`, told by the form's fields. */
function settingsOf({ storyId: _id, slug: typed, languageTag, ...rest }: StoryForm): StorySettings {
  const slug = typed.trim()
  if (slug !== '' && slug.length <= MAX_SLUG) tellField('slug', () => checkSlug(slug))
  const input = { ...rest, language: languageTag || rest.language, ...(slug === '' ? {} : { slug }) }
  return tellFields(
    input,
    ({ path }) => ({ field: String(path[0]) }),
    () => parseStorySettings(input),
  )
}

async function start(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  if (!isOwnForm(session, body)) return backToStory(reply, story.id, 'stale')
  await startStory(deps.desk, session.actor, story.id)
  return backToStory(reply, story.id, 'started')
}

async function end(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  if (!isOwnForm(session, body)) return backToStory(reply, story.id, 'stale')
  await endStory(deps.desk, session.actor, story.id)
  return backToStory(reply, story.id, 'ended')
}

function storyFormFrom(body: FormBody, newId: () => string): StoryForm {
  const storyId = field(body, 'storyId')
  return {
    storyId: isId(storyId) ? storyId : newId(),
    title: field(body, 'title'),
    standfirst: field(body, 'standfirst').replace(/\r\n?/g, '\n'),
    language: field(body, 'language').trim(),
    languageTag: field(body, 'languageTag').trim(),
    timeZone: field(body, 'timeZone').trim(),
    // The narrowest is the safe reading of a field that is missing.
    visibility: VISIBILITIES.find((one) => one === field(body, 'visibility')) ?? 'private',
    slug: field(body, 'slug'),
  }
}
