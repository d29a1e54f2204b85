// Breaking an embargo: the page that asks a second time, and what is done after the yes.
// Called by web/desk/draft-acts.ts.
// Never breaks one on the first press, nor for a text that somebody changed meanwhile.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isTimeZone } from '../../domain/story.ts'
import { approvePost } from '../../newsroom/approve-post.ts'
import { embargoPost } from '../../newsroom/embargo-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { backToStory, type DeskDeps, postOf, requireOwnForm, sendAgain, shellOf, signedIn, storyOf } from './deps.ts'
import { BREAKING_ACTS, type Breaking } from './draft-form.ts'
import { sendDeskPage } from './send.ts'
import { type BreakView, breakPage } from './views/break-embargo.ts'
import { draftPath } from './views/draft.ts'

export function breakEmbargoRoute(deps: DeskDeps, url: string): Route {
  return {
    method: 'POST',
    url,
    access: 'post:break-embargo',
    object: 'post',
    handler: (request, reply) => breakIt(deps, request, reply),
  }
}

/** Not an error, yet nothing was done: the same status as every act that the world stands against. */
export function sendBreakPage(reply: FastifyReply, view: BreakView): FastifyReply {
  return sendDeskPage(reply, breakPage(view), 409)
}

/** The text as it is stored at the revision that the editor read. */
export async function approve(deps: DeskDeps, session: SignedIn, post: DeskPost, breakEmbargo: boolean): Promise<void> {
  const { revision } = post
  await approvePost(deps.desk, session.actor, post.storyId, post.id, { revision, breakEmbargo })
}

async function breakIt(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  const breaking = breakingFrom(body)
  try {
    requireOwnForm(session, body)
    if (String(post.revision) !== field(body, 'revision'))
      throw new AppError('conflict', 'Somebody changed this post meanwhile. Read it again before you let it out.')
    await carryOut(deps, session, post, breaking)
  } catch (thrown) {
    const shell = shellOf(deps, session)
    return sendAgain(deps, reply, thrown, async ({ message }) =>
      breakPage({ shell, story, post, breaking, error: message }),
    )
  }
  return breaking.act === 'embargo'
    ? reply.redirect(`${draftPath(story.id, post.id)}?done=${breaking.embargo ? 'embargoed' : 'embargo-lifted'}`, 303)
    : backToStory(reply, story.id, 'published', post.id)
}

async function carryOut(deps: DeskDeps, session: SignedIn, post: DeskPost, breaking: Breaking): Promise<void> {
  const { actor } = session
  const { storyId, revision, content } = post
  const { embargo } = breaking
  const breakEmbargo = true
  if (breaking.act === 'approve') await approve(deps, session, post, breakEmbargo)
  else if (breaking.act === 'embargo') await embargoPost(deps.desk, actor, storyId, post.id, { embargo, breakEmbargo })
  else await publishPost(deps.desk, actor, storyId, { postId: post.id, content, revision, breakEmbargo })
}

function breakingFrom(body: FormBody): Breaking {
  const act = BREAKING_ACTS.find((one) => one === field(body, 'act'))
  const until = field(body, 'until')
  const zone = field(body, 'zone')
  if (!act || !/^\d{0,15}$/.test(until) || (until !== '' && !isTimeZone(zone)))
    throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  return { act, embargo: until === '' ? null : { until: Number(until), zone } }
}
