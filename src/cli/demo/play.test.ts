// The player against the newsroom's real acts on the store in memory; only the waiting is not real.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EDITOR } from '../../../test/helpers/acts.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { createMemoryStore } from '../../store/memory.ts'
import type { DemoAct } from './build.ts'
import { BACKLOG_ACTS, DEMO_STORY_ID, type DemoDesk, demoId, MAX_WAIT, MIN_WAIT, playDemo, RETRY_WAIT } from './play.ts'
import { DEMO_STORY } from './story.ts'

const BEGIN = Date.UTC(2026, 0, 31, 9)

async function newsroom() {
  let clock = BEGIN
  const store = createMemoryStore({ now: () => clock })
  const room = { acts: store.acts }
  const id = DEMO_STORY_ID
  const { title, slug } = DEMO_STORY
  await createStory(room, EDITOR, id, { title, slug })
  await startStory(room, EDITOR, id)
  const waits: number[] = []
  const done: string[] = []
  const note = <T>(what: string, work: Promise<T>) => {
    done.push(what)
    return work
  }
  const desk: DemoDesk = {
    find: async (postId) => store.tables.posts.get(postId) ?? null,
    publish: ({ postId, content, keyEvent, publishedAt }) => {
      const at = publishedAt === null ? {} : { at: { publishedAt, updatedAt: null } }
      return note(`publish ${postId}`, publishPost(room, EDITOR, id, { postId, content, keyEvent, ...at }))
    },
    revise: ({ postId, ...input }) => note(`revise ${postId}`, revisePost(room, EDITOR, id, postId, input)),
    correct: ({ postId, ...input }) => note(`correct ${postId}`, correctPost(room, EDITOR, id, postId, input)),
    withdraw: ({ postId, ...input }) => note(`withdraw ${postId}`, withdrawPost(room, EDITOR, id, postId, input)),
    pin: ({ postId }) => note(`pin ${postId}`, pinPost(room, EDITOR, id, postId, true)),
    addPhoto: async ({ mediaId }) => ({ id: mediaId }),
    sleep: async (ms) => {
      waits.push(ms)
      clock += ms
    },
    now: () => clock,
  }
  return { desk, store, room, waits, done, posts: store.tables.posts }
}

const texts = (post: { content: unknown } | undefined) => JSON.stringify(post?.content)

test('the whole day is played, each act once, in about twenty minutes', async () => {
  const { desk, done, waits, posts } = await newsroom()
  const tally = await playDemo(desk)
  assert.deepEqual(tally, { done: DEMO_STORY.acts.length, skipped: 0 })
  assert.equal(new Set(posts.keys()).size, DEMO_STORY.acts.filter((act) => act.type === 'publish').length)
  assert.equal(done.length, DEMO_STORY.acts.length)
  const total = waits.reduce((sum, ms) => sum + ms, 0) / 60_000
  assert.ok(total > 17 && total < 23, `${total} minutes`)
  assert.ok(waits.every((ms) => ms >= MIN_WAIT && ms <= MAX_WAIT))
})

test('the first acts come at once and carry times of the hours before', async () => {
  const { desk, waits, posts } = await newsroom()
  await playDemo(desk, { acts: DEMO_STORY.acts.slice(0, BACKLOG_ACTS) })
  assert.deepEqual(waits, [])
  const times = [...posts.values()].map((post) => post.publishedAt ?? 0)
  assert.ok(times.every((time) => time <= BEGIN))
  assert.ok(times.some((time) => time < BEGIN - 60 * 60_000))
})

test('stopped after any act and started again, it does the rest and nothing twice', async () => {
  for (let stop = 1; stop < DEMO_STORY.acts.length; stop += 1) {
    const { desk, done } = await newsroom()
    await playDemo(desk, { acts: DEMO_STORY.acts.slice(0, stop) })
    await playDemo(desk)
    assert.equal(done.length, DEMO_STORY.acts.length, `stopped after ${stop}`)
  }
})

test('stopped between two acts by its signal, it leaves the later ones undone', async () => {
  const { desk, waits, posts } = await newsroom()
  const stop = new AbortController()
  const { sleep } = desk
  desk.sleep = async (ms) => {
    await sleep(ms)
    if (waits.length === 3) stop.abort()
  }
  const { done } = await playDemo(desk, { signal: stop.signal })
  assert.equal(waits.length, 3)
  assert.ok(done < DEMO_STORY.acts.length && posts.size < DEMO_STORY.acts.length)
})

test('a busy decoder and a database out of reach make it wait, not end', async () => {
  const { desk, waits, posts } = await newsroom()
  const photo = { file: 'a.jpg', alt: 'a', caption: 'c', credit: 'd', agency: 'e' }
  const { addPhoto, publish } = desk
  const troubles = { addPhoto: 2, publish: 1 }
  const busy = () => Promise.reject(new AppError('unavailable', 'busy'))
  desk.addPhoto = (input) => (troubles.addPhoto-- > 0 ? busy() : addPhoto(input))
  desk.publish = (input) => (troubles.publish-- > 0 ? busy() : publish(input))
  const content = { headline: 'One', blocks: [] }
  const tally = await playDemo(desk, { acts: [{ at: 0, type: 'publish', key: 'a', content, photo }] })
  assert.deepEqual(tally, { done: 1, skipped: 0 })
  assert.deepEqual(waits, [RETRY_WAIT, 2 * RETRY_WAIT, RETRY_WAIT])
  assert.equal(posts.size, 1)
})

test('an error that waiting does not mend comes through, and so does any once the signal is there', async () => {
  const { desk, waits } = await newsroom()
  const acts: DemoAct[] = [{ at: 0, type: 'publish', key: 'a', content: { headline: 'One', blocks: [] } }]
  desk.publish = () => Promise.reject(new AppError('invalid', 'wrong'))
  await assert.rejects(playDemo(desk, { acts }), { code: 'invalid' })
  assert.deepEqual(waits, [])
  const stop = new AbortController()
  desk.publish = () => {
    stop.abort()
    return Promise.reject(new AppError('unavailable', 'away'))
  }
  await assert.rejects(playDemo(desk, { acts, signal: stop.signal }), { code: 'unavailable' })
})

test('a change of the words keeps the picture', async () => {
  const { desk, posts } = await newsroom()
  const photo = { file: 'a.jpg', alt: 'a', caption: 'c', credit: 'd', agency: 'e' }
  const content = (headline: string) => ({ headline, blocks: [] })
  await playDemo(desk, {
    acts: [
      { at: 0, type: 'publish', key: 'a', content: content('One'), photo },
      { at: 5, type: 'revise', key: 'a', content: content('Two') },
    ],
  })
  const post = posts.get(demoId('a'))
  assert.equal(post?.content.headline, 'Two')
  assert.equal(post?.content.blocks.filter((block) => block.type === 'image').length, 1)
})

test('an editor who was faster wins: a post changed or withdrawn by hand is left alone', async () => {
  const { desk, room, posts } = await newsroom()
  const first = { headline: 'One', blocks: [] }
  const acts: DemoAct[] = [
    { at: 0, type: 'publish', key: 'a', content: first },
    { at: 1, type: 'publish', key: 'b', content: first },
    { at: 2, type: 'revise', key: 'a', content: { headline: 'Two', blocks: [] } },
    { at: 3, type: 'revise', key: 'b', content: { headline: 'Two', blocks: [] } },
  ]
  await playDemo(desk, { acts: acts.slice(0, 2) })
  const byHand = { revision: 1, content: { headline: 'By hand', blocks: [] } }
  await revisePost(room, EDITOR, DEMO_STORY_ID, demoId('a'), byHand)
  await withdrawPost(room, EDITOR, DEMO_STORY_ID, demoId('b'), { trace: 'none', reason: '' })
  await playDemo(desk, { acts })
  assert.match(texts(posts.get(demoId('a'))) ?? '', /By hand/)
  assert.equal(posts.get(demoId('b'))?.state, 'withdrawn')
})

test('a burst waits the least, a long silence the most', async () => {
  const { desk, waits } = await newsroom()
  const content = { headline: 'One', blocks: [] }
  const filler = Array.from(
    { length: BACKLOG_ACTS },
    (_, i): DemoAct => ({ at: i, type: 'publish', key: `f${i}`, content }),
  )
  const late: DemoAct[] = [
    { at: BACKLOG_ACTS, type: 'publish', key: 'burst', content },
    { at: BACKLOG_ACTS + 300, type: 'publish', key: 'silence', content },
  ]
  await playDemo(desk, { acts: [...filler, ...late] })
  assert.deepEqual(waits, [MIN_WAIT, MAX_WAIT])
})

test('a post unpinned by hand is not pinned again by a restart', async () => {
  const { desk, room, posts } = await newsroom()
  await playDemo(desk)
  const pinned = [...posts.values()].find((post) => post.pinnedAt !== null)
  assert.ok(pinned)
  await pinPost(room, EDITOR, DEMO_STORY_ID, pinned.id, false)
  await playDemo(desk)
  assert.equal(posts.get(pinned.id)?.pinnedAt, null)
})

test('ids are the same on every run and differ by key', () => {
  assert.equal(demoId('a'), demoId('a'))
  assert.notEqual(demoId('a'), demoId('b'))
  assert.ok(isId(demoId('a')))
})
