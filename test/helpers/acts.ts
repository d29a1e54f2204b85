// Short words for acts in tests: an editor, a live story, a post with a word of its own.

import { randomBytes } from 'node:crypto'
import type { PostContentInput } from '../../src/domain/content.ts'
import { makeId } from '../../src/domain/id.ts'
import type { Actor } from '../../src/domain/permission.ts'
import type { StorySettingsInput } from '../../src/domain/story.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import type { ActStore } from '../../src/store/contract.ts'

export const EDITOR: Actor = { id: 'editor-1', name: 'Ada', role: 'editor', credential: 'test' }

export const newId = (): string => makeId((size) => randomBytes(size))

export async function liveStory(
  desk: { acts: ActStore },
  settings: Partial<StorySettingsInput> = {},
): Promise<{ id: string; name: string }> {
  const id = newId()
  const isPublic = (settings.visibility ?? 'public') === 'public' // only then it has an address of its own
  const name = settings.slug ?? `story-${id}`
  await createStory(desk, EDITOR, id, { title: `Story ${id}`, ...(isPublic ? { slug: name } : {}), ...settings })
  await startStory(desk, EDITOR, id)
  return { id, name: isPublic ? name : id }
}

export function words(headline: string, body = ''): PostContentInput {
  return { headline, blocks: body ? [{ type: 'paragraph', text: [{ text: body }] }] : [] }
}

/** Returns the post's id. */
export async function publish(desk: { acts: ActStore }, storyId: string, content: PostContentInput): Promise<string> {
  const postId = newId()
  await publishPost(desk, EDITOR, storyId, { postId, content })
  return postId
}
