// What withdrawing a photo decides for one post that shows it: the post without the photo, its caption and its credit.
// Called by newsroom/withdraw-photo.ts inside the story's transaction. Pure.
// Never leaves an empty post before readers: one that was nothing but the photo is withdrawn with it.

import { type Block, cleanLine, isEmptyContent, mediaOf, type PostContent } from './content.ts'
import type { Decision } from './decision.ts'
import { AppError } from './error.ts'
import type { Post } from './post.ts'
import type { Story } from './story.ts'

export const MAX_PHOTO_REASON = 1_000 // characters; for the desk only

/** Throws `invalid`. '' is allowed: a photo may have to go before anybody knows why. */
export function checkPhotoReason(reason: string): string {
  const said = cleanLine(reason)
  if (said.length > MAX_PHOTO_REASON)
    throw new AppError('invalid', `A reason has at most ${MAX_PHOTO_REASON} characters.`)
  return said
}

/** Wins over any concurrent edit: it asks for no revision. A post that does not show the photo is left as it is. */
export function decideWithdrawPhoto(story: Story, post: Post, media: string, reason: string, now: number): Decision {
  const kind = 'withdraw-photo'
  if (!mediaOf(post.content).includes(media)) return { story, post, kind, payload: {}, public: null, repeated: true }
  const content = withoutMedia(post.content, media)
  const changed = { ...post, content, revision: post.revision + 1 }
  const payload = { media, reason, content }
  if (post.state !== 'published') return { story, post: changed, kind, payload, public: null }
  const touches = post.pinnedAt || post.keyEvent ? 'both' : 'post'
  if (!isEmptyContent(content)) {
    const shown = { ...changed, updatedAt: now }
    return { story, post: shown, kind, payload, public: { kind: 'photo-withdrawn', touches } }
  }
  const withdrawal = { at: now, trace: 'line' as const, reason: '' }
  const gone: Post = { ...changed, state: 'withdrawn', withdrawal, pinnedAt: null, keyEvent: null }
  return {
    story,
    post: gone,
    kind,
    payload: { ...payload, trace: 'line' },
    public: { kind: 'post-withdrawn', touches },
  }
}

/** A story whose lead picture it was goes on without one. */
export function decideDropLead(story: Story, reason: string): Decision {
  return {
    story: { ...story, lead: null, revision: story.revision + 1 },
    post: null,
    kind: 'withdraw-photo',
    payload: { media: story.lead?.media, reason },
    public: { kind: 'story-changed', touches: 'story' },
  }
}

/** Without every block that shows it; a gallery keeps its other pictures. */
export function withoutMedia(content: PostContent, media: string): PostContent {
  return { ...content, blocks: content.blocks.flatMap((block) => blockWithout(block, media)) }
}

function blockWithout(block: Block, media: string): Block[] {
  if (block.type === 'gallery') {
    const images = block.images.filter((image) => image.media !== media)
    return images.length > 0 ? [{ ...block, images }] : []
  }
  return 'media' in block && block.media === media ? [] : [block]
}
