// What the board of stories asks beside the stories themselves: a person's role in each, and the readers of all nodes.
// Called by web/desk/board.ts every few seconds for each open board. Runs on the writing handle.
// Never writes.

import { sql } from 'kysely'
import type { Role } from '../domain/permission.ts'
import { nowMs } from './acts.ts'
import type { Database } from './tables.ts'
import { COUNT_GOOD_MS } from './together.ts'
import { translating } from './translating.ts'

export type Board = {
  /** By story; absent where none was given. */
  rolesOf(accountId: string): Promise<Map<string, Role>>
  /** By story, on the streams of all nodes, as they told it last; absent where there are none. */
  readers(): Promise<Map<string, number>>
}

export function createBoard(db: Database): Board {
  return translating<Board>({
    async rolesOf(accountId) {
      const rows = await db
        .selectFrom('story_role')
        .select(['story_id', 'role'])
        .where('account_id', '=', accountId)
        .execute()
      return new Map(rows.map(({ story_id, role }) => [story_id, role]))
    },
    async readers() {
      const found = await sql<{ id: string; readers: number }>`
        SELECT count.key AS id, sum(count.value::int)::int AS readers FROM node_count, jsonb_each_text(counts) AS count
        WHERE at > ${nowMs()} - ${COUNT_GOOD_MS}::bigint GROUP BY count.key`.execute(db)
      return new Map(found.rows.map(({ id, readers }) => [id, readers]))
    },
  })
}
