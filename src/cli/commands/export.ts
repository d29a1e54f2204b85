// `dateline export <story> <file>`: one story in one file, which `dateline import` reads in another installation.

import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '../../domain/error.ts'
import { createDiskBlobs } from '../../media/blobs.ts'
import { withStoryDump } from '../../store/story-dump.ts'
import { refuseTarget, stopBySignal, writeFailure, writeWhole } from '../archive/whole-file.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf } from '../pictures.ts'
import { openDatabaseAt, placeOf } from '../place.ts'
import { type Written, writeStoryArchive } from '../story-archive/write.ts'
import { plainForTerminal } from '../story-words.ts'

const WHO = 'An export'

export async function exportStory({ options, rest }: Parsed): Promise<void> {
  const [name, target, more] = rest
  if (!name || !target || more) throw new AppError('invalid', 'Usage: dateline export <story> <file>')
  refuseTarget(target, WHO)
  const place = placeOf(options)
  const stop = stopBySignal()
  const { db, close } = await openDatabaseAt(place, options, true)
  try {
    const blobs = createDiskBlobs(mediaDirOf(place.dataDir), randomBytes)
    const written = await withStoryDump(db, storyName(name), (dump) =>
      writeWhole(resolve(target), WHO, (out) => writeStoryArchive(out, { dump, blobs, signal: stop })),
    )
    process.stderr.write(reportText(target, (await stat(target)).size, written))
  } catch (error) {
    throw writeFailure(error, stop, 'Nothing was exported')
  } finally {
    await close()
  }
}

/** The path of its page does as well. */
function storyName(word: string): string {
  return word.replace(/^\//, '')
}

function reportText(target: string, size: number, { manifest: { counts }, title, missing }: Written): string {
  const lines = [
    `Exported "${title}" to ${target}  (${size.toLocaleString('en')} bytes)`,
    `  posts     ${counts.posts}, with ${counts.revisions} revisions`,
    `  logs      ${counts.deskEntries} desk entries, ${counts.publicEntries} public entries`,
    `  pictures  ${counts.media}, with ${counts.files} files`,
    ...(missing.length > 0 ? [`  note      ${missing.length} pictures have no file here: is DATA_DIR right?`] : []),
  ]
  return `${lines.map(plainForTerminal).join('\n')}\n`
}
