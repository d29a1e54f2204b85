// Find and revise over a story: what is sent of each post, and what is said of those that stand otherwise.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newPost } from '../../src/domain/decide-post.ts'
import type { PostState } from '../../src/domain/post.ts'
import { changedBy, findEverywhere, hitsIn, reviseAll } from './find-story.ts'
import { Refusal } from './server/api.ts'
import { NO_CONTENT } from './text.ts'
import type { DeskPost } from './types.ts'

const wanted = { words: 'Jansen', whole: true, exact: true }

function post(id: string, state: PostState, headline: string, keyEvent: DeskPost['keyEvent'] = null): DeskPost {
  const content = { ...NO_CONTENT, headline }
  return { ...newPost(id, 's', 'me', 1), state, content, keyEvent, revision: 3, createdBy: { id: 'me', name: 'Me' } }
}

const foundIn = (...posts: DeskPost[]) => posts.map((one) => ({ post: one, hits: hitsIn(one, wanted) }))
const allOf = (found: ReturnType<typeof foundIn>) => new Set(found.flatMap(({ hits }) => hits.map(({ id }) => id)))

it('asks on until all of the story was searched', async () => {
  const asked: string[] = []
  const pages = [
    { posts: [post('a', 'published', 'Jansen')], searched: 500, next: '/api/v1/stories/s/find?words=Jansen&after=x' },
    { posts: [post('b', 'draft', 'Jansen')], searched: 20, next: null },
  ]
  const get = async (path: string) => {
    asked.push(path)
    return pages[asked.length - 1]
  }
  const counts: number[] = []
  const found = await findEverywhere({ get: get as never }, 's', wanted, (count) => counts.push(count))
  assert.deepEqual(asked, [
    '/stories/s/find?words=Jansen&whole=true&exact=true',
    '/stories/s/find?words=Jansen&after=x',
  ])
  assert.deepEqual(
    [found.map((one) => one.post.id), counts],
    [
      ['a', 'b'],
      [500, 520],
    ],
  )
})

it('takes a key event’s own title along, and leaves the one alone that follows the headline', () => {
  const own = post('a', 'published', 'He resigns', { title: 'Jansen out' })
  const [found] = foundIn(own)
  assert.ok(found)
  assert.deepEqual(changedBy(found, allOf([found]), 'Janssen'), {
    content: own.content,
    keyEvent: { title: 'Janssen out' },
  })
  const [follows] = foundIn(post('b', 'published', 'Jansen out', { title: 'Jansen out' }))
  assert.deepEqual(
    follows?.hits.map(({ place }) => place),
    ['headline'],
  )
})

it('sends each post with the revision that was searched: a revision, a correction or a draft', async () => {
  const found = foundIn(
    post('a', 'published', 'Jansen one'),
    post('b', 'draft', 'Jansen two'),
    post('c', 'draft', 'none'),
  )
  const sent: unknown[] = []
  const send = async (
    method: string,
    path: string,
    body: { revision: number; note?: string },
    more?: { key?: string },
  ) => {
    sent.push([method, path, body.revision, body.note, more?.key])
    return {}
  }
  const deps = { api: { send: send as never }, storyId: 's', newId: () => 'key', told: () => {} }
  const outcomes = await reviseAll(deps, found, allOf(found), 'Janssen', 'His name is Janssen.')
  assert.deepEqual(sent, [
    ['POST', '/stories/s/posts/a/correct', 3, 'His name is Janssen.', 'key'],
    ['PUT', '/stories/s/posts/b/draft', 3, undefined, undefined],
  ])
  assert.deepEqual(
    outcomes.map(({ why }) => why),
    [null, null],
  )
})

it('tells of a post that was changed meanwhile, and goes on; stops where nothing can go', async () => {
  const found = foundIn(
    post('a', 'published', 'Jansen'),
    post('b', 'published', 'Jansen'),
    post('c', 'published', 'Jansen'),
  )
  const answers = [
    new Refusal('conflict', 'Somebody changed this post meanwhile.'),
    new Refusal('signed-out', 'Your session has ended.'),
  ]
  const send = async () => {
    throw answers.shift()
  }
  const deps = { api: { send: send as never }, storyId: 's', newId: () => 'key', told: () => {} }
  const outcomes = await reviseAll(deps, found, allOf(found), 'Janssen', null)
  assert.deepEqual(
    outcomes.map(({ why }) => why),
    ['Somebody changed this post meanwhile.', 'Your session has ended.', 'Not tried.'],
  )
})
