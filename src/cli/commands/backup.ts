// `dateline backup <file>`: everything an installation holds in one file, taken beside the running server.

import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { AppError } from '../../domain/error.ts'
import { createDiskBlobs } from '../../media/blobs.ts'
import { withSnapshot } from '../../store/dump.ts'
import { refuseTarget, stopBySignal, writeFailure, writeWhole } from '../archive/whole-file.ts'
import { writeArchive } from '../backup/archive-write.ts'
import type { Manifest } from '../backup/manifest.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf } from '../pictures.ts'
import { openDatabaseAt, placeOf, programVersion } from '../place.ts'

const WHO = 'A backup'

export async function backup({ options, rest }: Parsed): Promise<void> {
  const [target, more] = rest
  if (!target || more) throw new AppError('invalid', 'Usage: dateline backup <file>, or - for standard output')
  if (target !== '-') refuseTarget(target, WHO)
  const place = placeOf(options)
  const stop = stopBySignal()
  const { db, close } = await openDatabaseAt(place, options, true)
  try {
    const blobs = createDiskBlobs(mediaDirOf(place.dataDir), randomBytes)
    const write = (out: Writable) =>
      withSnapshot(db, (snapshot) =>
        writeArchive(out, { snapshot, blobs, program: programVersion(), now: Date.now, signal: stop }),
      )
    const manifest = target === '-' ? await write(process.stdout) : await writeWhole(resolve(target), WHO, write)
    const size = target === '-' ? null : (await stat(target)).size
    process.stderr.write(reportText(target, size, manifest))
  } catch (error) {
    throw writeFailure(error, stop, 'No backup was written')
  } finally {
    await close()
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
