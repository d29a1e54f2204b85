// Every public address of the installation, as paths. docs/protocol.md lists them.
// Called by pages, formats, web and the reader's client. Never knows a host.

import type { PageRange } from './post.ts'

export const FAVICON_PATH = '/favicon.svg'
/** Where somebody at the desk proves anew that it is them. */
export const PROVE_PATH = '/desk/prove'
export const storyPath = (name: string): string => `/${name}`
export const rangePath = (name: string, range: PageRange): string => `/${name}/page/${range.from}-${range.to}`
/** The newest posts, where `/{story}` itself would be the start: in the other order. */
export const latestPath = (name: string): string => `/${name}/page/latest`
export const postPath = (name: string, postId: string): string => `/${name}/post/${postId}`
export const postAnchor = (postId: string): string => `post-${postId}`
/** `name` as a byline has it: one clean line, NFC. */
export const personPath = (name: string): string => `/person/${encodeURIComponent(name)}`
/** `tag` as a post has it: one clean line, NFC. */
export const tagPath = (tag: string): string => `/tag/${encodeURIComponent(tag)}`
export const streamPath = (name: string, position: string): string => `/${name}/stream?since=${position}`
/** Where readers' browsers tell what was seen. */
export const seenPath = (name: string): string => `/${name}/seen`
export const sincePath = (name: string, position: string): string => `/${name}/since/${position}`

export const ROBOTS_PATH = '/robots.txt'
/** The index, and the two files it names. */
export const SITEMAP_PATH = '/sitemap.xml'
export const STORIES_SITEMAP_PATH = '/sitemap-stories.xml'
export const NEWS_SITEMAP_PATH = '/sitemap-news.xml'
export const FEED_FORMATS = ['rss', 'atom', 'json'] as const
export type FeedFormat = (typeof FEED_FORMATS)[number]
/** Of a story, or of the installation: null. */
export const feedPath = (name: string | null, format: FeedFormat): string =>
  `${name === null ? '' : storyPath(name)}/feed.${format}`

/** Renditions exist at these widths (pixels), never wider than the original. */
export const MEDIA_WIDTHS = [400, 800, 1600] as const
export type MediaWidth = (typeof MEDIA_WIDTHS)[number]
export const MEDIA_FORMATS = ['jpg', 'webp', 'avif'] as const
export type MediaFormat = (typeof MEDIA_FORMATS)[number]
export const mediaPath = (mediaId: string, width: MediaWidth, format: MediaFormat): string =>
  `/media/${mediaId}/${width}.${format}`
/** Of a video or a sound: one file, whatever its format. */
export const clipPath = (mediaId: string): string => `/media/${mediaId}/clip`
