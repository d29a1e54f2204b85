// What the acts on notes for the desk decide: add one beside a post, take one away, write the note for the next shift.
// Called by newsroom/* inside the story's transaction. Pure: no clock, no I/O.
// Never touches a post or a public position: the entry of the desk log is all there is.

import { cleanText } from './content.ts'
import type { Decision } from './decision.ts'
import { AppError, wrongField } from './error.ts'
import { MAX_NOTE_TEXT, MAX_NOTES, MAX_SHIFT_NOTE, type PostNote, type ShiftNote } from './note.ts'
import { type Actor, may } from './permission.ts'
import type { Post } from './post.ts'
import type { Story } from './story.ts'

/** The same id and words from the same person are the same act. `id`: made by the client. */
export function decideAddNote(
  story: Story,
  post: Post,
  thread: readonly PostNote[],
  note: { id: string; text: string },
  actor: Actor,
): Decision {
  const text = checked(note.text, MAX_NOTE_TEXT)
  if (text === '') throw wrongField('invalid', '#/text', 'A note has some words.')
  const there = thread.find(({ id }) => id === note.id)
  if (there && there.by.id === actor.id && (there.text === text || there.deleted))
    return { ...quietly(story, post, 'add-note', {}), repeated: true }
  if (there) throw new AppError('conflict', 'Another note of this post has this id. Nothing was written.')
  if (thread.length >= MAX_NOTES)
    throw new AppError('conflict', `This post has ${MAX_NOTES} notes; more are not kept. Nothing was written.`)
  return quietly(story, post, 'add-note', { note: note.id, text })
}

/** By its author, or by an editor. Its place, its author and who took it away stay to be seen. Throws `not_found`, `forbidden`. */
export function decideDeleteNote(
  story: Story,
  post: Post,
  thread: readonly PostNote[],
  noteId: string,
  actor: Actor,
): Decision {
  const there = thread.find(({ id }) => id === noteId)
  if (!there) throw new AppError('not_found', 'There is no such note beside this post.')
  if (there.by.id !== actor.id && !may(actor, 'post:review'))
    throw new AppError('forbidden', 'Only its author and the editors take a note away.')
  const decision = quietly(story, post, 'delete-note', { note: noteId })
  return there.deleted ? { ...decision, repeated: true } : decision
}

/** `revision`: of the note that was seen, 0 for none. '' takes it away. Throws `conflict` with the current one in `details`. */
export function decideSetShiftNote(
  story: Story,
  current: ShiftNote | null,
  act: { revision: number; text: string },
): Decision {
  const text = checked(act.text, MAX_SHIFT_NOTE)
  const kind = 'set-shift-note'
  const same = current?.text === text || (current === null && text === '')
  if (same) return { ...quietly(story, null, kind, {}), repeated: true }
  const revision = current?.revision ?? 0
  if (act.revision !== revision)
    throw new AppError('conflict', `${current?.by.name ?? 'Somebody'} changed the shift note meanwhile.`, {
      details: { shiftNote: current },
    })
  return quietly(story, null, kind, { revision: revision + 1, text })
}

/** Throws `invalid`. */
function checked(text: string, max: number): string {
  const clean = cleanText(text).trim()
  if (clean.length > max) throw wrongField('invalid', '#/text', `This note has at most ${max} characters.`)
  return clean
}

function quietly(story: Story, post: Post | null, kind: string, payload: Decision['payload']): Decision {
  return { story, post, kind, payload, public: null }
}
