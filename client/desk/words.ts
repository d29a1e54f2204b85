// What the live desk says of times, states and counts.
// Called by the views. Pure: what time it is comes in.

import type { PostState } from '../../src/domain/post.ts'
import type { KeptState } from './keep/keeper.ts'
import type { OutboxState } from './keep/outbox.ts'
import type { TextAct } from './types.ts'

export const STATE_WORDS: Record<PostState, string> = {
  draft: 'Draft',
  submitted: 'Submitted',
  scheduled: 'Scheduled',
  published: 'Published',
  withdrawn: 'Withdrawn',
}

/** On its button. */
export const ACT_NAMES: Record<TextAct, string> = {
  publish: 'Publish',
  draft: 'Save draft',
  submit: 'Submit',
  schedule: 'Schedule',
  revise: 'Revise',
  correct: 'Correct, with the note',
}

/** Of an act that was done. */
export const DONE_WORDS: Record<TextAct, string> = {
  publish: 'Published.',
  draft: 'The draft is saved. Readers see nothing of it.',
  submit: 'Submitted: an editor will read it.',
  schedule: 'Scheduled.',
  revise: 'Revised: readers see the new text.',
  correct: 'Corrected: readers see the new text and your note.',
}

/** Of an act that waits. */
export const ACT_WORDS: Record<TextAct, string> = {
  publish: 'To be published',
  draft: 'Draft to be saved',
  submit: 'To be submitted',
  schedule: 'To be scheduled',
  revise: 'Revision',
  correct: 'Correction',
}

/** Of an act that was refused. */
export const NOT_DONE_WORDS: Record<TextAct, string> = {
  publish: 'Not published',
  draft: 'Not saved as a draft',
  submit: 'Not submitted',
  schedule: 'Not scheduled',
  revise: 'Not revised',
  correct: 'Not corrected',
}

/** "in 45 s", "in 12 min", "in 3 h 05 min", "in 2 days"; "due" once the moment is there. */
export function countdownWords(at: number, now: number): string {
  const seconds = Math.ceil((at - now) / 1_000)
  if (seconds <= 0) return 'due'
  if (seconds < 100) return `in ${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `in ${minutes} min`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours < 48) return rest === 0 ? `in ${hours} h` : `in ${hours} h ${String(rest).padStart(2, '0')} min`
  return `in ${Math.floor(hours / 24)} days`
}

/** Whole seconds that are left, never below 0. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1_000))
}

/** "14:32:05" by this machine's clock. */
export function clockWords(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23' }).format(at)
}

/** "31 Jan, 14:32" in a zone. */
export function momentWords(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  } as const).format(at)
}

/** Where the words in the composer are, and since when. '' = there is nothing to keep. */
export function keptWords({ here, server, unsaved, trouble }: KeptState): string {
  const local = here === null ? '' : `Saved here ${clockWords(here)}`
  if (trouble?.kind === 'no' || trouble?.kind === 'conflict')
    return `${local}. The server does not take it: ${trouble.message}`
  if (trouble) return local === '' ? 'Keeping…' : `${local}, not on the server yet`
  if (unsaved) return local === '' ? 'Keeping…' : `${local} · sending…`
  if (server !== null) return `${local === '' ? '' : `${local} · `}on the server ${clockWords(server)}`
  return local
}

/** How many acts wait and why; '' = none. */
export function queueWords({ queue, sending, held }: OutboxState): string {
  const asks = queue.filter(({ state }) => state !== 'waiting').length
  const waits = queue.length - asks
  const needs = asks === 0 ? '' : `${countWords(asks, 'post needs', 'posts need')} you: see above. `
  if (waits === 0) return needs.trim()
  const why = held === 'away' ? ': no connection' : held === 'signed-out' ? ': signed out' : ''
  const where = sending === null || held !== null ? `queued${why}` : 'on the way'
  return `${needs}${waits} ${where}`
}

export function countWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
