// The public reads on PostgreSQL, through the handle that sees the public_* views only (law 6).
// Called by web and the follower. Never touches a table.

import { sql, type Transaction } from 'kysely'
import { firstPageFrom, keysOf } from '../domain/post.ts'
import type { PersonPost, PublicItem, PublicStory, StoryFace, StoryPage } from '../domain/view.ts'
import { translate } from './acts.ts'
import { type KeyRange, MAX_CHANGES, type PublicReads } from './contract.ts'
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
  return {
    frontPage: (limit) => snapshot((tx) => readFrontPage(tx, limit)),
    storyNamed: (name) => snapshot((tx) => readStoryNamed(tx, name)),
    storyPage: (storyId, range) => snapshot((tx) => readStoryPage(tx, storyId, range)),
    postPage: (storyId, postId) =>
      snapshot(async (tx) => {
        const story = await readStory(tx, storyId)
        if (!story) return null
        const items = await readItems(tx, storyId, { postIds: [postId] })
        return { epoch: await readEpoch(tx), face: await readFace(tx, story), item: items.get(postId) ?? null }
      }),
    postsBy: (name, limit) => snapshot((tx) => readPostsBy(tx, name, limit)),
    changesSince: (storyId, seq, limit = MAX_CHANGES) => snapshot((tx) => readChanges(tx, storyId, seq, limit)),
    heads: (storyIds) => snapshot((tx) => readHeads(tx, storyIds)),
    epoch: () => snapshot(readEpoch),
  }
}

async function readFrontPage(tx: Tx, limit: number): Promise<StoryFace[]> {
  const rows = await tx
    .selectFrom('public_story')
    .selectAll()
    .where('visibility', '=', 'public')
    .orderBy(sql`CASE state WHEN 'live' THEN 0 WHEN 'paused' THEN 1 WHEN 'planned' THEN 2 ELSE 3 END`)
    .orderBy(
      sql`coalesce((SELECT max(at) FROM public_log l WHERE l.story_id = public_story.id AND l.seq = public_story.seq), 0)`,
      'desc',
    )
    .limit(limit)
    .execute()
  const faces: StoryFace[] = []
  for (const row of rows) faces.push(await readFace(tx, publicStoryFromRow(row)))
  return faces
}

async function readStoryNamed(tx: Tx, name: string): Promise<PublicStory | null> {
  const row = await tx
    .selectFrom('public_story')
    .selectAll()
    .where((where) => where.or([where('name', '=', name), where('id', '=', name)]))
    .executeTakeFirst()
  return row ? publicStoryFromRow(row) : null
}

async function readStory(tx: Tx, id: string): Promise<PublicStory | null> {
  const row = await tx.selectFrom('public_story').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? publicStoryFromRow(row) : null
}

async function readEpoch(tx: Tx): Promise<string> {
  const row = await tx.selectFrom('public_installation').select('epoch').executeTakeFirstOrThrow()
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
  const of = () => tx.selectFrom('public_post').where('story_id', '=', story.id)
  const keys = await of()
    .select(['id', 'key_event', 'published_at', 'order_key'])
    .where('key_event', 'is not', null)
    .orderBy('order_key', 'desc')
    .limit(MAX_KEY_EVENTS)
    .execute()
  const pinned = await of()
    .selectAll()
    .where('pinned_at', 'is not', null)
    .orderBy('pinned_at', 'desc')
    .orderBy('order_key', 'desc')
    .limit(MAX_PINNED)
    .execute()
  const count = await of()
    .select((fn) => fn.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const last = await tx
    .selectFrom('public_log')
    .select('at')
    .where('story_id', '=', story.id)
    .where('seq', '=', story.seq)
    .executeTakeFirst()
  return {
    story,
    keyEvents: keys.map((row) => ({
      postId: row.id,
      title: row.key_event?.title ?? '',
      at: row.published_at,
      orderKey: row.order_key,
    })),
    pinned: pinned.map(publicPostFromRow),
    postCount: count.n,
    updatedAt: last?.at ?? null,
  }
}

async function readPostsBy(tx: Tx, name: string, limit: number): Promise<PersonPost[]> {
  const rows = await tx
    .selectFrom('public_post as p')
    .innerJoin('public_story as s', 's.id', 'p.story_id')
    .selectAll('p')
    .where('s.visibility', '=', 'public')
    // As the index post_bylines has it.
    .where(sql<boolean>`p.content -> 'bylines' @> ${JSON.stringify([{ name }])}::jsonb`)
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

async function readHeads(tx: Tx, storyIds: readonly string[]): Promise<Map<string, number>> {
  if (storyIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('public_story')
    .select(['id', 'seq'])
    .where('id', 'in', [...storyIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.seq]))
}
