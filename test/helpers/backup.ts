// A backup without a command: a store and its media into a file, a file into an empty database.
// Called by the tests of backup and restore and by the maker of the version fixtures.

import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import sharp from 'sharp'
import { silentLog } from '../../src/base/log.ts'
import { checkArchive } from '../../src/cli/backup/archive-read.ts'
import { writeArchive } from '../../src/cli/backup/archive-write.ts'
import type { Manifest } from '../../src/cli/backup/manifest.ts'
import { restoreArchive } from '../../src/cli/commands/restore.ts'
import { createPictures } from '../../src/cli/pictures.ts'
import { type Blobs, createDiskBlobs } from '../../src/media/blobs.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { saveSnippet } from '../../src/newsroom/save-snippet.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { type Connection, openHandles } from '../../src/store/database.ts'
import { withSnapshot } from '../../src/store/dump.ts'
import type { Loaded } from '../../src/store/load.ts'
import { knownMigrations } from '../../src/store/migrate.ts'
import { createSnippets } from '../../src/store/snippets.ts'
import type { Database } from '../../src/store/tables.ts'
import { EDITOR, liveStory, newId, publish, words } from './acts.ts'
import type { TestStore } from './database.ts'

/** `media`: a folder, or any storage. */
export async function backUp(db: Database, media: string | Blobs, file: string, program = 'test'): Promise<Manifest> {
  const blobs = blobsAt(media)
  return withSnapshot(db, (snapshot) =>
    writeArchive(createWriteStream(file), { snapshot, blobs, program, now: Date.now }),
  )
}

export async function restoreTo(
  connection: Connection,
  media: string | Blobs,
  file: string,
  acceptBroken = false,
): Promise<Loaded> {
  const manifest = await checkArchive(file, knownMigrations())
  const handles = openHandles(connection, silentLog())
  try {
    const blobs = blobsAt(media)
    return await restoreArchive(file, manifest, { db: handles.db, blobs, acceptBroken })
  } finally {
    await handles.close()
  }
}

/** `shown`, `hidden`: words of the story that its page holds, and that no reader may get. */
export type SmallNewsroom = {
  storyId: string
  name: string
  pictureId: string
  correctedId: string
  shown: string[]
  hidden: string[]
}

/** What a version's backup holds beside it, since 0.2: the middle part of a story with whatever a story can have. */
export type FullOfVersion = { slug: string; shown: string[]; hidden: string[] }

/** A live story with a picture, a key event, a correction and a withdrawal; a private story; both with words of their own. */
export async function smallNewsroom(store: TestStore, mediaDir: string | Blobs): Promise<SmallNewsroom> {
  const { id: storyId, name } = await liveStory(store, { title: 'The harbour strike', standfirst: 'What we know.' })
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#446688' } })
    .jpeg()
    .toBuffer()
  const { id: pictureId } = await createPictures(mediaDir, store.media).take(picture, EDITOR)
  await publish(store, storyId, words('Cranes stand still', 'The night shift did not come.'))
  await publishPost(store, EDITOR, storyId, {
    postId: newId(),
    content: {
      headline: 'A picture from the quay',
      blocks: [{ type: 'image', media: pictureId, alt: 'A crane', caption: 'The quay at dawn', credit: 'Ada' }],
    },
    keyEvent: { title: 'Talks begin' },
  })
  const corrected = await publish(store, storyId, words('Forty ships wait'))
  await correctPost(store, EDITOR, storyId, corrected, {
    revision: 1,
    content: words('Fourteen ships wait'),
    note: 'An earlier version said forty.',
  })
  const withdrawn = await publish(store, storyId, words('A rumour'))
  await withdrawPost(store, EDITOR, storyId, withdrawn, { trace: 'line', reason: 'It was not so.' })
  await createStory(store, EDITOR, newId(), { title: 'Not yet public', visibility: 'private' })
  const lines = { name: 'lines', blocks: words('', 'In danger, call 112.').blocks, revision: 0 }
  await saveSnippet(createSnippets(store.db), EDITOR, newId(), lines)
  return {
    ...{ storyId, name, pictureId, correctedId: corrected },
    shown: [
      'The harbour strike',
      'Cranes stand still',
      'The quay at dawn',
      'Talks begin',
      'Fourteen ships',
      'It was not so',
    ],
    hidden: ['Forty ships', 'A rumour', 'Not yet public'],
  }
}

function blobsAt(media: string | Blobs): Blobs {
  return typeof media === 'string' ? createDiskBlobs(media, randomBytes) : media
}
