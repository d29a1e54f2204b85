// The posts of the timeline: pages put together, filtered and searched.
// Called by desk.ts, views/timeline.tsx and tools/place.tsx. Pure.

import { POST_STATES, type PostState } from '../../src/domain/post.ts'
import type { Shown } from './state.ts'
import { searchedIn } from './text.ts'
import type { DeskPost } from './types.ts'

/** What was just heard, then what was loaded before and lies further down; each post once, as it was heard last. */
export function mergePosts(heard: readonly DeskPost[], before: readonly DeskPost[], more: boolean): DeskPost[] {
  if (!more) return [...heard]
  const fresh = new Set(heard.map(({ id }) => id))
  // A post may move up, as a draft does when it is published: only what lies below the last one heard stays.
  const last = heard.findLast(({ orderKey }) => orderKey !== null)?.orderKey ?? null
  const below = before.filter(
    ({ id, orderKey }) => !fresh.has(id) && orderKey !== null && last !== null && orderKey < last,
  )
  return [...heard, ...below]
}

/** The same posts with this one as it is now: one that was moved stands where it belongs. */
export function placedIn(posts: readonly DeskPost[], post: DeskPost): DeskPost[] {
  const others = posts.filter(({ id }) => id !== post.id)
  const key = post.orderKey
  const at = key === null ? 0 : others.findIndex(({ orderKey }) => orderKey !== null && orderKey < key)
  return others.toSpliced(at < 0 ? others.length : at, 0, post)
}

/** Before its new key is known. */
export function placedBeside(
  posts: readonly DeskPost[],
  postId: string,
  side: 'above' | 'below',
  beside: string,
): DeskPost[] {
  const post = posts.find(({ id }) => id === postId)
  const others = posts.filter(({ id }) => id !== postId)
  const at = others.findIndex(({ id }) => id === beside)
  return post && at >= 0 ? others.toSpliced(side === 'above' ? at : at + 1, 0, post) : [...posts]
}

export function shownPosts(posts: readonly DeskPost[], shown: Shown, find: string): DeskPost[] {
  const words = find.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return posts.filter((post) => {
    if (shown !== 'all' && post.state !== shown) return false
    if (words.length === 0) return true
    const text = searchedIn(post.content)
    return words.every((word) => text.includes(word))
  })
}

export function countsOf(posts: readonly DeskPost[]): Record<PostState, number> {
  const counts = Object.fromEntries(POST_STATES.map((state) => [state, 0])) as Record<PostState, number>
  for (const { state } of posts) counts[state] += 1
  return counts
}

/** Next first. */
export function scheduledIn(posts: readonly DeskPost[]): DeskPost[] {
  const timed = posts.filter(({ state, release }) => state === 'scheduled' && release !== null)
  return timed.sort((one, other) => (one.release?.at ?? 0) - (other.release?.at ?? 0))
}

/** The last pinned first. */
export function pinnedIn(posts: readonly DeskPost[]): DeskPost[] {
  const pinned = posts.filter(({ state, pinnedAt }) => state === 'published' && pinnedAt !== null)
  return pinned.sort((one, other) => (other.pinnedAt ?? 0) - (one.pinnedAt ?? 0))
}

export function keyEventsIn(posts: readonly DeskPost[]): DeskPost[] {
  return posts.filter(({ state, keyEvent }) => state === 'published' && keyEvent !== null)
}
