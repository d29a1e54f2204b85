// The node's shelf of ready pages: the last good bytes of each page, kept for at most STALE_MAX after the log was last heard (law 12).
// Called by web/reader/pages.ts. Never renders and never decides what may be seen.

import type { Ready } from '../ready.ts'

const MAX_SHELF_BYTES = 64 * 1024 * 1024 // both encodings together; about a thousand pages

type Kept = { stamp: string; ready: Ready; madeAt: number }

export type Shelf = {
  /** The page if it was made from exactly this stamp of the log. */
  fresh(key: string, stamp: string): Ready | null
  keep(key: string, stamp: string, ready: Ready): void
  /** The last good page, whatever its stamp. */
  last(key: string): { ready: Ready; madeAt: number } | null
  /** A withdrawal or correction empties what it may stand in. */
  drop(prefix: string): void
}

export function createShelf(now: () => number): Shelf {
  const kept = new Map<string, Kept>() // in order of last use
  let bytes = 0

  const remove = (key: string) => {
    const entry = kept.get(key)
    if (!entry) return
    kept.delete(key)
    bytes -= sizeOf(entry.ready)
  }
  return {
    fresh(key, stamp) {
      const entry = kept.get(key)
      if (entry?.stamp !== stamp) return null
      kept.delete(key)
      kept.set(key, entry)
      return entry.ready
    },
    keep(key, stamp, ready) {
      remove(key)
      kept.set(key, { stamp, ready, madeAt: now() })
      bytes += sizeOf(ready)
      for (const oldest of kept.keys()) {
        if (bytes <= MAX_SHELF_BYTES) break
        remove(oldest)
      }
    },
    last: (key) => kept.get(key) ?? null,
    drop(prefix) {
      for (const key of [...kept.keys()]) if (key.startsWith(prefix)) remove(key)
    },
  }
}

function sizeOf(ready: Ready): number {
  return ready.identity.length + (ready.gzip === ready.identity ? 0 : ready.gzip.length)
}
