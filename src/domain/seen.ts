// The bounds of what a reader's browser counts and tells, and the words in which the desk says it.
// Called by client/reader/seen.ts, client/desk, domain/attention.ts and web/desk. Imports nothing: it travels to every reader.

export const MAX_BATCH = 20 // posts of one batch: a page holds as many
export const MAX_SHOWN_MS = 60_000 // beyond it, it is no delivery that was slow, but a machine that slept
export const READ_MS = 5_000 // in view for so long is read; FT and Chartbeat count the same way
export const READ_SHARE = 0.5 // of the post, or of the window where a post is taller
export const FIRST_WAIT_MS = 12_000 // the first batch comes at a random moment within it: a whole audience must not speak at once

/** Of one post, as the desk is told. `shown` null: no reader told. `half` and `most`: ms within which half of them, and 95 %, had it. */
export type Attention = { postId: string; reads: number; shown: { readers: number; half: number; most: number } | null }

/** "Seen within 0.18 s by half of 12 readers who told us (95 % within 0.6 s) · 30 reads"; '' where nobody told anything. */
export function attentionWords({ reads, shown }: Pick<Attention, 'reads' | 'shown'>): string {
  const parts: string[] = []
  if (shown?.readers === 1) parts.push(`Seen after ${secondsWords(shown.half)} by the 1 reader who told us`)
  else if (shown)
    parts.push(
      `Seen within ${secondsWords(shown.half)} by half of ${shown.readers} readers who told us (95 % within ${secondsWords(shown.most)})`,
    )
  if (reads > 0) parts.push(reads === 1 ? '1 read' : `${reads} reads`)
  return parts.join(' · ')
}

/** What is counted, for whoever asks. */
export const ATTENTION_MEANS =
  'Told by browsers of readers who had the page open at the top when the post came, from its publication to their screen. A read: half of the post was in view for 5 seconds. Readers who ask not to be measured are not counted.'

/** Two digits that count: "0.18 s", "1.4 s", "12 s". */
function secondsWords(ms: number): string {
  const seconds = ms / 1_000
  return `${seconds < 1 ? seconds.toFixed(2) : seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
