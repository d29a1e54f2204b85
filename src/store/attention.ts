// What readers' browsers told of posts, as counts by post, added up over all nodes.
// Called by web/tally, which adds every few seconds, and by the desk, which reads. Runs on the writing handle.
// Never counts for a post that the public cannot see: what is unknown, unreleased or withdrawn is left out without a word.

import { sql } from 'kysely'
import { attentionOf } from '../domain/attention.ts'
import type { Attention as PostAttention } from '../domain/seen.ts'
import { nowMs } from './acts.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

/** Each post once. `shown`: by bucket. */
export type Told = { postId: string; reads: number; shown: readonly number[] }

export type Attention = {
  /** In one statement. Gives the ids that it was counted for. */
  add(told: readonly Told[]): Promise<string[]>
  /** Of published posts of a story that anything was told of, newest first. */
  ofStory(storyId: string, limit: number): Promise<PostAttention[]>
  /** ms UTC, the clock by which posts are published. */
  clock(): Promise<number>
}

export function createAttention(db: Database): Attention {
  return translating<Attention>({
    async add(told) {
      // In the order of ids, so that two nodes never wait for one another crosswise.
      const added = await sql<{ post_id: string }>`
        INSERT INTO post_attention AS counted (post_id, reads, shown)
        SELECT told."postId", told.reads, told.shown
        FROM json_to_recordset(${JSON.stringify(told)}::json) AS told ("postId" text, reads int, shown int[])
          JOIN public_post post ON post.id = told."postId"
        ORDER BY told."postId"
        ON CONFLICT (post_id) DO UPDATE SET reads = counted.reads + excluded.reads, shown = ARRAY(
          SELECT coalesce(a, 0) + coalesce(b, 0)
          FROM unnest(counted.shown, excluded.shown) WITH ORDINALITY AS both_of (a, b, bucket) ORDER BY bucket)
        RETURNING post_id`.execute(db)
      return added.rows.map((row) => row.post_id)
    },
    async ofStory(storyId, limit) {
      const rows = await db
        .selectFrom('post_attention as counted')
        .innerJoin('post', 'post.id', 'counted.post_id')
        .select(['counted.post_id', 'counted.reads', 'counted.shown'])
        .where('post.story_id', '=', storyId)
        .where('post.state', '=', 'published')
        .orderBy('post.order_key', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ post_id, reads, shown }) => attentionOf(post_id, reads, shown))
    },
    async clock() {
      return (await db.selectNoFrom(nowMs().as('now')).executeTakeFirstOrThrow()).now
    },
  })
}
