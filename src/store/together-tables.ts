// The tables of working together on a story's desk, as Kysely sees them. Unlogged: what they hold is true for seconds.
// Called by store/tables.ts. Never leaves the room.

import type { JsonColumn } from './account-tables.ts'

/** One window of one person in one story. `since`: ms UTC; how long it has been so. `seen_at`: when it last said so. */
export type PresenceTable = {
  story_id: string
  session_id: string
  tab: string
  account_id: string
  name: string
  post_id: string | null
  writing: boolean
  since: number
  seen_at: number
}

/** What one node counts, by story. */
export type NodeCountTable = { node: string; at: number; counts: JsonColumn<Record<string, number>> }

export type TogetherTables = { desk_presence: PresenceTable; node_count: NodeCountTable }
