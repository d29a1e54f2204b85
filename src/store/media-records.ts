// The record of each picture and clip: its size, what its metadata said, who brought it, and that it was withdrawn.
// Called by web/media for who may see it, by newsroom for its withdrawal, by cli when one was taken in.
// Never deletes a row: an id that was withdrawn is never free again.

import { sql } from 'kysely'
import type { MediaKind } from '../domain/content.ts'
import type { Json } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { commitForGood, nowMs } from './acts.ts'
import type { ClipFacts, Database, PublicDatabase } from './tables.ts'
import { translating } from './translating.ts'

export type MediaRecord = {
  id: string
  /** Absent: 'image'. */
  kind?: MediaKind
  /** Of a video or a sound. */
  clip?: ClipFacts
  width: number
  height: number
  bytes: number
  metadata: { [key: string]: Json }
  createdBy: string
  /** The photo it was cut from: what is said of that one is said of it. Absent: it was brought. */
  cutFrom?: string
}

export type MediaRecords = PhotoWithdrawals & {
  /** Twice is as once. False: this id was withdrawn; what was brought must go. */
  save(record: MediaRecord): Promise<boolean>
  /** True while a published post of a visible story shows it and nobody withdrew it. */
  isPublic(id: string): Promise<boolean>
  /** What staff may see before that: known, and not withdrawn. */
  isKept(id: string): Promise<boolean>
  /** The file of a video or a sound: null where it is none, or may not be seen. */
  clip(id: string, viewer: 'public' | 'staff'): Promise<ClipFile | null>
}

export type ClipFile = ClipFacts & { bytes: number }

/** What of one story shows a withdrawn photo: posts, and its lead picture where `postIds` may be empty. */
export type PhotoUse = { storyId: string; postIds: string[] }

export type PhotoWithdrawals = {
  /** What was cut from it, whether or not it was withdrawn. */
  cutsOf(id: string): Promise<string[]>
  /** With what was cut from it. From the commit on no node serves it and no act can use it. The first one who did it stays on record. False: unknown. */
  markWithdrawn(id: string, withdrawal: { by: Actor; reason: string }): Promise<boolean>
  /** Who withdrew it; null where nobody did. */
  withdrawal(id: string): Promise<{ by: Actor; reason: string } | null>
  /** What is still to do for a withdrawn photo: posts in any state. */
  usesOf(id: string): Promise<PhotoUse[]>
}

export function createMediaRecords(db: Database, publicDb: PublicDatabase): MediaRecords {
  return translating<MediaRecords>({
    async save({ metadata, createdBy, cutFrom = null, kind = 'image', clip, ...record }) {
      const row = {
        ...{ ...record, kind, metadata: JSON.stringify(metadata), created_by: createdBy },
        ...(clip ? { clip: JSON.stringify(clip), avif: 'without' as const } : {}),
      }
      await db.transaction().execute(async (tx) => {
        await commitForGood(tx)
        const said = cutFrom === null ? {} : await saidOf(tx, cutFrom)
        await tx
          .insertInto('media')
          .values({ ...row, ...said, cut_from: cutFrom, created_at: nowMs() })
          // Taken in again: the renditions are new, so AVIF is made anew as well.
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ avif: 'wanted', avif_tries: 0 }))
          .execute()
      })
      return isKept(db, record.id)
    },
    async isPublic(id) {
      const row = await publicDb.selectFrom('public_media').select('id').where('id', '=', id).executeTakeFirst()
      return row !== undefined
    },
    isKept: (id) => isKept(db, id),
    async clip(id, viewer) {
      const row =
        viewer === 'public'
          ? await publicDb.selectFrom('public_media').select(['bytes', 'clip']).where('id', '=', id).executeTakeFirst()
          : await db
              .selectFrom('media')
              .select(['bytes', 'clip'])
              .where('id', '=', id)
              .where('withdrawn_at', 'is', null)
              .executeTakeFirst()
      return row?.clip ? { ...row.clip, bytes: Number(row.bytes) } : null
    },
    async markWithdrawn(id, withdrawal) {
      return db.transaction().execute(async (tx) => {
        await commitForGood(tx)
        // One after the other: what was cut while the first waited for its row is seen by the second only.
        for (const column of ['id', 'cut_from'] as const)
          await tx
            .updateTable('media')
            .set({ withdrawn_at: nowMs(), withdrawal: JSON.stringify(withdrawal) })
            .where(column, '=', id)
            .where('withdrawn_at', 'is', null)
            .execute()
        return (await tx.selectFrom('media').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
      })
    },
    async cutsOf(id) {
      const rows = await db.selectFrom('media').select('id').where('cut_from', '=', id).orderBy('id').execute()
      return rows.map((row) => row.id)
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

/** Under a lock, so that an edit or a withdrawal waits. A photo withdrawn while it was cut takes the cut one with it: its row is born withdrawn. */
async function saidOf(db: Database, id: string) {
  const columns = ['words', 'use_until', 'no_use', 'blocked', 'withdrawn_at', 'withdrawal'] as const
  const row = await db.selectFrom('media').select(columns).where('id', '=', id).forShare().executeTakeFirst()
  if (!row) return {}
  const { words, withdrawal, ...rest } = row
  return { ...rest, words: words && JSON.stringify(words), withdrawal: withdrawal && JSON.stringify(withdrawal) }
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
