// What a store promises: the writing side for newsroom acts, the reading side for everything public.
// Implemented by store/postgres.ts and store/memory.ts; both pass test/contracts/store.test.ts.
// Never lets a caller give out a position.

import type { Decision, Receipt } from '../domain/decision.ts'
import type { PostNote, ShiftNote } from '../domain/note.ts'
import type { Actor, Role } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type {
  ChangesSince,
  ListedStory,
  PostOfStory,
  PublicKind,
  PublicStory,
  StoryFace,
  StoryPage,
  StoryPost,
} from '../domain/view.ts'

/** One transaction under the story's row lock. `now` is the database's clock, ms UTC. */
export type Act = {
  now: number
  /** As it is after what was recorded so far. */
  readonly story: Story | null
  post(id: string): Promise<Post | null>
  /** The actor with the rights they have at this moment in this story. Throws `unauthorized` when the credential is no longer good. */
  present(actor: Actor): Promise<Actor>
  /** The story's published posts, oldest first. */
  publishedPosts(): Promise<Post[]>
  /** The order key next to `key` among what has a place in the story; null at either end. */
  keyBeside(key: number, side: 'above' | 'below'): Promise<number | null>
  /** Posts of any story, in any state but withdrawn, that were copied from this one. */
  copiesOf(postId: string): Promise<Post[]>
  /** The notes of a post of this story, oldest first, those taken away too. */
  notes(postId: string): Promise<PostNote[]>
  /** null: none was ever written. */
  shiftNote(): Promise<ShiftNote | null>
  /** The account's role in this story; null takes it away. Throws `invalid` for an account that is not there. */
  saveRole(accountId: string, role: Role | null, by: Actor): Promise<void>
  /** Another story in the same transaction, under its own lock. */
  also(storyId: string): Promise<Act>
  /** Writes rows and entries of one decision. A repeated decision writes nothing. */
  record(actor: Actor, decision: Decision): Promise<Receipt>
}

export type ActStore = {
  /** Resolves only after the commit; any throw rolls everything back. Throws `unavailable` when the outcome is unknown. */
  act<T>(storyId: string, work: (act: Act) => Promise<T>): Promise<T>
}

/**
 * Told on the node that carried an act out, once it is committed and before it is acknowledged. `seq`: the head of the story's public log;
 * `kinds`: of its new entries, none for an act of the desk alone. `deskSeq`: the head of its desk log.
 */
export type OnMoved = (storyId: string, seq: number, kinds: readonly PublicKind[], deskSeq: number) => void

export const MAX_CHANGES = 200 // entries of one catch-up; further behind, a fresh page is cheaper

/** Keys: from inclusive, to exclusive. */
export type KeyRange = { from: number; to: number }

/** What a page of it is made from: the story with the epoch of the same moment. */
export type NamedStory = PublicStory & { epoch: string }
/** What the front page is made from: its stories in its order, each with its head. */
export type FrontHeads = { epoch: string; heads: { id: string; seq: number }[] }

/** Everything the public may read. Runs on the handle that can see the public_* views only. */
export type PublicReads = {
  /** One cheap question: whether a front page that was made is still good. */
  frontHeads(limit: number): Promise<FrontHeads>
  /** Public stories for the front page: live first, then by last entry, newest first. */
  frontPage(limit: number): Promise<StoryFace[]>
  /** Public stories (never unlisted ones), the last changed first. */
  listed(limit: number): Promise<{ epoch: string; stories: ListedStory[] }>
  /** By slug or id. null = nothing the public may see. */
  storyNamed(name: string): Promise<NamedStory | null>
  /** Items newest first. `range` absent: the first page. */
  storyPage(storyId: string, range?: KeyRange): Promise<StoryPage | null>
  /** The face and one item; item null when nothing of it may be seen. */
  postPage(storyId: string, postId: string): Promise<StoryPost | null>
  /** Posts with this name among their bylines, in public stories (never in unlisted ones), newest first. Names are compared as they are. */
  postsBy(name: string, limit: number): Promise<PostOfStory[]>
  /** The same of posts with this topic. */
  postsTagged(tag: string, limit: number): Promise<PostOfStory[]>
  /** Entries after `seq`, folded, oldest first. null: continuity cannot be proven (unknown story, ahead of the head, too far behind). */
  changesSince(storyId: string, seq: number, limit?: number): Promise<ChangesSince | null>
  /** Heads of the public logs asked for; absent where nothing is public. */
  heads(storyIds: readonly string[]): Promise<Map<string, number>>
  epoch(): Promise<string>
}

/** Positions only (law 4). `wait` calls back until stopped; losing or doubling a ring changes nothing. */
export type Doorbell = {
  listen(onRing: (storyId: string, seq: number) => void): () => void
}

/** The same for the desk logs. `deskSeq` null: something else at the desk of the story is other than it was. */
export type DeskDoorbell = {
  listenDesk(onRing: (storyId: string, deskSeq: number | null) => void): () => void
}
