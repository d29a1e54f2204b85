// What the desk reads: stories and posts in every state.
// Called by web/desk for people who are signed in. Runs on the writing handle, which sees everything.
// Never serves a public surface.

import { sql } from 'kysely'
import type { MediaKind, PostContent } from '../domain/content.ts'
import type { Post, PostState } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import { postFromRow, storyFromRow } from './rows.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

/** `posts`: published now. `lastPostAt`: ms UTC of the newest of them. */
export type DeskStory = Story & { posts: number; lastPostAt: number | null }
/** `byName`: who made it; null for makers that are no person of ours. */
export type DeskPost = Post & { byName: string | null }
export type DeskPhoto = { id: string; kind: MediaKind; width: number; height: number }
/** A photo and every post that shows it now, in whatever state; at most MAX_SHOWN_IN of them. */
export type PhotoSheet = DeskPhoto & {
  withdrawn: { at: number; byName: string; reason: string } | null
  shownIn: PostElsewhere[]
  /** Other uploads that look like the same file, newest first; at most MAX_ALIKE of them. */
  alike: string[]
}
/** `createdBy` and `firstPublishedAt` decide who may know of it. */
export type PostElsewhere = {
  storyId: string
  storyTitle: string
  postId: string
  headline: string
  state: PostState
  createdBy: string
  firstPublishedAt: number | null
}
/** What of a story is not published. `scheduled`: when each goes out, ms UTC, first ones first. `sentBack`: of the reader's own drafts. */
export type Waiting = { drafts: number; submitted: number; scheduled: number[]; sentBack: number }
/** `draftsOf`: of unpublished posts only this account's. `after`: the id of the last post of the page above. */
export type PostFilter = { states?: readonly PostState[]; draftsOf?: string; after?: string; limit: number }
const MAX_ALIKE = 20 // brought in again and again, it is a logo
const MAX_SHOWN_IN = 200 // of a list that people read; the act takes it out of all

export type DeskReads = {
  /** Live first, then by what happened last. `forAccount`: only those in which it was given a role. */
  stories(limit: number, forAccount?: string): Promise<DeskStory[]>
  story(storyId: string): Promise<DeskStory | null>
  /** By story; absent where nothing waits. `draftsOf` as for posts. */
  waiting(storyIds: readonly string[], accountId: string, draftsOf?: string): Promise<Map<string, Waiting>>
  /** Unpublished ones first, then as readers see them, newest first. */
  posts(storyId: string, filter: PostFilter): Promise<DeskPost[]>
  post(storyId: string, postId: string): Promise<DeskPost | null>
  /** The text as it was at a revision; null when that is not kept. */
  contentAt(postId: string, revision: number): Promise<PostContent | null>
  /** The published post next to this one in its story; null at either end. */
  neighbour(storyId: string, postId: string, side: 'above' | 'below'): Promise<string | null>
  /** Published copies in other stories, at most MAX_SHOWN_IN of them. */
  copiesOf(postId: string): Promise<PostElsewhere[]>
  /** null also for a withdrawn one: it cannot be used. */
  photo(id: string): Promise<DeskPhoto | null>
  photoSheet(id: string): Promise<PhotoSheet | null>
}

// Unpublished posts have no order key: they stand above all that have.
const KEY = sql<number>`coalesce(post.order_key, 9007199254740991)`

export function createDeskReads(db: Database): DeskReads {
  return translating<DeskReads>({
    async stories(limit, forAccount) {
      let query = storyQuery(db)
      if (forAccount !== undefined) {
        query = query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('story_role')
              .select('role')
              .whereRef('story_id', '=', 'story.id')
              .where('account_id', '=', forAccount)
              .where('role', '<>', 'guest'),
          ),
        )
      }
      const rows = await query
        .orderBy(sql`story.state = 'live'`, 'desc')
        .orderBy(sql`coalesce(last_post_at, story.created_at)`, 'desc')
        .limit(limit)
        .execute()
      return rows.map(deskStory)
    },
    async story(storyId) {
      const row = await storyQuery(db).where('story.id', '=', storyId).executeTakeFirst()
      return row ? deskStory(row) : null
    },
    waiting: (storyIds, accountId, draftsOf) => waitingIn(db, storyIds, accountId, draftsOf),
    posts: (storyId, filter) => postsPage(db, storyId, filter),
    async post(storyId, postId) {
      const row = await postQuery(db)
        .where('post.story_id', '=', storyId)
        .where('post.id', '=', postId)
        .executeTakeFirst()
      return row ? { ...postFromRow(row), byName: row.by_name } : null
    },
    async contentAt(postId, revision) {
      const row = await db
        .selectFrom('post_revision')
        .select('content')
        .where('post_id', '=', postId)
        .where('revision', '=', revision)
        .executeTakeFirst()
      return row?.content ?? null
    },
    async neighbour(storyId, postId, side) {
      const row = await db
        .selectFrom('post')
        .select('post.id')
        .where('post.story_id', '=', storyId)
        .where('post.state', '=', 'published')
        .where('post.order_key', side === 'above' ? '>' : '<', (query) =>
          query.selectFrom('post as own').select('own.order_key').where('own.id', '=', postId),
        )
        .orderBy('post.order_key', side === 'above' ? 'asc' : 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.id ?? null
    },
    async copiesOf(postId) {
      const rows = await elsewhere(db)
        .where('post.origin_post', '=', postId)
        .where('post.state', '=', 'published')
        .orderBy('post.created_at')
        .limit(MAX_SHOWN_IN)
        .execute()
      return rows.map(withHeadline)
    },
    async photo(id) {
      const row = await db
        .selectFrom('media')
        .select(['id', 'kind', 'width', 'height'])
        .where('id', '=', id)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirst()
      return row ?? null
    },
    async photoSheet(id) {
      const row = await db
        .selectFrom('media')
        .select(['id', 'kind', 'width', 'height', 'bytes', 'withdrawn_at', 'withdrawal'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return null
      const { withdrawn_at: at, withdrawal, bytes, ...photo } = row
      const withdrawn =
        at === null || !withdrawal ? null : { at, byName: withdrawal.by.name, reason: withdrawal.reason }
      const alike = await alikeTo(db, { ...photo, bytes })
      return { ...photo, withdrawn, shownIn: await postsWith(db, id), alike }
    },
  })
}

/** No hash is kept. The same file gives the same renditions, and their sizes together hardly ever agree by chance. */
async function alikeTo(db: Database, { id, ...size }: DeskPhoto & { bytes: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('media')
    .select('id')
    .where((eb) => eb.and(size))
    .where('id', '<>', id)
    .where('withdrawn_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(MAX_ALIKE)
    .execute()
  return rows.map((row) => row.id)
}

async function waitingIn(db: Database, storyIds: readonly string[], accountId: string, draftsOf?: string) {
  if (storyIds.length === 0) return new Map<string, Waiting>()
  let query = db
    .selectFrom('post')
    .select([
      'story_id',
      sql<number>`count(*) FILTER (WHERE state = 'draft')`.as('drafts'),
      sql<number>`count(*) FILTER (WHERE state = 'submitted')`.as('submitted'),
      sql<number>`count(*) FILTER (WHERE state = 'draft' AND desk_note IS NOT NULL AND created_by = ${accountId})`.as(
        'sentBack',
      ),
      sql<number[] | null>`json_agg(release_at ORDER BY release_at) FILTER (WHERE state = 'scheduled')`.as('scheduled'),
    ])
    .where('story_id', 'in', [...storyIds])
    .where('state', 'in', ['draft', 'submitted', 'scheduled'])
  if (draftsOf !== undefined) query = query.where('created_by', '=', draftsOf)
  const rows = await query.groupBy('story_id').execute()
  return new Map(rows.map(({ story_id, scheduled, ...row }) => [story_id, { ...row, scheduled: scheduled ?? [] }]))
}

async function postsWith(db: Database, mediaId: string): Promise<PhotoSheet['shownIn']> {
  const rows = await elsewhere(db)
    .innerJoin('post_media', 'post_media.post_id', 'post.id')
    .where('post_media.media_id', '=', mediaId)
    .orderBy('post.created_at')
    .limit(MAX_SHOWN_IN)
    .execute()
  return rows.map(withHeadline)
}

function elsewhere(db: Database) {
  return db
    .selectFrom('post')
    .innerJoin('story', 'story.id', 'post.story_id')
    .select(['story.id as storyId', 'story.title as storyTitle', 'post.id as postId', 'post.content', 'post.state'])
    .select(['post.created_by as createdBy', 'post.first_published_at as firstPublishedAt'])
}

function withHeadline({ content, ...post }: Omit<PostElsewhere, 'headline'> & { content: PostContent }): PostElsewhere {
  return { ...post, headline: content.headline }
}

export function storyQuery(db: Database) {
  return db
    .selectFrom('story')
    .leftJoinLateral(
      (query) =>
        query
          .selectFrom('post')
          .select(({ fn }) => [fn.countAll<number>().as('posts'), fn.max('post.first_published_at').as('last_post_at')])
          .whereRef('post.story_id', '=', 'story.id')
          .where('post.state', '=', 'published')
          .as('published'),
      (join) => join.onTrue(),
    )
    .selectAll('story')
    .select(['published.posts', 'published.last_post_at'])
}

export function deskStory(
  row: Parameters<typeof storyFromRow>[0] & { posts: number | null; last_post_at: number | null },
): DeskStory {
  return { ...storyFromRow(row), posts: row.posts ?? 0, lastPostAt: row.last_post_at }
}

/** Unpublished ones first, then as readers see them, newest first; without those that were discarded. */
export async function postsPage(db: Database, storyId: string, filter: PostFilter): Promise<DeskPost[]> {
  const { states, draftsOf, after, limit } = filter
  // The SQL twin of isDiscarded.
  const kept = sql<boolean>`NOT (post.state = 'withdrawn' AND post.first_published_at IS NULL)`
  let query = postQuery(db).where('post.story_id', '=', storyId).where(kept)
  if (states) query = query.where('post.state', 'in', [...states])
  if (draftsOf !== undefined) {
    query = query.where(({ or, eb }) =>
      or([eb('post.state', 'in', ['published', 'withdrawn']), eb('post.created_by', '=', draftsOf)]),
    )
  }
  if (after !== undefined) {
    query = query.where(sql<boolean>`(${KEY}, post.created_at, post.id) <
      (SELECT coalesce(last.order_key, 9007199254740991), last.created_at, last.id FROM post last WHERE last.id = ${after})`)
  }
  const rows = await query
    .orderBy(KEY, 'desc')
    .orderBy('post.created_at', 'desc')
    .orderBy('post.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...postFromRow(row), byName: row.by_name }))
}

function postQuery(db: Database) {
  return db
    .selectFrom('post')
    .leftJoin('account', 'account.id', 'post.created_by')
    .selectAll('post')
    .select('account.name as by_name')
}
