// What takes an unpublished post away from its story: discarding it, moving it to another story.
// Called through the route table.
// Never by one press: a page asks first.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { discardDraft } from '../../newsroom/discard-draft.ts'
import { moveDraft } from '../../newsroom/move-draft.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  openStories,
  postOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { sendDeskPage } from './send.ts'
import { discardPage, moveDraftPage } from './views/draft-away.ts'

/** A request about one draft by somebody who may change it. `body` is empty for a page. */
type At = { deps: DeskDeps; session: SignedIn; story: DeskStory; post: DeskPost; body: FormBody }
type Sheet = (at: At, error: string | null) => Promise<SafeHtml>
type Act = (at: At, reply: FastifyReply) => Promise<FastifyReply>

export function draftAwayRoutes(deps: DeskDeps): Route[] {
  return [...asking(deps, 'discard', discardSheet, discard), ...asking(deps, 'move', moveSheet, move)]
}

function asking(deps: DeskDeps, part: string, sheet: Sheet, act: Act): Route[] {
  const url = `/desk/stories/:storyId/drafts/:postId/${part}`
  const route = { url, access: 'post:draft', object: 'post' } as const
  return [
    {
      ...route,
      method: 'GET',
      handler: async (request, reply) => sendDeskPage(reply, await sheet(await atDraft(deps, request), null)),
    },
    {
      ...route,
      method: 'POST',
      handler: async (request, reply) => {
        const at = await atDraft(deps, request)
        try {
          requireOwnForm(at.session, at.body)
          return await act(at, reply)
        } catch (thrown) {
          const again = { ...at, post: await postOf(deps, request) } // read anew: somebody may have changed it
          return sendAgain(deps, reply, thrown, ({ message }) => sheet(again, message))
        }
      },
    },
  ]
}

/** Throws `not_found` for a draft that one may not read, `forbidden` for one that is not one's to change. */
async function atDraft(deps: DeskDeps, request: FastifyRequest): Promise<At> {
  const session = await signedIn(deps, request)
  const none = { fields: new Map(), photo: null, photoProblem: null }
  const body = request.method === 'POST' ? await readForm(request) : none
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  if (!may(session.actor, 'post:read-drafts', post.createdBy))
    throw new AppError('not_found', 'There is no such post in this story.')
  if (!may(session.actor, 'post:draft', post.createdBy))
    throw new AppError('forbidden', 'Only its author and the editors change this draft.')
  return { deps, session, story, post, body }
}

async function discardSheet({ deps, session, story, post }: At, error: string | null): Promise<SafeHtml> {
  return discardPage({ shell: shellOf(deps, session), story, post, error })
}

const discard: Act = async ({ deps, session, story, post, body }, reply) => {
  await discardDraft(deps.desk, session.actor, story.id, post.id, Number(field(body, 'revision')))
  return backToStory(reply, story.id, 'discarded')
}

/** The next part first: where a part has ended, that is where its drafts go. */
async function moveSheet({ deps, session, story, post, body }: At, error: string | null): Promise<SafeHtml> {
  const stories = await openStories(deps, session, story)
  const [to, given] = [field(body, 'to') || (story.continuedBy ?? ''), field(body, 'postId')]
  const form = { to, postId: isId(given) ? given : deps.newId() }
  const keepsTime = may(session.actor, 'post:schedule', post.createdBy)
  return moveDraftPage({ shell: shellOf(deps, session), story, post, stories, form, keepsTime, error })
}

const move: Act = async ({ deps, session, story, post, body }, reply) => {
  const [to, postId] = [field(body, 'to'), field(body, 'postId')]
  if (!isId(to)) throw new AppError('invalid', 'Choose a story.')
  await moveDraft(deps.desk, session.actor, to, { from: { storyId: story.id, postId: post.id }, postId })
  return backToStory(reply, to, 'draft-moved', postId)
}
