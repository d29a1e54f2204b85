// The autosaves that a post's page offers, and the one that its form is filled from.
// Called by web/desk/post.ts, draft-acts.ts, story.ts and content-before.ts.
// Never gives what was typed in a post to somebody who may not edit it.

import type { FastifyRequest } from 'fastify'
import { mayEdit } from '../../domain/autosave.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Autosave } from '../../store/autosaves.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import type { DeskDeps } from './deps.ts'
import { type Autosaved, NO_AUTOSAVED } from './views/autosaved.ts'
import type { Notice } from './views/shell.ts'

/** The number in the page's address; 0 = none. */
export function autosaveIn(request: FastifyRequest): number {
  const { autosave } = request.query as { autosave?: string }
  return typeof autosave === 'string' && /^[1-9]\d{0,14}$/.test(autosave) ? Number(autosave) : 0
}

/** `id` 0: none is to be opened. */
export async function autosavedOf(
  { autosaves }: Pick<DeskDeps, 'autosaves'>,
  actor: Actor,
  post: DeskPost,
  id: number,
): Promise<Autosaved> {
  if (!mayEdit(actor, post.state, post.createdBy)) return NO_AUTOSAVED
  const lines = await autosaves.list(post.storyId, post.id)
  return { lines, open: id === 0 ? null : await autosaves.one(post.storyId, post.id, id) }
}

/** What the page says when it was asked for one. `changed`: the post is of a later revision, and both texts are shown. */
export function openedWords(id: number, open: Autosave | null, post: DeskPost): { told?: Notice; error?: string } {
  if (id === 0) return {}
  if (!open) return { told: { words: 'This autosaved version is no longer kept.', good: false } }
  if (open.revision !== post.revision) return { error: 'The post was changed after this version was kept.' }
  const words = 'The form holds an autosaved version. Nothing of it is saved until you press a button.'
  return { told: { words, good: false } }
}
