// Notes as the desk log has them: read from its entries, for there is no other table of them.
// Called by acts.ts inside an act, and by desk-notes.ts.
// Never serves a public surface.

import type { Transaction } from 'kysely'
import { MAX_NOTES, type NoteEntry, notesIn, type PostNote, type ShiftNote, shiftNotesIn } from '../domain/note.ts'
import type { Database, Tables } from './tables.ts'

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
