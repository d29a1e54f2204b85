// Change a story's title, standfirst, language, zone, planned start or lead picture.

import { decideChangeStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { parseStoryChange, type StoryChangeInput } from '../domain/story.ts'
import { actOnStory, type Desk } from './desk.ts'

/** `revision` is the one the editor saw; a stale one is `conflict`. */
export function changeStory(
  desk: Desk,
  actor: Actor,
  storyId: string,
  input: { revision: number; change: StoryChangeInput },
): Promise<Receipt> {
  const change = parseStoryChange(input.change)
  return actOnStory(desk, actor, 'story:settings', storyId, (story) => decideChangeStory(story, input.revision, change))
}
