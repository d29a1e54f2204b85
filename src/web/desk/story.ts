// The desk of one story, and publishing a new post in it.
// Called through the route table.
// Never publishes one form twice: the post's id was made when the form was.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PostContent } from '../../domain/content.ts'
import { UNDO_MS } from '../../domain/decide-draft.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, may } from '../../domain/permission.ts'
import { bylineOf } from '../../domain/plain-fields.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { autosavedOf } from './autosaved.ts'
import { takingClip } from './clip.ts'
import { contentBefore } from './content-before.ts'
import {
  backToStory,
  type DeskDeps,
  doneOf,
  isResumed,
  lookOf,
  requireOwnForm,
  rightsOf,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
  waitingIn,
} from './deps.ts'
import { fieldsOf } from './field-problems.ts'
import { isPlain, programFor } from './live-desk.ts'
import { mediaOf } from './media.ts'
import { photoLost } from './photo.ts'
import { emptyForm, formFromBody, keyEventFrom, type PostForm, readContent, sameButMedia } from './post-form.ts'

import { sendDeskPage, sendLiveDesk } from './send.ts'
import { twinOf } from './twin.ts'
import { editPage } from './views/post.ts'
import { type StoryView, storyPage } from './views/story.ts'

const PAGE = 40 // posts
const MAX_TOLD = 1_000 // posts of which a few numbers are read

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
      handler: takingClip(deps, (request, reply) => publish(deps, request, reply)),
    },
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const { before, done, post } = request.query as { before?: string; done?: string; post?: string }
  const undo = done === 'published' ? post : undefined
  const form = { ...emptyForm(deps.newId()), byline: bylineOf(session.actor.name) }
  const program = before === undefined ? programFor(deps, request, session) : null
  const page = await pageOf(deps, session, story, form, {
    ...{ before, undo, done: doneOf(request), program },
    offerLive: deps.program !== null && isPlain(request),
  })
  return program ? sendLiveDesk(reply, page) : sendDeskPage(reply, page)
}

async function publish(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  let form = formFromBody(body, field(body, 'postId'))
  const told = lookOf(session, body)
  const again = (extras: Extras) =>
    pageOf(deps, session, story, form, { told, photoLost: photoLost(body, form), ...extras })
  if (isResumed(body)) return sendDeskPage(reply, await again({}))
  try {
    requireOwnForm(session, body)
    const before = await contentBefore(deps, session.actor, story.id, form)
    if (form.from !== '' && before === null)
      throw new AppError('conflict', 'The post this text comes from is no longer here. Take out its pictures.')
    const taken = await mediaOf(deps, session.actor, body, form, (next) => {
      form = next
    })
    const content = readContent(form, before, taken)
    if (told) return sendDeskPage(reply, await again({}))
    const meant = field(body, 'again') !== ''
    const twin = meant ? null : await twinOf(deps, session.actor, story, form, content)
    if (twin) return sendDeskPage(reply, await again({ twin }), 409)
    if (!(await publishOnce(deps, session, story, form, content)))
      return sendDeskPage(reply, await revisionOffered(deps, session, story, form), 409)
    return backToStory(reply, story.id, 'published', form.postId)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, (error) =>
      again({ error: error.message, problems: fieldsOf(error), told: null }),
    )
  }
}

/** False: the post of this id is published with another text. Sent twice: the first one did it. */
async function publishOnce(
  deps: DeskDeps,
  { actor }: SignedIn,
  story: DeskStory,
  form: PostForm,
  content: PostContent,
): Promise<boolean> {
  const { postId } = form
  try {
    await publishPost(deps.desk, actor, story.id, { postId, content, keyEvent: keyEventFrom(form) })
    return true
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error
    // Its photo came in under another id, so the store could not tell.
    const published = await deps.reads.post(story.id, postId)
    if (published?.state !== 'published') throw error
    return sameButMedia(published.content, content)
  }
}

/** Throws `not_found`. */
async function revisionOffered(deps: DeskDeps, session: SignedIn, story: DeskStory, form: PostForm): Promise<SafeHtml> {
  const post = await deps.reads.post(story.id, form.postId)
  if (!post) throw new AppError('not_found', 'There is no such post in this story.')
  return editPage({
    shell: shellOf(deps, session),
    story,
    post,
    form: { ...form, revision: post.revision },
    error: 'This post was published already, with another text.',
    problems: {},
    told: null,
    conflict: true,
    askNote: false,
    photoLost: false,
    autosaved: await autosavedOf(deps, session.actor, post, form.autosave),
  })
}

/** The post just published, while its publication can be undone. The act asks the clock of the database. */
function undoable(deps: DeskDeps, actor: Actor, posts: readonly DeskPost[], postId: string): string | null {
  const post = posts.find(({ id, state }) => id === postId && state === 'published')
  if (!post || post.updatedAt !== null || !may(actor, 'post:publish', post.createdBy)) return null
  return deps.now() - (post.publishedAt ?? 0) <= UNDO_MS ? post.id : null
}

type Extras = { before?: string | undefined; undo?: string | undefined } & Partial<
  Pick<StoryView, 'done' | 'told' | 'error' | 'problems' | 'twin' | 'photoLost' | 'program' | 'offerLive'>
>

async function pageOf(
  deps: DeskDeps,
  session: SignedIn,
  story: DeskStory,
  form: PostForm,
  { before: asked, ...extras }: Extras,
): Promise<SafeHtml> {
  const before = asked !== undefined && isId(asked) ? asked : undefined
  const { actor } = session
  const draftsOf = may(actor, 'post:read-drafts') ? undefined : actor.id
  const posts = await deps.reads.posts(story.id, { after: before, limit: PAGE + 1, draftsOf })
  const shown = posts.slice(0, PAGE)
  const next = story.continuedBy === null ? null : await deps.reads.story(story.continuedBy)
  return storyPage({
    shell: shellOf(deps, session),
    story,
    posts: shown,
    waiting: await waitingIn(deps, session, story.id),
    nextWithdrawn: (next?.withdrawnAt ?? null) !== null,
    rights: rightsOf(session.actor),
    shift: (await deps.notes.ofShifts(story.id))[0] ?? null,
    notes: await deps.notes.counts(story.id),
    attention: new Map((await deps.attention.ofStory(story.id, MAX_TOLD)).map((one) => [one.postId, one])),
    form,
    older: posts.length > PAGE ? (shown.at(-1)?.id ?? null) : null,
    ...{
      done: null,
      told: null,
      error: null,
      problems: {},
      twin: null,
      photoLost: false,
      program: null,
      offerLive: false,
    },
    ...extras,
    undo: extras.undo === undefined ? null : undoable(deps, actor, shown, extras.undo),
  })
}
