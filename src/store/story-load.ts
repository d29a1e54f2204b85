// Puts one story of an archive into an installation, in one transaction: nothing of it or all of it, both chains walked again.
// Called by the import command after the archive was checked. Never changes anything that is here, but the link of a neighbour.

import { type Insertable, sql, type Transaction } from 'kysely'
import type { ArchiveRecord } from '../domain/archive-record.ts'
import { canonicalJson } from '../domain/canonical.ts'
import { mediaOf } from '../domain/content.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { NO_ADDRESS, type Story, type Visibility } from '../domain/story.ts'
import { appendDesk, commitForGood, nowMs, translate } from './acts.ts'
import { postToRow, storyToRow } from './rows.ts'
import { linkNeighbours } from './story-links.ts'
import type { Database, Tables } from './tables.ts'
import { requireWhole, verifyChains } from './verify-chains.ts'

const ROWS_PER_INSERT = 100 // 25 columns each: far below the 65,535 parameters of a statement
const IDS_PER_QUESTION = 1_000

/** Each may be asked for more than once. */
export type IncomingStory = {
  story: ArchiveRecord<'story'>
  epoch: string
  posts(): Iterable<ArchiveRecord<'post'>>
  revisions(): Iterable<ArchiveRecord<'revision'>>
  deskLog(): Iterable<ArchiveRecord<'desk'>>
  publicLog(): Iterable<ArchiveRecord<'public'>>
  media(): Iterable<ArchiveRecord<'media'>>
}

export type StoryLoadOptions = {
  /** In whose name the change of address or visibility is written down. */
  actor: Actor
  /** Absent: as in the archive. */
  slug?: string
  visibility?: Extract<Visibility, 'private' | 'unlisted'>
  /** Called once it is clear that the story can come in, before any row of it. `known`: pictures that are here already. */
  bringFiles: (known: ReadonlySet<string>) => Promise<void>
}

export type LoadedStory = { story: Story; unlinked: string[]; knownMedia: number }

/** Throws `conflict` when an id or the address is taken, `invalid` when a row does not fit; nothing is changed then. */
export async function loadStory(
  db: Database,
  incoming: IncomingStory,
  options: StoryLoadOptions,
): Promise<LoadedStory> {
  try {
    return await db.transaction().execute(async (tx) => {
      await commitForGood(tx)
      await sql`SELECT set_config('statement_timeout', '0', true),
        set_config('idle_in_transaction_session_timeout', '0', true)`.execute(tx)
      const wanted = wantedStory(incoming.story, options)
      await requireFree(tx, incoming, wanted)
      const known = await knownMedia(tx, incoming)
      await options.bringFiles(known)
      const { story, unlinked } = await insertAll(tx, incoming, wanted, known)
      await noteChange(tx, incoming.story, story, options.actor)
      requireWhole(await verifyChains(tx, story.id))
      return { story, unlinked, knownMedia: known.size }
    })
  } catch (error) {
    throw saidPlainly(error)
  }
}

/** What was never public opens at the desk, by an act that gives its posts their public entries. */
function wantedStory(story: Story, options: StoryLoadOptions): Story {
  const visibility = options.visibility ?? story.visibility
  if (story.visibility === 'private' && visibility !== 'private')
    throw new AppError('invalid', 'This story is private. Import it as it is and open it at the desk.')
  const hidden = visibility === 'private' || (visibility === 'unlisted' && story.slug === null)
  if (hidden && options.slug !== undefined) throw new AppError('invalid', NO_ADDRESS)
  return { ...story, visibility, slug: visibility === 'private' ? null : (options.slug ?? story.slug) }
}

async function requireFree(tx: Database, incoming: IncomingStory, { id, slug }: Story): Promise<void> {
  const taken = (what: string) => new AppError('conflict', `${what} Nothing was changed.`)
  const same = await tx.selectFrom('story').select('id').where('id', '=', id).executeTakeFirst()
  if (same) throw taken(`The story ${id} is here already.`)
  const other = slug && (await tx.selectFrom('story').select('id').where('slug', '=', slug).executeTakeFirst())
  if (other) throw taken(`The address "${slug}" is taken by story ${other.id}; --slug gives another one.`)
  for (const ids of chunks(idsOf(incoming.posts()), IDS_PER_QUESTION)) {
    const found = await tx.selectFrom('post').select(['id', 'story_id']).where('id', 'in', ids).executeTakeFirst()
    if (found) throw taken(`Post ${found.id} is here already, in story ${found.story_id}.`)
  }
}

/** Copied posts share pictures: one that is here is the same picture or somebody else's. What was withdrawn here stays so. */
async function knownMedia(tx: Database, incoming: IncomingStory): Promise<Set<string>> {
  const known = new Set<string>()
  for (const records of chunks(incoming.media(), IDS_PER_QUESTION)) {
    const ids = records.map(({ id }) => id)
    const rows = await tx.selectFrom('media').selectAll().where('id', 'in', ids).execute()
    for (const row of rows) {
      const record = records.find(({ id }) => id === row.id)
      const { width, height, bytes, metadata, created_at: createdAt, created_by: createdBy } = row
      const here = { width, height, bytes, metadata, createdAt, createdBy }
      const there =
        record && Object.fromEntries(Object.keys(here).map((key) => [key, record[key as keyof typeof here]]))
      if (canonicalJson(here) !== canonicalJson(there))
        throw new AppError('conflict', `The id of picture ${row.id} is taken by another picture. Nothing was changed.`)
      known.add(row.id)
    }
  }
  return known
}

async function insertAll(
  tx: Database,
  incoming: IncomingStory,
  wanted: Story,
  known: ReadonlySet<string>,
): Promise<{ story: Story; unlinked: string[] }> {
  await insert(tx, 'story', [storyToRow({ ...wanted, continues: null, continuedBy: null })])
  await insert(tx, 'media', mapped(incoming.media(), mediaToRow), (row) => !known.has(row.id))
  const { id: storyId } = wanted
  const posts = mapped(incoming.posts(), (post) => postToRow({ ...post, storyId }))
  await insert(tx, 'post', posts)
  await insert(tx, 'post_revision', mapped(incoming.revisions(), revisionToRow))
  await insert(tx, 'post_media', usesOf(incoming.posts()))
  const desk = mapped(incoming.deskLog(), (entry) => deskToRow(storyId, entry))
  await insert(tx, 'desk_entry', desk)
  const shown = mapped(incoming.publicLog(), (entry) => ({ ...headerToRow(storyId, entry), kind: entry.kind }))
  await insert(tx, 'public_entry', shown)
  const last = await tx
    .selectFrom('desk_entry')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('story_id', '=', wanted.id)
    .executeTakeFirst()
  await insert(tx, 'story_origin', [{ story_id: wanted.id, epoch: incoming.epoch, desk_seq: last?.seq ?? 0 }])
  return linkNeighbours(tx, wanted)
}

/** Law 1: what an option changed stands in the desk log, and the archive it came from is then another one. */
async function noteChange(tx: Transaction<Tables>, before: Story, story: Story, actor: Actor): Promise<void> {
  if (before.slug === story.slug && before.visibility === story.visibility) return
  const now = await tx.selectFrom('installation').select(nowMs().as('at')).executeTakeFirstOrThrow()
  const payload = { slug: story.slug, visibility: story.visibility }
  await appendDesk(tx, actor, { story, post: null, kind: 'import-story', payload, public: null }, null, now.at)
}

async function insert<T extends keyof Tables>(
  tx: Database,
  table: T,
  rows: Iterable<Insertable<Tables[T]>>,
  when: (row: Insertable<Tables[T]>) => boolean = () => true,
): Promise<void> {
  for (const some of chunks(rows, ROWS_PER_INSERT)) {
    const values = some.filter(when)
    if (values.length > 0)
      await tx
        .insertInto(table)
        .values(values as never)
        .execute()
  }
}

function mediaToRow({ metadata, withdrawal, ...record }: ArchiveRecord<'media'>) {
  return {
    ...{ id: record.id, kind: record.kind, width: record.width, height: record.height, bytes: record.bytes },
    ...{ metadata: canonicalJson(metadata), created_at: record.createdAt, created_by: record.createdBy },
    ...{ withdrawn_at: record.withdrawnAt, withdrawal: withdrawal && canonicalJson(withdrawal) },
    ...{ erased_at: record.erasedAt, avif: record.avif, clip: record.clip ? canonicalJson(record.clip) : null },
    ...{ words: record.words ? canonicalJson(record.words) : null, use_until: record.useUntil ?? null },
    ...{ no_use: record.noUse ?? '', blocked: record.blocked ?? false, cut_from: record.cutFrom ?? null },
  }
}

function revisionToRow({ postId, revision, kind, content, note, by, at }: ArchiveRecord<'revision'>) {
  return { post_id: postId, revision, kind, content: canonicalJson(content), note, by_id: by, at }
}

function* usesOf(posts: Iterable<ArchiveRecord<'post'>>) {
  for (const { id, content } of posts) for (const media_id of mediaOf(content)) yield { post_id: id, media_id }
}

function deskToRow(storyId: string, entry: ArchiveRecord<'desk'>) {
  const { kind, actorId: actor_id, actorName: actor_name, credential, publicSeq: public_seq } = entry
  return { ...headerToRow(storyId, entry), kind, actor_id, actor_name, credential, public_seq }
}

function headerToRow(storyId: string, entry: ArchiveRecord<'desk'> | ArchiveRecord<'public'>) {
  const { seq, postId, at, commitment, previous, hash, payload, salt } = entry
  const sealed = { commitment, previous, hash, salt, payload: payload && canonicalJson(payload) }
  return { story_id: storyId, seq, post_id: postId, at, ...sealed }
}

function* idsOf(records: Iterable<{ id: string }>): Generator<string> {
  for (const { id } of records) yield id
}

function* mapped<A, B>(records: Iterable<A>, make: (record: A) => B): Generator<B> {
  for (const record of records) yield make(record)
}

function* chunks<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let some: T[] = []
  for (const one of all) {
    some.push(one)
    if (some.length < size) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

/** A row that the tables cannot hold, whatever the check of the archive said. */
function saidPlainly(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message?: string }
  if (!/^(22|23502|23503|23514)/.test(code)) return translate(error)
  return new AppError('invalid', `The archive holds a row that cannot be kept: ${message}. Nothing was changed.`, {
    cause: error,
  })
}
