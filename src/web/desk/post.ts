// One published post: the page to edit it, revising and correcting.
// Called through the route table.
// Never overwrites what another editor published meanwhile, unless the editor has seen it.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { type PostContent, parseContent } from '../../domain/content.ts'
import { isAppError } from '../../domain/error.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { backToStory, type DeskDeps, postOf, requireOwnForm, sendAgain, shellOf, signedIn, storyOf } from './deps.ts'
import { photoLost, photoOf } from './photo.ts'
import { contentOf, formFromBody, formOfPost, type PostForm, sameButMedia } from './post-form.ts'
import { sendDeskPage } from './send.ts'
import { editPage } from './views/post.ts'

type Way = 'revise' | 'correct'

export function postRoutes(deps: DeskDeps): Route[] {
  const url = '/desk/stories/:storyId/posts/:postId'
  const change = (way: Way): Route => ({
    method: 'POST',
    url: `${url}/${way}`,
    access: 'post:change',
    object: 'post',
    handler: (request, reply) => save(deps, way, request, reply),
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
  const error = post.state === 'published' ? null : 'This post was withdrawn; it cannot be changed.'
  const shell = shellOf(deps, session)
  return sendDeskPage(
    reply,
    editPage({ shell, story, post, form: formOfPost(post), error, conflict: false, photoLost: false }),
  )
}

async function save(deps: DeskDeps, way: Way, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const post = await postOf(deps, request)
  let form = formFromBody(body, post.id)
  try {
    requireOwnForm(session, body)
    const taken = await photoOf(deps, session.actor, body, form)
    form = taken.form
    const content = parseContent(contentOf(form, await contentBefore(deps, post, form), taken.photo))
    try {
      await act(deps, way, session, post, form, content)
    } catch (error) {
      // Sent twice with a photo: the first one did it.
      const current = isAppError(error, 'conflict') ? await deps.reads.post(story.id, post.id) : null
      const repeated = current?.state === 'published' && taken.photo !== null && sameButMedia(current.content, content)
      if (!repeated || current.revision !== form.revision + 1) throw error
    }
    return backToStory(reply, story.id, way === 'revise' ? 'revised' : 'corrected', post.id)
  } catch (thrown) {
    const lost = photoLost(body, form)
    return sendAgain(deps, reply, thrown, (error) => pageAgain(deps, session, story, form, error.message, lost))
  }
}

function act(deps: DeskDeps, way: Way, { actor }: SignedIn, post: DeskPost, form: PostForm, content: PostContent) {
  const { revision, note } = form
  if (way === 'correct') return correctPost(deps.desk, actor, post.storyId, post.id, { revision, content, note })
  return revisePost(deps.desk, actor, post.storyId, post.id, { revision, content })
}

/** What the form's placeholders mean. A form of a new post, come here by a conflict, has none. */
async function contentBefore(deps: DeskDeps, post: DeskPost, form: PostForm): Promise<PostContent | null> {
  if (form.base === 0) return null
  return form.base === post.revision ? post.content : await deps.reads.contentAt(post.id, form.base)
}

/** The editor has now seen the published version, so sending again takes its place; the placeholders keep their meaning. */
async function pageAgain(
  deps: DeskDeps,
  session: SignedIn,
  story: DeskStory,
  form: PostForm,
  error: string,
  lost: boolean,
): Promise<SafeHtml> {
  const post = (await deps.reads.post(story.id, form.postId)) as DeskPost
  const conflict = post.revision !== form.revision
  const again = { ...form, revision: post.revision }
  return editPage({ shell: shellOf(deps, session), story, post, form: again, error, conflict, photoLost: lost })
}
