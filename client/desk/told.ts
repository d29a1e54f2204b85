// When a message above the composer has been read: words typed later are not what it tells of.
// Called by writing.ts. Pure: what time it is comes in.
// Never takes away what needs the person.

import type { Told } from './types.ts'

const READ_MS = 5_000 // of typing under it

/** `undoUntil`: ms UTC; null: there is nothing to take back. Give it each change of the text; true: the message has had its time. */
export function createReading(): (told: Told | null, undoUntil: number | null, now: number) => boolean {
  let under: Told | null = null
  let since = 0
  return (told, undoUntil, now) => {
    if (told !== under) {
      under = told
      since = now
    }
    return told !== null && !told.bad && now - since > READ_MS && (undoUntil ?? 0) <= now
  }
}
