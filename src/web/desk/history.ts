// The history of a post: its revisions, what changed between two of them, and restoring an earlier text.
// Called through the route table.
// Never rewrites history: restoring is saving, revising or correcting, with the earlier text.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { diffContent } from '../../domain/content-diff.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { type Actor, may } from '../../domain/permission.ts'
import { MAX_REVISION } from '../../domain/post.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  doneOf,
  lookOf,
  postOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { sendDeskPage } from './send.ts'
import { draftPath } from './views/draft.ts'
import { type HistoryView, historyPage } from './views/history.ts'

const MAX_SHOWN = 200 // revisions, the newest ones; one more is reached by its number in the address

export function historyRoutes(deps: DeskDeps): Route[] {
  const url = '/desk/stories/:storyId/posts/:postId'
  return [
    {
      method: 'GET',
      url: `${url}/history`,
      access: 'post:read-drafts',
      object: 'post',
      handler: (request, reply) => show(deps, request, reply),
    },
    {
      method: 'POST',
      url: `${url}/restore`,
      access: 'post:draft',
      object: 'post',
      handler: (request, reply) => restore(deps, request, reply),
    },
  ]
}

type At = { session: SignedIn; story: DeskStory; post: DeskPost }

/** Revisions hold what was never public: they are for who reads drafts, or made the post. Throws `not_found`. */
async function atPost(deps: DeskDeps, request: FastifyRequest): Promise<At> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  if (!may(session.actor, 'post:read-drafts', post.createdBy))
    throw new AppError('not_found', 'There is no such post in this story.')
  return { session, story, post }
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const at = await atPost(deps, request)
  const query = request.query as { from?: unknown; to?: unknown }
  return sendDeskPage(reply, await pageOf(deps, at, { ...rangeOf(at.post, query), told: doneOf(request) }))
}

/** `to` alone: what that revision changed. `from` alone: against the text now. Neither: what the last one changed. */
function rangeOf({ revision }: DeskPost, query: { from?: unknown; to?: unknown }): { from: number; to: number } {
  const to = numberIn(query.to) ?? revision
  return { from: numberIn(query.from) ?? to - 1, to }
}

function numberIn(given: unknown): number | null {
  const number = typeof given === 'string' && /^\d{1,10}$/.test(given) ? Number(given) : null
  return number !== null && number <= MAX_REVISION ? number : null
}

type Said = { from: number; to: number } & Partial<Pick<HistoryView, 'told' | 'error' | 'note'>>

async function pageOf(deps: DeskDeps, { session, story, post }: At, said: Said): Promise<SafeHtml> {
  const { from, to } = said
  const before = from === 0 ? null : await deps.reads.contentAt(post.id, from)
  const after = await deps.reads.contentAt(post.id, to)
  const isKept = after !== null && (from === 0 || before !== null)
  const revisions = (await deps.lists.revisions(post.id)).reverse().slice(0, MAX_SHOWN)
  return historyPage({
    ...{ shell: shellOf(deps, session), story, post, revisions, note: '', told: null, error: null },
    ...said,
    diff: isKept ? diffContent(before, after) : null,
    restores: restoresOf(session.actor, story, post),
  })
}

function restoresOf(actor: Actor, story: DeskStory, post: DeskPost): HistoryView['restores'] {
  if (story.withdrawnAt !== null || post.state === 'withdrawn') return null
  if (post.state === 'published') return may(actor, 'post:change', post.createdBy) ? 'published' : null
  const held = post.state === 'scheduled' && !may(actor, 'post:schedule', post.createdBy)
  return may(actor, 'post:draft', post.createdBy) && !held ? 'draft' : null
}

async function restore(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const body = await readForm(request)
  const at = await atPost(deps, request)
  const { session, story, post } = at
  const from = numberIn(field(body, 'revision')) ?? 0
  const again = (said: Partial<Said>) =>
    pageOf(deps, at, { from, to: post.revision, note: field(body, 'note'), ...said })
  const told = lookOf(session, body)
  if (told) return sendDeskPage(reply, await again({ told }))
  try {
    requireOwnForm(session, body)
    const done = await restoreText(deps, at, from, body)
    if (done === 'saved') return reply.redirect(`${draftPath(story.id, post.id)}?done=restored`, 303)
    return backToStory(reply, story.id, done, post.id)
  } catch (thrown) {
    const error = isAppError(thrown, 'conflict')
      ? 'Somebody changed this post meanwhile. Look at the difference again.'
      : null
    return sendAgain(deps, reply, thrown, ({ message }) => again({ error: error ?? message }))
  }
}

/** Throws `invalid`, `forbidden`, `conflict`. */
async function restoreText(
  { desk, reads }: DeskDeps,
  { session: { actor }, story, post }: At,
  from: number,
  body: FormBody,
): Promise<'saved' | 'revised' | 'corrected'> {
  const content = from === 0 ? null : await reads.contentAt(post.id, from)
  if (!content) throw new AppError('invalid', 'There is no such revision.')
  const revision = numberIn(field(body, 'seen')) ?? -1
  const way = field(body, 'way')
  if (way === 'draft') await saveDraft(desk, actor, story.id, { postId: post.id, revision, content })
  else if (way === 'correct')
    await correctPost(desk, actor, story.id, post.id, { revision, content, note: field(body, 'note') })
  else if (way === 'revise') await revisePost(desk, actor, story.id, post.id, { revision, content })
  else throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  return way === 'draft' ? 'saved' : way === 'revise' ? 'revised' : 'corrected'
}
