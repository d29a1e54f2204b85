// Every place where something public can be seen (law 7). A route that names a surface stands here, and the reverse.
// Looped over by test/surfaces.test.ts: before release, after withdrawal. Later surfaces are one line each.

import {
  clipPath,
  FEED_FORMATS,
  feedPath,
  latestPath,
  MEDIA_FORMATS,
  mediaPath,
  NEWS_SITEMAP_PATH,
  personPath,
  postPath,
  STORIES_SITEMAP_PATH,
  sincePath,
  storyPath,
  streamPath,
  tagPath,
} from '../domain/address.ts'

export type Subject = {
  name: string // of the story's address
  storyId: string
  postId: string
  mediaIds: string[]
  byline?: string // of the post; absent = it has none
  tag?: string
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

const API_STORIES = '/api/v1/public/stories'
const apiStory = (name: string): string => `${API_STORIES}/${name}`

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
  { name: 'feed', holds: 'text', addresses: ({ name }) => FEED_FORMATS.map((format) => feedPath(name, format)) },
  { name: 'site-feed', holds: 'title', addresses: () => FEED_FORMATS.map((format) => feedPath(null, format)) },
  { name: 'sitemap', holds: 'title', addresses: () => [STORIES_SITEMAP_PATH, NEWS_SITEMAP_PATH] },
  { name: 'post', holds: 'text', addresses: ({ name, postId }) => [postPath(name, postId)] },
  { name: 'person', holds: 'title', addresses: ({ byline = 'Nobody' }) => [personPath(byline)] },
  { name: 'tag', holds: 'title', addresses: ({ tag = 'Nothing' }) => [tagPath(tag)] },
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
  { name: 'clip', holds: 'bytes', addresses: ({ mediaIds }) => mediaIds.map(clipPath) },
  { name: 'api-front', holds: 'title', addresses: () => [API_STORIES] },
  { name: 'api-story', holds: 'title', addresses: ({ name, storyId }) => [apiStory(name), apiStory(storyId)] },
  {
    name: 'api-posts',
    holds: 'text',
    addresses: ({ name }) => [`${apiStory(name)}/posts`, `${apiStory(name)}/posts?range=1-20`],
  },
  { name: 'api-post', holds: 'text', addresses: ({ name, postId }) => [`${apiStory(name)}/posts/${postId}`] },
  {
    name: 'api-changes',
    holds: 'text',
    addresses: ({ name, before, head }) => [before, head].map((since) => `${apiStory(name)}/changes?since=${since}`),
  },
]
