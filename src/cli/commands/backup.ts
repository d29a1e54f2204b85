// `dateline backup <file>`: everything an installation holds in one file, taken beside the running server.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { AppError } from '../../domain/error.ts'
import { createDiskBlobs } from '../../media/blobs.ts'
import { withSnapshot } from '../../store/dump.ts'
import { writeArchive } from '../backup/archive-write.ts'
import type { Manifest } from '../backup/manifest.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf } from '../pictures.ts'
import { openDatabaseAt, placeOf, programVersion } from '../place.ts'

export async function backup({ options, rest }: Parsed): Promise<void> {
  const [target, more] = rest
  if (!target || more) throw new AppError('invalid', 'Usage: dateline backup <file>, or - for standard output')
  if (target !== '-') refuseTarget(target)
  const place = placeOf(options)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  const { db, close } = await openDatabaseAt(place, options, true)
  try {
    const blobs = createDiskBlobs(mediaDirOf(place.dataDir), randomBytes)
    const write = (out: Writable) =>
      withSnapshot(db, (snapshot) =>
        writeArchive(out, { snapshot, blobs, program: programVersion(), now: Date.now, signal: stop.signal }),
      )
    const manifest = target === '-' ? await write(process.stdout) : await writeWhole(resolve(target), write)
    const size = target === '-' ? null : (await stat(target)).size
    process.stderr.write(reportText(target, size, manifest))
  } catch (error) {
    if (stop.signal.aborted) throw new AppError('conflict', 'Stopped. No backup was written.', { cause: error })
    throw isSystemError(error) ? new AppError('unavailable', `No backup was written: ${error.message}`) : error
  } finally {
    await close()
  }
}

/** A full disk, a closed pipe, a file of a picture that cannot be read: the operator's affair, not a fault of ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')
}

function refuseTarget(target: string): void {
  if (existsSync(target)) throw new AppError('conflict', `${target} exists. A backup overwrites nothing.`)
  if (!existsSync(dirname(resolve(target)))) throw new AppError('invalid', `There is no folder ${dirname(target)}.`)
}

/** Under another name until every byte is on the disk: what has the name is whole. */
async function writeWhole<T>(path: string, write: (out: Writable) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.partial`
  try {
    const file = await open(temporary, 'wx', 0o600) // it holds password hashes and unpublished text
    try {
      const result = await write(sinkOf(file))
      await file.sync()
      await rename(temporary, path)
      await syncFolder(dirname(path))
      return result
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

// A stream of the file itself would close it before it can be synced.
function sinkOf(file: FileHandle): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      file.writeFile(chunk).then(() => done(), done)
    },
  })
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function reportText(target: string, size: number | null, { tables, media, migrations }: Manifest): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  const where = size === null ? 'standard output' : `${target}  (${size.toLocaleString('en')} bytes)`
  const lines = [
    `Backup   ${where}`,
    `  rows   ${rows.toLocaleString('en')} in ${Object.keys(tables).length} tables, schema ${migrations.at(-1)}`,
    `  media  ${media.files} files of ${media.ids} pictures`,
    ...(media.missing.length > 0
      ? [`  note   ${media.missing.length} pictures have no file here: is DATA_DIR right?`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}
