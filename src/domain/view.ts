// What the public may see of a story and its posts: the shapes that leave through every public surface.
// Made by store/public.ts from the public_* views; read by pages, formats and web.

import type { ImageBlock, PostContent } from './content.ts'
import type { Correction } from './post.ts'
import type { StoryState, Summary, Visibility } from './story.ts'

/** A published post. Times are ms UTC. */
export type PublicPost = {
  id: string
  storyId: string
  version: number
  orderKey: number
  content: PostContent
  keyEvent: { title: string } | null
  pinned: boolean
  corrections: Correction[]
  firstPublishedAt: number
  publishedAt: number
  updatedAt: number | null
}

/** What is left of a withdrawn post whose trace is a line. */
export type PublicTrace = {
  id: string
  storyId: string
  version: number
  orderKey: number
  withdrawnAt: number
  reason: string
}

export type PublicItem = { kind: 'post'; post: PublicPost } | { kind: 'trace'; trace: PublicTrace }

export type PublicStory = {
  id: string
  name: string // the last part of its address: slug, or the id where there is none
  title: string
  standfirst: string
  language: string
  direction: 'ltr' | 'rtl'
  timeZone: string
  state: StoryState
  visibility: Exclude<Visibility, 'private'>
  seq: number
  version: number
  ordinal: number
  startsAt: number | null
  startedAt: number | null
  endedAt: number | null
  summary: Summary | null
  lead: ImageBlock | null
  previous: StoryLink | null // the part before this one, while it is public
  next: StoryLink | null
}

export type StoryLink = { id: string; name: string; title: string }

/** A public story in a list of all of them. `changedAt`: of its last entry. Times are ms UTC. */
export type ListedStory = Pick<PublicStory, 'id' | 'name' | 'title' | 'language' | 'seq' | 'ordinal' | 'startedAt'> & {
  changedAt: number
}

/** A post in a list of many stories': its writer's page, or that of a topic. */
export type PostOfStory = { story: PublicStory; post: PublicPost }

export type KeyEventLine = { postId: string; title: string; at: number; orderKey: number }

/** The story's own parts: everything on its page that is not a post of the list. */
export type StoryFace = {
  story: PublicStory
  keyEvents: KeyEventLine[] // newest first
  pinned: PublicPost[] // newest pin first
  postCount: number // published now
  updatedAt: number | null // when a post or the summary last changed; null while there is no post
}

/** One entry of the public log as it is sent: folded (law 8). */
export type PublicChange = { seq: number; kind: PublicKind; at: number } & (
  | { outcome: 'post'; post: PublicPost }
  | { outcome: 'trace'; trace: PublicTrace }
  | { outcome: 'gone'; postId: string } // withdrawn without a trace: id and outcome, nothing else
  | { outcome: 'superseded'; postId: string } // a later entry tells how the post looks now
  | { outcome: 'story' }
)

export const PUBLIC_KINDS = [
  'story-opened',
  'story-started',
  'story-paused',
  'story-resumed',
  'story-ended',
  'story-continued',
  'story-withdrawn',
  'story-changed',
  'post-published',
  'post-revised',
  'post-corrected',
  'post-withdrawn',
  'post-marked',
  'post-pinned',
  'post-moved',
  'photo-withdrawn', // out of the post that the entry is about
] as const
export type PublicKind = (typeof PUBLIC_KINDS)[number]

/** Entries that tell readers something new. What only opens, pauses, links or arranges a story is no update of it. */
export const NEWS_KINDS: readonly PublicKind[] = [
  'post-published',
  'post-revised',
  'post-corrected',
  'post-withdrawn',
  'post-marked',
  'photo-withdrawn',
]

/** `newsAt`: time of the last entry of these kinds. */
export function updatedAtOf(postCount: number, newsAt: number | null, summary: Summary | null): number | null {
  return postCount === 0 || newsAt === null ? null : Math.max(newsAt, summary?.at ?? 0)
}

/** Entries after a position, up to the head, with the story's face at that head. */
export type ChangesSince = { epoch: string; head: number; face: StoryFace; changes: PublicChange[] }

/** A page of a story at one position: one snapshot of the log. Items newest first. */
export type StoryPage = { epoch: string; face: StoryFace; items: PublicItem[] }

/** One post on a page of its own; `item` null when nothing of it may be seen. */
export type StoryPost = { epoch: string; face: StoryFace; item: PublicItem | null }
