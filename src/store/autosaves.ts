// Texts as they were typed, the newest of each post (law 1): kept apart from every act and without the lock of a story.
// Written by newsroom/autosave-post.ts, read by web/desk and web/api for people who may edit the post.
// Never touches a log, a post, a position or the uses of a photo.

import { sql, type Transaction } from 'kysely'
import { MAX_AUTOSAVES } from '../domain/autosave.ts'
import type { PostContent } from '../domain/content.ts'
import { sameContent } from '../domain/decide-post.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import { commitForGood, nowMs, readPost } from './acts.ts'
import { presentActor } from './authority.ts'
import type { Act } from './contract.ts'
import { storyFromRow } from './rows.ts'
import type { Database, Tables } from './tables.ts'
import { translating } from './translating.ts'

/** `id`: later is higher, within one installation. `at`: ms UTC. `revision`: of the text it was made from, 0 = of none. */
export type AutosaveLine = { id: number; at: number; by: { id: string; name: string | null }; revision: number }
export type Autosave = AutosaveLine & { content: PostContent }

/** `repeated`: the newest one of this post holds the same already, by the same person; nothing was written. */
export type KeptAutosave = { id: number; at: number; repeated: boolean }

export type AutosaveReads = {
  /** Newest first, MAX_AUTOSAVES at most. */
  list(storyId: string, postId: string): Promise<AutosaveLine[]>
  /** null when it is not kept, or no longer. */
  one(storyId: string, postId: string, id: number): Promise<Autosave | null>
  /** The newest of each post that this person began and nobody saved yet; newest first, MAX_BEGUN at most. */
  begun(storyId: string, byId: string): Promise<(Autosave & { postId: string })[]>
}

const MAX_BEGUN = 20 // texts: who has more of them unfinished looks for none of the oldest

/** One post's autosaves while one more comes. `post` in whatever story it is. */
export type Typing = Pick<Act, 'now' | 'story' | 'present'> & {
  post: Post | null
  /** Where, and by whose hand, the oldest one that is kept under this id was typed; null: none is. */
  begun: { storyId: string; byId: string } | null
  keep(actor: Actor, text: { revision: number; content: PostContent }): Promise<KeptAutosave>
}

export type Autosaves = AutosaveReads & {
  /** Waits for nothing but another autosave of the same post. Resolves only after the commit; any throw keeps nothing. */
  type<T>(storyId: string, postId: string, work: (typing: Typing) => Promise<T>): Promise<T>
}

type Tx = Transaction<Tables>

const LOCK_CLASS = 0x6175_746f // "auto": apart from other advisory locks, which are of one number or of another class

export function createAutosaves(db: Database): Autosaves {
  return translating<Autosaves>({
    async list(storyId, postId) {
      const rows = await lines(db, storyId, postId).orderBy('post_autosave.id', 'desc').limit(MAX_AUTOSAVES).execute()
      return rows.map(lineOf)
    },
    async one(storyId, postId, id) {
      const row = await lines(db, storyId, postId)
        .select('post_autosave.content')
        .where('post_autosave.id', '=', id)
        .executeTakeFirst()
      if (!row) return null
      const { content, ...line } = row
      return { ...lineOf(line), content }
    },
    async begun(storyId, byId) {
      const newest = db
        .selectFrom('post_autosave as newest')
        .select(({ fn }) => fn.max('newest.id').as('id'))
        .where('newest.story_id', '=', storyId)
        .groupBy('newest.post_id')
      const rows = await db
        .selectFrom('post_autosave')
        .leftJoin('account', 'account.id', 'post_autosave.by_id')
        .leftJoin('post', 'post.id', 'post_autosave.post_id')
        .select(['post_autosave.id', 'post_autosave.at', 'by_id', 'post_autosave.revision', 'account.name as by_name'])
        .select(['post_autosave.post_id', 'post_autosave.content'])
        .where('post_autosave.id', 'in', newest)
        .where('by_id', '=', byId)
        .where('post.id', 'is', null)
        .orderBy('post_autosave.id', 'desc')
        .limit(MAX_BEGUN)
        .execute()
      return rows.map(({ post_id, content, ...line }) => ({ ...lineOf(line), postId: post_id, content }))
    },
    type: (storyId, postId, work) =>
      db.transaction().execute(async (tx) => {
        await commitForGood(tx)
        return work(await openTyping(tx, storyId, postId))
      }),
  })
}

async function openTyping(tx: Tx, storyId: string, postId: string): Promise<Typing> {
  // One after the other for each post: each sees all that were kept before it, so that the bound holds and ids follow the commits.
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK_CLASS)}, hashtext(${postId}))`.execute(tx)
  const { now } = await tx.selectNoFrom(nowMs().as('now')).executeTakeFirstOrThrow()
  const story = await tx.selectFrom('story').selectAll().where('id', '=', storyId).executeTakeFirst()
  const first = await ofPost(tx, postId).select(['story_id', 'by_id']).orderBy('id').limit(1).executeTakeFirst()
  return {
    now,
    story: story ? storyFromRow(story) : null,
    post: await readPost(tx, postId),
    begun: first ? { storyId: first.story_id, byId: first.by_id } : null,
    present: (actor) => presentActor(tx, actor, storyId, now),
    keep: (actor, text) => keep(tx, { storyId, postId, byId: actor.id, at: now, ...text }),
  }
}

type Text = { storyId: string; postId: string; byId: string; at: number; revision: number; content: PostContent }

async function keep(tx: Tx, { storyId, postId, byId, at, revision, content }: Text): Promise<KeptAutosave> {
  const last = await ofPost(tx, postId).selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
  const same = last?.story_id === storyId && last.by_id === byId && last.revision === revision
  if (same && sameContent(last.content, content)) return { id: last.id, at: last.at, repeated: true }
  const row = { post_id: postId, story_id: storyId, by_id: byId, at, revision, content: JSON.stringify(content) }
  const { id } = await tx.insertInto('post_autosave').values(row).returning('id').executeTakeFirstOrThrow()
  const oldest = ofPost(tx, postId).select('id').orderBy('id', 'desc').offset(MAX_AUTOSAVES).limit(1)
  await tx.deleteFrom('post_autosave').where('post_id', '=', postId).where('id', '<=', oldest).execute()
  return { id, at, repeated: false }
}

function ofPost(tx: Tx, postId: string) {
  return tx.selectFrom('post_autosave').where('post_id', '=', postId)
}

function lines(db: Database, storyId: string, postId: string) {
  return db
    .selectFrom('post_autosave')
    .leftJoin('account', 'account.id', 'post_autosave.by_id')
    .select(['post_autosave.id', 'post_autosave.at', 'by_id', 'revision', 'account.name as by_name'])
    .where('post_id', '=', postId)
    .where('story_id', '=', storyId)
}

type Row = { id: number; at: number; by_id: string; by_name: string | null; revision: number }

function lineOf({ id, at, by_id, by_name, revision }: Row): AutosaveLine {
  return { id, at, by: { id: by_id, name: by_name }, revision }
}
