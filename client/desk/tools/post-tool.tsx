// A tool about one post: finds the post, shows which one it is, and stays with it when it leaves the timeline.
// Called by tools.tsx for every tool that changes a post.
// Never takes another post for it.

import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { excerptOf } from '../text.ts'
import type { DeskPost } from '../types.ts'
import { useShown } from '../views/use-desk.ts'
import { Dialog } from './dialog.tsx'

type Props = {
  postId: string
  title: string
  /** Of a post as it stands now. */
  fits(post: DeskPost): boolean
  children(post: DeskPost): ComponentChildren
}

export function PostDialog({ postId, title, fits, children }: Props) {
  const { language, direction } = useShown((state) => state.story)
  const now = useShown(({ posts }) => posts.find(({ id }) => id === postId))
  // What becomes of it here may take it out of the timeline, or out of its state: the tool still has to say so.
  const seen = useRef<DeskPost | null>(null)
  if (now && fits(now)) seen.current = now
  const post = seen.current
  return (
    <Dialog title={title}>
      {post ? (
        <>
          <blockquote lang={language} dir={direction}>
            {post.content.headline !== '' && <p class="row-title">{post.content.headline}</p>}
            <p class="excerpt">{excerptOf(post.content.blocks)}</p>
          </blockquote>
          {children(post)}
        </>
      ) : (
        <p class="empty">This post is no longer where this can be done to it.</p>
      )}
    </Dialog>
  )
}
