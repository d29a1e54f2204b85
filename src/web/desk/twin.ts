// A post with the very words of the form that is being sent, published by the same person a short while ago.
// Called by web/desk/story.ts before it publishes: the browser's way back leads to a form with the old words and a new id.

import type { PostContent } from '../../domain/content.ts'
import type { Actor } from '../../domain/permission.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import type { DeskDeps } from './deps.ts'
import { type PostForm, sameWords } from './post-form.ts'

export const TWIN_MS = 30 * 60_000 // who goes back later than that meant to
const LOOKED_AT = 20 // newest posts of the story

/** null: nothing stands in the way. A form sent twice has one id and is no twin; nor is the post whose text is reused. */
export async function twinOf(
  { reads, now }: DeskDeps,
  actor: Actor,
  story: DeskStory,
  form: PostForm,
  content: PostContent,
): Promise<DeskPost | null> {
  const since = now() - TWIN_MS
  for (const post of await reads.posts(story.id, { limit: LOOKED_AT })) {
    if (post.createdBy !== actor.id || (post.firstPublishedAt ?? 0) < since) continue
    if (post.id === form.postId || post.id === form.from) continue
    if (sameWords(post.content, content)) return post
    const first = post.revision > 1 ? await reads.contentAt(post.id, 1) : null
    if (first && sameWords(first, content)) return post
  }
  return null
}
