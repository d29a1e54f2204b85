// `dateline import <file>`: a live page's LiveBlogPosting becomes a story, with its times, bylines and pictures.

import { readFile } from 'node:fs/promises'
import { AppError } from '../../domain/error.ts'
import { VISIBILITIES, type Visibility } from '../../domain/story.ts'
import type { ImportedStory } from '../../formats/imported.ts'
import { readJsonLd } from '../../formats/jsonld/read.ts'
import { systemActor } from '../../store/accounts.ts'
import { fetchPicture } from '../../wires/in/import-pictures.ts'
import { type ImportReport, importStory } from '../../wires/in/import-story.ts'
import type { Parsed } from '../options.ts'
import { createPictures, mediaDirOf } from '../pictures.ts'
import { openStoreAt, placeOf } from '../place.ts'

export async function importFile({ options, rest }: Parsed): Promise<void> {
  const { file, visibility, pictures } = readWords(rest)
  const imported = await readImported(file)
  const place = placeOf(options)
  const store = await openStoreAt(place, options)
  try {
    const actor = systemActor('import')
    const shelf = createPictures(mediaDirOf(place.dataDir), store.media)
    const report = await importStory(
      {
        acts: store.acts,
        actor,
        salt: await store.importSalt(),
        takePicture: (bytes, id) => shelf.take(bytes, actor, id),
        fetchPicture: pictures ? fetchPicture : undefined,
      },
      imported,
      {
        visibility,
        onProgress: (done, of) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${of} posts`),
      },
    )
    if (process.stderr.isTTY) process.stderr.write('\n')
    const story = await store.reads.storyNamed(report.storyId)
    process.stdout.write(reportText(imported, report, story ? `/${story.name}` : null))
  } finally {
    await store.close()
  }
}

/** The story of a file: HTML or JSON with a LiveBlogPosting. Throws `invalid`. */
export async function readImported(file: string): Promise<ImportedStory> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new AppError('invalid', `The file ${file} cannot be read.`, { cause })
  })
  const imported = readJsonLd(text, { readAt: Date.now() })
  if (!imported) throw new AppError('invalid', `${file} holds no LiveBlogPosting (JSON-LD). Nothing was imported.`)
  return imported
}

function readWords(rest: readonly string[]): { file: string; visibility: Visibility; pictures: boolean } {
  const words = [...rest]
  const noPictures = words.indexOf('--no-pictures')
  if (noPictures >= 0) words.splice(noPictures, 1)
  const at = words.findIndex((word) => word === '--visibility' || word.startsWith('--visibility='))
  let wanted: string | undefined = 'public'
  if (at >= 0) {
    const [flag = ''] = words.splice(at, 1)
    wanted = flag.includes('=') ? flag.slice(flag.indexOf('=') + 1) : words.splice(at, 1)[0]
  }
  const visibility = VISIBILITIES.find((one) => one === wanted)
  if (!visibility) throw new AppError('invalid', `--visibility is one of ${VISIBILITIES.join(', ')}.`)
  const [file, more] = words
  if (!file || more)
    throw new AppError('invalid', 'Usage: dateline import <file> [--visibility public] [--no-pictures]')
  return { file, visibility, pictures: noPictures < 0 }
}

function reportText(imported: ImportedStory, { posts, pictures, problems }: ImportReport, path: string | null): string {
  const left = posts.leftOut > 0 ? `, ${posts.leftOut} left out` : ''
  const mended = pictures.mended > 0 ? ` (${pictures.mended} that were missing before)` : ''
  const lines = [
    `Imported "${imported.title}"${path ? ` to ${path}` : ''}`,
    `  posts     ${posts.found} found, ${posts.published} published, ${posts.here} here already${left}`,
    `  pictures  ${pictures.kept} kept${mended}, ${pictures.missing} missing${pictures.missing > 0 ? ' (their caption, credit and address stay)' : ''}`,
    ...problems.map((problem) => `  note      ${problem}`),
  ]
  return `${lines.join('\n')}\n`
}
