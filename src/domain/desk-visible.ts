// Which posts a person at the desk of a story may know of: what was published is everybody's there, a draft is its author's and of those
// who read drafts.
// Called by newsroom, web and the desk's stream, wherever an id or a text of a post is given out. Pure.
// Never asked about readers: that is visible.ts.

import { type Actor, may } from './permission.ts'
import { isDiscarded, type Post } from './post.ts'

type Standing = Pick<Post, 'state' | 'firstPublishedAt' | 'createdBy'>

/** By role alone: what a token may read is asked apart. */
export function mayReadPost({ id, role }: Pick<Actor, 'id' | 'role'>, post: Standing): boolean {
  if (!may({ id, role }, 'desk:read')) return false
  const open = post.state === 'published' || (post.state === 'withdrawn' && !isDiscarded(post))
  return open || may({ id, role }, 'post:read-drafts', post.createdBy)
}
