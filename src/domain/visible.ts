// The one question that decides what may be seen (law 6).
// Called by every room that shows anything. Its SQL twin is the WHERE of the public_* views; a property test holds them equal.

import type { Post } from './post.ts'
import type { Story } from './story.ts'

export type Viewer = 'public' | 'staff'
/** `trace`: only that something was withdrawn, when and why. */
export type Sight = 'whole' | 'trace' | 'nothing'

type SeenStory = Pick<Story, 'visibility' | 'seq' | 'withdrawnAt'>

export function storyVisible(story: SeenStory, viewer: Viewer): boolean {
  return viewer === 'staff' || (story.visibility !== 'private' && story.seq > 0 && story.withdrawnAt === null)
}

/** Listed on the front page, in sitemaps and feeds: public stories only. */
export function storyListed(story: SeenStory): boolean {
  return story.visibility === 'public' && storyVisible(story, 'public')
}

export function postVisible(
  story: SeenStory,
  post: Pick<Post, 'state' | 'withdrawal' | 'version'>,
  viewer: Viewer,
): Sight {
  if (viewer === 'staff') return 'whole'
  if (!storyVisible(story, viewer) || post.version === null) return 'nothing'
  if (post.state === 'published') return 'whole'
  return post.state === 'withdrawn' && post.withdrawal?.trace === 'line' ? 'trace' : 'nothing'
}

/** `shown`: a post that the public sees whole shows it. A withdrawn photo is shown to nobody. */
export function photoVisible(photo: { withdrawnAt: number | null; shown: boolean }, viewer: Viewer): boolean {
  return photo.withdrawnAt === null && (viewer === 'staff' || photo.shown)
}
