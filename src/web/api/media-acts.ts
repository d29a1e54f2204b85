// Bringing a picture or a clip for a story, cutting one, its record and rights, and withdrawing one from every story.
// Called by operations.ts.
// Never takes a picture from a stranger: the guard is asked before its bytes are read.

import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { editPhoto } from '../../newsroom/edit-photo.ts'
import { withdrawPhoto } from '../../newsroom/withdraw-photo.ts'
import type { KeptPhoto, PhotoRecords } from '../../store/photo-records.ts'
import { endedMedia, mediaRecord, takenMedia, withdrawnPhoto } from './answers.ts'
import { cutMediaBody, editMediaBody, withdrawPhotoBody } from './bodies.ts'
import { recordAnswer } from './media-answers.ts'
import { actorOf, type Operation, operation } from './operation.ts'

const common = { group: 'Pictures', method: 'POST', object: 'media' } as const

export const MEDIA_ACTS: readonly Operation[] = [
  operation({
    ...common,
    name: 'uploadMedia',
    // Below a story, for rights are given by story; the picture itself belongs to none.
    path: '/stories/{story}/media',
    access: 'media:upload',
    does: 'Bring a picture (JPEG, PNG, WebP, AVIF, GIF; 25 MB) or a clip (MP4, MOV, WebM, MP3, Ogg, WAV; as large as the operator allows). Nothing shows it until a post does.',
    body: 'media',
    answer: takenMedia,
    creates: () => true,
    run: ({ takeMedia }, call) => takeMedia(call.body, actorOf(call)),
  }),
  operation({
    ...common,
    name: 'cutMedia',
    path: '/stories/{story}/media/{media}/cut',
    access: 'media:upload',
    does: 'Cut a part out of a photo: a photo of its own, with its words and rights. What was cut away is in none of its files.',
    body: cutMediaBody,
    answer: takenMedia,
    creates: () => true,
    run: ({ cutMedia }, call) => cutMedia(call.params.media, call.body, actorOf(call)),
  }),
  operation({
    ...common,
    name: 'getMedia',
    method: 'GET',
    path: '/media/{media}',
    access: 'desk:read',
    does: 'A photo: its words, its rights, and what its file said.',
    answer: mediaRecord,
    run: async ({ photos, now }, { params }) => recordAnswer(await photoOf(photos, params.media), now()),
  }),
  operation({
    ...common,
    name: 'editMedia',
    method: 'PUT',
    path: '/media/{media}',
    access: 'media:edit',
    does: 'Say anew what a photo shows, who made it, until when it may be used and where not. Posts that show it keep their words.',
    body: editMediaBody,
    answer: mediaRecord,
    run: async ({ photos, now }, call) => {
      await editPhoto(photos, actorOf(call), call.params.media, call.body)
      return recordAnswer(await photoOf(photos, call.params.media), now())
    },
  }),
  operation({
    ...common,
    name: 'listEndedMedia',
    method: 'GET',
    path: '/rights-ended',
    access: 'desk:read',
    does: 'Photos that readers see although their time is over or they are blocked. To take one away, withdraw it.',
    answer: endedMedia,
    run: async ({ photos, now }, call) => ({
      photos: (await photos.ended(actorOf(call))).map(({ stories, ...photo }) => ({
        photo: recordAnswer(photo, now()),
        stories,
      })),
    }),
  }),
  operation({
    ...common,
    name: 'withdrawPhoto',
    path: '/media/{media}/withdraw',
    access: 'media:withdraw',
    does: 'Take a photo out of every post of every story, for good. One receipt for each thing it stood in.',
    body: withdrawPhotoBody,
    answer: withdrawnPhoto,
    run: async ({ desk, mediaChanged }, call) => {
      try {
        return { receipts: await withdrawPhoto(desk, actorOf(call), call.params.media, call.body) }
      } finally {
        mediaChanged() // what could not be reached now is done in the background
      }
    },
  }),
]

/** Throws `not_found`. */
async function photoOf(photos: PhotoRecords, id: string): Promise<KeptPhoto> {
  const photo = isId(id) ? await photos.record(id) : null
  if (!photo) throw new AppError('not_found', 'There is no such photo.')
  return photo
}
