// What withdrawing a photo does to the content of a post.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ImageBlock, PostContent } from './content.ts'
import { parseContent } from './content.ts'
import { checkPhotoReason, decideWithdrawPhoto, withoutMedia } from './decide-photo.ts'
import { decideCreateStory } from './decide-story.ts'
import type { Post } from './post.ts'
import { parseStorySettings } from './story.ts'

const BAD = 'bad0000000000000bad0'
const GOOD = 'good000000000000good'
const image = (media: string | undefined): ImageBlock => ({ type: 'image', media, alt: '', caption: 'C', credit: 'Cr' })
const text = { type: 'paragraph' as const, text: [{ text: 'Words' }] }
const content = (...blocks: PostContent['blocks']) => parseContent({ headline: '', blocks })
const story = { ...decideCreateStory(GOOD, parseStorySettings({ title: 'S' }), 1).story, seq: 5 }

function post(part: Partial<Post>): Post {
  return {
    ...{
      id: 'post0000000000000000',
      storyId: story.id,
      state: 'published',
      content: content(),
      revision: 3,
      version: 4,
    },
    ...{ orderKey: 1, keyEvent: null, pinnedAt: null, corrections: [], withdrawal: null, createdAt: 1, createdBy: 'a' },
    ...{ firstPublishedAt: 1, publishedAt: 1, updatedAt: null },
    ...part,
  } as Post
}
const decide = (part: Partial<Post>) => decideWithdrawPhoto(story, post(part), BAD, 'why', 9)

describe('withdrawing a photo', () => {
  it('takes every block that shows it, and leaves the other pictures of a gallery', () => {
    const before = content(text, image(BAD), { type: 'gallery', images: [image(GOOD), image(BAD), image(undefined)] })
    const clip = { type: 'video' as const, media: BAD, title: '', caption: '', credit: '' }
    const after = withoutMedia({ ...before, blocks: [...before.blocks, clip, image(BAD)] }, BAD)
    assert.deepEqual(after.blocks, [text, { type: 'gallery', images: [image(GOOD), image(undefined)] }])
    assert.deepEqual(withoutMedia(content({ type: 'gallery', images: [image(BAD), image(BAD)] }), BAD).blocks, [])
  })

  it('is one public entry for a published post, also for the story’s own parts where the post stands in them', () => {
    const { post: after, public: said, payload } = decide({ content: content(text, image(BAD)) })
    assert.deepEqual(said, { kind: 'photo-withdrawn', touches: 'post' })
    assert.deepEqual([after?.revision, after?.updatedAt, after?.content.blocks], [4, 9, [text]])
    assert.equal(payload.reason, 'why')
    assert.equal(decide({ content: content(text, image(BAD)), pinnedAt: 1 }).public?.touches, 'both')
  })

  it('withdraws a post that was nothing else, with a line that does not tell the reason', () => {
    const { post: after, public: said } = decide({ content: content(image(BAD)), keyEvent: { title: 'K' } })
    assert.deepEqual(said, { kind: 'post-withdrawn', touches: 'both' })
    assert.deepEqual([after?.state, after?.keyEvent], ['withdrawn', null])
    assert.deepEqual(after?.withdrawal, { at: 9, trace: 'line', reason: '' })
  })

  it('tells the public nothing of posts that it cannot see', () => {
    for (const state of ['draft', 'submitted', 'scheduled', 'withdrawn'] as const) {
      const { post: after, public: said } = decide({ state, content: content(image(BAD)) })
      assert.deepEqual([said, after?.state, after?.content.blocks, after?.revision], [null, state, [], 4])
    }
  })

  it('does nothing to a post that does not show it', () => {
    assert.equal(decide({ content: content(text, image(GOOD)) }).repeated, true)
  })

  it('refuses a reason of any length', () => {
    assert.equal(checkPhotoReason(' a\n b '), 'a b')
    assert.throws(() => checkPhotoReason('x'.repeat(1_001)), { code: 'invalid' })
  })
})
