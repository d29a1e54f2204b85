// What moving a post within its story and copying one to another story decide.
// Called by newsroom/* inside the story's transaction. Pure.

import type { PostContent } from './content.ts'
import { repeated, sameContent } from './decide-post.ts'
import type { Decision } from './decision.ts'
import { AppError } from './error.ts'
import { orderKeyOf, type Post } from './post.ts'
import type { Story } from './story.ts'

/** Order keys of the places above and below the new one; null = there is nothing there. */
export type Gap = { above: number | null; below: number | null }

/** Throws `conflict` when the gap is used up: after some twenty moves into one and the same place. */
export function decideReorder(story: Story, post: Post, gap: Gap): Decision {
  if (post.state !== 'published' || post.orderKey === null)
    throw new AppError('conflict', 'Only a published post has a place.')
  const { above, below } = gap
  // One end of the gap may be the post itself: it stands there already.
  if ((above === null || post.orderKey <= above) && (below === null || post.orderKey >= below))
    return repeated(story, post, 'reorder-post')
  const orderKey = keyBetween(below ?? 0, above ?? orderKeyOf(story.ordinal + 1))
  if (orderKey === null)
    throw new AppError('conflict', 'There is no room left between these two posts. Move one of them first.')
  return {
    story,
    post: { ...post, orderKey },
    kind: 'reorder-post',
    payload: { from: post.orderKey, to: orderKey },
    public: { kind: 'post-moved', touches: post.keyEvent ? 'both' : 'post' },
  }
}

/** Half-way; null when there is no room. Above the newest the next publication's place is the end: it still comes out on top. */
function keyBetween(below: number, above: number): number | null {
  const key = Math.floor((below + above) / 2)
  return key > below && key < above ? key : null
}

/** A copy keeps the link to what it was copied from, through copies of copies to the first. */
export function originOf(post: Post): NonNullable<Post['origin']> {
  if (post.state !== 'published') throw new AppError('conflict', 'Only a published post can be copied.')
  return post.origin ?? { storyId: post.storyId, postId: post.id }
}

/** A copy made before, as it was made: sending it again, or publishing the draft. Throws `conflict` for anything else of that id. */
export function requireCopy(current: Post, copy: { content: PostContent; origin: NonNullable<Post['origin']> }): void {
  if (current.origin?.postId === copy.origin.postId && sameContent(current.content, copy.content)) return
  throw new AppError('conflict', 'This id belongs to another post.')
}
