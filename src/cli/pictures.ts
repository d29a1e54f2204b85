// Taking pictures in: blobs on disk or in a bucket, the decoding child, the record in the database.
// Called by serve.ts, the commands and the demo.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Json } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { withMemory } from '../media/blob-memory.ts'
import { type Blobs, createDiskBlobs } from '../media/blobs.ts'
import { createClipIntake, type TakenClip } from '../media/clips.ts'
import { createIntake, type TakenPicture } from '../media/intake.ts'
import type { Rectangle } from '../media/rectangle.ts'
import { createS3Blobs } from '../media/s3-blobs.ts'
import { createS3Client, type S3Settings } from '../media/s3-client.ts'
import type { MediaRecord, MediaRecords } from '../store/media-records.ts'
import type { KeptPhoto } from '../store/photo-records.ts'
import type { Options } from './options.ts'

export type Pictures = {
  blobs: Blobs
  /** `id` given: doing it twice gives one picture. Throws `too_large`, `invalid`, `too_many`. */
  take(bytes: Uint8Array, actor: Actor, id?: string): Promise<TakenPicture>
  /** A video or a sound, from a file on this machine. Throws `invalid`, `too_many`, `unavailable`. */
  takeClip(file: string, actor: Actor): Promise<TakenClip>
  /** A photo of its own with the words and rights of the one it is cut from. Throws `not_found`, `invalid`, `too_many`, `unavailable`. */
  cut(from: KeptPhoto, rectangle: Rectangle, actor: Actor): Promise<TakenPicture>
}

export const mediaDirOf = (dataDir: string): string => join(dataDir, 'media')

/** `trouble`: what is wrong with it now, in a sentence; null: nothing known. `check` asks it something. */
export type PhotoStorage = { blobs: Blobs; trouble(): string | null; check(): Promise<void> }

/** Where photos lie: the configured bucket, else the folder. `remembers`: a server's, which many readers ask for one picture. */
export function photoStorage(options: Options, mediaDir: string, remembers = false): PhotoStorage {
  const settings = s3SettingsOf(options)
  if (!settings)
    return { blobs: createDiskBlobs(mediaDir, randomBytes), trouble: () => null, check: () => Promise.resolve() }
  const client = createS3Client(settings)
  const blobs = createS3Blobs(client)
  return {
    blobs: remembers ? withMemory(blobs, { now: Date.now }) : blobs,
    trouble: client.trouble,
    check: async () => void (await client.list('check/')),
  }
}

export function s3SettingsOf(options: Options): S3Settings | null {
  const { s3Endpoint: endpoint, s3Bucket: bucket, s3AccessKeyId: keyId, s3SecretAccessKey: secret } = options
  if (endpoint === null || bucket === null || keyId === null || secret === null) return null
  const { s3Region: region, s3PathStyle: pathStyle, s3Prefix: prefix } = options
  return { endpoint, bucket, region, keyId, secret, pathStyle, prefix }
}

/** `place`: a folder on disk, or any storage. */
export function createPictures(place: string | Blobs, records: MediaRecords): Pictures {
  const blobs = typeof place === 'string' ? createDiskBlobs(place, randomBytes) : place
  const intake = createIntake({ blobs, random: randomBytes })
  const clips = createClipIntake({ blobs, random: randomBytes })
  const keep = async (picture: TakenPicture, record: Pick<MediaRecord, 'metadata' | 'createdBy' | 'cutFrom'>) => {
    const { id, width, height, bytes } = picture
    if (await records.save({ id, width, height, bytes, ...record })) return picture
    await blobs.removeAll(id)
    throw new AppError('invalid', 'This picture was withdrawn and cannot be used again.')
  }
  return {
    blobs,
    take: async (bytes, actor, id) => {
      const picture = await intake.take(bytes, id)
      const metadata = { ...picture.metadata, format: picture.format } satisfies { [key: string]: Json }
      return keep(picture, { metadata, createdBy: actor.id })
    },
    takeClip: async (file, actor) => {
      const taken = await clips.take(file)
      const { id, kind, width, height, bytes, format, duration, sha256 } = taken
      const clip = { format, duration, sha256 }
      await records.save({ id, kind, width, height, bytes, clip, metadata: {}, createdBy: actor.id })
      return taken
    },
    cut: async (from, rectangle, actor) => {
      if (from.kind !== 'image') throw new AppError('invalid', 'Only a photo can be cut.')
      if (from.withdrawn) throw new AppError('not_found', 'There is no such photo, or it was withdrawn.')
      const picture = await intake.cut(from.id, rectangle)
      return keep(picture, { metadata: from.metadata, createdBy: actor.id, cutFrom: from.cutFrom ?? from.id })
    },
  }
}
