// Open a story: private → unlisted → public, or take a public one off the lists.

import { decideLinkChanged, decideSetVisibility } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import type { Visibility } from '../domain/story.ts'
import type { Act } from '../store/contract.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

/** `slug`: wanted on becoming public; a taken one is `conflict`. */
export function setVisibility(
  desk: Desk,
  actor: Actor,
  storyId: string,
  to: { visibility: Visibility; slug?: string },
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'story:settings')
    const decision = decideSetVisibility(requireStory(act), to, await act.publishedPosts())
    const receipt = await act.record(present, decision)
    if (!receipt.repeated) await tellNeighbours(act, present)
    return receipt
  })
}

/** The banners of the parts before and after point here: their pages are made anew in the same moment. */
export async function tellNeighbours(act: Act, actor: Actor): Promise<void> {
  const { continues = null, continuedBy = null } = act.story ?? {}
  for (const id of [continues, continuedBy]) {
    const other = id === null ? null : await act.also(id)
    if (other?.story) await other.record(actor, decideLinkChanged(other.story))
  }
}
