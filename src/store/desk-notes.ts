// Notes of a story for people: the thread of a post, how many stand beside each, the notes between shifts.
// Called by web for people whose rights it has asked for. Runs on the writing handle.
// Never serves a public surface.

import { sql } from 'kysely'
import { type PostNote, SHIFT_NOTES_KEPT, type ShiftNote } from '../domain/note.ts'
import { notesOf, shiftNotesOf } from './note-entries.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export type Notes = {
  /** Oldest first, those taken away too. */
  ofPost(storyId: string, postId: string): Promise<PostNote[]>
  /** How many of each post stand; absent where none does. */
  counts(storyId: string): Promise<Map<string, number>>
  /** Newest first, the current one and the SHIFT_NOTES_KEPT before it. */
  ofShifts(storyId: string): Promise<ShiftNote[]>
}

export function createNotes(db: Database): Notes {
  return translating<Notes>({
    ofPost: (storyId, postId) => notesOf(db, storyId, postId),
    counts: (storyId) => counts(db, storyId),
    ofShifts: (storyId) => shiftNotesOf(db, storyId, SHIFT_NOTES_KEPT + 1),
  })
}

async function counts(db: Database, storyId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('desk_entry')
    .select(['post_id', sql<number>`sum(CASE kind WHEN 'add-note' THEN 1 ELSE -1 END)::int`.as('notes')])
    .where('story_id', '=', storyId)
    .where('post_id', 'is not', null)
    .where('kind', 'in', ['add-note', 'delete-note'])
    .groupBy('post_id')
    .execute()
  return new Map(rows.flatMap(({ post_id, notes }) => (post_id && notes > 0 ? [[post_id, notes] as const] : [])))
}
