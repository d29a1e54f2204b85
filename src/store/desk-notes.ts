// Notes of a story as the desk log has them: the thread of a post, the notes between shifts.
// Called by acts.ts inside an act, and through createNotes by web for people whose rights it has asked for.
// Never serves a public surface.

import { sql, type Transaction } from 'kysely'
import {
  MAX_NOTES,
  type NoteEntry,
  notesIn,
  type PostNote,
  SHIFT_NOTES_KEPT,
  type ShiftNote,
  shiftNotesIn,
} from '../domain/note.ts'
import type { Database, Tables } from './tables.ts'
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

type Tx = Database | Transaction<Tables>

export async function notesOf(tx: Tx, storyId: string, postId: string): Promise<PostNote[]> {
  const rows = await entries(tx, storyId)
    .where('post_id', '=', postId)
    .where('kind', 'in', ['add-note', 'delete-note'])
    .orderBy('seq')
    .limit(2 * MAX_NOTES)
    .execute()
  return notesIn(rows.map(entryOf), postId)
}

export async function shiftNotesOf(tx: Tx, storyId: string, limit: number): Promise<ShiftNote[]> {
  const rows = await entries(tx, storyId)
    .where('post_id', 'is', null)
    .where('kind', '=', 'set-shift-note')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return shiftNotesIn(rows.map(entryOf).reverse())
}

function entries(tx: Tx, storyId: string) {
  return tx
    .selectFrom('desk_entry')
    .select(['kind', 'post_id', 'at', 'actor_id', 'actor_name', 'payload'])
    .where('story_id', '=', storyId)
}

type Row = {
  kind: string
  post_id: string | null
  at: number
  actor_id: string
  actor_name: string
  payload: NoteEntry['payload']
}

function entryOf({ post_id, actor_id, actor_name, ...row }: Row): NoteEntry {
  return { ...row, postId: post_id, actor: { id: actor_id, name: actor_name } }
}
