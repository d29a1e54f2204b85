// `dateline import <file>` where the file is the archive of a story: it comes in as it was.
// Called by commands/import.ts, which tells an archive from a page.

import { parseArgs } from 'node:util'
import { AppError } from '../../domain/error.ts'
import { checkSlug } from '../../domain/story.ts'
import { counted } from '../../kit/counted.ts'
import { systemActor } from '../../store/accounts.ts'
import type { LoadedStory } from '../../store/story-load.ts'
import type { Parsed } from '../options.ts'
import { mediaDirOf, photoStorage } from '../pictures.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { importStoryArchive } from '../story-archive/import.ts'
import { type CheckedArchive, checkStoryArchive } from '../story-archive/read.ts'
import { placeOfStory, plainForTerminal } from '../story-words.ts'
import { misused } from '../usage.ts'

export async function importArchive({ options, rest }: Pick<Parsed, 'options' | 'rest'>): Promise<void> {
  const { file, slug, visibility } = readWords(rest)
  const checked = await checkStoryArchive(file) // before an engine or a folder is made
  const home = placeOf(options)
  sayPlace(home)
  const store = await openStoreAt(home, options, 'may found')
  try {
    const { blobs } = photoStorage(options, mediaDirOf(home.dataDir))
    const choice = { actor: systemActor('import'), slug, visibility }
    const loaded = await importStoryArchive(file, checked, { db: store.db, blobs }, choice)
    const place = await placeOfStory(store.reads, loaded.story.id, options.publicUrl)
    process.stdout.write(reportText(checked, loaded, place))
  } finally {
    await store.close()
  }
}

function readWords(rest: readonly string[]) {
  const { values, positionals } = read(rest)
  const [file = '', more] = positionals
  if (file === '' || more) throw misused('import')
  const visibility = (['private', 'unlisted'] as const).find((one) => one === values.visibility)
  if (values.visibility !== undefined && !visibility)
    throw new AppError('invalid', 'An archive comes in as it was, or with --visibility private or unlisted.')
  return { file, visibility, slug: values.slug === undefined ? undefined : checkSlug(values.slug) }
}

function read(rest: readonly string[]) {
  const options = { visibility: { type: 'string' }, slug: { type: 'string' } } as const
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true })
  } catch (cause) {
    throw misused('import', (cause as Error).message, cause)
  }
}

function reportText(
  { manifest, entries }: CheckedArchive,
  { story, unlinked, knownMedia }: LoadedStory,
  place: string,
): string {
  const { counts } = manifest
  const erased = entries.erased > 0 ? `, ${entries.erased} of them erased` : ''
  const here = knownMedia > 0 ? `, ${knownMedia} of them here already` : ''
  const lines = [
    `Imported "${story.title}" to ${place}, ${story.visibility}`,
    `  posts     ${counts.posts}, with ${counted(counts.revisions, 'revision')}`,
    `  logs      ${counted(entries.desk, 'desk entry', 'desk entries')}, ${counted(entries.public, 'public entry', 'public entries')}${erased}; both chains are whole`,
    `  pictures  ${counts.media}${here}, with ${counted(counts.files, 'file')}`,
    ...unlinked.map((id) => `  note      its part ${id} is not here, so the two are not linked`),
  ]
  return `${lines.map(plainForTerminal).join('\n')}\n`
}
