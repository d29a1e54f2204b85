// What the parts of the store contract share: a store, an actor, a live story, a post.
// Called by the contract's files.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { makeId } from '../../src/domain/id.ts'
import type { Actor } from '../../src/domain/permission.ts'
import type { StorySettingsInput } from '../../src/domain/story.ts'
import type { ChangesSince, PublicItem } from '../../src/domain/view.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import type { ActStore, Doorbell, PublicReads } from '../../src/store/contract.ts'

export type StoreUnderTest = { acts: ActStore; reads: PublicReads; doorbell: Doorbell; close(): Promise<void> }

export const ACTOR: Actor = { id: 'editor-1', name: 'Ada', role: 'editor', credential: 'test' }

export const newId = () => makeId((size) => randomBytes(size))
export const words = (headline: string) => ({ headline, blocks: [] })

export type Get = () => StoreUnderTest

/** A live public story with head 2. */
export async function liveStory(store: StoreUnderTest, settings: Partial<StorySettingsInput> = {}): Promise<string> {
  const id = newId()
  const address = (settings.visibility ?? 'public') === 'public' ? { slug: `story-${id}` } : {}
  await createStory(store, ACTOR, id, { title: `Story ${id}`, ...address, ...settings })
  await startStory(store, ACTOR, id)
  return id
}

export async function publish(
  store: StoreUnderTest,
  storyId: string,
  headline: string,
  keyEvent?: { title: string },
): Promise<string> {
  const postId = newId()
  await publishPost(store, ACTOR, storyId, { postId, content: words(headline), keyEvent: keyEvent ?? null })
  return postId
}

export async function changes(store: StoreUnderTest, storyId: string, seq: number): Promise<ChangesSince> {
  const found = await store.reads.changesSince(storyId, seq)
  assert.ok(found, 'continuity should be provable here')
  return found
}

export async function head(store: StoreUnderTest, storyId: string): Promise<number> {
  return (await store.reads.heads([storyId])).get(storyId) ?? 0
}

export function idOf(item: PublicItem): string {
  return item.kind === 'post' ? item.post.id : item.trace.id
}

/** Two acts of one test get different times. */
export async function untilClockMoves(store: StoreUnderTest, storyId: string): Promise<void> {
  const clock = () => store.acts.act(storyId, async (act) => act.now)
  const start = await clock()
  while ((await clock()) === start) await new Promise((resolve) => setTimeout(resolve, 1))
}
