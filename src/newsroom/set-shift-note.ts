// Write what the next editor of a story should know: one note, in versions. Nothing public moves.

import { decideSetShiftNote } from '../domain/decide-note.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { authorise, type Desk, requireStory } from './desk.ts'

/** `revision`: of the note that was seen, 0 for none. Throws `conflict` with the current one in `details` when it is stale. */
export function setShiftNote(
  desk: Desk,
  actor: Actor,
  storyId: string,
  note: { revision: number; text: string },
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'post:draft', actor.id)
    return act.record(present, decideSetShiftNote(requireStory(act), await act.shiftNote(), note))
  })
}
