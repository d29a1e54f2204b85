// Start a story: planned → live. An ended one goes live again.

import { decideStartStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk } from './desk.ts'

export function startStory(desk: Desk, actor: Actor, storyId: string): Promise<Receipt> {
  return actOnStory(desk, actor, 'story:run', storyId, decideStartStory)
}
