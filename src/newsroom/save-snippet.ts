// Save a snippet under an id made beforehand: a new one, or its next revision.

import { requireId } from '../domain/id.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import { parseSnippet, type Snippet, type SnippetInput } from '../domain/snippet.ts'
import type { Snippets } from '../store/snippets.ts'

/** `revision` is the one that was seen, 0 for a new one. Throws `invalid`, `too_large`, `forbidden`, `conflict`. */
export function saveSnippet(
  snippets: Pick<Snippets, 'save'>,
  actor: Actor,
  id: string,
  { revision, ...words }: SnippetInput & { revision: number },
): Promise<Snippet> {
  requireMay(actor, 'snippet:change')
  requireId(id)
  return snippets.save(id, revision, parseSnippet(words), { id: actor.id, name: actor.name })
}
