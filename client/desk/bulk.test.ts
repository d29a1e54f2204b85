// One act over several posts: what it fits, what is sent, and what is said of each.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newPost } from '../../src/domain/decide-post.ts'
import { may, type Role } from '../../src/domain/permission.ts'
import type { PostState } from '../../src/domain/post.ts'
import { type BulkWords, runBulk, whyNotIn } from './bulk.ts'
import { Refusal } from './server/api.ts'
import { NO_CONTENT } from './text.ts'
import type { DeskPost } from './types.ts'

const WORDS: BulkWords = { note: 'Who says so?', trace: 'line', reason: 'Not confirmed', copies: 'ask' }

function post(id: string, state: PostState, more: Partial<DeskPost> = {}): DeskPost {
  const content = { ...NO_CONTENT, headline: `Post ${id}` }
  return { ...newPost(id, 's', 'me', 1), state, content, revision: 3, createdBy: { id: 'me', name: 'Me' }, ...more }
}

const as = (role: Role) => (action: Parameters<typeof may>[1], owner?: string) => may({ id: 'me', role }, action, owner)

type Sent = { path: string; body: unknown; key: string | undefined }

/** `answers`: what each request comes to, in order; after them all are done. */
function trial(answers: (Refusal | null)[] = []) {
  const sent: Sent[] = []
  let keys = 0
  const send = async (_method: string, path: string, body: unknown, more?: { key?: string }) => {
    sent.push({ path, body, key: more?.key })
    const answer = answers.shift()
    if (answer) throw answer
    return { storyId: 's', postId: null, revision: 4, repeated: false }
  }
  const deps = {
    api: { send: send as never },
    ...{ storyId: 's', may: as('editor'), newId: () => `key-${++keys}`, wait: async () => {}, told: () => {} },
  }
  return { sent, deps }
}

it('sends each post by itself, with a key of its own and the revision that was seen', async () => {
  const { sent, deps } = trial()
  const outcomes = await runBulk(deps, 'approve', [post('a', 'submitted'), post('b', 'submitted')], WORDS)
  assert.deepEqual(sent, [
    { path: '/stories/s/posts/a/approve', body: { revision: 3 }, key: 'key-1' },
    { path: '/stories/s/posts/b/approve', body: { revision: 3 }, key: 'key-2' },
  ])
  assert.deepEqual(
    outcomes.map(({ why }) => why),
    [null, null],
  )
})

it('names what it does not fit, and does the rest', async () => {
  const { sent, deps } = trial()
  const posts = [post('a', 'draft'), post('b', 'published'), post('c', 'withdrawn')]
  const outcomes = await runBulk(deps, 'withdraw', posts, WORDS)
  assert.deepEqual(
    outcomes.map(({ why }) => why),
    ['It is a draft.', null, 'It is withdrawn.'],
  )
  assert.deepEqual(
    sent.map(({ body }) => body),
    [{ trace: 'line', reason: 'Not confirmed' }],
  )
})

it('says what the server refused and goes on', async () => {
  const { deps } = trial([new Refusal('conflict', 'Somebody changed this post meanwhile.'), null])
  const outcomes = await runBulk(deps, 'discard', [post('a', 'draft'), post('b', 'draft')], WORDS)
  assert.deepEqual(
    outcomes.map(({ why }) => why),
    ['Somebody changed this post meanwhile.', null],
  )
})

it('stops where nothing more can go, and says of the rest that it was not tried', async () => {
  const prove = new Refusal('no', 'This wants a fresh proof.', { details: { prove: '/desk/prove' } })
  for (const refusal of [prove, new Refusal('signed-out', 'Your session has ended.')]) {
    const { sent, deps } = trial([refusal])
    const outcomes = await runBulk(
      deps,
      'unpin',
      [post('a', 'published', { pinnedAt: 1 }), post('b', 'published', { pinnedAt: 1 })],
      WORDS,
    )
    assert.equal(sent.length, 1)
    assert.deepEqual(
      outcomes.map(({ why }) => why),
      [refusal.message, 'Not tried.'],
    )
    assert.equal(outcomes[0]?.prove, refusal === prove ? '/desk/prove' : null)
  }
})

it('asks a lost answer for once more under the same key, and waits where it is told to', async () => {
  const away = new Refusal('away', 'The server did not answer.')
  const { sent, deps } = trial([away, new Refusal('busy', 'Too many.', { retryAfter: 2 }), null])
  const waited: number[] = []
  const outcomes = await runBulk(
    { ...deps, wait: async (ms) => void waited.push(ms) },
    'discard',
    [post('a', 'draft')],
    WORDS,
  )
  assert.deepEqual(new Set(sent.map(({ key }) => key)), new Set(['key-1']))
  assert.deepEqual(waited, [1_000, 2_000])
  assert.equal(outcomes[0]?.why, null)
  const lost = trial([away, away])
  const [left, next] = await runBulk(lost.deps, 'discard', [post('a', 'draft'), post('b', 'draft')], WORDS)
  assert.match(left?.why ?? '', /did not answer.* Whether it was done/)
  assert.equal(next?.why, 'Not tried.')
})

it('knows by state and right what an act is for', () => {
  const foreign = { createdBy: { id: 'other', name: null } }
  assert.equal(whyNotIn('approve', post('a', 'submitted'), as('editor')), null)
  assert.match(whyNotIn('approve', post('a', 'submitted'), as('reporter')) ?? '', /role/)
  assert.equal(whyNotIn('withdraw', post('a', 'published'), as('reporter')), null)
  assert.match(whyNotIn('withdraw', post('a', 'published', foreign), as('reporter')) ?? '', /role/)
  assert.match(whyNotIn('discard', post('a', 'scheduled'), as('contributor')) ?? '', /role/)
  assert.match(whyNotIn('mark', post('a', 'published', { keyEvent: { title: 'T' } }), as('editor')) ?? '', /already/)
  assert.match(
    whyNotIn('mark', post('a', 'published', { content: NO_CONTENT }), as('editor')) ?? '',
    /title of its own/,
  )
  assert.match(whyNotIn('unmark', post('a', 'published'), as('editor')) ?? '', /no key event/)
  assert.equal(whyNotIn('unschedule', post('a', 'scheduled'), as('reporter')), null)
  assert.match(whyNotIn('unschedule', post('a', 'scheduled'), as('contributor')) ?? '', /role/)
  assert.match(whyNotIn('unpin', post('a', 'published'), as('editor')) ?? '', /not pinned/)
})
