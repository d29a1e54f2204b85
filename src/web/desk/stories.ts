// The list of stories, a new story, starting and ending one.
// Called through the route table.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import { VISIBILITIES } from '../../domain/story.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { backToStory, type DeskDeps, requireOwnForm, sendAgain, shellOf, signedIn, storyOf } from './deps.ts'
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
  return sendDeskPage(
    reply,
    storiesPage(shellOf(deps, session), stories, may(actor, 'story:create'), may(actor, 'roles:assign')),
  )
}

async function showNew(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const form: StoryForm = {
    storyId: deps.newId(),
    title: '',
    standfirst: '',
    language: 'en',
    timeZone: deps.timeZone,
    visibility: 'public',
    slug: '',
  }
  return sendDeskPage(reply, newStoryPage(shellOf(deps, session), form, null))
}

async function create(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const form = storyFormFrom(body, deps.newId)
  try {
    requireOwnForm(session, body)
    const { storyId, slug, ...settings } = form
    await createStory(deps.desk, session.actor, storyId, { ...settings, ...(slug.trim() ? { slug: slug.trim() } : {}) })
    if (field(body, 'then') === 'start' && may(session.actor, 'story:run')) {
      await startStory(deps.desk, session.actor, storyId)
      return backToStory(reply, storyId, 'started')
    }
    return backToStory(reply, storyId, 'created')
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async (error) => newStoryPage(shellOf(deps, session), form, error.message))
  }
}

async function start(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  requireOwnForm(session, await readForm(request))
  const story = await storyOf(deps, request)
  await startStory(deps.desk, session.actor, story.id)
  return backToStory(reply, story.id, 'started')
}

async function end(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  requireOwnForm(session, await readForm(request))
  const story = await storyOf(deps, request)
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
    timeZone: field(body, 'timeZone').trim(),
    // The narrowest is the safe reading of a field that is missing.
    visibility: VISIBILITIES.find((one) => one === field(body, 'visibility')) ?? 'private',
    slug: field(body, 'slug'),
  }
}
