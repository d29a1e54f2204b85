// The public reads on PostgreSQL, through the handle that sees the public_* views only (law 6).
// Called by web and the follower. Never touches a table.

import { sql, type Transaction } from 'kysely'
import { firstPageFrom, keysOf } from '../domain/post.ts'
import {
  type ListedStory,
  NEWS_KINDS,
  type PostOfStory,
  type PublicItem,
  type PublicStory,
  type StoryFace,
  type StoryPage,
  updatedAtOf,
} from '../domain/view.ts'
import { translate } from './acts.ts'
import { type FrontHeads, type KeyRange, MAX_CHANGES, type NamedStory, type PublicReads } from './contract.ts'
import { foldEntry, MAX_KEY_EVENTS, MAX_PAGE_ITEMS, MAX_PINNED } from './fold.ts'
import { publicPostFromRow, publicStoryFromRow, publicTraceFromRow } from './rows.ts'
import type { PublicDatabase, PublicTables } from './tables.ts'

type Tx = Transaction<PublicTables>

export function createPublicReads(db: PublicDatabase): PublicReads {
  /** One snapshot: what is read together belongs to one position. */
  const snapshot = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await db.transaction().setIsolationLevel('repeatable read').execute(work)
    } catch (error) {
      throw translate(error)
    }
  }
  /** One statement is a snapshot by itself, and one way to the server instead of three. */
  const single = async <T>(work: (db: PublicDatabase) => Promise<T>): Promise<T> => {
    try {
      return await work(db)
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    frontHeads: (limit) => single((db) => readFrontHeads(db, limit)),
    frontPage: (limit) => snapshot((tx) => readFrontPage(tx, limit)),
    listed: (limit) => single((db) => readListed(db, limit)),
    storyNamed: (name) => single((db) => readStoryNamed(db, name)),
    storyPage: (storyId, range) => snapshot((tx) => readStoryPage(tx, storyId, range)),
    postPage: (storyId, postId) =>
      snapshot(async (tx) => {
        const story = await readStory(tx, storyId)
        if (!story) return null
        const items = await readItems(tx, storyId, { postIds: [postId] })
        return { epoch: await readEpoch(tx), face: await readFace(tx, story), item: items.get(postId) ?? null }
      }),
    // As the indexes post_bylines and post_tags have it.
    postsBy: (name, limit) => snapshot((tx) => readPostsWith(tx, 'bylines', [{ name }], limit)),
    postsTagged: (tag, limit) => snapshot((tx) => readPostsWith(tx, 'tags', [tag], limit)),
    changesSince: (storyId, seq, limit = MAX_CHANGES) => snapshot((tx) => readChanges(tx, storyId, seq, limit)),
    heads: (storyIds) => single((db) => readHeads(db, storyIds)),
    epoch: () => single(readEpoch),
  }
}

const EPOCH = sql<string>`(SELECT epoch FROM public_installation)`.as('epoch')

async function readFrontHeads(db: PublicDatabase, limit: number): Promise<FrontHeads> {
  const rows = await inFrontOrder(db, limit).select(['id', 'seq', EPOCH]).execute()
  const epoch = rows[0]?.epoch ?? (await readEpoch(db))
  return { epoch, heads: rows.map(({ id, seq }) => ({ id, seq })) }
}

async function readFrontPage(tx: Tx, limit: number): Promise<StoryFace[]> {
  const rows = await inFrontOrder(tx, limit).selectAll().execute()
  return readFaces(tx, rows.map(publicStoryFromRow))
}

const CHANGED_AT = sql<number>`coalesce((SELECT max(at) FROM public_log l WHERE l.story_id = public_story.id AND l.seq = public_story.seq), 0)`

function inFrontOrder(db: PublicDatabase, limit: number) {
  return db
    .selectFrom('public_story')
    .where('visibility', '=', 'public')
    .orderBy(sql`CASE state WHEN 'live' THEN 0 WHEN 'paused' THEN 1 WHEN 'planned' THEN 2 ELSE 3 END`)
    .orderBy(CHANGED_AT, 'desc')
    .limit(limit)
}

async function readListed(db: PublicDatabase, limit: number): Promise<{ epoch: string; stories: ListedStory[] }> {
  const rows = await db
    .selectFrom('public_story')
    .select(['id', 'name', 'title', 'language', 'seq', 'ordinal', 'started_at', CHANGED_AT.as('changed_at'), EPOCH])
    .where('visibility', '=', 'public')
    .orderBy('changed_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  const stories = rows.map(({ epoch: _, started_at: startedAt, changed_at: changedAt, ...story }) => ({
    ...story,
    startedAt,
    changedAt,
  }))
  return { epoch: rows[0]?.epoch ?? (await readEpoch(db)), stories }
}

async function readStoryNamed(db: PublicDatabase, name: string): Promise<NamedStory | null> {
  const row = await db
    .selectFrom('public_story')
    .selectAll()
    .select(EPOCH)
    .where((where) => where.or([where('name', '=', name), where('id', '=', name)]))
    .executeTakeFirst()
  return row ? { ...publicStoryFromRow(row), epoch: row.epoch } : null
}

async function readStory(tx: Tx, id: string): Promise<PublicStory | null> {
  const row = await tx.selectFrom('public_story').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? publicStoryFromRow(row) : null
}

async function readEpoch(db: PublicDatabase): Promise<string> {
  const row = await db.selectFrom('public_installation').select('epoch').executeTakeFirstOrThrow()
  return row.epoch
}

async function readStoryPage(tx: Tx, storyId: string, range?: KeyRange): Promise<StoryPage | null> {
  const story = await readStory(tx, storyId)
  if (!story) return null
  const items = await readItems(tx, storyId, { range: range ?? keysOf(firstPageFrom(story.ordinal)) })
  return { epoch: await readEpoch(tx), face: await readFace(tx, story), items: [...items.values()] }
}

/** Newest first, by id. */
async function readItems(
  tx: Tx,
  storyId: string,
  which: { range: KeyRange } | { postIds: string[] },
): Promise<Map<string, PublicItem>> {
  let posts = tx.selectFrom('public_post').selectAll().where('story_id', '=', storyId)
  let traces = tx.selectFrom('public_trace').selectAll().where('story_id', '=', storyId)
  if ('range' in which) {
    posts = posts.where('order_key', '>=', which.range.from).where('order_key', '<', which.range.to)
    traces = traces.where('order_key', '>=', which.range.from).where('order_key', '<', which.range.to)
  } else {
    if (which.postIds.length === 0) return new Map()
    posts = posts.where('id', 'in', which.postIds)
    traces = traces.where('id', 'in', which.postIds)
  }
  const postRows = await posts.orderBy('order_key', 'desc').limit(MAX_PAGE_ITEMS).execute()
  const traceRows = await traces.orderBy('order_key', 'desc').limit(MAX_PAGE_ITEMS).execute()
  const items: PublicItem[] = [
    ...postRows.map((row) => ({ kind: 'post' as const, post: publicPostFromRow(row) })),
    ...traceRows.map((row) => ({ kind: 'trace' as const, trace: publicTraceFromRow(row) })),
  ]
  items.sort((a, b) => keyOf(b) - keyOf(a))
  return new Map(items.map((item) => [item.kind === 'post' ? item.post.id : item.trace.id, item]))
}

function keyOf(item: PublicItem): number {
  return item.kind === 'post' ? item.post.orderKey : item.trace.orderKey
}

async function readFace(tx: Tx, story: PublicStory): Promise<StoryFace> {
  const [face] = await readFaces(tx, [story])
  return face as StoryFace
}

/** However many stories, four questions. */
async function readFaces(tx: Tx, stories: readonly PublicStory[]): Promise<StoryFace[]> {
  if (stories.length === 0) return []
  const ids = stories.map((story) => story.id)
  const keyEvents = Map.groupBy(await readKeyEvents(tx, ids), (row) => row.story_id)
  const pinned = Map.groupBy(await readPinned(tx, ids), (row) => row.story_id)
  const counts = new Map((await readCounts(tx, ids)).map((row) => [row.story_id, row.n]))
  const times = new Map((await readNewsTimes(tx, ids)).map((row) => [row.id, row.at]))
  return stories.map((story) => ({
    story,
    keyEvents: (keyEvents.get(story.id) ?? []).map((row) => ({
      postId: row.id,
      title: row.key_event?.title ?? '',
      at: row.published_at,
      orderKey: row.order_key,
    })),
    pinned: (pinned.get(story.id) ?? []).map(publicPostFromRow),
    postCount: counts.get(story.id) ?? 0,
    updatedAt: updatedAtOf(counts.get(story.id) ?? 0, times.get(story.id) ?? null, story.summary),
  }))
}

/** Newest first within a story. */
function readKeyEvents(tx: Tx, storyIds: string[]) {
  return tx
    .selectFrom((of) =>
      of
        .selectFrom('public_post')
        .select(['story_id', 'id', 'key_event', 'published_at', 'order_key'])
        .select(sql<number>`row_number() OVER (PARTITION BY story_id ORDER BY order_key DESC)`.as('place'))
        .where('story_id', 'in', storyIds)
        .where('key_event', 'is not', null)
        .as('ranked'),
    )
    .selectAll()
    .where('place', '<=', MAX_KEY_EVENTS)
    .orderBy('place')
    .execute()
}

/** Newest pin first within a story. */
function readPinned(tx: Tx, storyIds: string[]) {
  return tx
    .selectFrom((of) =>
      of
        .selectFrom('public_post')
        .selectAll()
        .select(
          sql<number>`row_number() OVER (PARTITION BY story_id ORDER BY pinned_at DESC, order_key DESC)`.as('place'),
        )
        .where('story_id', 'in', storyIds)
        .where('pinned_at', 'is not', null)
        .as('ranked'),
    )
    .selectAll()
    .where('place', '<=', MAX_PINNED)
    .orderBy('place')
    .execute()
}

function readCounts(tx: Tx, storyIds: string[]) {
  return tx
    .selectFrom('public_post')
    .select('story_id')
    .select((of) => of.fn.countAll<number>().as('n'))
    .where('story_id', 'in', storyIds)
    .groupBy('story_id')
    .execute()
}

/** When the last entry of each story was made that told something new: from the log's end, so that few rows are read. */
function readNewsTimes(tx: Tx, storyIds: string[]) {
  return tx
    .selectFrom('public_story as story')
    .select((of) => [
      'story.id',
      of
        .selectFrom('public_log as entry')
        .select('entry.at')
        .whereRef('entry.story_id', '=', 'story.id')
        .where('entry.kind', 'in', NEWS_KINDS)
        .orderBy('entry.seq', 'desc')
        .limit(1)
        .as('at'),
    ])
    .where('story.id', 'in', storyIds)
    .execute()
}

/** Newest first, of public stories. `part` of the content holds what is in `values`. */
async function readPostsWith(
  tx: Tx,
  part: 'bylines' | 'tags',
  values: unknown[],
  limit: number,
): Promise<PostOfStory[]> {
  const rows = await tx
    .selectFrom('public_post as p')
    .innerJoin('public_story as s', 's.id', 'p.story_id')
    .selectAll('p')
    .where('s.visibility', '=', 'public')
    .where(sql<boolean>`p.content -> ${sql.lit(part)} @> ${JSON.stringify(values)}::jsonb`)
    .orderBy('p.published_at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(limit)
    .execute()
  const ids = [...new Set(rows.map((row) => row.story_id))]
  const stories =
    ids.length === 0 ? [] : await tx.selectFrom('public_story').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(stories.map((row) => [row.id, publicStoryFromRow(row)]))
  return rows.flatMap((row) => {
    const story = byId.get(row.story_id)
    return story ? [{ story, post: publicPostFromRow(row) }] : []
  })
}

async function readChanges(tx: Tx, storyId: string, seq: number, limit: number) {
  const story = await readStory(tx, storyId)
  if (!story || seq > story.seq || story.seq - seq > limit) return null
  const entries = await tx
    .selectFrom('public_log')
    .selectAll()
    .where('story_id', '=', storyId)
    .where('seq', '>', seq)
    .where('seq', '<=', story.seq)
    .orderBy('seq')
    .execute()
  const ids = entries.filter((entry) => entry.seq === entry.post_version).map((entry) => entry.post_id)
  const items = await readItems(tx, storyId, { postIds: [...new Set(ids.filter((id) => id !== null))] })
  const changes = entries.map((entry) => {
    const line = { seq: entry.seq, kind: entry.kind, at: entry.at, postId: entry.post_id }
    return foldEntry(line, entry.post_version, items.get(entry.post_id ?? '') ?? null)
  })
  return { epoch: await readEpoch(tx), head: story.seq, face: await readFace(tx, story), changes }
}

async function readHeads(db: PublicDatabase, storyIds: readonly string[]): Promise<Map<string, number>> {
  if (storyIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('public_story')
    .select(['id', 'seq'])
    .where('id', 'in', [...storyIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.seq]))
}
