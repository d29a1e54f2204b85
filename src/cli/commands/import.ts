// `dateline import <file|url>`: a live page becomes a story, with its times, bylines and pictures; an archive is a story again.
// Called by main.ts; replay reads files through it. Never reaches a private address: a page there is saved and read as a file.

import { open, readFile, stat } from 'node:fs/promises'
import type { FetchOptions } from '../../base/fetch.ts'
import { AppError } from '../../domain/error.ts'
import type { ImportedStory } from '../../formats/imported.ts'
import { isArchive, isGzip, LIVE_PAGE_SHAPES, readLivePage } from '../../formats/live-page.ts'
import { decodePage } from '../../kit/charset.ts'
import { systemActor } from '../../store/accounts.ts'
import { type FetchedPage, fetchPage, MAX_PAGE_BYTES } from '../../wires/in/fetch-page.ts'
import { fetchPicture } from '../../wires/in/import-pictures.ts'
import { type ImportReport, importStory } from '../../wires/in/import-story.ts'
import type { Parsed } from '../options.ts'
import { createPictures, mediaDirOf, photoStorage } from '../pictures.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { placeOfStory, plainForTerminal, readStoryWords } from '../story-words.ts'
import { importArchive } from './import-archive.ts'

const HEAD_BYTES = 512 // the first block of a tar

export async function importPage({ options, rest }: Parsed): Promise<void> {
  const own = { 'no-pictures': { type: 'boolean' }, slug: { type: 'string' } } as const
  const { words, values } = readStoryWords(rest, { name: 'import', own, visibility: 'public' })
  const { source, visibility, timeZone } = words
  if (await isStoryArchive(source)) return importArchive({ options, rest })
  if (values.slug !== undefined) throw new AppError('invalid', '--slug is for the archive of a story only.')
  const imported = await readImported(source)
  const home = placeOf(options)
  sayPlace(home)
  const store = await openStoreAt(home, options, 'may found')
  try {
    const actor = systemActor('import')
    const shelf = createPictures(photoStorage(options, mediaDirOf(home.dataDir)).blobs, store.media)
    const report = await importStory(
      {
        acts: store.acts,
        actor,
        salt: await store.importSalt(),
        takePicture: (bytes, id) => shelf.take(bytes, actor, id),
        fetchPicture: values['no-pictures'] ? undefined : fetchPicture,
      },
      imported,
      {
        visibility,
        timeZone,
        onProgress: (done, of) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${of} posts`),
      },
    )
    if (process.stderr.isTTY) process.stderr.write('\n')
    const place = await placeOfStory(store.reads, report.storyId, options.publicUrl)
    process.stdout.write(reportText(imported, report, place, timeZone))
  } finally {
    await store.close()
  }
}

/** Told by the first bytes, never by the name. What cannot be read is for the reader of pages to say. */
async function isStoryArchive(source: string): Promise<boolean> {
  if (isAddress(source)) return false
  const head = await headOf(source).catch(() => new Uint8Array())
  if (isGzip(head))
    throw new AppError(
      'invalid',
      `${source} is gzipped. A backup is for \`dateline restore\`; the archive of a story is imported as it was exported.`,
    )
  return isArchive(head)
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The story of a file or an address. `ways`: for tests. Throws `invalid`, `too_large`, `unavailable`. */
export async function readImported(source: string, ways: FetchOptions = {}): Promise<ImportedStory> {
  const page = isAddress(source) ? await fetchPage(source, ways) : await readPage(source)
  const url = page.url ?? undefined
  const imported = readLivePage(page.text, { url, readAt: Date.now() })
  if (!imported)
    throw new AppError(
      'invalid',
      `${source} is no live page that is known here: it needs ${LIVE_PAGE_SHAPES}. Nothing was imported.`,
    )
  return url ? withHostNote(imported, url) : imported
}

function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

async function readPage(file: string): Promise<Omit<FetchedPage, 'url'> & { url: null }> {
  const unreadable = (cause: unknown) => {
    const { code = 'error' } = cause as NodeJS.ErrnoException
    const said = code === 'ENOENT' ? `There is no file ${file}.` : `The file ${file} cannot be read (${code}).`
    throw new AppError('invalid', `${said} Nothing was imported.`, { cause })
  }
  const { size } = await stat(file).catch(unreadable)
  if (size > MAX_PAGE_BYTES) throw new AppError('too_large', `${file} is larger than ${MAX_PAGE_BYTES >> 20} MB.`)
  return { text: decodePage(await readFile(file).catch(unreadable)), url: null }
}

/** A page may name any address as its own; what it names decides which story an import continues. */
function withHostNote(imported: ImportedStory, url: string): ImportedStory {
  const [fetched, named] = [url, imported.sourceUrl ?? url].map((address) => new URL(address).host)
  if (fetched === named) return imported
  const note = `The page came from ${fetched} and names ${named} as its place; that is taken as its source.`
  return { ...imported, problems: [...imported.problems, note] }
}

function reportText(
  imported: ImportedStory,
  { posts, pictures, problems }: ImportReport,
  place: string,
  timeZone: string,
): string {
  const left = posts.leftOut > 0 ? `, ${posts.leftOut} left out` : ''
  const mended = pictures.mended > 0 ? ` (${pictures.mended} that were missing before)` : ''
  const lines = [
    `Imported "${imported.title}" to ${place}`,
    `  posts     ${posts.found} found, ${posts.published} published, ${posts.here} here already${left}`,
    `  pictures  ${pictures.kept} kept${mended}, ${pictures.missing} missing${pictures.missing > 0 ? ' (their caption, credit and address stay)' : ''}`,
    `  times     shown in ${timeZone}${timeZone === 'UTC' ? '; --time-zone at the first import sets another' : ''}`,
    ...problems.map((problem) => `  note      ${problem}`),
  ]
  return `${lines.map(plainForTerminal).join('\n')}\n`
}
