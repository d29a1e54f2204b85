// Writes one story as a tar: a JSON lines file for each kind of record, the files of its pictures, the manifest.
// Called by the export command. Never writes a time, a name or a number of its own: the same story gives the same bytes.

import { Buffer } from 'node:buffer'
import type { Writable } from 'node:stream'
import { type ArchiveRecord, mediaNamed, parseRecord, type RecordKind } from '../../domain/archive-record.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import { AppError } from '../../domain/error.ts'
import type { Blobs } from '../../media/blobs.ts'
import type { StoryDump } from '../../store/story-dump.ts'
import { type TarEntries, writeTar } from '../archive/tar-write.ts'
import { blobName, FORMAT, MANIFEST, type Manifest, PARTS, type Part, VERSION } from './manifest.ts'

export const MAX_PART_BYTES = 256 * 1024 * 1024 // one kind of record, held in memory; a story of 5,000 long posts has some 30 MB
const EPOCH_OF_TAR = new Date(0) // no file has a time of its own

export type StoryArchiveParts = { dump: StoryDump; blobs: Pick<Blobs, 'parts' | 'read'>; signal?: AbortSignal }
/** `missing`: pictures that are not withdrawn and have no file here. */
export type Written = { manifest: Manifest; title: string; missing: string[] }

/** Ends `out`. What it throws leaves `out` without a manifest. */
export function writeStoryArchive(out: Writable, { dump, blobs, signal }: StoryArchiveParts): Promise<Written> {
  return writeTar([out], { mtime: EPOCH_OF_TAR, signal }, (tar) => writeAll(tar, dump, blobs))
}

async function writeAll(tar: TarEntries, dump: StoryDump, blobs: StoryArchiveParts['blobs']): Promise<Written> {
  const parts: { [name: string]: Part } = {}
  const named = new Set<string>()
  const put = async <K extends RecordKind>(kind: K, records: AsyncIterable<ArchiveRecord<K>> | ArchiveRecord<K>[]) => {
    const { bytes, lines } = await linesOf(kind, records, named)
    parts[PARTS[kind]] = { bytes: bytes.length, sha256: await tar.add(PARTS[kind], bytes) }
    return lines
  }
  await put('story', [dump.story])
  const posts = await put('post', dump.posts())
  const revisions = await put('revision', dump.revisions())
  const deskEntries = await put('desk', dump.deskLog())
  const publicEntries = await put('public', dump.publicLog())
  const pictures = await dump.media(named)
  const media = await put('media', pictures)
  const { files, missing } = await putBlobs(tar, pictures, blobs, parts)
  const counts = { posts, revisions, deskEntries, publicEntries, media, files }
  const { epoch, story } = dump
  const manifest: Manifest = { format: FORMAT, version: VERSION, story: story.id, epoch, counts, parts }
  await tar.add(MANIFEST, Buffer.from(`${canonicalJson(manifest)}\n`))
  return { manifest, title: story.title, missing }
}

/** Each line is read as an import would read it: an archive that nobody could import is none. */
async function linesOf<K extends RecordKind>(
  kind: K,
  records: AsyncIterable<ArchiveRecord<K>> | ArchiveRecord<K>[],
  named: Set<string>,
): Promise<{ bytes: Buffer; lines: number }> {
  const lines: Buffer[] = []
  let size = 0
  for await (const record of records) {
    const line = canonicalJson(record)
    requireReadable(kind, line)
    mediaNamed(record, named)
    lines.push(Buffer.from(`${line}\n`))
    size += lines.at(-1)?.length ?? 0
    if (size > MAX_PART_BYTES)
      throw new AppError('too_large', `This story is too large for an archive: ${PARTS[kind]} has more than 256 MB.`)
  }
  return { bytes: Buffer.concat(lines), lines: lines.length }
}

function requireReadable(kind: RecordKind, line: string): void {
  try {
    parseRecord(kind, line)
  } catch (cause) {
    const said = (cause as Error).message
    throw new AppError('conflict', `This story cannot be exported: ${said}. A backup holds it as it is.`, { cause })
  }
}

/** The files of a withdrawn picture are on their way out, and no archive carries them. */
async function putBlobs(
  tar: TarEntries,
  pictures: ArchiveRecord<'media'>[],
  blobs: StoryArchiveParts['blobs'],
  parts: { [name: string]: Part },
): Promise<{ files: number; missing: string[] }> {
  const missing: string[] = []
  let files = 0
  for (const { id } of pictures.filter((picture) => picture.withdrawnAt === null)) {
    const names = await blobs.parts(id)
    if (names.length === 0) missing.push(id)
    for (const part of names) {
      const blob = await blobs.read({ id, part })
      if (!blob) continue // AVIF was made meanwhile, and its master went
      const name = blobName(id, part)
      parts[name] = { bytes: blob.size, sha256: await tar.addStream(name, blob.size, blob.stream) }
      files += 1
    }
  }
  return { files, missing }
}
