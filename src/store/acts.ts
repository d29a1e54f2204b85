// The writing side on PostgreSQL: one act, one transaction, under the story's row lock (laws 1–3).
// Called by newsroom through the ActStore contract. Never reads for the public, never renders.

import { type SelectQueryBuilder, sql, type Transaction } from 'kysely'
import { canonicalJson } from '../domain/canonical.ts'
import { kindsOf } from '../domain/content.ts'
import { type Decision, type Json, type NewLine, type Receipt, receiptOf, takePositions } from '../domain/decision.ts'
import { AppError, isAppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import { type Story, slugTaken } from '../domain/story.ts'
import type { PublicKind } from '../domain/view.ts'
import { presentActor, saveRole } from './authority.ts'
import { CHAIN_START, commitTo, hashHeader, newSalt } from './chain.ts'
import type { Act, ActStore, OnMoved } from './contract.ts'
import { notesOf, shiftNotesOf } from './note-entries.ts'
import { postFromRow, postToRow, storyFromRow, storyToRow } from './rows.ts'
import type { Database, Tables } from './tables.ts'
import { newlyShown, requireRights, requireUsable, UNKNOWN_PHOTO } from './use-of-photos.ts'

// The driver gives a lost connection no code; the server's classes 08, 40, 53, 57, 58 and lock_not_available pass by themselves.
const LOST_CONNECTION = /connection|timeout|not queryable|pool after calling end/i
// A server where our database, role, schema or tables are missing (28, 3D, 3F, 42P01) is not the one we know: somebody is at work on it.
const OUT_OF_REACH = /^(08|28|3D|3F|40|42P01|53|57|58|55P03|E[A-Z_]+$)/
const UNWRITABLE_TEXT = /^(22021|22P05)$/ // NUL, or what the database's encoding cannot hold

const LOCK_TIMEOUT_MS = 5_000 // a story busy for longer has a stuck writer; the editor is told to try again

type Tx = Transaction<Tables>

/** `moved` is called after each commit, before the act resolves; what it throws is its own affair. */
export function createActStore(db: Database, moved: OnMoved): ActStore {
  return {
    async act(storyId, work) {
      const heads: Heads = new Map()
      const result = await translated(
        db.transaction().execute(async (tx) => {
          await commitForGood(tx)
          return work(await openAct(tx, storyId, heads))
        }),
      )
      for (const [id, { seq, kinds, deskSeq }] of heads) tell(moved, id, seq, kinds, deskSeq)
      return result
    },
  }
}

/** Of every story whose logs moved: the new heads, and what the new public entries say; none for an act of the desk alone. */
type Heads = Map<string, { seq: number; kinds: PublicKind[]; deskSeq: number }>

function tell(moved: OnMoved, ...about: Parameters<OnMoved>): void {
  try {
    moved(...about)
  } catch {
    // The act is committed and must be acknowledged.
  }
}

async function openAct(tx: Tx, storyId: string, heads: Heads): Promise<Act> {
  // NO KEY: acts exclude each other all the same, and what only refers to the story (an autosave) neither waits nor is waited for.
  const row = await tx.selectFrom('story').selectAll().where('id', '=', storyId).forNoKeyUpdate().executeTakeFirst()
  const epoch = await tx
    .selectFrom('installation')
    .select(['epoch', nowMs().as('now')])
    .executeTakeFirstOrThrow()
  let story = row ? storyFromRow(row) : null
  return {
    now: epoch.now,
    get story() {
      return story
    },
    post: (id) => readPost(tx, id),
    present: (actor) => presentActor(tx, actor, storyId, epoch.now),
    publishedPosts: () =>
      readPosts(tx, (query) => query.where('story_id', '=', storyId).where('state', '=', 'published')),
    keyBeside: (key, side) => readKeyBeside(tx, storyId, key, side),
    copiesOf: (postId) =>
      readPosts(tx, (query) => query.where('origin_post', '=', postId).where('state', '<>', 'withdrawn')),
    notes: (postId) => notesOf(tx, storyId, postId),
    shiftNote: async () => (await shiftNotesOf(tx, storyId, 1))[0] ?? null,
    saveRole: (accountId, role, by) => saveRole(tx, { storyId, accountId, role, by: by.id, at: epoch.now }),
    also: (other) => openAct(tx, other, heads),
    record: async (actor, decision) => {
      const recorded = await record(tx, epoch.epoch, epoch.now, actor, decision)
      story = recorded.story
      const { kinds, deskSeq } = recorded
      const before = heads.get(story.id)?.kinds ?? []
      if (deskSeq !== null) heads.set(story.id, { seq: story.seq, kinds: [...before, ...kinds], deskSeq })
      return recorded.receipt
    },
  }
}

/** An operator's synchronous_commit=off would acknowledge what a power cut can take back. */
export async function commitForGood(tx: Tx): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${sql.lit(String(LOCK_TIMEOUT_MS))}, true),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
      ELSE current_setting('synchronous_commit') END, true)`.execute(tx)
}

/** The database's clock, ms UTC. */
export function nowMs() {
  return sql<number>`floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`
}

/** In whatever story it is. */
export async function readPost(tx: Tx, id: string): Promise<Post | null> {
  const row = await tx.selectFrom('post').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? postFromRow(row) : null
}

async function readPosts(
  tx: Tx,
  which: (query: SelectQueryBuilder<Tables, 'post', object>) => SelectQueryBuilder<Tables, 'post', object>,
): Promise<Post[]> {
  const rows = await which(tx.selectFrom('post')).selectAll().orderBy('order_key').orderBy('created_at').execute()
  return rows.map(postFromRow)
}

async function readKeyBeside(tx: Tx, storyId: string, key: number, side: 'above' | 'below'): Promise<number | null> {
  const row = await tx
    .selectFrom('post')
    .select('order_key')
    .where('story_id', '=', storyId)
    .where('order_key', side === 'above' ? '>' : '<', key)
    .orderBy('order_key', side === 'above' ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.order_key ?? null
}

/** `deskSeq`: of the desk entry; null when nothing was written. */
type Recorded = { story: Story; receipt: Receipt; kinds: PublicKind[]; deskSeq: number | null }

async function record(tx: Tx, epoch: string, now: number, actor: Actor, decision: Decision): Promise<Recorded> {
  if (decision.repeated) return { story: decision.story, receipt: receiptOf(epoch, decision), kinds: [], deskSeq: null }
  const { story, post, posts, lines } = takePositions(decision)
  await requireUsable(tx, newlyShown(decision))
  await requireRights(tx, decision, now)
  await saveStory(tx, story)
  for (const one of posts) await savePost(tx, one, decision, actor, now)
  for (const line of lines) await appendPublic(tx, story.id, line, now)
  const deskSeq = await appendDesk(tx, actor, { ...decision, story, post }, lines.at(-1)?.seq ?? null, now)
  const receipt = receiptOf(epoch, { ...decision, story, post })
  return { story, receipt, kinds: lines.map((line) => line.kind), deskSeq }
}

async function saveStory(tx: Tx, story: Story): Promise<void> {
  const { id, ...rest } = storyToRow(story)
  // Not ON CONFLICT: that locks the story's keys whether or not its address changes.
  const saved = await tx.updateTable('story').set(rest).where('id', '=', id).executeTakeFirst()
  if (saved.numUpdatedRows === 0n)
    await tx
      .insertInto('story')
      .values({ id, ...rest })
      .execute()
}

async function savePost(tx: Tx, post: Post, decision: Decision, actor: Actor, now: number): Promise<void> {
  const { id, ...rest } = postToRow(post)
  const saved = await tx
    .insertInto('post')
    .values({ id, ...rest })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest).where('post.story_id', '=', post.storyId))
    .executeTakeFirst()
  // The story's lock does not cover a post of another story that took the same id meanwhile.
  if (saved.numInsertedOrUpdatedRows !== 1n)
    throw new AppError('conflict', 'This id belongs to a post of another story.')
  const note = typeof decision.payload.note === 'string' ? decision.payload.note : null
  const revision = { kind: decision.kind, content: rest.content, note, by_id: actor.id, at: now }
  const added = await tx
    .insertInto('post_revision')
    .values({ post_id: id, revision: post.revision, ...revision })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 1n) await saveMediaUse(tx, post)
}

async function saveMediaUse(tx: Tx, post: Post): Promise<void> {
  await tx.deleteFrom('post_media').where('post_id', '=', post.id).execute()
  const shown = kindsOf(post.content)
  if (shown.size === 0) return
  await requireUsable(tx, shown)
  const uses = [...shown.keys()].map((media_id) => ({ post_id: post.id, media_id }))
  await tx.insertInto('post_media').values(uses).execute()
}

async function appendPublic(tx: Tx, storyId: string, { seq, kind, post }: NewLine, at: number): Promise<void> {
  const postId = post?.id ?? null
  const line = { storyId, seq, kind, postId, at }
  const sealed = await seal(tx, 'public', line, { actorId: '', credential: '' }, { kind, postId })
  await tx
    .insertInto('public_entry')
    .values({ story_id: storyId, seq, kind, post_id: postId, at, ...sealed })
    .execute()
}

/** Also for what an import changed, which is no act. Returns its seq. */
export async function appendDesk(
  tx: Tx,
  actor: Actor,
  decision: Decision,
  publicSeq: number | null,
  at: number,
): Promise<number> {
  const storyId = decision.story.id
  const last = await tx
    .selectFrom('desk_entry')
    .select('seq')
    .where('story_id', '=', storyId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const line = { storyId, seq: (last?.seq ?? 0) + 1, kind: decision.kind, postId: decision.post?.id ?? null, at }
  const sealed = await seal(tx, 'desk', line, { actorId: actor.id, credential: actor.credential }, decision.payload)
  await tx
    .insertInto('desk_entry')
    .values({
      story_id: storyId,
      seq: line.seq,
      kind: line.kind,
      post_id: line.postId,
      at,
      actor_id: actor.id,
      actor_name: actor.name,
      credential: actor.credential,
      public_seq: publicSeq,
      ...sealed,
    })
    .execute()
  return line.seq
}

async function seal(
  tx: Tx,
  log: 'desk' | 'public',
  line: { storyId: string; seq: number; kind: string; postId: string | null; at: number },
  by: { actorId: string; credential: string },
  payload: { [key: string]: Json | undefined },
) {
  const table = log === 'desk' ? 'desk_entry' : 'public_entry'
  const before = await tx
    .selectFrom(table)
    .select('hash')
    .where('story_id', '=', line.storyId)
    .where('seq', '=', line.seq - 1)
    .executeTakeFirst()
  const previous = before?.hash ?? CHAIN_START
  const salt = newSalt()
  const commitment = commitTo(payload, salt)
  const hash = hashHeader({ log, ...line, ...by, commitment, previous })
  return { commitment, previous, hash, salt, payload: canonicalJson(payload) }
}

/** A database's error in the house's words. */
async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw translate(error)
  }
}

export function translate(error: unknown): unknown {
  if (isAppError(error)) return error
  const { code, constraint, message } = error as { code?: string; constraint?: string; message?: string }
  if (code === '23505' && constraint === 'story_slug_key') return slugTaken('#/slug', error)
  if (code === '23505') return new AppError('conflict', 'This was made meanwhile by another request.', { cause: error })
  if (code === '23503') return new AppError('invalid', UNKNOWN_PHOTO, { cause: error })
  if (UNWRITABLE_TEXT.test(code ?? ''))
    return new AppError('invalid', 'The text holds a character that cannot be kept (NUL).', { cause: error })
  const cut = code === undefined ? LOST_CONNECTION.test(message ?? '') : OUT_OF_REACH.test(code)
  if (cut) {
    return new AppError('unavailable', 'The database is out of reach. Nothing was acknowledged; try again.', {
      cause: error,
    })
  }
  return error
}
