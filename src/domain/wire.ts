// What travels to a reader's page: the data of a `change` event and of the catch-up. docs/protocol.md tells the rest.
// Made by pages/change.ts, carried by live and web, applied by client/reader.
// Never holds anything that was not public when it was sent (law 8).

import type { StoryState } from './story.ts'
import type { PublicKind } from './view.ts'

/** Parts of the story page that are re-rendered whole; each is the inner HTML of the element with that data-region. */
export const REGIONS = ['onward', 'masthead', 'lead', 'summary', 'pinned', 'key-events'] as const
export type Region = (typeof REGIONS)[number]

/** One entry of the public log. Exactly one of post, gone, superseded is present when the entry concerns a post. */
export type WireChange = {
  seq: number
  kind: PublicKind
  at: number // ms UTC
  /** The story after this entry, for the state line. `count`: its posts in words of its language, "2 posts"; '' while there is none. */
  story: { state: StoryState; posts: number; count: string; updatedAt: number | null }
  /** Put this element in, or in place of the older version. A withdrawn post's grey line comes the same way. */
  post?: { id: string; version: number; orderKey: number; html: string }
  /** Remove the post with this id; nothing stands in its place. */
  gone?: string
  /** A later entry tells how this post looks now. */
  superseded?: string
  regions?: Partial<Record<Region, string>>
}

/** `/{story}/since/{position}`. `refetch`: continuity cannot be proven, load the page again. */
export type WireCatchUp = { position: string; head: string; changes: WireChange[]; refetch?: true }

/** Names of the SSE events. `beat` data: {"head": position}. `refetch`, `bye` (the server drains; come back after `retry` ms). */
export const STREAM_EVENTS = ['change', 'beat', 'refetch', 'bye'] as const
export type StreamEvent = (typeof STREAM_EVENTS)[number]
