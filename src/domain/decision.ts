// What an act decides: the rows as they shall be and the entries to append.
// Made by the decide functions; carried out by a store, which alone gives out positions.

import type { Position } from './position.ts'
import type { Post } from './post.ts'
import type { Story } from './story.ts'
import type { PublicKind } from './view.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined }

/** What the public log will say. `touches`: whose look this changes. */
export type PublicAct = { kind: PublicKind; touches: 'post' | 'story' | 'both' }

export type Decision = {
  story: Story
  post: Post | null
  /** The kind in the desk log; for an act the public may see, also its note in the public payload. */
  kind: string
  payload: { [key: string]: Json | undefined }
  /** null when the public sees no change. */
  public: PublicAct | null
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

/** Gives the decision its position: the next dense seq, and versions to what it touches. */
export function takePosition(decision: Decision): { story: Story; post: Post | null; seq: number | null } {
  if (!decision.public || decision.story.visibility === 'private') {
    return { story: decision.story, post: decision.post, seq: null }
  }
  const seq = decision.story.seq + 1
  const { touches } = decision.public
  const story = { ...decision.story, seq, version: touches === 'post' ? decision.story.version : seq }
  const post = decision.post && touches !== 'story' ? { ...decision.post, version: seq } : decision.post
  return { story, post, seq }
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
