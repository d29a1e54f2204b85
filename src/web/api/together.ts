// Working together on a story's desk: being there, notes beside a post, the note for the next shift.
// Called by operations.ts.
// Never shows anything of a post to somebody who may not know of it.

import { mayEdit } from '../../domain/autosave.ts'
import { mayReadPost } from '../../domain/desk-visible.ts'
import { AppError } from '../../domain/error.ts'
import { PRESENCE_EVERY_MS, PRESENCE_MS } from '../../domain/together.ts'
import { addNote } from '../../newsroom/add-note.ts'
import { deleteNote } from '../../newsroom/delete-note.ts'
import { setShiftNote } from '../../newsroom/set-shift-note.ts'
import * as answers from './answers.ts'
import { addNoteBody, nothingBody, setShiftNoteBody, tellPresenceBody } from './bodies.ts'
import { type ApiDeps, actorOf, type Call, type Operation, operation } from './operation.ts'

const group = 'Together' as const
const NOTES = '/stories/{story}/posts/{post}/notes'
const SHIFT = '/stories/{story}/shift-note'

export const TOGETHER: readonly Operation[] = [
  operation({
    ...{ name: 'tellPresence', group, method: 'POST', path: '/stories/{story}/presence' },
    ...{ access: 'desk:read', object: 'story' },
    does: 'Tell the others that you are in a story, and which post you write. No act; forgotten after 30 seconds. For people, not for tokens.',
    body: tellPresenceBody,
    answer: answers.toldPresence,
    run: (deps, call) => tellPresence(deps, call),
  }),
  operation({
    ...{ name: 'addNote', group, method: 'PUT', path: `${NOTES}/{note}` },
    ...{ access: 'post:draft', object: 'post' },
    does: 'Add a note beside a post under an id made by you. For the desk only.',
    body: addNoteBody,
    answer: answers.receipt,
    creates: ({ repeated }) => !repeated,
    run: ({ desk }, call) => {
      const { story, post, note } = call.params
      return addNote(desk, actorOf(call), story, post, { id: note, text: call.body.text })
    },
  }),
  operation({
    ...{ name: 'deleteNote', group, method: 'POST', path: `${NOTES}/{note}/delete` },
    ...{ access: 'post:draft', object: 'post' },
    does: 'Take a note away. That it was there, and who took it away, stays to be seen.',
    body: nothingBody,
    answer: answers.receipt,
    run: ({ desk }, call) => {
      const { story, post, note } = call.params
      return deleteNote(desk, actorOf(call), story, post, note)
    },
  }),
  operation({
    ...{ name: 'setShiftNote', group, method: 'PUT', path: SHIFT },
    ...{ access: 'post:draft', object: 'story' },
    does: 'Write what the next editor of a story should know. For the desk only.',
    body: setShiftNoteBody,
    answer: answers.receipt,
    run: ({ desk }, call) => setShiftNote(desk, actorOf(call), call.params.story, call.body),
  }),
  operation({
    ...{ name: 'listNotes', group: 'Desk reads', method: 'GET', path: NOTES },
    ...{ access: 'desk:read', object: 'post' },
    does: 'The notes beside a post, oldest first.',
    answer: answers.notes,
    run: async ({ reads, notes }, call) => {
      const post = await reads.post(call.params.story, call.params.post)
      if (!post || !mayReadPost(actorOf(call), post)) throw noPost()
      return { notes: await notes.ofPost(post.storyId, post.id) }
    },
  }),
  operation({
    ...{ name: 'getShiftNote', group: 'Desk reads', method: 'GET', path: SHIFT },
    ...{ access: 'desk:read', object: 'story' },
    does: 'The note for the next shift, and the 20 before it.',
    answer: answers.shiftNotes,
    run: async ({ notes }, call) => {
      const [current = null, ...earlier] = await notes.ofShifts(call.params.story)
      return { current, earlier }
    },
  }),
]

type Told = { postId: string | null; writing: boolean; tab?: string; leaving?: true }

async function tellPresence(deps: ApiDeps, call: Call<unknown, Told>): Promise<unknown> {
  const { together, sessions, reads } = deps
  const session = await sessions.sessionOf(call.request)
  if (!session || call.caller?.credential !== 'session')
    throw new AppError('forbidden', 'Presence is for people: sign in at the desk.')
  const storyId = call.params.story
  const { postId, writing, tab = '', leaving } = call.body
  if (!(await reads.story(storyId))) throw new AppError('not_found', 'There is no such story.')
  if (postId !== null && !leaving) await requireThere(deps, call, postId)
  const person = { id: session.actor.id, name: session.actor.name }
  const changed = leaving
    ? await together.leave(storyId, session.id, tab)
    : await together.say({ storyId, sessionId: session.id, tab, person, postId, writing: writing && postId !== null })
  if (changed) deps.ringDesk(storyId)
  return { nextIn: PRESENCE_EVERY_MS, goneAfter: PRESENCE_MS }
}

/** A post that is not there yet is whose autosave is the oldest. Throws `not_found`, `forbidden` for writing what they may not edit. */
async function requireThere({ reads, autosaves }: ApiDeps, call: Call<unknown, Told>, postId: string): Promise<void> {
  const actor = actorOf(call)
  const storyId = call.params.story
  const post = await reads.post(storyId, postId)
  const begun = post ? undefined : (await autosaves.list(storyId, postId)).at(-1)?.by.id
  const ownerId = post?.createdBy ?? begun ?? actor.id
  const standing = post ?? { state: 'draft' as const, firstPublishedAt: null, createdBy: ownerId }
  if (!mayReadPost(actor, standing)) throw noPost()
  if (call.body.writing && !mayEdit(actor, post?.state ?? null, ownerId))
    throw new AppError('forbidden', 'Your role does not allow you to write in this post.')
}

function noPost(): AppError {
  return new AppError('not_found', 'There is no such post in this story.')
}
