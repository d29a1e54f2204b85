// What readers' browsers tell of posts: read, and how long after its publication one was on the screen. Counted, never followed.
// Called by client/reader/seen.ts, web/tally, store/attention.ts and the desk. Pure.
// Never holds anything of a reader: a batch is ids of posts and milliseconds.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { type Attention, MAX_BATCH, MAX_SHOWN_MS } from './seen.ts'

/** The body of `POST /{story}/seen`. `shown`: id, and ms from publication to the screen. Empty: only the clock is asked for. */
export const seenSchema = z.strictObject({
  read: z.array(idSchema).max(MAX_BATCH).default([]),
  shown: z
    .array(z.tuple([idSchema, z.number().min(0).max(MAX_SHOWN_MS)]))
    .max(MAX_BATCH)
    .default([]),
})
export type SeenBatch = z.infer<typeof seenSchema>

// Of equal ratio, so that a figure is as exact at 50 ms as at 5 s, and nodes add theirs by adding numbers.
const FIRST_MS = 10
const RATIO = 1.15
/** Buckets of the histogram: up to FIRST_MS, then each RATIO times as far, up to MAX_SHOWN_MS. */
export const BUCKETS = bucketOf(MAX_SHOWN_MS) + 1

export function bucketOf(ms: number): number {
  return ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / Math.log(RATIO) - 1e-9)
}

/** ms within which this part (0 to 1) of the readers had it on the screen; null where nobody told. Off by 7 % at most. */
export function within(part: number, shown: readonly number[]): number | null {
  const all = shown.reduce((sum, count) => sum + count, 0)
  if (all === 0) return null
  let left = part * all
  for (const [bucket, count] of shown.entries()) {
    // Those of a bucket are taken to lie evenly in it, on the scale of its ratio.
    if (left <= count) return Math.round(endOf(bucket) * RATIO ** (left / count - 1))
    left -= count
  }
  return MAX_SHOWN_MS
}

function endOf(bucket: number): number {
  return FIRST_MS * RATIO ** bucket
}

export function attentionOf(postId: string, reads: number, shown: readonly number[]): Attention {
  const [half, most] = [within(0.5, shown), within(0.95, shown)]
  const readers = shown.reduce((sum, count) => sum + count, 0)
  return { postId, reads, shown: half === null || most === null ? null : { readers, half, most } }
}
