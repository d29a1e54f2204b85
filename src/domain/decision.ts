// What an act decides: the rows as they shall be and the entries to append.
// Made by the decide functions; carried out by a store, which alone gives out positions.

import type { Position } from './position.ts'
import type { Post } from './post.ts'
import type { Story } from './story.ts'
import type { PublicKind } from './view.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined }

/** What the public log will say. `touches`: whose look this changes. */
export type PublicAct = { kind: PublicKind; touches: 'post' | 'story' | 'both' }

export type FurtherPost = { post: Post; public: PublicAct }

export type Decision = {
  story: Story
  post: Post | null
  /** The kind in the desk log; for an act the public may see, also its note in the public payload. */
  kind: string
  payload: { [key: string]: Json | undefined }
  /** null when the public sees no change. */
  public: PublicAct | null
  /** Further posts this act changes for the public: each takes an entry of its own, after the main one. */
  more?: readonly FurtherPost[]
  /** The act had been done before by the same request: nothing is written. */
  repeated?: boolean
}

/** The acknowledgement: given only after the transaction committed. */
export type Receipt = {
  storyId: string
  postId: string | null
  revision: number | null
  position: string // `epoch.seq`: the story's head after the act
  repeated: boolean
}

/** A line of the public log to be: what it says, of which post. */
export type NewLine = { seq: number; kind: PublicKind; post: Post | null }
/** `posts`: every post the act changes, its own first. `lines`: what the public log will say, in order; [] when nothing. */
export type Positioned = { story: Story; post: Post | null; posts: Post[]; lines: NewLine[] }

/** Gives the decision its positions: the next dense seqs, and versions to what it touches. */
export function takePositions({ story, post, public: own, more = [] }: Decision): Positioned {
  const further = more.map((one) => one.post)
  if (story.visibility === 'private') return { story, post, posts: [...(post ? [post] : []), ...further], lines: [] }
  const acts = [...(own ? [{ post, public: own }] : []), ...more]
  let { seq, version } = story
  const lines = acts.map(({ post: about, public: { kind, touches } }) => {
    seq += 1
    if (touches !== 'post') version = seq
    return { seq, kind, post: about && touches !== 'story' ? { ...about, version: seq } : about }
  })
  const positioned = new Map(lines.flatMap((line) => (line.post ? [[line.post.id, line.post] as const] : [])))
  const placed = post && (positioned.get(post.id) ?? post)
  const posts = [...(placed ? [placed] : []), ...further.map((one) => positioned.get(one.id) ?? one)]
  return { story: { ...story, seq, version }, post: placed, posts, lines }
}

export function receiptOf(epoch: string, decision: Decision): Receipt {
  const position: Position = { epoch, seq: decision.story.seq }
  return {
    storyId: decision.story.id,
    postId: decision.post?.id ?? null,
    revision: decision.post?.revision ?? null,
    position: `${position.epoch}.${position.seq}`,
    repeated: decision.repeated ?? false,
  }
}
