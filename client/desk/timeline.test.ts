// Pages of the timeline put together, and what is shown of it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PostState } from '../../src/domain/post.ts'
import { NO_CONTENT } from './text.ts'
import { countsOf, mergePosts, placedBeside, placedIn, scheduledIn, shownPosts } from './timeline.ts'
import type { DeskPost } from './types.ts'

function post(id: string, orderKey: number | null, state: PostState = 'published', headline = id): DeskPost {
  const content = {
    ...NO_CONTENT,
    headline,
    blocks: [{ type: 'paragraph' as const, text: [{ text: `Body of ${id}` }] }],
  }
  return {
    id,
    storyId: 's',
    state,
    content,
    orderKey,
    revision: 1,
    release: null,
    pinnedAt: null,
    keyEvent: null,
  } as DeskPost
}
const ids = (posts: readonly DeskPost[]) => posts.map(({ id }) => id)

describe('the timeline', () => {
  it('puts a post that was moved where it belongs, also below all that is loaded', () => {
    const posts = [post('draft', null, 'draft'), post('c', 40), post('b', 30), post('a', 20)]
    assert.deepEqual(ids(placedIn(posts, post('c', 25))), ['draft', 'b', 'c', 'a'])
    assert.deepEqual(ids(placedIn(posts, post('c', 10))), ['draft', 'b', 'a', 'c'])
    assert.deepEqual(ids(placedIn(posts, post('a', 50))), ['draft', 'a', 'c', 'b'])
  })

  it('puts it beside another one before it is heard where it stands', () => {
    const posts = [post('c', 40), post('b', 30), post('a', 20)]
    assert.deepEqual(ids(placedBeside(posts, 'c', 'below', 'b')), ['b', 'c', 'a'])
    assert.deepEqual(ids(placedBeside(posts, 'a', 'above', 'c')), ['a', 'c', 'b'])
    assert.deepEqual(ids(placedBeside(posts, 'a', 'above', 'gone')), ['c', 'b', 'a'])
  })

  it('keeps the older pages below what was heard, each post once', () => {
    const before = [post('d', null, 'draft'), post('e', 50), post('c', 40), post('b', 30), post('a', 20)]
    assert.deepEqual(ids(mergePosts([post('f', 60), post('e', 50), post('c', 40)], before, true)), [
      'f',
      'e',
      'c',
      'b',
      'a',
    ])
  })

  it('drops what is no longer heard where it should have been', () => {
    const before = [post('c', 40), post('b', 30), post('a', 20)]
    assert.deepEqual(ids(mergePosts([post('c', 40), post('a', 20)], before, true)), ['c', 'a'])
  })

  it('is what was heard, where the server has no more', () => {
    assert.deepEqual(ids(mergePosts([post('c', 40)], [post('c', 40), post('a', 20)], false)), ['c'])
  })

  it('is searched in headline and text, whatever the case, all words at once', () => {
    const posts = [post('one', 2, 'published', 'Storm over Berlin'), post('two', 1, 'draft', 'Calm')]
    assert.deepEqual(ids(shownPosts(posts, 'all', 'berlin STORM')), ['one'])
    assert.deepEqual(ids(shownPosts(posts, 'all', 'body two')), ['two'])
    assert.deepEqual(ids(shownPosts(posts, 'draft', '')), ['two'])
    assert.deepEqual(ids(shownPosts(posts, 'draft', 'storm')), [])
  })

  it('counts every state and tells what goes out next', () => {
    const timed = (id: string, at: number) => ({
      ...post(id, null, 'scheduled'),
      release: { at, zone: 'UTC', by: 'x' },
    })
    const posts = [timed('late', 9), timed('soon', 4), post('a', 1)]
    assert.deepEqual(countsOf(posts), { draft: 0, submitted: 0, scheduled: 2, published: 1, withdrawn: 0 })
    assert.deepEqual(ids(scheduledIn(posts)), ['soon', 'late'])
  })
})
