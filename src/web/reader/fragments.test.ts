// Tests of the node's rendered posts: made once per version, made anew when anything they depend on changed.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { contentOf, itemOf, storyOf } from '../../../test/helpers/public-story.ts'
import { renderItem } from '../../pages/post.ts'
import { createFragments } from './fragments.ts'

it('a post of one version is rendered once, whoever asks', () => {
  const render = createFragments().of('e')
  assert.equal(render(itemOf(3), storyOf()), render(itemOf(3), storyOf()))
})

it('another version, epoch, address, language or zone is rendered anew, as the page would', () => {
  const fragments = createFragments()
  const first = fragments.of('e')(itemOf(3), storyOf())
  const revised = itemOf(3, { version: 9, content: contentOf({ headline: 'New' }) })
  assert.equal(String(fragments.of('e')(revised, storyOf())), String(renderItem(revised, storyOf())))
  for (const story of [storyOf({ name: 'other' }), storyOf({ timeZone: 'Asia/Tokyo' }), storyOf({ language: 'he' })])
    assert.equal(String(fragments.of('e')(itemOf(3), story)), String(renderItem(itemOf(3), story)))
  const unlisted = storyOf({ visibility: 'unlisted' })
  const written = itemOf(3, { content: contentOf({ bylines: [{ name: 'Ada' }] }) })
  fragments.of('e')(written, storyOf())
  assert.doesNotMatch(String(fragments.of('e')(written, unlisted)), /person/)
  assert.notEqual(fragments.of('f')(itemOf(3), storyOf()), first)
})
