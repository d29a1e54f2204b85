// The record of each picture: its size, what its metadata said, who brought it.
// Called by web/desk and wires through newsroom values, and by web/media for what readers may fetch.

import { sql } from 'kysely'
import type { Json } from '../domain/decision.ts'
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

export type MediaRecords = {
  save(record: MediaRecord): Promise<void>
  /** True while a published post of a visible story shows it. */
  isPublic(id: string): Promise<boolean>
  exists(id: string): Promise<boolean>
}

export function createMediaRecords(db: Database, publicDb: PublicDatabase): MediaRecords {
  return translating<MediaRecords>({
    async save({ id, width, height, bytes, metadata, createdBy }) {
      await db
        .insertInto('media')
        .values({
          id,
          kind: 'image',
          width,
          height,
          bytes,
          metadata: JSON.stringify(metadata),
          created_at: sql`floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`,
          created_by: createdBy,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
    async isPublic(id) {
      const row = await publicDb.selectFrom('public_media').select('id').where('id', '=', id).executeTakeFirst()
      return row !== undefined
    },
    async exists(id) {
      const row = await db.selectFrom('media').select('id').where('id', '=', id).executeTakeFirst()
      return row !== undefined
    },
  })
}
