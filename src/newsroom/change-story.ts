// Change a story's title, standfirst, language, zone, planned start or lead picture.

import { decideChangeStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { parseStoryChange, type StoryChangeInput } from '../domain/story.ts'
import { authorise, type Desk, requireStory } from './desk.ts'
import { tellNeighbours } from './set-visibility.ts'

/** `revision` is the one the editor saw; a stale one is `conflict`. */
export function changeStory(
  desk: Desk,
  actor: Actor,
  storyId: string,
  input: { revision: number; change: StoryChangeInput },
): Promise<Receipt> {
  const change = parseStoryChange(input.change)
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'story:settings')
    const before = requireStory(act)
    const receipt = await act.record(present, decideChangeStory(before, input.revision, change))
    if (act.story?.title !== before.title) await tellNeighbours(act, present) // their banners say it
    return receipt
  })
}
