// End a story. Its pages stay; corrections and withdrawals remain possible.

import { decideEndStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk } from './desk.ts'

export function endStory(desk: Desk, actor: Actor, storyId: string): Promise<Receipt> {
  return actOnStory(desk, actor, 'story:run', storyId, decideEndStory)
}
