// What is due: scheduled posts whose moment has come, by the database's clock.
// Called by the release worker of wires/ through cli. Never changes anything: releasing is an act.

import { sql } from 'kysely'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export type DuePost = { storyId: string; postId: string }

export type Releases = {
  /** The database's clock, ms UTC, and the posts due at it, the earliest first. */
  due(limit: number): Promise<{ now: number; posts: DuePost[] }>
}

export function createReleases(db: Database): Releases {
  return translating<Releases>({
    async due(limit) {
      const clock = sql<number>`floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`
      const { rows } = await sql<{ now: number }>`SELECT ${clock} AS now`.execute(db)
      const now = rows[0]?.now ?? 0
      const posts = await db
        .selectFrom('post')
        .select(['id', 'story_id'])
        .where('state', '=', 'scheduled')
        .where('release_at', '<=', now)
        .orderBy('release_at')
        .limit(limit)
        .execute()
      return { now, posts: posts.map((row) => ({ storyId: row.story_id, postId: row.id })) }
    },
  })
}
