// End a story. Its pages stay; corrections and withdrawals remain possible.

import { decideEndStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk } from './desk.ts'

/** `at`: a past time, ms UTC; needs the right to import. Throws `invalid`, `forbidden`, `not_found`, `conflict`. */
export function endStory(desk: Desk, actor: Actor, storyId: string, at?: number): Promise<Receipt> {
  return actOnStory(desk, actor, at === undefined ? 'story:run' : 'import', storyId, (story, now) =>
    decideEndStory(story, now, at),
  )
}
