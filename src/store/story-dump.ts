// Reads one story as the records of an archive, as one snapshot, beside a running server.
// Called by the export command. Never writes, and never migrates what it reads.

import { type SelectQueryBuilder, sql } from 'kysely'
import type { ArchiveRecord } from '../domain/archive-record.ts'
import { AppError } from '../domain/error.ts'
import { hasTable } from './catalogue.ts'
import { withSnapshotTransaction } from './dump.ts'
import { appliedMigrations, knownMigrations, refuseNewer } from './migrate.ts'
import { postFromRow, storyFromRow } from './rows.ts'
import type { Database, Tables } from './tables.ts'

const POSTS_PER_READ = 100 // with their revisions some megabytes in memory
const ENTRIES_PER_READ = 500

export type StoryDump = {
  story: ArchiveRecord<'story'>
  /** Of the installation in which its last entry was written. */
  epoch: string
  /** Each in the order of an archive: posts, revisions and pictures by id, entries by seq. */
  posts(): AsyncIterable<ArchiveRecord<'post'>>
  revisions(): AsyncIterable<ArchiveRecord<'revision'>>
  deskLog(): AsyncIterable<ArchiveRecord<'desk'>>
  publicLog(): AsyncIterable<ArchiveRecord<'public'>>
  /** Those of the ids that are known. */
  media(ids: ReadonlySet<string>): Promise<ArchiveRecord<'media'>[]>
}

/** `name`: slug or id. Throws `not_found`, `conflict` when the database was not brought to this version yet. */
export async function withStoryDump<T>(db: Database, name: string, work: (dump: StoryDump) => Promise<T>): Promise<T> {
  return withSnapshotTransaction(db, async (tx) => {
    await requireThisSchema(tx)
    const row = await tx
      .selectFrom('story')
      .selectAll()
      .where(({ or, eb }) => or([eb('id', '=', name), eb('slug', '=', name)]))
      .executeTakeFirst()
    if (!row) throw new AppError('not_found', `There is no story "${name}". Name it by its address or its id.`)
    const story = storyFromRow(row)
    return work({
      story,
      epoch: await epochOf(tx, story.id),
      posts: () => posts(tx, story.id),
      revisions: () => revisions(tx, story.id),
      deskLog: () => deskLog(tx, story.id),
      publicLog: () => publicLog(tx, story.id),
      media: (ids) => media(tx, ids),
    })
  })
}

async function requireThisSchema(tx: Database): Promise<void> {
  if (!(await hasTable(tx, 'migration'))) throw new AppError('not_found', 'This database holds no Dateline.')
  const applied = await appliedMigrations(tx)
  refuseNewer(applied)
  if (knownMigrations().some((name) => !applied.has(name)))
    throw new AppError('conflict', 'This database is of an earlier version. Start this version once, then export.')
}

/** An imported story to which nothing was added is still the archive it came from. */
async function epochOf(tx: Database, storyId: string): Promise<string> {
  const found = await sql<{ epoch: string }>`
    SELECT coalesce(o.epoch, i.epoch) AS epoch FROM installation i LEFT JOIN story_origin o ON o.story_id = ${storyId}
      AND o.desk_seq = (SELECT max(seq) FROM desk_entry WHERE story_id = ${storyId})`.execute(tx)
  return found.rows[0]?.epoch ?? ''
}

async function* posts(tx: Database, storyId: string): AsyncGenerator<ArchiveRecord<'post'>> {
  for await (const ids of idsOf(tx, storyId)) {
    const rows = await byBytes(tx.selectFrom('post').selectAll().where('id', 'in', ids), 'id').execute()
    for (const { storyId: _, ...post } of rows.map(postFromRow)) yield post
  }
}

async function* revisions(tx: Database, storyId: string): AsyncGenerator<ArchiveRecord<'revision'>> {
  for await (const ids of idsOf(tx, storyId)) {
    const columns = ['post_id as postId', 'revision', 'kind', 'content', 'note', 'by_id as by', 'at'] as const
    const query = tx.selectFrom('post_revision').select(columns).where('post_id', 'in', ids)
    yield* await byBytes(query, 'post_id').orderBy('revision').execute()
  }
}

/** Whatever collation the database has: the order is part of the format. */
async function* idsOf(tx: Database, storyId: string): AsyncGenerator<string[]> {
  let after = ''
  for (;;) {
    const query = tx
      .selectFrom('post')
      .select('id')
      .where('story_id', '=', storyId)
      .where(sql<boolean>`id COLLATE "C" > ${after}`)
    const rows = await byBytes(query, 'id').limit(POSTS_PER_READ).execute()
    if (rows.length === 0) return
    yield rows.map(({ id }) => id)
    after = rows.at(-1)?.id ?? ''
  }
}

function byBytes<T extends keyof Tables, O>(query: SelectQueryBuilder<Tables, T, O>, column: string) {
  return query.orderBy(sql`${sql.ref(column)} COLLATE "C"`)
}

const HEADER = ['seq', 'kind', 'post_id as postId', 'at', 'commitment', 'previous', 'hash', 'payload', 'salt'] as const

async function* deskLog(tx: Database, storyId: string): AsyncGenerator<ArchiveRecord<'desk'>> {
  const own = ['actor_id as actorId', 'actor_name as actorName', 'credential', 'public_seq as publicSeq'] as const
  const query = tx
    .selectFrom('desk_entry')
    .select([...HEADER, ...own])
    .where('story_id', '=', storyId)
  yield* bySeq((after) => query.where('seq', '>', after).orderBy('seq').limit(ENTRIES_PER_READ).execute())
}

async function* publicLog(tx: Database, storyId: string): AsyncGenerator<ArchiveRecord<'public'>> {
  const query = tx.selectFrom('public_entry').select(HEADER).where('story_id', '=', storyId)
  yield* bySeq((after) => query.where('seq', '>', after).orderBy('seq').limit(ENTRIES_PER_READ).execute())
}

async function* bySeq<E extends { seq: number }>(read: (after: number) => Promise<E[]>): AsyncGenerator<E> {
  let after = 0
  for (;;) {
    const entries = await read(after)
    if (entries.length === 0) return
    yield* entries
    after = entries.at(-1)?.seq ?? after
  }
}

/** How often AVIF was tried, and who is at it, is this installation's affair. */
async function media(tx: Database, ids: ReadonlySet<string>): Promise<ArchiveRecord<'media'>[]> {
  const columns = ['id', 'kind', 'width', 'height', 'bytes', 'metadata', 'avif', 'withdrawal', 'clip'] as const
  const times = ['created_at as createdAt', 'withdrawn_at as withdrawnAt', 'erased_at as erasedAt'] as const
  const said = ['words', 'use_until as useUntil', 'no_use as noUse', 'blocked', 'cut_from as cutFrom'] as const
  const found: ArchiveRecord<'media'>[] = []
  const sorted = [...ids].sort()
  for (let at = 0; at < sorted.length; at += ENTRIES_PER_READ) {
    const some = sorted.slice(at, at + ENTRIES_PER_READ)
    const query = tx.selectFrom('media').select([...columns, ...times, ...said, 'created_by as createdBy'])
    const rows = await byBytes(query.where('id', 'in', some), 'id').execute()
    found.push(...(rows.map(withoutUnsaid) as ArchiveRecord<'media'>[]))
  }
  return found
}

/** What nobody said is absent, so that such a record is the one that earlier versions wrote. */
function withoutUnsaid<R extends object>(row: R): Partial<R> {
  const optional = ['clip', 'words', 'useUntil', 'noUse', 'blocked', 'cutFrom']
  const kept = Object.entries(row).filter(([name, value]) => value || !optional.includes(name))
  return Object.fromEntries(kept) as Partial<R>
}
