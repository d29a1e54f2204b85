// Delete a snippet. The posts it was put into keep their words.

import { type Actor, requireMay } from '../domain/permission.ts'
import type { Snippets } from '../store/snippets.ts'

/** One that is gone already is no error. Throws `forbidden`. */
export async function deleteSnippet(snippets: Pick<Snippets, 'remove'>, actor: Actor, id: string): Promise<void> {
  requireMay(actor, 'snippet:change')
  await snippets.remove(id)
}
