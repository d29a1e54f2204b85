// Every place where something public can be seen (law 7). A route that names a surface stands here, and the reverse.
// Looped over by test/surfaces.test.ts: before release, after withdrawal. Later surfaces are one line each.

import { latestPath, MEDIA_FORMATS, mediaPath, postPath, sincePath, storyPath, streamPath } from '../domain/address.ts'

export type Subject = {
  name: string // of the story's address
  storyId: string
  postId: string
  mediaIds: string[]
  /** A position before the post was published, and the head. */
  before: string
  head: string
}

/** `holds`: what a reader finds there once the post is out. */
export type Surface = {
  name: string
  holds: 'text' | 'title' | 'bytes'
  addresses(subject: Subject): string[]
}

export const SURFACES: readonly Surface[] = [
  { name: 'front', holds: 'title', addresses: () => ['/'] },
  {
    name: 'story',
    holds: 'text',
    addresses: ({ name, storyId }) => [storyPath(name), `${storyPath(name)}?order=oldest`, storyPath(storyId)],
  },
  {
    name: 'older-page',
    holds: 'text',
    addresses: ({ name }) => [`${storyPath(name)}/page/1-20`, `${latestPath(name)}?order=oldest`],
  },
  { name: 'post', holds: 'text', addresses: ({ name, postId }) => [postPath(name, postId)] },
  {
    name: 'catch-up',
    holds: 'text',
    addresses: ({ name, before, head }) => [sincePath(name, before), sincePath(name, head)],
  },
  { name: 'stream', holds: 'text', addresses: ({ name, before }) => [streamPath(name, before)] },
  {
    name: 'media',
    holds: 'bytes',
    addresses: ({ mediaIds }) => mediaIds.flatMap((id) => MEDIA_FORMATS.map((format) => mediaPath(id, 800, format))),
  },
]
