// Notes for the desk: the thread beside a post, and the note for the next shift of a story.
// Called through the route table.
// Never loses what was typed: a refusal gives it back in its form.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayReadPost } from '../../domain/desk-visible.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, may } from '../../domain/permission.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { addNote } from '../../newsroom/add-note.ts'
import { deleteNote } from '../../newsroom/delete-note.ts'
import { setShiftNote } from '../../newsroom/set-shift-note.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import {
  type DeskDeps,
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
import { sendDeskPage } from './send.ts'
import { notesPage, notesPath, type ShiftView, shiftNotePage, shiftNotePath, type Thread } from './views/notes.ts'
import type { Notice } from './views/shell.ts'

const NOTES = '/desk/stories/:storyId/posts/:postId/notes'
const SHIFT = '/desk/stories/:storyId/shift-note'

type Handler = (deps: DeskDeps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function noteRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', url: string, access: Route['access'], handler: Handler): Route => ({
    ...{ method, url, access, object: url === SHIFT ? 'story' : 'post' },
    handler: (request, reply) => handler(deps, request, reply),
  })
  return [
    route('GET', NOTES, 'desk:read', showNotes),
    route('POST', NOTES, 'post:draft', add),
    route('POST', `${NOTES}/:noteId/delete`, 'post:draft', takeAway),
    route('GET', SHIFT, 'desk:read', showShiftNote),
    route('POST', SHIFT, 'post:draft', saveShiftNote),
  ]
}

/** The thread of a post as this person may use it. */
export async function threadOf(deps: DeskDeps, actor: Actor, post: DeskPost): Promise<Thread> {
  const mayWrite = may(actor, 'post:draft', actor.id)
  return {
    notes: await deps.notes.ofPost(post.storyId, post.id),
    newId: deps.newId(),
    mayWrite,
    mayDelete: ({ by }) => mayWrite && (by.id === actor.id || may(actor, 'post:review')),
  }
}

async function readablePost(deps: DeskDeps, { actor }: SignedIn, request: FastifyRequest): Promise<DeskPost> {
  const post = await postOf(deps, request)
  if (!mayReadPost(actor, post)) throw new AppError('not_found', 'There is no such post in this story.')
  return post
}

async function showNotes(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  return sendDeskPage(reply, await threadPage(deps, session, request, { told: doneOf(request) }))
}

type Said = { told?: Notice | null; error?: string; text?: string; newId?: string }

async function threadPage(
  deps: DeskDeps,
  session: SignedIn,
  request: FastifyRequest,
  { told = null, error, text = '', newId }: Said,
): Promise<SafeHtml> {
  const story = await storyOf(deps, request)
  const post = await readablePost(deps, session, request)
  const thread = await threadOf(deps, session.actor, post)
  const shell = shellOf(deps, session)
  return notesPage({
    shell,
    story,
    post,
    thread: { ...thread, newId: newId ?? thread.newId },
    told,
    error: error ?? null,
    text,
  })
}

async function add(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const post = await readablePost(deps, session, request)
  const text = field(body, 'noteText')
  const given = field(body, 'noteId')
  const noteId = isId(given) ? given : deps.newId()
  const again = (said: Said) => threadPage(deps, session, request, { text, newId: noteId, ...said })
  const told = lookOf(session, body)
  if (told || isResumed(body)) return sendDeskPage(reply, await again({ told }))
  try {
    requireOwnForm(session, body)
    await addNote(deps.desk, session.actor, post.storyId, post.id, { id: noteId, text })
    return reply.redirect(`${notesPath(post.storyId, post.id)}?done=noted`, 303)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => again({ error: message }))
  }
}

async function takeAway(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const post = await readablePost(deps, session, request)
  const { noteId = '' } = request.params as { noteId?: string }
  try {
    requireOwnForm(session, body)
    await deleteNote(deps.desk, session.actor, post.storyId, post.id, noteId)
    return reply.redirect(`${notesPath(post.storyId, post.id)}?done=note-gone`, 303)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => threadPage(deps, session, request, { error: message }))
  }
}

async function showShiftNote(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  return sendDeskPage(reply, await shiftPage(deps, session, request, { told: doneOf(request) }))
}

async function shiftPage(
  deps: DeskDeps,
  session: SignedIn,
  request: FastifyRequest,
  said: Partial<Pick<ShiftView, 'told' | 'error' | 'conflict'>> & { text?: string },
): Promise<SafeHtml> {
  const story = await storyOf(deps, request)
  const notes = await deps.notes.ofShifts(story.id)
  const [current] = notes
  const { text = current?.text ?? '', told = null, error = null, conflict = false } = said
  const mayWrite = may(session.actor, 'post:draft', session.actor.id)
  const form = { revision: current?.revision ?? 0, text }
  return shiftNotePage({ shell: shellOf(deps, session), story, notes, form, mayWrite, conflict, error, told })
}

async function saveShiftNote(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const story = await storyOf(deps, request)
  const text = field(body, 'text')
  const told = lookOf(session, body)
  if (told || isResumed(body)) return sendDeskPage(reply, await shiftPage(deps, session, request, { text, told }))
  try {
    requireOwnForm(session, body)
    await setShiftNote(deps.desk, session.actor, story.id, { revision: revisionIn(body), text })
    return reply.redirect(`${shiftNotePath(story.id)}?done=shift-noted`, 303)
  } catch (thrown) {
    const conflict = isAppError(thrown, 'conflict') && Object.hasOwn(thrown.details ?? {}, 'shiftNote')
    return sendAgain(deps, reply, thrown, ({ message }) =>
      shiftPage(deps, session, request, { text, error: message, conflict }),
    )
  }
}

/** A damaged form has seen nothing. */
function revisionIn(body: FormBody): number {
  const given = Number(field(body, 'revision'))
  return Number.isSafeInteger(given) ? given : -1
}
