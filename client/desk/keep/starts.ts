// What a story's desk needs to begin without a line, in IndexedDB: who was here, and how the story is called.
// Called by desk.ts, shell.ts and the service worker, which empties it whenever another person may have signed in.
// Never holds a form's token, a post or anything that readers see: one person's at a time, gone at sign-out.

import { type DBSchema, openDB } from 'idb'
import type { LiveDeskStart } from '../../../src/domain/live-desk.ts'
import type { DeskStory } from '../types.ts'

export type KeptStory = Pick<
  DeskStory,
  'id' | 'title' | 'language' | 'direction' | 'timeZone' | 'state' | 'visibility' | 'withdrawnAt'
>
/** `at`: ms UTC of this machine's clock. */
export type KeptStart = { storyId: string; actor: LiveDeskStart['actor']; story: KeptStory; at: number }

interface Kept extends DBSchema {
  starts: { key: string; value: KeptStart }
}

const NAME = 'dateline-shell'
const MAX_STARTS = 20 // stories opened last; nobody works in more of them from a bus

async function within<T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const db = await open()
  try {
    return await work(db)
  } finally {
    db.close() // the worker and every tab open it: none may hold up another
  }
}

const open = () =>
  openDB<Kept>(NAME, 1, { upgrade: (db) => void db.createObjectStore('starts', { keyPath: 'storyId' }) })

/** What another person left goes. */
export function keepStart(storyId: string, actor: LiveDeskStart['actor'], story: KeptStory, at: number): Promise<void> {
  const { id, title, language, direction, timeZone, state, visibility, withdrawnAt } = story
  const few: KeptStory = { id, title, language, direction, timeZone, state, visibility, withdrawnAt }
  return within(async (db) => {
    const { store, done } = db.transaction('starts', 'readwrite')
    await store.put({ storyId, actor, story: few, at })
    for (const gone of tooMany(await store.getAll(), actor.id)) await store.delete(gone)
    await done
  })
}

/** Ids of those that go: all of another person, and the oldest beyond the bound. */
export function tooMany(all: readonly KeptStart[], actorId: string): string[] {
  const mine = all.filter(({ actor }) => actor.id === actorId).sort((one, other) => other.at - one.at)
  const stays = new Set(mine.slice(0, MAX_STARTS).map(({ storyId }) => storyId))
  return all.map(({ storyId }) => storyId).filter((id) => !stays.has(id))
}

export function startOf(storyId: string): Promise<KeptStart | undefined> {
  return within((db) => db.get('starts', storyId))
}

/** Opened last, first. */
export async function keptStarts(): Promise<KeptStart[]> {
  const all = await within((db) => db.getAll('starts'))
  return all.sort((one, other) => other.at - one.at)
}

export function forgetStarts(): Promise<void> {
  return within((db) => db.clear('starts'))
}
