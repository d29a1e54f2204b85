// The links of an imported story to the parts before and after it: kept where the part is here and both say so.
// Called by story-load.ts inside its transaction. Never links a story that knows nothing of it: anybody can write an archive.

import { sql } from 'kysely'
import type { Story } from '../domain/story.ts'
import type { Database } from './tables.ts'

/** `unlinked`: ids of the parts that are not here. A part that came before finds its link again. */
export async function linkNeighbours(tx: Database, story: Story): Promise<{ story: Story; unlinked: string[] }> {
  const continues = await neighbour(tx, story.continues, 'continue-story', 'next', story.id)
  const continuedBy = await neighbour(tx, story.continuedBy, 'create-story', 'continues', story.id)
  if (continues !== null)
    await tx
      .updateTable('story')
      .set({ continued_by: story.id })
      .where('id', '=', continues)
      .where('continued_by', 'is', null)
      .execute()
  if (continuedBy !== null)
    await tx
      .updateTable('story')
      .set({ continues: story.id })
      .where('id', '=', continuedBy)
      .where('continues', 'is', null)
      .execute()
  const links = { continues, continued_by: continuedBy }
  await tx.updateTable('story').set(links).where('id', '=', story.id).execute()
  const lost = [continues === null && story.continues, continuedBy === null && story.continuedBy]
  const unlinked = lost.filter((id) => typeof id === 'string')
  return { story: { ...story, continues, continuedBy }, unlinked }
}

/** Its id when its own desk log names this story as the part after it, or before it. */
async function neighbour(
  tx: Database,
  id: string | null,
  kind: 'continue-story' | 'create-story',
  key: 'next' | 'continues',
  storyId: string,
): Promise<string | null> {
  if (id === null) return null
  const entry = await tx
    .selectFrom('desk_entry')
    .select('seq')
    .where('story_id', '=', id)
    .where('kind', '=', kind)
    .where(sql<boolean>`payload ->> ${key} = ${storyId}`)
    .executeTakeFirst()
  return entry ? id : null
}
