// Write the recap at the top of a story, or take it away. Earlier ones stay in the desk log.

import { parseSummary, type SummaryInput } from '../domain/content.ts'
import { decideSetSummary } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk } from './desk.ts'

export function setSummary(
  desk: Desk,
  actor: Actor,
  storyId: string,
  input: { revision: number; blocks: SummaryInput | null },
): Promise<Receipt> {
  const blocks = input.blocks === null ? null : parseSummary(input.blocks)
  return actOnStory(desk, actor, 'story:summary', storyId, (story, now) =>
    decideSetSummary(story, input.revision, blocks, now),
  )
}
