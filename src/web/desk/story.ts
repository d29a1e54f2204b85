// The desk of one story, and publishing a new post in it.
// Called through the route table.
// Never publishes one form twice: the post's id was made when the form was.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseContent } from '../../domain/content.ts'
import { UNDO_MS } from '../../domain/decide-draft.ts'
import { type AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, may } from '../../domain/permission.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  backToStory,
  type DeskDeps,
  doneWords,
  requireOwnForm,
  rightsOf,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { photoLost, photoOf } from './photo.ts'
import { contentOf, emptyForm, formFromBody, type PostForm, sameButMedia } from './post-form.ts'
import { sendDeskPage } from './send.ts'
import { editPage } from './views/post.ts'
import { storyPage } from './views/story.ts'

const PAGE = 40 // posts

export function storyRoutes(deps: DeskDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/desk/stories/:storyId',
      access: 'desk:read',
      object: 'story',
      handler: (request, reply) => show(deps, request, reply),
    },
    {
      method: 'POST',
      url: '/desk/stories/:storyId/posts',
      access: 'post:publish',
      object: 'story',
      handler: (request, reply) => publish(deps, request, reply),
    },
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const { before, done, post } = request.query as { before?: string; done?: string; post?: string }
  const undo = done === 'published' ? post : undefined
  const form = emptyForm(deps.newId())
  return sendDeskPage(reply, await pageOf(deps, session, story, form, { before, undo, message: doneWords(request) }))
}

async function publish(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  let form = formFromBody(body, field(body, 'postId'))
  try {
    requireOwnForm(session, body)
    const taken = await photoOf(deps, session.actor, body, form)
    form = taken.form
    const content = parseContent(contentOf(form, null, taken.photo))
    const keyEvent = form.keyEvent ? { title: form.keyEventTitle } : null
    try {
      await publishPost(deps.desk, session.actor, story.id, { postId: form.postId, content, keyEvent })
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error
      // Sent twice: the first one did it. Its photo came in under another id, so the store could not tell.
      const published = await deps.reads.post(story.id, form.postId)
      if (published?.state !== 'published') throw error
      if (!sameButMedia(published.content, content)) return sendAgain(deps, reply, error, offerRevision)
    }
    return backToStory(reply, story.id, 'published', form.postId)
  } catch (thrown) {
    const lost = photoLost(body, form)
    return sendAgain(deps, reply, thrown, (error) =>
      pageOf(deps, session, story, form, { error: error.message, photoLost: lost }),
    )
  }

  async function offerRevision(error: AppError): Promise<SafeHtml> {
    const post = await deps.reads.post(story.id, form.postId)
    if (!post) throw error
    const again = { ...form, revision: post.revision }
    const message = 'This post was published already, with another text.'
    return editPage({
      shell: shellOf(deps, session),
      story,
      post,
      form: again,
      error: message,
      conflict: true,
      photoLost: false,
    })
  }
}

/** The post just published, while its publication can be undone. The act asks the clock of the database. */
function undoable(deps: DeskDeps, actor: Actor, posts: readonly DeskPost[], postId: string): string | null {
  const post = posts.find(({ id, state }) => id === postId && state === 'published')
  if (!post || post.updatedAt !== null || !may(actor, 'post:publish', post.createdBy)) return null
  return deps.now() - (post.publishedAt ?? 0) <= UNDO_MS ? post.id : null
}

type Extras = { undo?: string; before?: string; message?: string | null; error?: string; photoLost?: boolean }

async function pageOf(
  deps: DeskDeps,
  session: SignedIn,
  story: DeskStory,
  form: PostForm,
  extras: Extras,
): Promise<SafeHtml> {
  const before = extras.before !== undefined && isId(extras.before) ? extras.before : undefined
  const { actor } = session
  const draftsOf = may(actor, 'post:read-drafts') ? undefined : actor.id
  const posts = await deps.reads.posts(story.id, { before, limit: PAGE + 1, draftsOf })
  const shown = posts.slice(0, PAGE)
  return storyPage({
    shell: shellOf(deps, session),
    story,
    posts: shown,
    rights: rightsOf(session.actor),
    form,
    older: posts.length > PAGE ? (shown.at(-1)?.id ?? null) : null,
    message: extras.message ?? null,
    undo: extras.undo === undefined ? null : undoable(deps, actor, shown, extras.undo),
    error: extras.error ?? null,
    photoLost: extras.photoLost ?? false,
  })
}
