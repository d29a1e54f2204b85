// `dateline media copy`: the files of every photo from the data folder to the configured bucket, or back.
// Beside a running server. Takes nothing away where it came from, and says which photos have no files there.

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { AppError } from '../../domain/error.ts'
import { counted } from '../../kit/counted.ts'
import { type Blobs, createDiskBlobs } from '../../media/blobs.ts'
import { withSnapshot } from '../../store/dump.ts'
import { withoutFiles } from '../archive/whole-file.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf, photoStorage, s3SettingsOf } from '../pictures.ts'
import { openDatabaseAt, placeOf } from '../place.ts'
import { misused } from '../usage.ts'

export async function media({ options, rest }: Pick<Parsed, 'options' | 'rest'>): Promise<void> {
  const from = readWords(rest)
  if (!s3SettingsOf(options))
    throw new AppError('invalid', 'No bucket is configured. Set S3_ENDPOINT and its companions: docs/configuration.md.')
  const place = placeOf(options)
  const disk = createDiskBlobs(mediaDirOf(place.dataDir), randomBytes)
  const bucket = photoStorage(options, mediaDirOf(place.dataDir)).blobs
  const { db, close } = await openDatabaseAt(place, options, 'must exist')
  try {
    const ids = await withSnapshot(db, async ({ mediaIds }) => mediaIds)
    const [source, target] = from === 'disk' ? [disk, bucket] : [bucket, disk]
    const copied = await copyPhotos(ids, source, target)
    process.stdout.write(reportText(from, copied))
  } finally {
    await close()
  }
}

export type Copied = { photos: number; files: number; already: number; missing: string[] }

/** Twice is as once: what lies there with the same bytes is left. Reads back what it wrote. */
export async function copyPhotos(ids: readonly string[], source: Blobs, target: Blobs): Promise<Copied> {
  const done: Copied = { photos: 0, files: 0, already: 0, missing: [] }
  for (const id of ids) {
    const parts = await source.parts(id)
    const there = new Set(await target.parts(id))
    if (parts.length === 0 && there.size === 0) done.missing.push(id)
    if (parts.length > 0) done.photos += 1
    for (const part of parts) {
      const bytes = await source.readBytes({ id, part })
      if (!bytes) continue // erased meanwhile
      if (there.has(part) && (await target.readBytes({ id, part }))?.equals(bytes)) done.already += 1
      else await copyOne(target, { id, part }, bytes)
      done.files += 1
    }
  }
  return done
}

async function copyOne(target: Blobs, name: { id: string; part: string }, bytes: Buffer): Promise<void> {
  await target.write(name, bytes)
  if (!(await target.readBytes(name))?.equals(bytes))
    throw new AppError(
      'unavailable',
      `${name.part} of photo ${name.id} did not arrive as it was. Nothing was taken away.`,
    )
}

function readWords(rest: readonly string[]): 'disk' | 'bucket' {
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: { from: { type: 'string' } },
      allowPositionals: true,
    })
    const from = (['disk', 'bucket'] as const).find((one) => one === values.from)
    if (positionals.length === 1 && positionals[0] === 'copy' && from) return from
  } catch (cause) {
    throw misused('media', (cause as Error).message, cause)
  }
  throw misused('media')
}

function reportText(from: 'disk' | 'bucket', { photos, files, already, missing }: Copied): string {
  const way = from === 'disk' ? 'from the data folder to the bucket' : 'from the bucket to the data folder'
  const lines = [
    `Copied ${counted(photos, 'photo')} ${way}: ${counted(files, 'file')}, ${already} of them there already`,
    ...(missing.length > 0 ? [`  note   ${withoutFiles(missing.length)}`] : []),
  ]
  return `${lines.join('\n')}\n`
}
