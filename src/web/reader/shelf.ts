// The node's shelf of ready pages: fresh ones for the next reader, the last good ones while the database is away (law 12).
// Called by web/reader. Never renders and never decides what may be seen; holds nothing older than what was taken back (law 8).

import type { Ready } from '../ready.ts'

const MAX_SHELF_BYTES = 64 * 1024 * 1024 // both encodings together; about a thousand pages

/**
 * ms for which a page that was just found good is given out again without asking. A crowd then costs three questions a second, and
 * nobody waits longer for a new post than for a poll. A withdrawal does not wait for it: what this node did itself, heard by the
 * doorbell or read in the log ends it at once. Without a doorbell (NOTIFY off) no page is given out unasked.
 */
export const WARM_MS = 300

/** What a page was made from. `stories`: every story it shows, at the head it was read at. */
export type Origin = { stamp: string; stories: readonly { id: string; seq: number }[] }

/** `madeAt`: ms UTC. `checkedAt`: when it was last found good, by the clock that nobody sets back. */
type Kept = Origin & { ready: Ready; madeAt: number; checkedAt: number; turn: number }

export type Shelf = {
  /** Goes up whenever something moved. Taken before the database is asked, and given back with the answer. */
  turn(): number
  /** The page while it need not be asked about. */
  warm(key: string): Ready | null
  /** The page if it was made from exactly this stamp of the log. */
  fresh(key: string, stamp: string, turn: number): Ready | null
  /** Refuses what was read before a story's text was taken back, and what was asked for before `clear`. */
  keep(key: string, origin: Origin, ready: Ready, turn: number): void
  /** The last good page, whatever its stamp. */
  last(key: string): { ready: Ready; madeAt: number; checkedAt: number } | null
  /** Somewhere a story has a new entry. */
  moved(): void
  /** The story's entry `seq` takes text back: no page from before it is given out again. */
  takeBack(storyId: string, seq: number): void
  /** History may differ: positions kept so far mean nothing. */
  clear(): void
}

/** `utc` is shown to readers, `now` measures. All ms; `warm` 0: every page is asked about. */
export function createShelf(utc: () => number, now = utc, warm = WARM_MS): Shelf {
  const kept = new Map<string, Kept>() // in order of last use
  const floors = new Map<string, number>() // by story: no page from before this seq
  let bytes = 0
  let turn = 0
  let clearedAt = 0

  const remove = (key: string) => {
    const entry = kept.get(key)
    if (!entry) return
    kept.delete(key)
    bytes -= sizeOf(entry.ready)
  }
  const isTakenBack = ({ stories }: Origin) => stories.some(({ id, seq }) => seq < (floors.get(id) ?? 0))
  return {
    turn: () => turn,
    warm(key) {
      const entry = kept.get(key)
      return entry && entry.turn === turn && now() - entry.checkedAt < warm ? entry.ready : null
    },
    fresh(key, stamp, asked) {
      const entry = kept.get(key)
      if (entry?.stamp !== stamp) return null
      kept.delete(key)
      kept.set(key, { ...entry, checkedAt: now(), turn: asked })
      return entry.ready
    },
    keep(key, origin, ready, asked) {
      if (asked < clearedAt || isTakenBack(origin)) return
      remove(key)
      kept.set(key, { ...origin, ready, madeAt: utc(), checkedAt: now(), turn: asked })
      bytes += sizeOf(ready)
      for (const oldest of kept.keys()) {
        if (bytes <= MAX_SHELF_BYTES) break
        remove(oldest)
      }
    },
    last: (key) => kept.get(key) ?? null,
    moved: () => void turn++,
    takeBack(storyId, seq) {
      turn++
      floors.set(storyId, Math.max(seq, floors.get(storyId) ?? 0))
      for (const [key, entry] of [...kept]) if (isTakenBack(entry)) remove(key)
    },
    clear() {
      clearedAt = ++turn
      floors.clear()
      for (const key of [...kept.keys()]) remove(key)
    },
  }
}

function sizeOf(ready: Ready): number {
  return ready.identity.length + (ready.gzip === ready.identity ? 0 : ready.gzip.length)
}
