// A story from another system, as every importer's reader gives it.
// Made by formats/*/read.ts; carried out by wires/in/import-story.ts.
// Never holds what the source did not say: what is missing is null, empty, or named in `problems`.

import type { ImageBlock, PostContentInput } from '../domain/content.ts'

/** Times are ms UTC. */
export type ImportedPost = {
  content: PostContentInput
  publishedAt: number
  updatedAt: number | null
  keyEvent: { title: string } | null
  pinned?: boolean // absent = the source holds nothing at its top, or does not say
  originalUrl: string | null
  originalId: string | null
}

/** `posts` oldest first: the order in which they are to be published. `problems` are sentences for the editor. */
export type ImportedStory = {
  title: string // empty = the source has none
  standfirst: string
  language: string | null // BCP 47
  sourceUrl: string | null
  publisher: string
  lead?: ImageBlock | null // the picture of the whole page
  startedAt: number | null
  endedAt: number | null
  posts: ImportedPost[]
  problems: string[]
}
