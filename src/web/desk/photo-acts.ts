// Withdrawing a photo: a page that shows it and every post it stands in, then the act.
// Called through the route table.
// Never withdraws by one press: a page asks first.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import { withdrawPhoto } from '../../newsroom/withdraw-photo.ts'
import type { DeskStory, PhotoSheet } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, knownOf, requireOwnForm, roleEverywhere, sendAgain, shellOf, signedIn } from './deps.ts'
import { sendDeskPage } from './send.ts'
import { type ShownPhoto, withdrawPhotoPage, withdrawPhotoPath } from './views/photo.ts'

export function photoActRoutes(deps: DeskDeps): Route[] {
  const route = { url: '/desk/photos/:photoId/withdraw', access: 'media:withdraw', object: 'media' } as const
  return [
    { ...route, method: 'GET', handler: (request, reply) => ask(deps, request, reply) },
    { ...route, method: 'POST', handler: (request, reply) => withdraw(deps, request, reply) },
  ]
}

/** The page after the act is this one too: it says that it was done and what is still to do. */
async function ask(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const at = { shell: shellOf(deps, session), ...(await placeOf(deps, session, request)) }
  const photo = await shownTo(deps, session, await photoOf(deps, request))
  return sendDeskPage(reply, withdrawPhotoPage({ ...at, photo, reason: '', error: null }))
}

async function withdraw(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const before = await photoOf(deps, request)
  const reason = field(body, 'reason')
  const place = await placeOf(deps, session, request)
  try {
    requireOwnForm(session, body)
    await withdrawPhoto(deps.desk, session.actor, before.id, { reason }).catch(leaveTheRest)
    return reply.redirect(withdrawPhotoPath(before.id, place.story?.id), 303)
  } catch (thrown) {
    const shell = shellOf(deps, session)
    return sendAgain(deps, reply, thrown, async ({ message: error }) =>
      withdrawPhotoPage({
        ...{ shell, ...place, reason, error },
        photo: await shownTo(deps, session, await photoOf(deps, request)),
      }),
    )
  } finally {
    deps.mediaChanged()
  }

  /** A story that could not be reached now is done by the work in the background, if the photo was marked at all. */
  async function leaveTheRest(error: unknown): Promise<void> {
    const marked = isAppError(error, 'unavailable') && (await photoOf(deps, request)).withdrawn !== null
    if (!marked) throw error
  }
}

/** The story that one came from, and whose times are told. */
async function placeOf(
  deps: DeskDeps,
  session: SignedIn,
  request: FastifyRequest,
): Promise<{ story: DeskStory | null; timeZone: string }> {
  const { story: storyId = '' } = request.query as { story?: string }
  const role = (await roleEverywhere(deps, session))(storyId)
  const isRead = may({ id: session.actor.id, role }, 'desk:read')
  const story = isId(storyId) && isRead ? await deps.reads.story(storyId) : null
  return { story, timeZone: story?.timeZone ?? deps.timeZone }
}

async function shownTo(deps: DeskDeps, session: SignedIn, { shownIn, ...photo }: PhotoSheet): Promise<ShownPhoto> {
  const { posts, others } = await knownOf(deps, session, shownIn)
  return { ...photo, shownIn: posts, others }
}

/** Throws `not_found`. */
async function photoOf(deps: DeskDeps, request: FastifyRequest): Promise<PhotoSheet> {
  const { photoId = '' } = request.params as { photoId?: string }
  const photo = isId(photoId) ? await deps.reads.photoSheet(photoId) : null
  if (!photo) throw new AppError('not_found', 'There is no such photo.')
  return photo
}
