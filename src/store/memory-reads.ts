// The public reads over the tables in memory.
// Called by store/memory.ts. Each answer is one snapshot, for nothing here waits.
// Never shows what visible() hides.

import type { PostContent } from '../domain/content.ts'
import { firstPageFrom, keysOf } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import {
  type ListedStory,
  NEWS_KINDS,
  type PostOfStory,
  type PublicChange,
  type PublicItem,
  type PublicPost,
  type PublicStory,
  type StoryFace,
  updatedAtOf,
} from '../domain/view.ts'
import { type KeyRange, MAX_CHANGES, type NamedStory, type PublicReads } from './contract.ts'
import { foldEntry, MAX_KEY_EVENTS, MAX_PAGE_ITEMS, MAX_PINNED, publicItemOf, publicStoryOf } from './fold.ts'
import type { MemoryTables } from './memory-tables.ts'

const STATE_ORDER = { live: 0, paused: 1, planned: 2, ended: 3 } as const

export function createMemoryReads(tables: MemoryTables): PublicReads {
  return {
    frontHeads: async (limit) => ({
      epoch: tables.epoch,
      heads: frontPage(tables, limit).map(({ story }) => ({ id: story.id, seq: story.seq })),
    }),
    frontPage: async (limit) => frontPage(tables, limit),
    listed: async (limit) => ({ epoch: tables.epoch, stories: listed(tables, limit) }),
    storyNamed: async (name) => storyNamed(tables, name),
    storyPage: async (storyId, range) => {
      const story = findStory(tables, storyId)
      if (!story) return null
      const items = itemsIn(tables, story, range ?? keysOf(firstPageFrom(story.ordinal)))
      return { epoch: tables.epoch, face: faceOf(tables, story), items }
    },
    postPage: async (storyId, postId) => {
      const story = findStory(tables, storyId)
      if (!story) return null
      return { epoch: tables.epoch, face: faceOf(tables, story), item: itemOf(tables, story, postId) }
    },
    postsBy: async (name, limit) =>
      postsWith(tables, ({ bylines }) => bylines.some((byline) => byline.name === name), limit),
    postsTagged: async (tag, limit) => postsWith(tables, ({ tags }) => tags.includes(tag), limit),
    changesSince: async (storyId, seq, limit = MAX_CHANGES) => {
      const story = findStory(tables, storyId)
      if (!story || seq > story.seq || story.seq - seq > limit) return null
      const changes = changesAfter(tables, story, seq)
      return { epoch: tables.epoch, head: story.seq, face: faceOf(tables, story), changes }
    },
    heads: async (storyIds) => {
      const found = storyIds.map((id) => findStory(tables, id)).filter((story) => story !== null)
      return new Map(found.map((story) => [story.id, story.seq]))
    },
    epoch: async () => tables.epoch,
  }
}

function findStory(tables: MemoryTables, id: string): PublicStory | null {
  const story = tables.stories.get(id)
  return story ? publicStoryOf(story, neighboursOf(tables, story)) : null
}

function neighboursOf(tables: MemoryTables, { continues, continuedBy }: Story) {
  const find = (id: string | null) => (id === null ? null : (tables.stories.get(id) ?? null))
  return { previous: find(continues), next: find(continuedBy) }
}

function storyNamed(tables: MemoryTables, name: string): NamedStory | null {
  for (const { id, slug } of tables.stories.values()) {
    const story = slug === name || id === name ? findStory(tables, id) : null
    if (story) return { ...story, epoch: tables.epoch }
  }
  return null
}

/** Never unlisted ones. */
function publicStories(tables: MemoryTables): PublicStory[] {
  const stories = [...tables.stories.keys()].map((id) => findStory(tables, id)).filter((story) => story !== null)
  return stories.filter((story) => story.visibility === 'public')
}

function changedAt(tables: MemoryTables, story: PublicStory): number {
  return tables.log.get(story.id)?.find(({ seq }) => seq === story.seq)?.at ?? 0
}

function listed(tables: MemoryTables, limit: number): ListedStory[] {
  return publicStories(tables)
    .map((story) => {
      const { id, name, title, language, seq, ordinal, startedAt } = story
      return { id, name, title, language, seq, ordinal, startedAt, changedAt: changedAt(tables, story) }
    })
    .sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

function frontPage(tables: MemoryTables, limit: number): StoryFace[] {
  const lastAt = ({ story }: StoryFace) => changedAt(tables, story)
  return publicStories(tables)
    .map((story) => faceOf(tables, story))
    .sort((a, b) => STATE_ORDER[a.story.state] - STATE_ORDER[b.story.state] || lastAt(b) - lastAt(a))
    .slice(0, limit)
}

function postsWith(tables: MemoryTables, has: (content: PostContent) => boolean, limit: number): PostOfStory[] {
  const posts = publicStories(tables)
    .flatMap((story) =>
      allItems(tables, story).flatMap((item) => (item.kind === 'post' ? [{ story, post: item.post }] : [])),
    )
    .filter(({ post }) => has(post.content))
  return posts
    .sort((a, b) => b.post.publishedAt - a.post.publishedAt || (a.post.id < b.post.id ? 1 : -1))
    .slice(0, limit)
}

function itemOf(tables: MemoryTables, story: PublicStory, postId: string): PublicItem | null {
  const post = tables.posts.get(postId)
  return post?.storyId === story.id ? publicItemOf(story, post) : null
}

function allItems(tables: MemoryTables, story: PublicStory): PublicItem[] {
  const items: PublicItem[] = []
  for (const post of tables.posts.values()) {
    const item = post.storyId === story.id ? publicItemOf(story, post) : null
    if (item) items.push(item)
  }
  return items.sort((a, b) => keyOf(b) - keyOf(a))
}

function itemsIn(tables: MemoryTables, story: PublicStory, range: KeyRange): PublicItem[] {
  const inside = allItems(tables, story).filter((item) => keyOf(item) >= range.from && keyOf(item) < range.to)
  return inside.slice(0, MAX_PAGE_ITEMS)
}

function keyOf(item: PublicItem): number {
  return item.kind === 'post' ? item.post.orderKey : item.trace.orderKey
}

function faceOf(tables: MemoryTables, story: PublicStory): StoryFace {
  const posts = allItems(tables, story).flatMap((item) => (item.kind === 'post' ? [item.post] : []))
  const keyEvents = posts.flatMap((post) =>
    post.keyEvent
      ? [{ postId: post.id, title: post.keyEvent.title, at: post.publishedAt, orderKey: post.orderKey }]
      : [],
  )
  const pinnedAt = (post: PublicPost) => tables.posts.get(post.id)?.pinnedAt ?? 0
  const newsAt = tables.log.get(story.id)?.findLast((line) => NEWS_KINDS.includes(line.kind))?.at
  const pinned = posts.filter((post) => post.pinned).sort((a, b) => pinnedAt(b) - pinnedAt(a))
  return {
    story,
    keyEvents: keyEvents.slice(0, MAX_KEY_EVENTS),
    pinned: pinned.slice(0, MAX_PINNED),
    postCount: posts.length,
    updatedAt: updatedAtOf(posts.length, newsAt ?? null, story.summary),
  }
}

function changesAfter(tables: MemoryTables, story: PublicStory, seq: number): PublicChange[] {
  const lines = (tables.log.get(story.id) ?? []).filter((line) => line.seq > seq)
  return lines.map((line) => {
    const post = line.postId === null ? undefined : tables.posts.get(line.postId)
    return foldEntry(line, post?.version ?? null, post ? itemOf(tables, story, post.id) : null)
  })
}
