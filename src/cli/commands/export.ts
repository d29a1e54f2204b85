// `dateline export <story> <file>`: one story in one file, which `dateline import` reads in another installation.

import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { counted } from '../../kit/counted.ts'
import { withStoryDump } from '../../store/story-dump.ts'
import {
  placeOfFile,
  refuseTarget,
  stopBySignal,
  withoutFiles,
  writeFailure,
  writeWhole,
} from '../archive/whole-file.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf, photoStorage } from '../pictures.ts'
import { openDatabaseAt, placeOf } from '../place.ts'
import { type Written, writeStoryArchive } from '../story-archive/write.ts'
import { plainForTerminal } from '../story-words.ts'
import { misused } from '../usage.ts'

const WHO = 'An export'

export async function exportStory({ options, rest }: Parsed): Promise<void> {
  const [name, target, more] = rest
  if (!name || !target || more) throw misused('export')
  if (target !== '-') refuseTarget(target, WHO)
  const place = placeOf(options)
  const stop = stopBySignal()
  const { db, close } = await openDatabaseAt(place, options, 'must exist')
  try {
    const { blobs } = photoStorage(options, mediaDirOf(place.dataDir))
    const written = await withStoryDump(db, storyName(name), (dump) => {
      const write = (out: Writable) => writeStoryArchive(out, { dump, blobs, signal: stop })
      return target === '-' ? write(process.stdout) : writeWhole(resolve(target), WHO, write)
    })
    process.stderr.write(reportText(await placeOfFile(target), written))
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

function reportText(where: string, { manifest: { counts }, title, missing }: Written): string {
  const lines = [
    `Exported "${title}" to ${where}`,
    `  posts     ${counts.posts}, with ${counted(counts.revisions, 'revision')}`,
    `  logs      ${counted(counts.deskEntries, 'desk entry', 'desk entries')}, ${counted(counts.publicEntries, 'public entry', 'public entries')}`,
    `  pictures  ${counts.media}, with ${counted(counts.files, 'file')}`,
    ...(missing.length > 0 ? [`  note      ${withoutFiles(missing.length)}`] : []),
  ]
  return `${lines.map(plainForTerminal).join('\n')}\n`
}
