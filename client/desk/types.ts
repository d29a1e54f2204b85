// The shapes the live desk works with: the API's answers, a text being written, an act that waits to be sent.
// Used by every file of client/desk. Nothing here runs.

import type { PostContent } from '../../src/domain/content.ts'
import type { Post, PostState, Release } from '../../src/domain/post.ts'
import type { Story } from '../../src/domain/story.ts'

/** A post as `listPosts` and `getPost` answer it. Times are ms UTC. */
export type DeskPost = Omit<Post, 'createdBy'> & {
  createdBy: Person
  /** Of the desk, beside it; only where it came with others. */
  notes?: number
}

/** A story as `getStory` answers it. `posts`: published now. */
export type DeskStory = Omit<Story, 'seq' | 'version' | 'ordinal'> & {
  position: string
  posts: number
  lastPostAt: number | null
}

export type Person = { id: string; name: string | null }

export type Receipt = { storyId: string; postId: string | null; revision: number | null; repeated: boolean }

/** A text as it was typed, for a post that is there or is to be. */
export type WrittenText = {
  postId: string
  storyId: string
  content: PostContent
  /** null: no key event; '' as its title: the headline's words. */
  keyEvent: Post['keyEvent']
  /** As it was when the text was opened. Absent: not known. */
  markWas?: Post['keyEvent']
  /** Public words of a correction, for a published post. */
  note: string
  /** The revision it was made from; 0 = of none. */
  base: number
  /** What the post was when the text was opened; null = not there yet. */
  of: PostState | null
  /** The last autosave of it that this device made or has seen; absent = none. */
  there?: number
  begunAt: number
  /** When it was last changed by hand. */
  changedAt: number
}

export const TEXT_ACTS = ['publish', 'draft', 'submit', 'schedule', 'revise', 'correct'] as const
export type TextAct = (typeof TEXT_ACTS)[number]

/** An act on a text, kept until the server has answered it. `n`: its place in the queue. */
export type QueuedAct = {
  n: number
  kind: TextAct
  text: WrittenText
  /** Of the act; each of its requests adds its own ending. */
  key: string
  at: number
  release: Omit<Release, 'by'> | null
  /** waiting: to be sent; asks: the world changed; refused: it cannot be done as it is. */
  state: 'waiting' | 'asks' | 'refused'
  /** Why it asks or was refused, in the server's words. */
  said: string | null
  /** The text that stands there now, where it asks. */
  theirs: { revision: number; content: PostContent; of: PostState } | null
}

/** A message above the composer. `bad`: it needs the person. */
export type Told = {
  words: string
  bad: boolean
  /** Where a fresh proof of who they are is given. */
  prove?: string | null
  /** What may be pressed next. */
  choices?: readonly { words: string; run(): void }[]
}
