// Withdrawing a post, marking it as a key event, pinning it.
// Called through the route table.
// Never withdraws by one press: a page asks first.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { markKeyEvent } from '../../newsroom/mark-key-event.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  isOwnForm,
  lookOf,
  postOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { chosenForCopies, copiesOf } from './post-copies.ts'
import { sendDeskPage } from './send.ts'
import { withdrawPage } from './views/post.ts'

type Handler = (deps: DeskDeps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function postActRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', part: string, access: Route['access'], handler: Handler): Route => ({
    method,
    url: `/desk/stories/:storyId/posts/:postId/${part}`,
    access,
    object: 'post',
    handler: (request, reply) => handler(deps, request, reply),
  })
  return [
    route('GET', 'withdraw', 'post:withdraw', askWithdraw),
    route('POST', 'withdraw', 'post:withdraw', withdraw),
    route('POST', 'key-event', 'post:change', mark),
    route('POST', 'pin', 'post:change', pin),
  ]
}

async function askWithdraw(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  const error = post.state === 'published' ? null : 'This post is not published.'
  return sendDeskPage(
    reply,
    withdrawPage({
      shell: shellOf(deps, session),
      story,
      post,
      trace: 'line',
      reason: '',
      error,
      told: null,
      copies: await copiesOf(deps, session, post.id),
      typed: false,
    }),
  )
}

async function withdraw(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  const trace = field(body, 'trace') === 'none' ? 'none' : 'line'
  const reason = field(body, 'reason').replace(/\s+/g, ' ').trim()
  const told = lookOf(session, body)
  const shell = shellOf(deps, session)
  const choice = chosenForCopies(body)
  const again = async (error: string | null) => {
    const copies = await copiesOf(deps, session, post.id, choice)
    const asked = { shell, told: error === null ? told : null, error, typed: true }
    return withdrawPage({ ...asked, story, post, trace, reason, copies })
  }
  if (told) return sendDeskPage(reply, await again(null))
  try {
    requireOwnForm(session, body)
    await withdrawPost(deps.desk, session.actor, story.id, post.id, { trace, reason, copies: choice })
    return backToStory(reply, story.id, 'withdrawn', post.id)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async ({ message }) => again(message))
  }
}

async function mark(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const post = await postOf(deps, request)
  if (!isOwnForm(session, body)) return backToStory(reply, post.storyId, 'stale', post.id)
  const on = field(body, 'mark') === 'yes'
  await markKeyEvent(deps.desk, session.actor, post.storyId, post.id, on ? { title: field(body, 'title') } : null)
  return backToStory(reply, post.storyId, on ? 'marked' : 'unmarked', post.id)
}

async function pin(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const post = await postOf(deps, request)
  if (!isOwnForm(session, body)) return backToStory(reply, post.storyId, 'stale', post.id)
  const on = field(body, 'pin') === 'yes'
  await pinPost(deps.desk, session.actor, post.storyId, post.id, on)
  return backToStory(reply, post.storyId, on ? 'pinned' : 'unpinned', post.id)
}
