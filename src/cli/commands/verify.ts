// `dateline verify`: walks the hash chains of every story. `dateline verify <file>`: checks a backup without restoring it.

import { AppError } from '../../domain/error.ts'
import { counted } from '../../kit/counted.ts'
import { hasTable } from '../../store/catalogue.ts'
import { withSnapshotTransaction } from '../../store/dump.ts'
import { knownMigrations } from '../../store/migrate.ts'
import type { Database } from '../../store/tables.ts'
import { type ChainReport, chainText, requireWhole, verifyChains } from '../../store/verify-chains.ts'
import { checkArchive } from '../backup/archive-read.ts'
import type { Parsed } from '../options.ts'
import { openDatabaseAt, placeOf } from '../place.ts'
import { misused } from '../usage.ts'

export async function verify({ options, rest }: Parsed): Promise<void> {
  const [file, more] = rest
  if (more) throw misused('verify')
  if (file) return verifyFile(file)
  const { db, close } = await openDatabaseAt(placeOf(options), options, 'must exist')
  try {
    const report = await verifyInstallation(db)
    requireWhole(report)
    process.stdout.write(`${chainText(report)}\n`)
  } finally {
    await close()
  }
}

async function verifyInstallation(db: Database): Promise<ChainReport> {
  return withSnapshotTransaction(db, async (tx) => {
    if (!(await hasTable(tx, 'migration'))) throw new AppError('not_found', 'This database holds no Dateline.')
    return verifyChains(tx)
  })
}

async function verifyFile(file: string): Promise<void> {
  const { madeAt, program, tables, media } = await checkArchive(file, knownMigrations())
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  process.stdout.write(
    `A whole backup of ${madeAt}, made by Dateline ${program}: ${counted(rows, 'row')}, ${counted(media.files, 'media file')}.\n` +
      'Its chains are walked when it is restored.\n',
  )
}
