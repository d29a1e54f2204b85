// Export and import of one story as the commands do them, on a store and a folder of pictures.
// Called by the tests of a story's archive.

import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../../src/cli/archive/whole-file.ts'
import { type ArchiveChoice, importStoryArchive } from '../../src/cli/story-archive/import.ts'
import { checkStoryArchive } from '../../src/cli/story-archive/read.ts'
import { writeStoryArchive } from '../../src/cli/story-archive/write.ts'
import { createDiskBlobs } from '../../src/media/blobs.ts'
import { systemActor } from '../../src/store/accounts.ts'
import { withStoryDump } from '../../src/store/story-dump.ts'
import type { LoadedStory } from '../../src/store/story-load.ts'
import type { Database } from '../../src/store/tables.ts'

export async function exportTo(db: Database, mediaDir: string, name: string, file: string): Promise<Buffer> {
  const blobs = createDiskBlobs(mediaDir, randomBytes)
  await withStoryDump(db, name, (dump) =>
    writeWhole(file, 'An export', (out) => writeStoryArchive(out, { dump, blobs })),
  )
  return readFileSync(file)
}

export async function importFrom(
  db: Database,
  mediaDir: string,
  file: string,
  choice: Partial<ArchiveChoice> = {},
): Promise<LoadedStory> {
  const blobs = createDiskBlobs(mediaDir, randomBytes)
  const actor = systemActor('import')
  return importStoryArchive(file, await checkStoryArchive(file), { db, blobs }, { actor, ...choice })
}

/** Names of every file below, sorted. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .sort()
}
