// What the store in memory holds. Shared by its writing and its reading side.

import type { Decision } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type { LogLine } from './fold.ts'

export type DeskLine = {
  storyId: string
  seq: number
  kind: string
  postId: string | null
  actor: Actor
  at: number
  payload: Decision['payload']
}

/** Committed rows. `log` and `desk` by story, oldest first; log[0] has seq 1. */
export type MemoryTables = {
  epoch: string
  stories: Map<string, Story>
  posts: Map<string, Post>
  log: Map<string, LogLine[]>
  desk: Map<string, DeskLine[]>
}
