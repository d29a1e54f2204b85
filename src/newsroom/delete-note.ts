// Take a note beside a post away: its words are shown no more, that it was there stays to be seen.

import { decideDeleteNote } from '../domain/decide-note.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actBesidePost, type Desk } from './desk.ts'

/** Its author and the editors may. Throws `not_found`, `forbidden`. */
export function deleteNote(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  noteId: string,
): Promise<Receipt> {
  return actBesidePost(desk, actor, { storyId, postId }, async (story, post, { act, actor: present }) =>
    decideDeleteNote(story, post, await act.notes(post.id), noteId, present),
  )
}
