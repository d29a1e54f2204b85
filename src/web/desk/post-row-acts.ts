// Acts on a published post beside its text: undoing its publication, its flags, its place, a copy to another story.
// Called through the route table.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { VERIFICATIONS } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { copyPost } from '../../newsroom/copy-post.ts'
import { flagPost } from '../../newsroom/flag-post.ts'
import { type Place, reorderPost } from '../../newsroom/reorder-post.ts'
import { undoPublish } from '../../newsroom/undo-publish.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  isOwnForm,
  openStories,
  postOf,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { copiesOf } from './post-copies.ts'
import { sendDeskPage } from './send.ts'
import { draftPath } from './views/draft.ts'
import { withdrawPage } from './views/post.ts'
import { copyPage, movePage } from './views/post-places.ts'

const MAX_PLACES = 100 // posts among which a place is chosen; further down, step by step

/** A request about one post by somebody signed in. `body` is empty for a page. */
type At = { deps: DeskDeps; session: SignedIn; story: DeskStory; post: DeskPost; body: FormBody }
type Handler = (at: At, reply: FastifyReply) => Promise<unknown>

export function postRowRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', part: string, access: Route['access'], handler: Handler): Route => ({
    method,
    url: `/desk/stories/:storyId/posts/:postId/${part}`,
    access,
    object: 'post',
    handler: async (request, reply) => {
      const at = await atPost(deps, request, method === 'POST')
      if (method === 'POST' && !isOwnForm(at.session, at.body))
        return backToStory(reply, at.story.id, 'stale', at.post.id)
      return handler(at, reply)
    },
  })
  return [
    route('POST', 'undo', 'post:publish', undo),
    route('POST', 'flag', 'post:change', flag),
    route('GET', 'move', 'post:order', async (at, reply) => sendDeskPage(reply, await moveSheet(at, null))),
    route('POST', 'move', 'post:order', move),
    route('GET', 'copy', 'post:copy', async (at, reply) =>
      sendDeskPage(reply, await copySheet(at, { postId: at.deps.newId(), to: '', publish: false }, null)),
    ),
    route('POST', 'copy', 'post:copy', copy),
  ]
}

async function atPost(deps: DeskDeps, request: FastifyRequest, posted: boolean): Promise<At> {
  const session = await signedIn(deps, request)
  const body = posted ? await readForm(request) : { fields: new Map(), photo: null, photoProblem: null }
  return { deps, session, body, story: await storyOf(deps, request), post: await postOf(deps, request) }
}

/** Too late: why, and the way that is left. */
async function undo({ deps, session, story, post }: At, reply: FastifyReply): Promise<unknown> {
  try {
    await undoPublish(deps.desk, session.actor, story.id, post.id)
    return reply.redirect(`${draftPath(story.id, post.id)}?done=undone`, 303)
  } catch (thrown) {
    if (!isAppError(thrown, 'conflict') || post.state !== 'published') throw thrown
    const shell = shellOf(deps, session)
    const copies = await copiesOf(deps, session, post.id)
    return sendAgain(deps, reply, thrown, async ({ message }) =>
      withdrawPage({ shell, story, post, trace: 'none', reason: '', error: message, told: null, copies, typed: false }),
    )
  }
}

async function flag({ deps, session, story, post, body }: At, reply: FastifyReply): Promise<unknown> {
  const verification = VERIFICATIONS.find((one) => one === field(body, 'verification'))
  if (!verification) throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  const breaking = field(body, 'breaking') !== ''
  await flagPost(deps.desk, session.actor, story.id, post.id, { verification, breaking })
  return backToStory(reply, story.id, 'flagged', post.id)
}

async function move(at: At, reply: FastifyReply): Promise<unknown> {
  const { deps, session, story, post } = at
  try {
    const place = await placeOf(at)
    if (place) await reorderPost(deps.desk, session.actor, story.id, post.id, place)
    return backToStory(reply, story.id, 'moved', post.id)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => moveSheet(at, message))
  }
}

/** null: it stands at that end already. Throws `invalid`. */
async function placeOf({ deps, story, post, body }: At): Promise<Place | null> {
  const to = field(body, 'to')
  if (to === 'up' || to === 'down') {
    const side = to === 'up' ? 'above' : 'below'
    const beside = await deps.reads.neighbour(story.id, post.id, side)
    return beside === null ? null : { side, postId: beside }
  }
  const [, side, postId = ''] = /^(above|below):(.*)$/.exec(to) ?? []
  if ((side !== 'above' && side !== 'below') || !isId(postId)) throw new AppError('invalid', 'Choose a place.')
  return { side, postId }
}

async function moveSheet({ deps, session, story, post }: At, error: string | null): Promise<SafeHtml> {
  const posts = await deps.reads.posts(story.id, { limit: MAX_PLACES, draftsOf: '' })
  const others = posts.filter(({ id, state }) => state === 'published' && id !== post.id)
  return movePage({ shell: shellOf(deps, session), story, post, others, error })
}

type CopyForm = { postId: string; to: string; publish: boolean }

async function copy(at: At, reply: FastifyReply): Promise<unknown> {
  const { deps, session, story, post, body } = at
  const given = field(body, 'postId')
  const form = {
    postId: isId(given) ? given : deps.newId(),
    to: field(body, 'to'),
    publish: field(body, 'publish') === 'yes',
  }
  try {
    if (!isId(form.to)) throw new AppError('invalid', 'Choose a story.')
    const { postId, publish } = form
    await copyPost(deps.desk, session.actor, form.to, { from: { storyId: story.id, postId: post.id }, postId, publish })
    return backToStory(reply, form.to, publish ? 'published' : 'copied', postId)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => copySheet(at, form, message))
  }
}

async function copySheet({ deps, session, story, post }: At, form: CopyForm, error: string | null): Promise<SafeHtml> {
  const stories = await openStories(deps, session, story)
  return copyPage({ shell: shellOf(deps, session), story, post, stories, form, error })
}
