// Taking pictures in: blobs on disk, the decoding child, the record in the database.
// Called by serve.ts, the import command and the demo.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Json } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { type Blobs, createDiskBlobs } from '../media/blobs.ts'
import { createIntake, type TakenPicture } from '../media/intake.ts'
import type { MediaRecords } from '../store/media-records.ts'

export type Pictures = {
  blobs: Blobs
  /** `id` given: doing it twice gives one picture. Throws `too_large`, `invalid`, `too_many`. */
  take(bytes: Uint8Array, actor: Actor, id?: string): Promise<TakenPicture>
}

export const mediaDirOf = (dataDir: string): string => join(dataDir, 'media')

export function createPictures(mediaDir: string, records: MediaRecords): Pictures {
  const blobs = createDiskBlobs(mediaDir, randomBytes)
  const intake = createIntake({ blobs, random: randomBytes })
  return {
    blobs,
    take: async (bytes, actor, id) => {
      const picture = await intake.take(bytes, id)
      const metadata = { ...picture.metadata, format: picture.format } satisfies { [key: string]: Json }
      const { width, height, bytes: size } = picture
      const usable = await records.save({ id: picture.id, width, height, bytes: size, metadata, createdBy: actor.id })
      if (usable) return picture
      await blobs.removeAll(picture.id)
      throw new AppError('invalid', 'This picture was withdrawn and cannot be used again.')
    },
  }
}
