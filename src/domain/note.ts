// Notes for the desk alone: a thread beside each post, and one note of a story for the next shift. They stand in the desk log and nowhere else.
// Called by the store, which reads the log, by domain/decide-note.ts, and by web. Pure.
// Never public: no public position moves for them, and no public view knows them.

import type { Json } from './decision.ts'

export const MAX_NOTE_TEXT = 2_000 // characters: a message across the desk, not a document
export const MAX_NOTES = 500 // of one post; a longer talk belongs elsewhere
export const MAX_SHIFT_NOTE = 5_000 // characters
export const SHIFT_NOTES_KEPT = 20 // shown beside the newest one: some days of shifts

export const NOTE_KINDS = ['add-note', 'delete-note', 'set-shift-note'] as const

type By = { id: string; name: string }
/** `text` null: it was taken away, by whom `deleted` tells, or erased by law (`deleted` null). Times are ms UTC. */
export type PostNote = {
  id: string
  by: By
  at: number
  text: string | null
  deleted: { at: number; by: By } | null
}
/** `revision` from 1. '' = taken away; null = erased by law. */
export type ShiftNote = { revision: number; by: By; at: number; text: string | null }

/** A line of the desk log, as far as notes go. `payload` null: erased by law. */
export type NoteEntry = {
  kind: string
  postId: string | null
  at: number
  actor: { id: string; name: string }
  payload: { [key: string]: Json | undefined } | null
}

/** `entries`: of one story, oldest first; others than notes of this post are passed over. */
export function notesIn(entries: readonly NoteEntry[], postId: string): PostNote[] {
  const notes = new Map<string, PostNote>()
  for (const { kind, postId: about, at, actor, payload } of entries) {
    if (about !== postId) continue
    const by = { id: actor.id, name: actor.name }
    // An erased entry has no id either: it keeps its place under one that nobody can name.
    const id = typeof payload?.note === 'string' ? payload.note : `erased-${notes.size}`
    if (kind === 'add-note') notes.set(id, { id, by, at, text: textOf(payload), deleted: null })
    const taken = notes.get(id)
    if (kind === 'delete-note' && taken) notes.set(id, { ...taken, text: null, deleted: { at, by } })
  }
  return [...notes.values()]
}

/** Newest first. `entries`: of one story, oldest first. */
export function shiftNotesIn(entries: readonly NoteEntry[]): ShiftNote[] {
  let revision = 0 // an erased entry counts on from the one before it
  return entries
    .filter(({ kind }) => kind === 'set-shift-note')
    .map(({ at, actor, payload }) => {
      revision = typeof payload?.revision === 'number' ? payload.revision : revision + 1
      return { revision, by: { id: actor.id, name: actor.name }, at, text: textOf(payload) }
    })
    .reverse()
}

function textOf(payload: NoteEntry['payload']): string | null {
  return typeof payload?.text === 'string' ? payload.text : null
}
