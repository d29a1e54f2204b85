// What the placeholders in a form's text mean: the pictures and embeds of the content that the form was made from.
// Called by the acts of the desk's forms. Never gives the content of an unpublished post to whoever may not read it.

import type { PostContent } from '../../domain/content.ts'
import { type Actor, may } from '../../domain/permission.ts'
import type { DeskDeps } from './deps.ts'
import type { PostForm } from './post-form.ts'

/** Of the post itself, or of the one whose text it was; null for a form of a new text, and where nothing can be read. */
export async function contentBefore(
  { reads }: DeskDeps,
  actor: Actor,
  storyId: string,
  { postId, from, base }: PostForm,
): Promise<PostContent | null> {
  if (base === 0) return null
  const post = await reads.post(storyId, from || postId)
  const isOut = post?.state === 'published' || post?.state === 'withdrawn'
  if (!post || !(isOut || may(actor, 'post:read-drafts', post.createdBy))) return null
  return post.revision === base ? post.content : reads.contentAt(post.id, base)
}
