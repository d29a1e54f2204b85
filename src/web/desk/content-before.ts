// What the placeholders in a form's text mean: the pictures and embeds of the content that the form was made from.
// Called by the acts of the desk's forms. Never gives the content of an unpublished post to whoever may not read it.

import { mayEdit } from '../../domain/autosave.ts'
import type { PostContent } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { type Actor, may } from '../../domain/permission.ts'
import type { DeskDeps } from './deps.ts'
import type { PostForm } from './post-form.ts'

/**
 * Of the post itself, or of the one whose text it was; null for a form of a new text, and where nothing can be read.
 * Throws `conflict` when it was filled from an autosave that is no longer kept: what the form cannot show would be lost.
 */
export async function contentBefore(
  { reads, autosaves }: DeskDeps,
  actor: Actor,
  storyId: string,
  { postId, from, base, autosave }: PostForm,
): Promise<PostContent | null> {
  if (base === 0) return null
  const post = await reads.post(storyId, from || postId)
  if (autosave > 0) {
    const typed =
      post && mayEdit(actor, post.state, post.createdBy) ? await autosaves.one(storyId, post.id, autosave) : null
    if (!typed)
      throw new AppError('conflict', 'The autosaved version that was opened here is no longer kept. Open another.')
    return typed.content
  }
  if (!post) return null
  const isOut = post.state === 'published' || post.state === 'withdrawn'
  // What is out may be read as it is now; what it was before may never have been public.
  if (isOut && post.revision === base) return post.content
  if (!may(actor, 'post:read-drafts', post.createdBy)) return null
  return post.revision === base ? post.content : reads.contentAt(post.id, base)
}
