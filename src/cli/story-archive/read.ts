// Reads a story's archive: once to check every byte, record and chain of it, a second time to hand out its pictures' files.
// Called by the import command. Never hands out anything before the whole archive was checked.

import type { Buffer } from 'node:buffer'
import { type ArchiveRecord, parseRecord, type RecordKind } from '../../domain/archive-record.ts'
import { mediaOf } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { isDiscarded } from '../../domain/post.ts'
import type { IncomingStory } from '../../store/story-load.ts'
import { type LogName, type WalkedEntry, walkChain } from '../../store/walk-chain.ts'
import { digestOf, entriesOf, hold, sha256, type TarEntry } from '../archive/tar-read.ts'
import { BLOB, foreign, MANIFEST, type Manifest, PARTS, type Part, parseManifest, RECORD_KINDS } from './manifest.ts'
import { MAX_PART_BYTES } from './write.ts'

const KIND = { what: 'archive of a story, and no page to import', gzipped: false }
const MAX_ENTRIES = 200_000 // ten files for each of 20,000 pictures
const MAX_BLOB_BYTES = 64 * 1024 * 1024 // one file of a picture in memory; the largest is a master of some 8 MB
const MAX_LINE_BYTES = 4 * 1024 * 1024 // a record; a post has 256 KB at most

export type CheckedArchive = IncomingStory & {
  manifest: Manifest
  entries: { desk: number; public: number; erased: number }
}

/** Throws `invalid` when anything is damaged, missing, too much or foreign; `unavailable` when it is of a later version. */
export async function checkStoryArchive(path: string): Promise<CheckedArchive> {
  const { manifest, held } = await readWhole(path)
  const read = <K extends RecordKind>(kind: K): Iterable<ArchiveRecord<K>> => recordsOf(kind, held.get(PARTS[kind]))
  const [story, more] = read('story')
  if (!story || more || story.id !== manifest.story) throw damaged('it is not about one story')
  const incoming = {
    ...{ story, epoch: manifest.epoch, posts: () => read('post'), revisions: () => read('revision') },
    ...{ deskLog: () => read('desk'), publicLog: () => read('public'), media: () => read('media') },
  }
  const desk = walk(story, 'desk', incoming.deskLog())
  const shown = walk(story, 'public', withoutActors(incoming.publicLog()))
  const counts = { ...checkRecords(incoming, manifest), deskEntries: desk.entries, publicEntries: shown.entries }
  for (const [name, count] of Object.entries({ ...counts, files: filesOf(manifest) })) {
    const said = manifest.counts[name as keyof Manifest['counts']]
    if (said !== count) throw damaged(`it holds ${count} ${name}, its manifest says ${said}`)
  }
  const entries = { desk: desk.entries, public: shown.entries, erased: desk.erased + shown.erased }
  return { ...incoming, manifest, entries }
}

/** Only after `checkStoryArchive` of the same file. Throws `invalid` when the file is another one by now. */
export async function readBlobs(
  path: string,
  { parts }: Manifest,
  take: (name: { id: string; part: string }, bytes: Buffer) => Promise<void>,
): Promise<void> {
  for await (const entry of entriesOf(path, KIND)) {
    const [name, id, part] = BLOB.exec(entry.header.name) ?? []
    if (!name || !id || !part) {
      await digestOf(entry.body)
      continue
    }
    const bytes = await holdPart(entry, MAX_BLOB_BYTES)
    if (sha256(bytes) !== parts[name]?.sha256) throw damaged('it was changed while it was read')
    await take({ id, part }, bytes)
  }
}

async function readWhole(path: string): Promise<{ manifest: Manifest; held: Map<string, Buffer> }> {
  const seen = new Map<string, Part>()
  const held = new Map<string, Buffer>()
  const known = new Set<string>([...Object.values(PARTS), MANIFEST])
  for await (const entry of entriesOf(path, KIND)) {
    const { name, size, type } = entry.header
    if (type !== 'file' || seen.has(name)) throw damaged(`it holds ${name} in a way no archive does`)
    if (seen.size >= MAX_ENTRIES) throw damaged('it has too many parts')
    if (known.has(name)) held.set(name, await holdPart(entry, MAX_PART_BYTES))
    const bytes = held.get(name)
    seen.set(name, { bytes: size, sha256: bytes ? sha256(bytes) : (await digestOf(entry.body)).digest })
  }
  const text = held.get(MANIFEST)
  if (!text) throw seen.has(PARTS.story) ? damaged('its end is missing') : foreign()
  const manifest = parseManifest(text.toString()) // before foreign names: a later version may have more parts
  seen.delete(MANIFEST)
  checkParts(seen, manifest)
  return { manifest, held }
}

function checkParts(seen: Map<string, Part>, { parts }: Manifest): void {
  for (const kind of RECORD_KINDS) if (!seen.has(PARTS[kind])) throw damaged(`${PARTS[kind]} is missing`)
  for (const [name, { bytes, sha256: digest }] of seen) {
    if (!(Object.values(PARTS) as string[]).includes(name) && !BLOB.test(name))
      throw damaged(`it holds ${name}, which is no part of an archive`)
    const said = Object.hasOwn(parts, name) ? parts[name] : undefined
    if (!said) throw damaged(`${name} was added`)
    if (said.bytes !== bytes || said.sha256 !== digest) throw damaged(`${name} is not what was written`)
  }
  const missing = Object.keys(parts).find((name) => !seen.has(name))
  if (missing !== undefined) throw damaged(`${missing} is missing`)
}

/** Read anew each time: parsed, a large story would fill the memory. */
function* recordsOf<K extends RecordKind>(kind: K, bytes: Buffer | undefined): Generator<ArchiveRecord<K>> {
  let from = 0
  while (bytes && from < bytes.length) {
    const to = bytes.indexOf(10, from)
    if (to < 0 || to - from > MAX_LINE_BYTES) throw damaged(`${PARTS[kind]} has a line without an end`)
    try {
      yield parseRecord(kind, bytes.toString('utf8', from, to))
    } catch (cause) {
      throw damaged((cause as Error).message)
    }
    from = to + 1
  }
}

function* withoutActors(entries: Iterable<ArchiveRecord<'public'>>): Generator<WalkedEntry> {
  for (const entry of entries) yield { ...entry, actorId: '', credential: '', publicSeq: null }
}

function walk(story: ArchiveRecord<'story'>, log: LogName, entries: Iterable<WalkedEntry>) {
  const chain = walkChain(story.id, log)
  const broken = (found: { seq: number; what: string } | null) => {
    if (found) throw damaged(`its ${log} log breaks at entry ${found.seq}: ${found.what}`)
  }
  for (const entry of entries) {
    if ((entry.payload === null) !== (entry.salt === null)) broken({ seq: entry.seq, what: 'half of it was erased' })
    broken(chain.step(entry))
  }
  broken(chain.end(story.seq))
  return chain
}

type Records = Pick<IncomingStory, 'story' | 'posts' | 'revisions' | 'media'>

/** What the tables rely on without asking: order, uniqueness, and that nothing points at what is not there. */
function checkRecords({ story, posts, revisions, media }: Records, manifest: Manifest) {
  const counts = { posts: 0, revisions: 0, media: 0 }
  const kept = new Map<string, boolean>() // picture → is it withdrawn?
  let last = ''
  const inOrder = (key: string, part: string) => {
    if (key <= last) throw damaged(`${part} is not in order`)
    last = key
  }
  for (const { id, withdrawnAt } of media()) {
    inOrder(id, PARTS.media)
    kept.set(id, withdrawnAt !== null)
    counts.media += 1
  }
  last = ''
  const latest = new Map<string, number>()
  const keys = new Set<number>()
  for (const post of posts()) {
    inOrder(post.id, PARTS.post)
    checkPost(post, story, kept, keys)
    latest.set(post.id, post.revision)
    counts.posts += 1
  }
  last = ''
  for (const { postId, revision } of revisions()) {
    if (revision > (latest.get(postId) ?? 0)) throw damaged(`revision ${revision} of post ${postId} has no post`)
    inOrder(`${postId.padEnd(32, ' ')} ${String(revision).padStart(16, '0')}`, PARTS.revision)
    counts.revisions += 1
  }
  for (const name of Object.keys(manifest.parts)) {
    const id = BLOB.exec(name)?.[1]
    if (id !== undefined && kept.get(id) !== false) throw damaged(`${name} belongs to no picture of it`)
  }
  return counts
}

function checkPost(
  post: ArchiveRecord<'post'>,
  story: ArchiveRecord<'story'>,
  kept: Map<string, boolean>,
  keys: Set<number>,
): void {
  const wrong = (what: string) => damaged(`post ${post.id} ${what}`)
  if (mediaOf(post.content).some((id) => !kept.has(id))) throw wrong('shows a picture that is not there')
  if ((post.version ?? 0) > story.seq) throw wrong('is newer than its story')
  if (post.orderKey !== null && keys.has(post.orderKey)) throw wrong('stands where another one stands')
  if (post.orderKey !== null) keys.add(post.orderKey)
  if ((post.state === 'scheduled') !== (post.release !== null)) throw wrong('is scheduled for no time')
  if ((post.state === 'withdrawn') !== (post.withdrawal !== null)) throw wrong('is withdrawn without a trace of it')
  if (post.state === 'published' && [post.orderKey, post.publishedAt, post.firstPublishedAt].includes(null))
    throw wrong('is published at no time or place')
  if (post.state === 'withdrawn' && post.orderKey === null && !isDiscarded(post))
    throw wrong('was withdrawn from no place')
}

function filesOf({ parts }: Manifest): number {
  return Object.keys(parts).filter((name) => BLOB.test(name)).length
}

async function holdPart(entry: TarEntry, max: number): Promise<Buffer> {
  const bytes = await hold(entry, max)
  if (bytes === null) throw damaged(`${entry.header.name} is too large`)
  return bytes
}

function damaged(what: string): AppError {
  return new AppError('invalid', `The archive is damaged: ${what}. Nothing was changed.`)
}
