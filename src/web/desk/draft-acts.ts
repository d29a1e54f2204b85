// Unpublished posts: the page of one, and what leads out of it: save, submit, approve, send back, schedule, embargo, publish.
// Called through the route table.
// Never lets a stale text overwrite another, and never loses a typed one: each act saves the text first, or gives it back.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PostContent } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { may } from '../../domain/permission.ts'
import { isDiscarded } from '../../domain/post.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { embargoPost } from '../../newsroom/embargo-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { schedulePost } from '../../newsroom/schedule-post.ts'
import { sendBackPost } from '../../newsroom/send-back-post.ts'
import { submitPost } from '../../newsroom/submit-post.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { autosavedOf, autosaveIn, openedWords } from './autosaved.ts'
import { takingClip } from './clip.ts'
import { contentBefore } from './content-before.ts'
import {
  backToStory,
  type DeskDeps,
  type DoneKey,
  doneOf,
  isResumed,
  lookOf,
  postOf,
  requireOwnForm,
  sendAgain,
  shellOf,
  signedIn,
  storyOf,
} from './deps.ts'
import { type Breaking, type DraftForm, draftFormFrom, draftFormOf, momentOf, withSavedText } from './draft-form.ts'
import { approve, breakEmbargoRoute, sendBreakPage } from './embargo-acts.ts'
import { type FieldProblems, fieldsOf } from './field-problems.ts'
import { mediaOf } from './media.ts'
import { threadOf } from './notes.ts'
import { photoLost } from './photo.ts'
import { formOfAutosave, keyEventFrom, readContent, sameButMedia } from './post-form.ts'
import { sendDeskPage } from './send.ts'
import { type Autosaved, NO_AUTOSAVED } from './views/autosaved.ts'
import { type DraftRights, draftPage, draftPath } from './views/draft.ts'
import type { Thread } from './views/notes.ts'
import { editPage, gonePage } from './views/post.ts'
import type { Notice } from './views/shell.ts'

/** One form on its way. `saved`: the post with the text of the form in it, once that is done. */
type Work = {
  deps: DeskDeps
  session: SignedIn
  body: FormBody
  story: DeskStory
  form: DraftForm
  reply: FastifyReply
  saved: DeskPost | null
}

type Step = (work: Work) => Promise<FastifyReply>

export function draftRoutes(deps: DeskDeps): Route[] {
  const drafts = '/desk/stories/:storyId/drafts'
  const act = (part: string, access: Route['access'], step: Step): Route => ({
    method: 'POST',
    url: `${drafts}/:postId${part}`,
    access,
    object: 'post',
    handler: takingClip(deps, (request, reply) => run(deps, request, reply, step)),
  })
  return [
    {
      method: 'POST',
      url: drafts,
      access: 'post:draft',
      object: 'story',
      handler: takingClip(deps, (request, reply) => run(deps, request, reply, saveNew)),
    },
    {
      method: 'GET',
      url: `${drafts}/:postId`,
      access: 'post:read-drafts',
      object: 'post',
      handler: (request, reply) => show(deps, request, reply),
    },
    act('', 'post:draft', save),
    act('/submit', 'post:draft', submit),
    act('/publish', 'post:publish', publish),
    act('/approve', 'post:review', approveDraft),
    act('/send-back', 'post:review', sendBack),
    act('/schedule', 'post:schedule', schedule),
    act('/unschedule', 'post:schedule', unschedule),
    act('/embargo', 'post:schedule', embargo),
    act('/lift-embargo', 'post:schedule', lift),
    breakEmbargoRoute(deps, `${drafts}/:postId/break-embargo`),
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  const post = await readableDraft(deps, session, request)
  if (isDiscarded(post)) throw new AppError('not_found', 'This draft was discarded, or moved to another story.')
  const asked = autosaveIn(request)
  if (post.state === 'published' || post.state === 'withdrawn')
    return reply.redirect(`/desk/stories/${story.id}/posts/${post.id}${asked ? `?autosave=${asked}` : ''}`, 303)
  const autosaved = await autosavedOf(deps, session.actor, post, asked)
  const { open } = autosaved
  const form = draftFormOf(post, story)
  const filled = open ? { ...form, post: { ...formOfAutosave(post, open), revision: post.revision } } : form
  const said = { told: doneOf(request), error: null, ...openedWords(asked, open, post) }
  const conflict = open !== null && open.revision !== post.revision
  const thread = await threadOf(deps, session.actor, post)
  return sendDeskPage(reply, pageOf(deps, session, { ...said, story, post, form: filled, conflict, autosaved, thread }))
}

async function run(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply, step: Step): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const { postId: addressed } = request.params as { postId?: string }
  if (addressed !== undefined) await readableDraft(deps, session, request)
  const postId = addressed ?? field(body, 'postId')
  const work: Work = { deps, session, body, story, form: draftFormFrom(body, postId), reply, saved: null }
  const told = lookOf(session, body)
  if (isResumed(body)) return sendDeskPage(reply, await pageAgain(work, null, told))
  try {
    requireOwnForm(session, body)
    if (!told) return await step(work)
    await contentFrom(work)
    return sendDeskPage(reply, await pageAgain(work, null, told))
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, (error) => pageAgain(work, error, null))
  }
}

/** From the form of a new post: the next one is begun on the story's page. */
const saveNew: Step = async (work) => {
  const saved = await saveText(work)
  if (field(work.body, 'then') === 'submit') return submitted(work, saved)
  return backToStory(work.reply, work.story.id, 'saved', saved.id)
}

const save: Step = async (work) => backToDraft(work, await saveText(work), 'saved')

const submit: Step = async (work) => submitted(work, await saveText(work))

async function submitted({ deps, session, story, reply }: Work, saved: DeskPost): Promise<FastifyReply> {
  await submitPost(deps.desk, session.actor, story.id, saved.id, saved.revision)
  return backToStory(reply, story.id, 'submitted', saved.id)
}

/** The text of the form and its publication are one act; only an embargo in the way makes them two. */
const publish: Step = async (work) => {
  const { deps, session, story, reply } = work
  const content = await contentFrom(work)
  const { postId, revision } = work.form.post
  const keyEvent = keyEventFrom(work.form.post)
  try {
    await publishPost(deps.desk, session.actor, story.id, { postId, content, keyEvent, revision })
  } catch (error) {
    if (isEmbargo(error)) return askToBreak(work, { act: 'publish', embargo: null })
    // Sent twice: the first one did it. Its photo came in under another id, so the store could not tell.
    const current = isAppError(error, 'conflict') ? await deps.reads.post(story.id, postId) : null
    if (current?.state !== 'published' || !sameButMedia(current.content, content)) throw error
  }
  return backToStory(reply, story.id, 'published', postId)
}

const approveDraft: Step = async (work) => {
  const { deps, session, reply } = work
  const saved = await saveText(work)
  try {
    await approve(deps, session, saved, false)
  } catch (error) {
    if (isEmbargo(error)) return askToBreak(work, { act: 'approve', embargo: null })
    throw error
  }
  return backToStory(reply, saved.storyId, 'published', saved.id)
}

const sendBack: Step = async (work) => {
  const { deps, session, story, form, reply } = work
  const saved = await saveText(work)
  await sendBackPost(deps.desk, session.actor, story.id, saved.id, form.deskNote)
  return backToStory(reply, story.id, 'sent-back', saved.id)
}

/** Where the clock shows the time twice, the first one: late news is the worse mistake. */
const schedule: Step = async (work) => {
  const { deps, session, story, form } = work
  const release = { at: momentOf(form.release, 'first'), zone: form.release.zone }
  const saved = await saveText(work)
  await schedulePost(deps.desk, session.actor, story.id, saved.id, { revision: saved.revision, release })
  return backToDraft(work, saved, 'scheduled')
}

const unschedule: Step = async (work) => {
  const { deps, session, story } = work
  const saved = await saveText(work)
  await schedulePost(deps.desk, session.actor, story.id, saved.id, { revision: saved.revision, release: null })
  return backToDraft(work, saved, 'unscheduled')
}

/** Where the clock shows the time twice, the last one: an embargo must hold. */
const embargo: Step = async (work) => {
  const { form } = work
  return setEmbargo(work, { until: momentOf(form.embargo, 'last'), zone: form.embargo.zone }, 'embargoed')
}

const lift: Step = (work) => setEmbargo(work, null, 'embargo-lifted')

async function setEmbargo(work: Work, wanted: Breaking['embargo'], done: DoneKey): Promise<FastifyReply> {
  const { deps, session, story } = work
  const saved = await saveText(work)
  try {
    await embargoPost(deps.desk, session.actor, story.id, saved.id, { embargo: wanted })
  } catch (error) {
    const breaks = isEmbargo(error) || isAppError(error, 'forbidden') || isAppError(error, 'step_up')
    if (breaks) return askToBreak(work, { act: 'embargo', embargo: wanted })
    throw error
  }
  return backToDraft(work, saved, done)
}

function isEmbargo(error: unknown): boolean {
  return isAppError(error, 'conflict') && (error.details as { embargo?: unknown } | undefined)?.embargo !== undefined
}

/** The text is saved first, so that the second page has nothing to carry. Throws `forbidden`. */
async function askToBreak(work: Work, breaking: Breaking): Promise<FastifyReply> {
  const { deps, session, story, reply } = work
  const post = work.saved ?? (await saveText(work))
  if (!may(session.actor, 'post:break-embargo', post.createdBy))
    throw new AppError('forbidden', 'This post is under embargo, and your role does not allow breaking it.')
  return sendBreakPage(reply, { shell: shellOf(deps, session), story, post, breaking, error: null })
}

/** The stored post with the form's text in it. Twice is as once. */
async function saveText(work: Work): Promise<DeskPost> {
  const { deps, session, story } = work
  const content = await contentFrom(work)
  const { postId, revision } = work.form.post
  const keyEvent = keyEventFrom(work.form.post)
  try {
    await saveDraft(deps.desk, session.actor, story.id, { postId, revision, content, keyEvent })
  } catch (error) {
    // Sent twice with a photo, which each time comes in under another id.
    const current = isAppError(error, 'conflict') ? await deps.reads.post(story.id, postId) : null
    const repeated = current?.revision === revision + 1 && sameButMedia(current.content, content)
    if (!repeated || current.state === 'published' || current.state === 'withdrawn') throw error
  }
  const saved = await deps.reads.post(story.id, postId)
  if (!saved) throw new AppError('not_found', 'There is no such post in this story.')
  work.saved = saved
  return saved
}

async function contentFrom(work: Work): Promise<PostContent> {
  const { deps, session, story, body, form } = work
  const taken = await mediaOf(deps, session.actor, body, form.post, (post) => {
    work.form = { ...form, post }
  })
  const { post } = work.form
  return readContent(post, await contentBefore(deps, session.actor, story.id, post), taken)
}

function backToDraft({ reply, story }: Work, post: DeskPost, done: DoneKey): FastifyReply {
  return reply.redirect(`${draftPath(story.id, post.id)}?done=${done}`, 303)
}

/** A text that was saved before something else failed is shown as it is stored; else as it was typed. */
async function pageAgain(work: Work, error: AppError | null, told: Notice | null): Promise<SafeHtml> {
  const { deps, session, story, body, saved, form: typed } = work
  const post = await deps.reads.post(story.id, typed.post.postId)
  if (post && post.storyId === story.id && !may(session.actor, 'post:read-drafts', post.createdBy))
    throw error ?? new AppError('not_found', 'There is no such post in this story.')
  const form = saved && post?.revision === saved.revision ? withSavedText(typed, saved) : typed
  const conflict = post !== null && post.revision !== form.post.revision
  const again = { ...form, post: { ...form.post, revision: post?.revision ?? 0 } }
  const lost = !saved && photoLost(body, form.post)
  const shell = shellOf(deps, session)
  const autosaved = post ? await autosavedOf(deps, session.actor, post, form.post.autosave) : NO_AUTOSAVED
  if (post?.state === 'withdrawn') {
    const mayPublish = may(session.actor, 'post:publish', session.actor.id)
    const gone = { ...form.post, postId: deps.newId() }
    return gonePage({ shell, story, post, form: gone, photoLost: lost, mayPublish, autosaved })
  }
  const said = { told, error: error?.message ?? null, problems: error ? fieldsOf(error) : {} }
  if (post?.state === 'published')
    return editPage({
      ...said,
      shell,
      story,
      post,
      form: again.post,
      conflict,
      askNote: false,
      photoLost: lost,
      autosaved,
    })
  const view = { ...said, story, post, form: again, saved: saved !== null, autosaved }
  return pageOf(deps, session, { ...view, conflict, photoLost: lost })
}

type Page = {
  story: DeskStory
  post: DeskPost | null
  form: DraftForm
  told: Notice | null
  error: string | null
  problems?: FieldProblems
  saved?: boolean
  conflict?: boolean
  photoLost?: boolean
  autosaved: Autosaved
  thread?: Thread
}

function pageOf(deps: DeskDeps, session: SignedIn, page: Page): SafeHtml {
  const { problems = {}, saved = false, conflict = false, photoLost: lost = false } = page
  const rights = draftRightsOf(session, page.story, page.post, deps.now())
  return draftPage({ ...page, shell: shellOf(deps, session), rights, problems, saved, conflict, photoLost: lost })
}

/** What is scheduled goes out by itself: its text takes the right to schedule it. */
function draftRightsOf(
  { actor }: SignedIn,
  { withdrawnAt }: DeskStory,
  post: DeskPost | null,
  now: number,
): DraftRights {
  const ownerId = post?.createdBy ?? actor.id
  const schedule = may(actor, 'post:schedule', ownerId)
  return {
    save: withdrawnAt === null && may(actor, 'post:draft', ownerId) && (post?.state !== 'scheduled' || schedule),
    publish: may(actor, 'post:publish', ownerId),
    review: may(actor, 'post:review', ownerId),
    schedule,
    release: (post?.embargo?.until ?? 0) <= now || may(actor, 'post:break-embargo', ownerId),
  }
}

/** A draft that one may not read is absent. Throws `not_found`. */
async function readableDraft(deps: DeskDeps, { actor }: SignedIn, request: FastifyRequest): Promise<DeskPost> {
  const post = await postOf(deps, request)
  if (!may(actor, 'post:read-drafts', post.createdBy))
    throw new AppError('not_found', 'There is no such post in this story.')
  return post
}
