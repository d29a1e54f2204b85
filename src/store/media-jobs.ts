// What is still to be done about pictures: AVIF to make, withdrawals to finish, files to erase. The rows of `media` are the queue.
// Called by wires/media-work.ts on every node. Never gives one picture's AVIF to two nodes at a time.

import { sql } from 'kysely'
import { nowMs } from './acts.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

const MAX_TRIES = 3 // then the picture stays without AVIF; WebP is served in its place
const MAX_AT_ONCE = 20 // ids of one answer

export type MediaJobs = {
  /** The oldest picture without AVIF, kept from other nodes for `ms`; a node that died lets go of it then. null: none waits. */
  claimAvif(ms: number): Promise<string | null>
  /** False: the picture was withdrawn meanwhile, and what was made must go. */
  avifDone(id: string, outcome: 'made' | 'without'): Promise<boolean>
  /** May be tried again at once; after MAX_TRIES it is not. `stopped`: it was no fault of the picture's. */
  avifFailed(id: string, stopped: boolean): Promise<void>
  /** Withdrawn photos that posts still show, or a story as its lead. */
  unfinishedWithdrawals(): Promise<string[]>
  /** Withdrawn pictures whose files may still be there. */
  toErase(): Promise<string[]>
  /** False: somebody was making AVIF of it; erase again later. */
  erased(id: string): Promise<boolean>
}

export function createMediaJobs(db: Database): MediaJobs {
  return translating<MediaJobs>({
    async claimAvif(ms) {
      const { rows } = await sql<{ id: string }>`
        UPDATE media SET avif_until = ${nowMs()} + ${ms}, avif_tries = avif_tries + 1
        WHERE id = (SELECT id FROM media WHERE avif = 'wanted' AND withdrawn_at IS NULL
          AND coalesce(avif_until, 0) < ${nowMs()} ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id`.execute(db)
      return rows[0]?.id ?? null
    },
    async avifDone(id, outcome) {
      const row = await db
        .updateTable('media')
        .set({ avif: outcome, avif_until: null })
        .where('id', '=', id)
        .returning('withdrawn_at')
        .executeTakeFirst()
      return row?.withdrawn_at === null
    },
    async avifFailed(id, stopped) {
      await db
        .updateTable('media')
        .set({
          avif_until: null,
          avif: sql<
            'wanted' | 'without'
          >`CASE WHEN avif_tries < ${MAX_TRIES} OR ${stopped} THEN 'wanted' ELSE 'without' END`,
          avif_tries: sql<number>`avif_tries - CASE WHEN ${stopped} THEN 1 ELSE 0 END`,
        })
        .where('id', '=', id)
        .where('avif', '=', 'wanted')
        .execute()
    },
    async unfinishedWithdrawals() {
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM media WHERE withdrawn_at IS NOT NULL
          AND (EXISTS (SELECT FROM post_media WHERE media_id = media.id)
            OR id IN (SELECT lead ->> 'media' FROM story WHERE lead IS NOT NULL))
        ORDER BY id LIMIT ${MAX_AT_ONCE}`.execute(db)
      return rows.map((row) => row.id)
    },
    async toErase() {
      const rows = await db
        .selectFrom('media')
        .select('id')
        .where('withdrawn_at', 'is not', null)
        .where('erased_at', 'is', null)
        .limit(MAX_AT_ONCE)
        .execute()
      return rows.map((row) => row.id)
    },
    async erased(id) {
      const row = await db
        .updateTable('media')
        .set({ erased_at: nowMs() })
        .where('id', '=', id)
        .where((where) => where.or([where('avif_until', 'is', null), where('avif_until', '<', nowMs())]))
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },
  })
}
