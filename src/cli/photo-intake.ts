// A photo as the desk and the API take it in: the picture, the words that come with it, and the work it leaves for the background.
// Called by desk.ts and api.ts, so that both tell the same of one photo.

import { AppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { readMetadata, wordsOfRecord } from '../media/metadata.ts'
import type { Rectangle } from '../media/rectangle.ts'
import { wordsOfPhoto } from '../media/words.ts'
import type { PhotoRecords } from '../store/photo-records.ts'
import type { MediaBody, TakenMedia } from '../web/api/operation.ts'
import type { Pictures } from './pictures.ts'

export type PhotoIntake = {
  /** Throws `invalid`, `too_large`, `too_many`, `unavailable`. */
  take(file: MediaBody, actor: Actor): Promise<TakenMedia>
  /** A part of a photo as a photo of its own. Throws `invalid`, `not_found`, `too_many`, `unavailable`. */
  cut(id: string, rectangle: Rectangle, actor: Actor): Promise<TakenMedia>
}

const PICTURE = { kind: 'image', duration: 0 } as const

type Deps = { pictures: Pictures; photos: PhotoRecords; mediaChanged(): void }

export function createPhotoIntake({ pictures, photos, mediaChanged }: Deps): PhotoIntake {
  return {
    take: async (file, actor) => {
      if (!(file instanceof Uint8Array)) return takeClip(pictures, file.path, actor)
      const { id, width, height, metadata } = await pictures.take(file, actor)
      mediaChanged()
      const { takenAt, gps } = metadata
      return { id, ...PICTURE, width, height, ...wordsOfPhoto(metadata), takenAt, gps }
    },
    cut: async (id, rectangle, actor) => {
      const from = await photos.record(id)
      if (!from) throw new AppError('not_found', 'There is no such photo, or it was withdrawn.')
      const { id: cutId, width, height } = await pictures.cut(from, rectangle, actor)
      mediaChanged()
      const { takenAt, gps } = readMetadata(from.metadata)
      return { id: cutId, ...PICTURE, width, height, ...wordsOfRecord(from), takenAt, gps }
    },
  }
}

/** Nobody asks what its file says: none of it is kept. */
async function takeClip(pictures: Pictures, path: string, actor: Actor): Promise<TakenMedia> {
  const { id, kind, width, height, duration } = await pictures.takeClip(path, actor)
  return { id, kind, width, height, duration, caption: '', credit: '', agency: '', alt: '', takenAt: '', gps: false }
}
