// `dateline backup <file>`: everything an installation holds in one file, taken beside the running server.

import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { counted } from '../../kit/counted.ts'
import { withSnapshot } from '../../store/dump.ts'
import {
  placeOfFile,
  refuseTarget,
  stopBySignal,
  withoutFiles,
  writeFailure,
  writeWhole,
} from '../archive/whole-file.ts'
import { writeArchive } from '../backup/archive-write.ts'
import type { Manifest } from '../backup/manifest.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf, photoStorage } from '../pictures.ts'
import { openDatabaseAt, placeOf, programVersion } from '../place.ts'
import { misused } from '../usage.ts'

const WHO = 'A backup'

export async function backup({ options, rest }: Parsed): Promise<void> {
  const [target, more] = rest
  if (!target || more) throw misused('backup')
  if (target !== '-') refuseTarget(target, WHO)
  const place = placeOf(options)
  const stop = stopBySignal()
  const { db, close } = await openDatabaseAt(place, options, 'must exist')
  try {
    const { blobs } = photoStorage(options, mediaDirOf(place.dataDir))
    const write = (out: Writable) =>
      withSnapshot(db, (snapshot) =>
        writeArchive(out, { snapshot, blobs, program: programVersion(), now: Date.now, signal: stop }),
      )
    const manifest = target === '-' ? await write(process.stdout) : await writeWhole(resolve(target), WHO, write)
    process.stderr.write(reportText(await placeOfFile(target), manifest))
  } catch (error) {
    throw writeFailure(error, stop, 'No backup was written')
  } finally {
    await close()
  }
}

/** For standard error: the file itself may be on standard output. */
export function reportText(where: string, { tables, media, migrations }: Manifest): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  const lines = [
    `Backup   ${where}`,
    `  rows   ${rows.toLocaleString('en')} in ${Object.keys(tables).length} tables, schema ${migrations.at(-1)}`,
    `  media  ${counted(media.files, 'file')} of ${counted(media.ids - media.missing.length, 'picture')}`,
    ...(media.missing.length > 0 ? [`  note   ${withoutFiles(media.missing.length)}`] : []),
  ]
  return `${lines.join('\n')}\n`
}
