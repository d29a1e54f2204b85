// Start a story: planned → live. An ended one goes live again.

import { decideStartStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnStory, type Desk, withLivingNext } from './desk.ts'

/** `at`: a past time, ms UTC; needs the right to import. Throws `invalid`, `forbidden`, `not_found`. */
export function startStory(desk: Desk, actor: Actor, storyId: string, at?: number): Promise<Receipt> {
  return actOnStory(desk, actor, at === undefined ? 'story:run' : 'import', storyId, async (story, now, act) =>
    decideStartStory(await withLivingNext(act, story), now, at),
  )
}
