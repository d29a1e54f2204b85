// Which act of the queue is sent next, and how long to wait after one that got no answer.
// Called by keep/outbox.ts. Pure.
// Never lets an act of a post overtake an earlier one of the same post.

import type { PostState } from '../../../src/domain/post.ts'
import type { QueuedAct, TextAct, WrittenText } from '../types.ts'

/** The first that may go; undefined: none. One that asks, or was refused, holds back what comes after it for its post alone. */
export function nextToSend(queue: readonly QueuedAct[]): QueuedAct | undefined {
  const held = new Set<string>()
  for (const act of [...queue].sort((one, other) => one.n - other.n)) {
    if (act.state === 'waiting' && !held.has(act.text.postId)) return act
    held.add(act.text.postId)
  }
  return undefined
}

/** A text that was typed on while the act was on its way: made from the revision that the act made. Any other stays as it is. */
export function goneOn(text: WrittenText, { kind, text: sent }: QueuedAct, revision: number): WrittenText {
  if (text.postId !== sent.postId || text.base !== sent.base) return text
  return { ...text, base: revision, of: STATE_AFTER[kind], markWas: sent.keyEvent }
}

const STATE_AFTER: Record<TextAct, PostState> = {
  publish: 'published',
  draft: 'draft',
  submit: 'submitted',
  schedule: 'scheduled',
  revise: 'published',
  correct: 'published',
}

const FIRST_RETRY_MS = 1_000 // a server that restarts is often back within seconds
const LONGEST_RETRY_MS = 30_000 // a person waits for this: longer would look like nothing happens
export const MAX_TRIES = 240 // about two hours of a server away; then a press, a return of the line or of the page begins anew

/** ms to wait after `tries` (from 1) tries without an answer; null: wait for a sign from outside. `chance` in 0…1 spreads many desks. */
export function retryDelay(tries: number, chance: number, retryAfterS = 0): number | null {
  if (tries >= MAX_TRIES) return null
  const doubled = FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 10)
  const wait = Math.min(LONGEST_RETRY_MS, doubled) * (0.75 + chance / 2)
  return Math.round(Math.max(wait, Math.min(retryAfterS * 1_000, LONGEST_RETRY_MS)))
}
