// Bringing a picture for a story, and withdrawing one from every story.
// Called by operations.ts.
// Never takes a picture from a stranger: the guard is asked before its bytes are read.

import { withdrawPhoto } from '../../newsroom/withdraw-photo.ts'
import { takenMedia, withdrawnPhoto } from './answers.ts'
import { withdrawPhotoBody } from './bodies.ts'
import { actorOf, type Operation, operation } from './operation.ts'

const common = { group: 'Pictures', method: 'POST', object: 'media' } as const

export const MEDIA_ACTS: readonly Operation[] = [
  operation({
    ...common,
    name: 'uploadMedia',
    // Below a story, for rights are given by story; the picture itself belongs to none.
    path: '/stories/{story}/media',
    access: 'media:upload',
    does: 'Bring a picture (JPEG, PNG, WebP, AVIF, GIF; 25 MB). Nothing shows it until a post does.',
    body: 'picture',
    answer: takenMedia,
    creates: () => true,
    run: async ({ takeMedia, mediaChanged }, call) => {
      const taken = await takeMedia(call.body, actorOf(call))
      mediaChanged()
      return taken
    },
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
