// What the history of a post calls its acts, its parts and what became of each part.
// Called by web/desk and by the desk's browser program, so that both say the same. Pure.

import type { PartDiff } from './content-diff.ts'

const ACTS: Record<string, string> = {
  'save-draft': 'Saved',
  'publish-post': 'Published',
  'approve-post': 'Approved',
  'release-post': 'Released',
  'revise-post': 'Revised',
  'correct-post': 'Corrected',
  'flag-post': 'Marked',
  'copy-post': 'Copied here',
  'move-draft': 'Moved here',
  'move-draft-away': 'Moved away',
  'discard-draft': 'Discarded',
  'withdraw-photo': 'A photo withdrawn',
  'undo-publish': 'Publication undone',
}

const PARTS: Partial<Record<PartDiff['part'], string>> = {
  heading: 'Subheading',
  'time of the event': 'When it happened',
}

/** '' = nothing is said of it. */
export const CHANGE_WORDS: Record<PartDiff['change'], string> = {
  same: '',
  changed: 'changed',
  restyled: 'other marks, same words',
  added: 'added',
  removed: 'removed',
}

/** One that has no words here is named by itself. */
export function revisionWords(kind: string): string {
  return ACTS[kind] ?? kind
}

export function partWords(part: PartDiff['part']): string {
  return PARTS[part] ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`
}
