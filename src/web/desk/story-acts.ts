// Acts on a story as a whole: pause, resume, who may see it, the next part, and withdrawing it.
// Called through the route table.
// Never withdraws a story by a press alone: its title is typed.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { cleanLine } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { parseStorySettings, VISIBILITIES } from '../../domain/story.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { continueStory } from '../../newsroom/continue-story.ts'
import { pauseStory, resumeStory } from '../../newsroom/pause-story.ts'
import { setVisibility } from '../../newsroom/set-visibility.ts'
import { withdrawStory } from '../../newsroom/withdraw-story.ts'
import type { DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backFrom,
  backToStory,
  type DeskDeps,
  isOwnForm,
  lookOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
  waitingIn,
} from './deps.ts'
import { tellFields } from './field-problems.ts'
import { sendDeskPage } from './send.ts'
import type { Notice } from './views/shell.ts'
import { type ContinueForm, continuePage, visibilityPage, withdrawStoryPage } from './views/story-acts.ts'

/** `told`: the form is only looked at again. */
export type AtStory = {
  deps: DeskDeps
  session: SignedIn
  story: DeskStory
  body: FormBody
  reply: FastifyReply
  told: Notice | null
}
/** Makes the page of a form again, with what went wrong. */
type Sheet = (at: AtStory, error: AppError | null) => SafeHtml | Promise<SafeHtml>
type Act = (at: AtStory) => Promise<FastifyReply>

export function storyActRoutes(deps: DeskDeps): Route[] {
  return [
    button(deps, 'pause', async ({ deps, session, story, body, reply }) => {
      await pauseStory(deps.desk, session.actor, story.id)
      return backFrom(body, reply, story.id, 'paused')
    }),
    button(deps, 'resume', async ({ deps, session, story, body, reply }) => {
      await resumeStory(deps.desk, session.actor, story.id)
      return backFrom(body, reply, story.id, 'resumed')
    }),
    ...asking(deps, 'visibility', 'story:settings', visibilitySheet, changeVisibility),
    ...asking(deps, 'continue', 'story:continue', continueSheet, openNextPart),
    ...asking(deps, 'withdraw', 'story:withdraw', withdrawSheet, withdraw),
  ]
}

function button(deps: DeskDeps, part: string, act: Act): Route {
  return {
    method: 'POST',
    url: `/desk/stories/:storyId/${part}`,
    access: 'story:run',
    object: 'story',
    handler: async (request, reply) => {
      const at = await atStory(deps, request, reply)
      if (!isOwnForm(at.session, at.body)) return backFrom(at.body, reply, at.story.id, 'stale')
      return act(at)
    },
  }
}

/** A page that asks, and the form it holds. */
export function asking(deps: DeskDeps, part: string, access: Route['access'], sheet: Sheet, act: Act): Route[] {
  const route = { url: `/desk/stories/:storyId/${part}`, access, object: 'story' } as const
  return [
    {
      ...route,
      method: 'GET',
      handler: async (request, reply) => sendDeskPage(reply, await sheet(await atStory(deps, request, reply), null)),
    },
    {
      ...route,
      method: 'POST',
      handler: async (request, reply) => {
        const at = await atStory(deps, request, reply)
        if (at.told) return sendDeskPage(reply, await sheet(at, null))
        try {
          requireOwnForm(at.session, at.body)
          return await act(at)
        } catch (thrown) {
          // Read anew: what stands beside the form is what holds now.
          const again = { ...at, story: await storyOf(deps, request) }
          return sendAgain(deps, reply, thrown, async (error) => sheet(again, error))
        }
      },
    },
  ]
}

async function atStory(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<AtStory> {
  const session = await signedIn(deps, request)
  const none = { fields: new Map(), photo: null, photoProblem: null }
  const body = request.method === 'POST' ? await readForm(request) : none
  return { deps, session, body, reply, story: await storyOf(deps, request), told: lookOf(session, body) }
}

function visibilitySheet({ deps, session, story, body, told }: AtStory, error: AppError | null): SafeHtml {
  const wanted = VISIBILITIES.find((one) => one === field(body, 'visibility')) ?? null
  return visibilityPage({
    shell: shellOf(deps, session),
    story,
    wanted,
    slug: field(body, 'slug'),
    told,
    error: error?.message ?? null,
  })
}

async function changeVisibility({ deps, session, story, body, reply }: AtStory): Promise<FastifyReply> {
  const visibility = VISIBILITIES.find((one) => one === field(body, 'visibility'))
  if (!visibility) throw new AppError('invalid', 'Choose who may see it.')
  const slug = field(body, 'slug').trim()
  await setVisibility(deps.desk, session.actor, story.id, { visibility, ...(slug === '' ? {} : { slug }) })
  return backToStory(reply, story.id, 'visibility')
}

function continueFormOf({ deps, story, body }: AtStory): ContinueForm {
  const nextId = field(body, 'nextId')
  const typed = body.fields.has('nextId')
  return {
    nextId: isId(nextId) ? nextId : deps.newId(),
    title: typed ? field(body, 'title') : story.title,
    standfirst: typed ? field(body, 'standfirst').replace(/\r\n?/g, '\n') : story.standfirst,
    slug: field(body, 'slug'),
  }
}

async function continueSheet(at: AtStory, error: AppError | null): Promise<SafeHtml> {
  return continuePage({
    shell: shellOf(at.deps, at.session),
    story: at.story,
    form: continueFormOf(at),
    waiting: await waitingIn(at.deps, at.session, at.story.id),
    told: at.told,
    error: error?.message ?? null,
  })
}

/** Language, zone and visibility are this part's. */
async function openNextPart(at: AtStory): Promise<FastifyReply> {
  const { deps, session, story, reply } = at
  const { nextId, title, standfirst, slug } = continueFormOf(at)
  const { language, timeZone, visibility } = story
  const typed = { title, standfirst, language, timeZone, visibility, ...(slug.trim() ? { slug: slug.trim() } : {}) }
  const settings = tellFields(
    typed,
    ({ path }) => ({ field: String(path[0]) }),
    () => parseStorySettings(typed),
  )
  await continueStory(deps.desk, session.actor, story.id, { nextId, settings, newId: deps.newId })
  return backToStory(reply, nextId, 'continued')
}

function withdrawSheet({ deps, session, story, body, told }: AtStory, error: AppError | null): SafeHtml {
  const [title, reason] = [field(body, 'title'), field(body, 'reason')]
  return withdrawStoryPage({ shell: shellOf(deps, session), story, title, reason, told, error: error?.message ?? null })
}

async function withdraw({ deps, session, story, body, reply }: AtStory): Promise<FastifyReply> {
  if (cleanLine(field(body, 'title')) !== cleanLine(story.title))
    throw new AppError('invalid', 'This is not the title of the story.')
  await withdrawStory(deps.desk, session.actor, story.id, field(body, 'reason'))
  return backToStory(reply, story.id, 'storyWithdrawn')
}
