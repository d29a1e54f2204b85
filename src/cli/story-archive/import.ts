// Brings a checked archive into an installation: files of pictures first, then the rows that name them.
// Called by the import command. Never leaves a file of an import that failed.

import type { Buffer } from 'node:buffer'
import { AppError } from '../../domain/error.ts'
import type { BlobName, Blobs } from '../../media/blobs.ts'
import { type LoadedStory, loadStory, type StoryLoadOptions } from '../../store/story-load.ts'
import type { Database } from '../../store/tables.ts'
import { type CheckedArchive, readBlobs } from './read.ts'

export type ArchiveTarget = { db: Database; blobs: Pick<Blobs, 'readBytes' | 'write' | 'remove'> }
export type ArchiveChoice = Pick<StoryLoadOptions, 'actor' | 'slug' | 'visibility'>

/** `checked`: what `checkStoryArchive` said of this file. Throws as `loadStory` does. */
export async function importStoryArchive(
  path: string,
  checked: CheckedArchive,
  { db, blobs }: ArchiveTarget,
  choice: ArchiveChoice,
): Promise<LoadedStory> {
  const added: BlobName[] = []
  const bringFiles = (known: ReadonlySet<string>) =>
    readBlobs(path, checked.manifest, async (name, bytes) => {
      if (!known.has(name.id)) await keep(blobs, name, bytes, added)
    })
  try {
    return await loadStory(db, checked, { ...choice, bringFiles })
  } catch (error) {
    if (await isOut(db, checked.story.id)) for (const name of added) await blobs.remove(name)
    throw error
  }
}

/** A file that lies there under this name was left by something: the same bytes are as good, others are not ours to replace. */
async function keep(blobs: ArchiveTarget['blobs'], name: BlobName, bytes: Buffer, added: BlobName[]): Promise<void> {
  const there = await blobs.readBytes(name)
  if (there?.equals(bytes)) return
  if (there)
    throw new AppError(
      'conflict',
      `Another file lies where ${name.part} of picture ${name.id} belongs. Nothing was changed.`,
    )
  added.push(name)
  await blobs.write(name, bytes)
}

/** A commit whose answer was lost may have been kept: its files go only when it is sure that it was not. */
async function isOut(db: Database, storyId: string): Promise<boolean> {
  const query = db.selectFrom('story').select('id').where('id', '=', storyId)
  return query.executeTakeFirst().then(
    (row) => row === undefined,
    () => false,
  )
}
