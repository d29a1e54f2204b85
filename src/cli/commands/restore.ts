// `dateline restore <file>`: an empty installation becomes the one a backup was made of.

import { AppError } from '../../domain/error.ts'
import { counted } from '../../kit/counted.ts'
import type { BlobName, Blobs } from '../../media/blobs.ts'
import { type Loaded, loadInstallation } from '../../store/load.ts'
import { knownMigrations } from '../../store/migrate.ts'
import type { Database } from '../../store/tables.ts'
import { chainText, requireWhole } from '../../store/verify-chains.ts'
import { checkArchive, readContents } from '../backup/archive-read.ts'
import { newEpoch } from '../open-store.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf, photoStorage } from '../pictures.ts'
import { openDatabaseAt, placeOf } from '../place.ts'
import { misused } from '../usage.ts'

const ACCEPT = '--accept-broken-chains'

export async function restore({ options, rest }: Parsed): Promise<void> {
  const [file, more] = rest.filter((word) => word !== ACCEPT)
  if (!file || more) throw misused('restore')
  const manifest = await checkArchive(file, knownMigrations()) // before an engine or a folder is made
  const place = placeOf(options)
  const { db, close } = await openDatabaseAt(place, options, 'may found')
  try {
    const { blobs } = photoStorage(options, mediaDirOf(place.dataDir))
    const loaded = await restoreArchive(file, manifest, { db, blobs, acceptBroken: rest.includes(ACCEPT) })
    process.stdout.write(reportText(manifest.madeAt, manifest.media.files, loaded))
  } finally {
    await close()
  }
}

export type Target = { db: Database; blobs: Blobs; acceptBroken: boolean }

/** The manifest is the one `checkArchive` gave. Media are on the disk before the rows that name them are committed. */
export async function restoreArchive(
  file: string,
  manifest: Awaited<ReturnType<typeof checkArchive>>,
  { db, blobs, acceptBroken }: Target,
): Promise<Loaded> {
  const added: BlobName[] = []
  try {
    return await loadInstallation(db, manifest, {
      newEpoch,
      judge: (report) => {
        if (!acceptBroken) requireRestorable(() => requireWhole(report))
      },
      fill: (insert) =>
        readContents(file, {
          table: insert,
          media: async (name, bytes) => {
            if ((await blobs.parts(name.id)).includes(name.part) === false) added.push(name)
            await blobs.write(name, bytes)
          },
        }),
    })
  } catch (error) {
    for (const name of added) await blobs.remove(name)
    throw error
  }
}

function requireRestorable(check: () => void): void {
  try {
    check()
  } catch (cause) {
    const said = (cause as Error).message
    throw new AppError('conflict', `${said}\nNothing was changed. To restore it as it is, add ${ACCEPT}.`, { cause })
  }
}

function reportText(madeAt: string, files: number, { rows, leftOut, upgraded, chains, epoch }: Loaded): string {
  const lines = [
    `Restored the backup of ${madeAt}`,
    `  rows    ${rows.toLocaleString('en')}`,
    `  media   ${counted(files, 'file')}`,
    `  chains  ${chainText(chains)}`,
    `  epoch   ${epoch}: open pages load themselves again`,
    ...(upgraded.length > 0 ? [`  schema  brought from the backup's to this version's: ${upgraded.join(', ')}`] : []),
    ...leftOut.map((name) => `  note    table ${name} is none of Dateline's and was left out`),
  ]
  return `${lines.join('\n')}\n`
}
