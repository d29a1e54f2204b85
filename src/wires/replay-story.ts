// Publishes a story again, post by post, with its original rhythm: for rehearsals and load tests.
// Called by the replay command. Times are today's: only an import sets past ones.

import type { PostContent, PostContentInput } from '../domain/content.ts'
import type { Actor } from '../domain/permission.ts'
import { keysOf, PAGE_SIZE } from '../domain/post.ts'
import type { StorySettingsInput } from '../domain/story.ts'
import type { PublicItem } from '../domain/view.ts'
import { createStory } from '../newsroom/create-story.ts'
import { endStory } from '../newsroom/end-story.ts'
import { publishPost } from '../newsroom/publish-post.ts'
import { startStory } from '../newsroom/start-story.ts'
import type { ActStore, PublicReads } from '../store/contract.ts'

/** Oldest first; times are ms UTC and only their distances count. */
export type Score = {
  settings: StorySettingsInput
  posts: { content: PostContentInput; keyEvent: { title: string } | null; at: number }[]
}

export type Player = {
  acts: ActStore
  actor: Actor
  newId(): string
  /** Waits for ms; rejects when the replay is to stop. */
  sleep(ms: number): Promise<void>
  now(): number
  /** The story is there, without a post yet. */
  onStory?(): Promise<void>
  onPost?(done: number, of: number): void
}

/** `speed` 60: an hour in a minute; Infinity: as fast as it goes. Returns the new story's id. */
export async function replayStory(player: Player, score: Score, speed: number, storyId: string): Promise<string> {
  const desk = { acts: player.acts }
  await createStory(desk, player.actor, storyId, score.settings)
  await startStory(desk, player.actor, storyId)
  await player.onStory?.()
  try {
    await play(player, score, speed, storyId)
  } finally {
    await endStory(desk, player.actor, storyId) // also one that was stopped: it is over
  }
  return storyId
}

async function play(player: Player, score: Score, speed: number, storyId: string): Promise<void> {
  const desk = { acts: player.acts }
  const start = player.now()
  const first = score.posts[0]?.at ?? 0
  for (const [index, post] of score.posts.entries()) {
    // Against the start, not the post before: a slow publish does not stretch the story.
    const due = start + (post.at - first) / speed
    if (due > player.now()) await player.sleep(due - player.now())
    await publishPost(desk, player.actor, storyId, {
      postId: player.newId(),
      content: post.content,
      keyEvent: post.keyEvent,
    })
    player.onPost?.(index + 1, score.posts.length)
  }
}

/** The score of a story that is public here, as it stands now. null when there is none of that name. */
export async function scoreOfStory(reads: PublicReads, name: string): Promise<Score | null> {
  const story = await reads.storyNamed(name)
  if (!story) return null
  const items: PublicItem[] = []
  for (let from = 1; from <= story.ordinal; from += PAGE_SIZE) {
    const page = await reads.storyPage(story.id, keysOf(from, from + PAGE_SIZE - 1))
    items.push(...(page?.items ?? []).reverse())
  }
  const posts = items.flatMap((item) => (item.kind === 'post' ? [item.post] : []))
  return {
    settings: { title: story.title, standfirst: story.standfirst, language: story.language, timeZone: story.timeZone },
    posts: posts
      .map((post) => ({
        content: post.content satisfies PostContent,
        keyEvent: post.keyEvent,
        at: post.firstPublishedAt,
      }))
      .sort((a, b) => a.at - b.at),
  }
}
