// Working together on a story's desk: what its stream says, and who may be told which ids. docs/desk-live.md tells the same for people.
// Called by store, live and web, and by the browser program of the desk for its types. Pure.
// Never holds a word of a post: positions, ids, names of people and numbers only (law 4).

import { mayReadPost } from './desk-visible.ts'
import type { Actor } from './permission.ts'
import type { Post } from './post.ts'

export const PRESENCE_MS = 30_000 // by the database's clock: two signs of life may be lost on a bad network
export const PRESENCE_EVERY_MS = 10_000 // how often a window says that it is there

/** As far as it decides who may know of a post. null: there is no post of this id in the story (yet). */
export type Standing = Pick<Post, 'state' | 'firstPublishedAt' | 'createdBy'> | null

/** One entry of the desk log: its place, the act, the post it is about, the account that did it. */
export type DeskChange = { seq: number; kind: string; postId: string | null; by: string }
/** One window of one person. `since`: ms UTC; how long it has been on this post, writing or not. */
export type Presence = {
  person: { id: string; name: string }
  /** As the window names itself; '' = it did not. */
  tab: string
  postId: string | null
  writing: boolean
  since: number
}
/** `node`: at the node that says so; `all`: of all nodes, as they last told, at most some seconds ago. */
export type Readers = { node: number; all: number }

/** What the store finds; not for sending as it is. */
export type FoundChange = DeskChange & { post: Standing }
export type FoundPresence = Presence & { post: Standing }

/** The frames of the stream by the name of their event. */
export type DeskFrames = {
  /** The first frame, and again whenever what came before can no longer be trusted. */
  state: { epoch: string; head: number; at: number; you: { id: string }; presence: Presence[]; readers: Readers }
  /** `changes` after the head that was told last, oldest first; null: too many, read the story's posts again. */
  desk: { head: number; changes: DeskChange[] | null }
  presence: { presence: Presence[] }
  readers: Readers
  beat: { head: number; at: number }
  /** Come again after `retry` ms: this node goes down. */
  bye: { retry: number }
  /** Do not come again before something was done about it. */
  end: { reason: 'unauthorized' | 'forbidden' | 'not_found' }
}

type Viewer = Pick<Actor, 'id' | 'role'>

/** Without entries about posts this person may not know of. */
export function changesFor(viewer: Viewer, found: readonly FoundChange[]): DeskChange[] {
  return found
    .filter(({ postId, post }) => postId === null || (post !== null && mayReadPost(viewer, post)))
    .map(({ post: _, ...change }) => change)
}

/** Everybody is named; where they are, only as far as this person may know of that post. */
export function presenceFor(viewer: Viewer, found: readonly FoundPresence[]): Presence[] {
  return found.map(({ post, ...one }) => {
    if (one.postId === null || one.person.id === viewer.id) return one
    // A post that is not saved yet is a draft of whoever types it.
    const standing = post ?? { state: 'draft' as const, firstPublishedAt: null, createdBy: one.person.id }
    return mayReadPost(viewer, standing) ? one : { ...one, postId: null }
  })
}
