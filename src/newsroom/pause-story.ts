// Pause a live story, or let it go on. Posts can still be published while it is paused.

import { decidePauseStory, decideResumeStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk } from './desk.ts'

export function pauseStory(desk: Desk, actor: Actor, storyId: string): Promise<Receipt> {
  return actOnStory(desk, actor, 'story:run', storyId, decidePauseStory)
}

export function resumeStory(desk: Desk, actor: Actor, storyId: string): Promise<Receipt> {
  return actOnStory(desk, actor, 'story:run', storyId, decideResumeStory)
}
