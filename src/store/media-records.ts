// The record of each picture: its size, what its metadata said, who brought it, and that it was withdrawn.
// Called by web/media for who may see it, by newsroom for its withdrawal, by cli when one was taken in.
// Never deletes a row: an id that was withdrawn is never free again.

import { sql } from 'kysely'
import type { Json } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { commitForGood, nowMs } from './acts.ts'
import type { Database, PublicDatabase } from './tables.ts'
import { translating } from './translating.ts'

export type MediaRecord = {
  id: string
  width: number
  height: number
  bytes: number
  metadata: { [key: string]: Json }
  createdBy: string
}

export type MediaRecords = PhotoWithdrawals & {
  /** Twice is as once. False: this id was withdrawn; what was brought must go. */
  save(record: MediaRecord): Promise<boolean>
  /** True while a published post of a visible story shows it and nobody withdrew it. */
  isPublic(id: string): Promise<boolean>
  /** What staff may see before that: known, and not withdrawn. */
  isKept(id: string): Promise<boolean>
}

/** What of one story shows a withdrawn photo: posts, and its lead picture where `postIds` may be empty. */
export type PhotoUse = { storyId: string; postIds: string[] }

export type PhotoWithdrawals = {
  /** From the commit on no node serves it and no act can use it. The first one who did it stays on record. False: unknown. */
  markWithdrawn(id: string, withdrawal: { by: Actor; reason: string }): Promise<boolean>
  /** Who withdrew it; null where nobody did. */
  withdrawal(id: string): Promise<{ by: Actor; reason: string } | null>
  /** What is still to do for a withdrawn photo: posts in any state. */
  usesOf(id: string): Promise<PhotoUse[]>
}

export function createMediaRecords(db: Database, publicDb: PublicDatabase): MediaRecords {
  return translating<MediaRecords>({
    async save({ metadata, createdBy, ...record }) {
      const row = { ...record, kind: 'image' as const, metadata: JSON.stringify(metadata), created_by: createdBy }
      await db
        .insertInto('media')
        .values({ ...row, created_at: nowMs() })
        // Taken in again: the renditions are new, so AVIF is made anew as well.
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ avif: 'wanted', avif_tries: 0 }))
        .execute()
      return isKept(db, record.id)
    },
    async isPublic(id) {
      const row = await publicDb.selectFrom('public_media').select('id').where('id', '=', id).executeTakeFirst()
      return row !== undefined
    },
    isKept: (id) => isKept(db, id),
    async markWithdrawn(id, withdrawal) {
      return db.transaction().execute(async (tx) => {
        await commitForGood(tx)
        await tx
          .updateTable('media')
          .set({ withdrawn_at: nowMs(), withdrawal: JSON.stringify(withdrawal) })
          .where('id', '=', id)
          .where('withdrawn_at', 'is', null)
          .execute()
        return (await tx.selectFrom('media').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
      })
    },
    async withdrawal(id) {
      const row = await db.selectFrom('media').select('withdrawal').where('id', '=', id).executeTakeFirst()
      return row?.withdrawal ?? null
    },
    async usesOf(id) {
      const rows = await db
        .selectFrom('post_media')
        .innerJoin('post', 'post.id', 'post_media.post_id')
        .select(['post.id', 'post.story_id'])
        .where('post_media.media_id', '=', id)
        .orderBy('post.story_id')
        .orderBy('post.order_key')
        .execute()
      const leads = await db
        .selectFrom('story')
        .select('id')
        .where(sql<boolean>`lead ->> 'media' = ${id}`)
        .orderBy('id')
        .execute()
      const uses = new Map(leads.map((story) => [story.id, [] as string[]]))
      for (const { id: postId, story_id } of rows) uses.set(story_id, [...(uses.get(story_id) ?? []), postId])
      return [...uses].map(([storyId, postIds]) => ({ storyId, postIds }))
    },
  })
}

async function isKept(db: Database, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('media')
    .select('id')
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}
