// Words of photos as agencies fill them in, and as the files of the demonstration and the corpus do.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PHOTOS } from '../cli/demo/photos.ts'
import { NO_METADATA, type PhotoMetadata, readPhotoMetadata } from './iptc.ts'
import { type PhotoWords, wordsOfPhoto } from './words.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'

test('photographer, pool and agency are told apart, wherever the file says them', () => {
  const cases: [Partial<PhotoMetadata>, Partial<PhotoWords>][] = [
    [{ credit: '(Jane Doe/Pool Photo via AP)' }, { credit: 'Jane Doe', agency: 'Pool via AP' }],
    [
      { byline: 'Jane Doe', credit: 'Pool Photo via AP' },
      { credit: 'Jane Doe', agency: 'Pool via AP' },
    ],
    [
      { byline: 'Jane Doe', credit: 'POOL' },
      { credit: 'Jane Doe', agency: 'Pool' },
    ],
    [
      { byline: 'Jane Doe', credit: 'AP', source: 'AP' },
      { credit: 'Jane Doe', agency: 'AP' },
    ],
    [
      { byline: 'Jane Doe', credit: 'Jane Doe/AP' },
      { credit: 'Jane Doe', agency: 'AP' },
    ],
    [
      { byline: 'JANE DOE', credit: 'AFP via Getty Images' },
      { credit: 'JANE DOE', agency: 'AFP via Getty Images' },
    ],
    [
      { byline: 'Jane Doe', credit: 'The Daily Example' },
      { credit: 'Jane Doe', agency: 'The Daily Example' },
    ],
    [
      { byline: 'Jane Doe', credit: 'Jane Doe', source: 'Example.org' },
      { credit: 'Jane Doe', agency: 'Example.org' },
    ],
    [{ byline: 'Jane Doe' }, { credit: 'Jane Doe', agency: '' }],
    [{ credit: 'REUTERS' }, { credit: '', agency: 'REUTERS' }],
    [{}, { credit: '', agency: '' }],
  ]
  for (const [metadata, expected] of cases) {
    const { credit, agency } = wordsOfPhoto({ ...NO_METADATA, ...metadata })
    assert.deepEqual({ credit, agency }, expected, JSON.stringify(metadata))
  }
})

test('a caption repeats neither its credit nor the description, and the headline stands in for none', () => {
  const cases: [Partial<PhotoMetadata>, string, string][] = [
    [
      { caption: 'A ferry. (Jane Doe/Pool Photo via AP)', byline: 'Jane Doe', credit: 'Pool Photo via AP' },
      'A ferry.',
      '',
    ],
    [{ caption: 'A ferry. REUTERS/Jane Doe', byline: 'Jane Doe', credit: 'REUTERS' }, 'A ferry.', ''],
    [{ caption: 'A ferry. AP Photo/Jane Doe', byline: 'Jane Doe', credit: 'AP' }, 'A ferry.', ''],
    [{ caption: 'A ferry. Photograph: Jane Doe/PA', byline: 'Jane Doe', credit: 'PA' }, 'A ferry.', ''],
    [{ caption: 'Jane Doe with Jane Doe', byline: 'Jane Doe' }, 'Jane Doe with Jane Doe', ''],
    [{ caption: 'A ferry', alt: 'A ferry' }, 'A ferry', ''],
    [{ caption: 'A ferry', description: 'At length' }, 'A ferry', 'At length'],
    [{ headline: 'Ferry' }, 'Ferry', ''],
  ]
  for (const [metadata, caption, alt] of cases) {
    const words = wordsOfPhoto({ ...NO_METADATA, ...metadata })
    assert.deepEqual([words.caption, words.alt], [caption, alt], JSON.stringify(metadata))
  }
})

test('words longer than a post may hold are cut, never refused', () => {
  const long = 'é'.repeat(5_000)
  const words = wordsOfPhoto({ ...NO_METADATA, caption: long, byline: `z${long}`, source: `x${long}`, alt: `y${long}` })
  assert.deepEqual(
    Object.values(words).map((text) => text.length),
    [2_000, 200, 200, 2_000],
  )
})

test('each photo of the demonstration says what its story says', async () => {
  for (const { file, caption, credit, agency, alt } of Object.values(PHOTOS)) {
    const bytes = readFileSync(new URL(`../cli/demo/photos/${file}`, import.meta.url))
    assert.deepEqual(wordsOfPhoto(await readPhotoMetadata(bytes)), { caption, credit, agency, alt }, file)
  }
})

test('the photos of the corpus name photographer and agency once', { skip }, async () => {
  const folder = join(corpus ?? '', 'photo-metadata')
  const named: string[] = []
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.jpg'))) {
    const words = wordsOfPhoto(await readPhotoMetadata(readFileSync(join(folder, name))))
    if (words.credit) named.push(`${words.credit} | ${words.agency}`)
    if (words.credit) assert.ok(!words.caption.includes(words.credit), name)
  }
  assert.deepEqual(named, Array(3).fill('Ian Britton | FreeFoto.com'))
})
