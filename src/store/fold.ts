// What one row of a log or of the posts is to the public: the shapes of domain/view.ts, folded (law 8).
// Called by store/memory.ts and store/public.ts, so that both stores fold alike. Pure.
// Never lets text through that visible() does not show whole.

import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type { PublicChange, PublicItem, PublicKind, PublicPost, PublicStory, StoryLink } from '../domain/view.ts'
import { postVisible, storyVisible } from '../domain/visible.ts'

export const MAX_PAGE_ITEMS = 500 // reordering can crowd a page; past this the range is cut at its older end
export const MAX_KEY_EVENTS = 200
export const MAX_PINNED = 5

/** A row of the public log as the public may follow it: no payload, no actor. */
export type LogLine = { seq: number; kind: PublicKind; at: number; postId: string | null }

/**
 * One entry as it is sent. `version` and `item` are the post's as of the head that is read with the entry;
 * `item` null = nothing of the post may be seen.
 */
export function foldEntry(line: LogLine, version: number | null, item: PublicItem | null): PublicChange {
  const { seq, kind, at, postId } = line
  if (postId === null) return { seq, kind, at, outcome: 'story' }
  if (seq !== version) return { seq, kind, at, outcome: 'superseded', postId }
  if (!item) return { seq, kind, at, outcome: 'gone', postId }
  return item.kind === 'post'
    ? { seq, kind, at, outcome: 'post', post: item.post }
    : { seq, kind, at, outcome: 'trace', trace: item.trace }
}

/** What the public may see of a post: whole, its grey line, or null. */
export function publicItemOf(
  story: Pick<Story, 'visibility' | 'seq'> & { withdrawnAt?: number | null },
  post: Post,
): PublicItem | null {
  const sight = postVisible({ ...story, withdrawnAt: story.withdrawnAt ?? null }, post, 'public')
  if (sight === 'whole') return { kind: 'post', post: publicPostOf(post) }
  if (sight === 'nothing' || !post.withdrawal) return null
  const { id, storyId, version, orderKey, withdrawal } = post
  const at = { version: version ?? 0, orderKey: orderKey ?? 0 }
  return { kind: 'trace', trace: { id, storyId, ...at, withdrawnAt: withdrawal.at, reason: withdrawal.reason } }
}

/** null = a story the public may not see. */
export function publicStoryOf(
  story: Story,
  neighbours: { previous: Story | null; next: Story | null },
): PublicStory | null {
  if (story.visibility === 'private' || !storyVisible(story, 'public')) return null
  const {
    slug,
    createdAt: _c,
    withdrawnAt: _w,
    revision: _r,
    continues: _p,
    continuedBy: _n,
    visibility,
    ...rest
  } = story
  const { previous, next } = neighbours
  return { ...rest, visibility, name: slug ?? story.id, previous: linkOf(previous), next: linkOf(next) }
}

function linkOf(story: Story | null): StoryLink | null {
  return story && storyVisible(story, 'public')
    ? { id: story.id, name: story.slug ?? story.id, title: story.title }
    : null
}

/** A published post that has its public entry: its version, key and times are there. */
function publicPostOf(post: Post): PublicPost {
  return {
    id: post.id,
    storyId: post.storyId,
    version: post.version ?? 0,
    orderKey: post.orderKey ?? 0,
    content: post.content,
    keyEvent: post.keyEvent,
    pinned: post.pinnedAt !== null,
    corrections: post.corrections,
    firstPublishedAt: post.firstPublishedAt ?? 0,
    publishedAt: post.publishedAt ?? 0,
    updatedAt: post.updatedAt,
  }
}
