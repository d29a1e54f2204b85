// Add a note beside a post, for the desk alone. Nothing public moves. Idempotent by the note's id.

import { decideAddNote } from '../domain/decide-note.ts'
import type { Receipt } from '../domain/decision.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { actBesidePost, type Desk } from './desk.ts'

/** Who may write drafts in the story may add one to every post they may read. Throws `invalid`, `not_found`, `forbidden`, `conflict`. */
export function addNote(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  note: { id: string; text: string },
): Promise<Receipt> {
  requireId(note.id)
  return actBesidePost(desk, actor, { storyId, postId }, async (story, post, { act, actor: present }) =>
    decideAddNote(story, post, await act.notes(post.id), note, present),
  )
}
