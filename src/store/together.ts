// What the desks of stories look like now: heads of their desk logs, who is there, readers of all nodes. And saying that one is there.
// Called by web/desk for the streams of a node and by the operation that tells a presence. Runs on the writing handle.
// Never an act: nothing here touches a log, a post or a position, and what it writes is forgotten within seconds.

import { sql } from 'kysely'
import { type FoundChange, type FoundPresence, PRESENCE_MS, type Standing } from '../domain/together.ts'
import { nowMs } from './acts.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

const MAX_TABS = 10 // windows of one sign-in in one story; more are a program's
const MAX_PRESENT = 200 // windows told of one story, the newest first; a newsroom is smaller
export const COUNT_EVERY_MS = 5_000 // how often a node tells its readers
export const COUNT_GOOD_MS = 15_000 // a node that told nothing for three turns is gone, and its readers are elsewhere

/** `epoch` of the installation; `now` by the database's clock, ms UTC. `readers`: of all nodes but this one. */
export type DeskLook = { epoch: string; now: number; stories: Map<string, StoryLook> }
export type StoryLook = { head: number; presence: FoundPresence[]; readers: number }

export type SaidPresence = {
  storyId: string
  sessionId: string
  tab: string
  person: { id: string; name: string }
  postId: string | null
  writing: boolean
}

export type Together = {
  /** `node`: who asks. A story that is not there is absent. */
  look(storyIds: readonly string[], node: string): Promise<DeskLook>
  /** After `seq`, oldest first, at most `limit`. */
  changes(storyId: string, seq: number, limit: number): Promise<FoundChange[]>
  /** True when others see something new by it. */
  say(presence: SaidPresence): Promise<boolean>
  /** True when it was there. */
  leave(storyId: string, sessionId: string, tab: string): Promise<boolean>
  /** Readers by story at this node; without any, its row goes. */
  count(node: string, counts: Record<string, number>): Promise<void>
}

export function createTogether(db: Database): Together {
  return translating<Together>({
    look: (storyIds, node) => look(db, storyIds, node),
    changes: (storyId, seq, limit) => changes(db, storyId, seq, limit),
    say: (presence) => say(db, presence),
    leave: async (storyId, sessionId, tab) => {
      const gone = await db
        .deleteFrom('desk_presence')
        .where('story_id', '=', storyId)
        .where('session_id', '=', sessionId)
        .where('tab', '=', tab)
        .executeTakeFirst()
      return gone.numDeletedRows > 0n
    },
    count: async (node, counts) => {
      const { now } = await db.selectNoFrom(nowMs().as('now')).executeTakeFirstOrThrow()
      const old = db.deleteFrom('node_count').where('at', '<=', now - COUNT_GOOD_MS)
      await old.execute()
      if (Object.keys(counts).length === 0) {
        await db.deleteFrom('node_count').where('node', '=', node).execute()
        return
      }
      const row = { at: now, counts: JSON.stringify(counts) }
      await db
        .insertInto('node_count')
        .values({ node, ...row })
        .onConflict((conflict) => conflict.column('node').doUpdateSet(row))
        .execute()
    },
  })
}

async function look(db: Database, storyIds: readonly string[], node: string): Promise<DeskLook> {
  const { epoch, now } = await db
    .selectFrom('installation')
    .select(['epoch', nowMs().as('now')])
    .executeTakeFirstOrThrow()
  const stories = new Map<string, StoryLook>()
  if (storyIds.length === 0) return { epoch, now, stories }
  const rows = await db
    .selectFrom('story')
    .select('id')
    .select((eb) =>
      eb
        .selectFrom('desk_entry')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .whereRef('story_id', '=', 'story.id')
        .as('head'),
    )
    .select(
      sql<number>`(SELECT coalesce(sum((counts ->> story.id)::int), 0)::int FROM node_count
        WHERE node <> ${node} AND at > ${now - COUNT_GOOD_MS})`.as('readers'),
    )
    .where('id', 'in', [...storyIds])
    .execute()
  for (const { id, head, readers } of rows) stories.set(id, { head: head ?? 0, presence: [], readers })
  for (const { storyId, ...one } of await present(db, storyIds, now)) stories.get(storyId)?.presence.push(one)
  return { epoch, now, stories }
}

async function present(db: Database, storyIds: readonly string[], now: number) {
  const rows = await db
    .selectFrom('desk_presence as here')
    .leftJoin('post', (join) => join.onRef('post.id', '=', 'here.post_id').onRef('post.story_id', '=', 'here.story_id'))
    .select(['here.story_id', 'account_id', 'name', 'tab', 'post_id', 'writing', 'since'])
    .select(['post.state', 'post.first_published_at', 'post.created_by'])
    .where('here.story_id', 'in', [...storyIds])
    .where('seen_at', '>', now - PRESENCE_MS)
    .orderBy('since', 'desc')
    .orderBy('session_id')
    .orderBy('tab')
    .limit(MAX_PRESENT * storyIds.length)
    .execute()
  return rows.map(({ story_id: storyId, account_id: id, name, tab, post_id: postId, writing, since, ...post }) => ({
    ...{ storyId, person: { id, name }, tab, postId, writing, since },
    post: standingOf(post),
  }))
}

async function changes(db: Database, storyId: string, seq: number, limit: number): Promise<FoundChange[]> {
  const rows = await db
    .selectFrom('desk_entry as entry')
    .leftJoin('post', (join) =>
      join.onRef('post.id', '=', 'entry.post_id').onRef('post.story_id', '=', 'entry.story_id'),
    )
    .select(['entry.seq', 'entry.kind', 'entry.post_id', 'entry.actor_id'])
    .select(['post.state', 'post.first_published_at', 'post.created_by'])
    .where('entry.story_id', '=', storyId)
    .where('entry.seq', '>', seq)
    .orderBy('entry.seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq: at, kind, post_id: postId, actor_id: by, ...post }) => ({
    ...{ seq: at, kind, postId, by },
    post: standingOf(post),
  }))
}

type PostColumns = {
  state: NonNullable<Standing>['state'] | null
  first_published_at: number | null
  created_by: string | null
}

function standingOf({ state, first_published_at: firstPublishedAt, created_by: createdBy }: PostColumns): Standing {
  return state === null || createdBy === null ? null : { state, firstPublishedAt, createdBy }
}

async function say(db: Database, { storyId, sessionId, tab, person, postId, writing }: SaidPresence): Promise<boolean> {
  const { now } = await db.selectNoFrom(nowMs().as('now')).executeTakeFirstOrThrow()
  const said = { account_id: person.id, name: person.name, post_id: postId, writing, seen_at: now }
  const same = sql<boolean>`desk_presence.post_id IS NOT DISTINCT FROM ${postId} AND desk_presence.writing = ${writing}
    AND desk_presence.seen_at > ${now - PRESENCE_MS}`
  const row = await db
    .insertInto('desk_presence')
    .values({ story_id: storyId, session_id: sessionId, tab, since: now, ...said })
    .onConflict((conflict) =>
      conflict
        .columns(['story_id', 'session_id', 'tab'])
        .doUpdateSet({ ...said, since: sql<number>`CASE WHEN ${same} THEN desk_presence.since ELSE ${now} END` }),
    )
    .returning(['since', sql<boolean>`xmax = 0`.as('isNew')])
    .executeTakeFirstOrThrow()
  if (row.isNew) await tidy(db, storyId, sessionId, now)
  return row.since === now
}

/** Windows that are gone without a word, and of too many the oldest. */
async function tidy(db: Database, storyId: string, sessionId: string, now: number): Promise<void> {
  await db
    .deleteFrom('desk_presence')
    .where('seen_at', '<=', now - PRESENCE_MS)
    .execute()
  const own = db.selectFrom('desk_presence').where('story_id', '=', storyId).where('session_id', '=', sessionId)
  const newest = own.select('tab').orderBy('seen_at', 'desc').orderBy('tab').limit(MAX_TABS)
  await db
    .deleteFrom('desk_presence')
    .where('story_id', '=', storyId)
    .where('session_id', '=', sessionId)
    .where('tab', 'not in', newest)
    .execute()
}
