// One published post: the page to edit it, revising and correcting.
// Called through the route table.
// Never overwrites what another editor published meanwhile, unless the editor has seen it.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PostContent } from '../../domain/content.ts'
import type { Receipt } from '../../domain/decision.ts'
import { type AppError, isAppError } from '../../domain/error.ts'
import { may } from '../../domain/permission.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { autosavedOf, autosaveIn, openedWords } from './autosaved.ts'
import { takingClip } from './clip.ts'
import { contentBefore } from './content-before.ts'
import {
  backToStory,
  type DeskDeps,
  isResumed,
  lookOf,
  postOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { fieldsOf } from './field-problems.ts'
import { mediaOf } from './media.ts'
import { threadOf } from './notes.ts'
import { photoLost } from './photo.ts'
import {
  formFromBody,
  formOfAutosave,
  formOfPost,
  keyEventFrom,
  type PostForm,
  readContent,
  sameButMedia,
} from './post-form.ts'
import { sendDeskPage } from './send.ts'
import { NO_AUTOSAVED } from './views/autosaved.ts'
import { type EditView, editPage, gonePage } from './views/post.ts'

type Way = 'revise' | 'correct'

export function postRoutes(deps: DeskDeps): Route[] {
  const url = '/desk/stories/:storyId/posts/:postId'
  const change = (way: Way): Route => ({
    method: 'POST',
    url: `${url}/${way}`,
    access: 'post:change',
    object: 'post',
    handler: takingClip(deps, (request, reply) => save(deps, way, request, reply)),
  })
  return [
    {
      method: 'GET',
      url,
      access: 'post:change',
      object: 'post',
      handler: (request, reply) => show(deps, request, reply),
    },
    change('revise'),
    change('correct'),
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  if (post.state !== 'published' && post.state !== 'withdrawn')
    return reply.redirect(`/desk/stories/${story.id}/drafts/${post.id}`, 303)
  const asked = autosaveIn(request)
  const autosaved = await autosavedOf(deps, session.actor, post, asked)
  const form = autosaved.open ? formOfAutosave(post, autosaved.open) : formOfPost(post)
  const said = openedWords(asked, autosaved.open, post)
  const thread = await threadOf(deps, session.actor, post)
  return sendDeskPage(reply, pageOf(deps, session, story, post, form, { ...said, autosaved, thread }))
}

async function save(deps: DeskDeps, way: Way, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  let form = formFromBody(body, post.id)
  const told = lookOf(session, body)
  const again = (extras: Extras) =>
    pageAgain(deps, session, story, form, { photoLost: photoLost(body, form), ...extras })
  if (isResumed(body)) return sendDeskPage(reply, await again({ told }))
  try {
    requireOwnForm(session, body)
    const taken = await mediaOf(deps, session.actor, body, form, (next) => {
      form = next
    })
    const content = readContent(form, await contentBefore(deps, session.actor, story.id, form), taken)
    if (told) return sendDeskPage(reply, await again({ told }))
    if (way === 'revise' && form.note.trim() !== '' && field(body, 'noteless') === '')
      return sendDeskPage(
        reply,
        await again({ error: 'You wrote a note: correct, or revise without it?', askNote: true }),
        409,
      )
    const receipt = await act(deps, way, session, post, form, content).catch((error) =>
      sentTwice(deps, post, form, taken.photo !== null || taken.clip !== null, content, error),
    )
    // Done before, and not by this very form: its revision is still the latest.
    const unchanged = receipt?.repeated && post.revision === form.revision
    return backToStory(reply, story.id, unchanged ? 'unchanged' : way === 'revise' ? 'revised' : 'corrected', post.id)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, (error: AppError) =>
      again({ error: error.message, problems: fieldsOf(error) }),
    )
  }
}

function act(
  deps: DeskDeps,
  way: Way,
  { actor }: SignedIn,
  post: DeskPost,
  form: PostForm,
  content: PostContent,
): Promise<Receipt> {
  const { revision, note } = form
  const input = { revision, content, keyEvent: keyEventFrom(form) }
  if (way === 'correct') return correctPost(deps.desk, actor, post.storyId, post.id, { ...input, note })
  return revisePost(deps.desk, actor, post.storyId, post.id, input)
}

/** With a file, which came in under another id: the first one did it. Else throws what the second one met. */
async function sentTwice(
  deps: DeskDeps,
  post: DeskPost,
  form: PostForm,
  file: boolean,
  content: PostContent,
  error: unknown,
): Promise<null> {
  const current = isAppError(error, 'conflict') ? await deps.reads.post(post.storyId, post.id) : null
  const repeated = current?.state === 'published' && file && sameButMedia(current.content, content)
  if (!repeated || current.revision !== form.revision + 1) throw error
  return null
}

type Extras = Partial<Pick<EditView, 'error' | 'problems' | 'told' | 'askNote' | 'photoLost' | 'autosaved' | 'thread'>>

/** The editor has now seen the published version, so sending again takes its place; the placeholders keep their meaning. */
async function pageAgain(
  deps: DeskDeps,
  session: SignedIn,
  story: DeskStory,
  form: PostForm,
  extras: Extras,
): Promise<SafeHtml> {
  const post = (await deps.reads.post(story.id, form.postId)) as DeskPost
  const autosaved = await autosavedOf(deps, session.actor, post, form.autosave)
  return pageOf(deps, session, story, post, form, { autosaved, ...extras })
}

function pageOf(
  deps: DeskDeps,
  session: SignedIn,
  story: DeskStory,
  post: DeskPost,
  form: PostForm,
  extras: Extras,
): SafeHtml {
  const shell = shellOf(deps, session)
  const lost = extras.photoLost ?? false
  const autosaved = extras.autosaved ?? NO_AUTOSAVED
  if (post.state !== 'published') {
    const mayPublish = may(session.actor, 'post:publish', session.actor.id)
    const again = { ...form, postId: deps.newId() }
    return gonePage({ shell, story, post, form: again, photoLost: lost, mayPublish, autosaved })
  }
  const conflict = post.revision !== form.revision
  const error = extras.error ?? (conflict ? 'Somebody changed this post meanwhile. Nothing was overwritten.' : null)
  const seen = { ...form, revision: post.revision }
  return editPage({
    ...{ shell, story, post, form: seen, conflict, photoLost: lost, error, autosaved },
    ...{ problems: extras.problems ?? {}, told: extras.told ?? null, askNote: extras.askNote ?? false },
    thread: extras.thread ?? null,
  })
}
