// The manifest of a story's archive: what it is, and every part of it with its length and SHA-256.
// Written last by write.ts, so that a half-written archive has none; read by read.ts.
// Never trusted before it was checked: an archive may come from anywhere.

import type { RecordKind } from '../../domain/archive-record.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { isRecord, isWhole, type JsonRecord, parseRecord } from '../archive/json-record.ts'

export const FORMAT = 'dateline-story'
export const VERSION = 1
export const MANIFEST = 'manifest.json'
/** In the order in which they stand in an archive. */
export const PARTS = {
  story: 'story.jsonl',
  post: 'posts.jsonl',
  revision: 'revisions.jsonl',
  desk: 'desk-log.jsonl',
  public: 'public-log.jsonl',
  media: 'media.jsonl',
} as const satisfies Record<RecordKind, string>
export const RECORD_KINDS = Object.keys(PARTS) as RecordKind[]
export const blobName = (id: string, part: string): string => `media/${id}/${part}`
export const BLOB = /^media\/([0-9a-z]{16,32})\/([0-9a-z]{1,16}\.[0-9a-z]{1,8})$/

export type Part = { bytes: number; sha256: string }
export type Manifest = {
  format: typeof FORMAT
  version: typeof VERSION
  /** The story's id. */
  story: string
  /** Of the installation whose acts wrote the last entry. */
  epoch: string
  counts: Record<(typeof COUNTS)[number], number>
  /** Every entry of the tar but the manifest. */
  parts: { [name: string]: Part }
}

const COUNTS = ['posts', 'revisions', 'deskEntries', 'publicEntries', 'media', 'files'] as const

/** Throws `invalid` for what is no manifest of ours, `unavailable` for one of a later version. */
export function parseManifest(text: string): Manifest {
  const found = parseRecord(text)
  if (found.format !== FORMAT || !isWhole(found.version)) throw foreign()
  if (found.version > VERSION)
    throw new AppError(
      'unavailable',
      `This archive has version ${found.version} of its format, and this Dateline reads ${VERSION}. Import it with a newer Dateline.`,
    )
  if (!isManifest(found)) throw foreign()
  return found
}

function isManifest(found: JsonRecord): found is Manifest {
  const { version, story, epoch, counts, parts } = found
  return (
    version === VERSION &&
    typeof story === 'string' &&
    isId(story) &&
    typeof epoch === 'string' &&
    /^[a-z0-9]{1,16}$/.test(epoch) &&
    isRecord(counts) &&
    COUNTS.every((name) => isWhole(counts[name])) &&
    isRecord(parts) &&
    Object.values(parts).every((part) => isRecord(part) && isWhole(part.bytes) && isSha256(part.sha256))
  )
}

const isSha256 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

export function foreign(): AppError {
  return new AppError('invalid', 'This is no archive of a story, or its manifest is damaged. Nothing was changed.')
}
