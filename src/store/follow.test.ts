// Tests of the follower: rings, the poll behind them, errors, epochs.
// Run by node --test, over the store in memory and a virtual clock.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVirtualClock } from '../../test/helpers/virtual-clock.ts'
import type { Actor } from '../domain/permission.ts'
import { createStory } from '../newsroom/create-story.ts'
import { publishPost } from '../newsroom/publish-post.ts'
import { startStory } from '../newsroom/start-story.ts'
import type { PublicReads } from './contract.ts'
import { createFollower, type FollowerOptions, type Health } from './follow.ts'
import { createMemoryStore } from './memory.ts'

const ACTOR: Actor = { id: 'editor', name: 'Ada', role: 'editor', credential: 'test' }
const STORY = 'story00000000000001'

/** A live story with head 2 and a follower that is told of rings only by `ring`. */
async function world(options: Partial<FollowerOptions> = {}) {
  const clock = createVirtualClock(1_000)
  const store = createMemoryStore({ now: clock.now, epoch: 'one' })
  const state = {
    seqs: [] as number[],
    refetches: 0,
    health: [] as Health[],
    down: false,
    reads: 0,
    atOnce: 0,
    most: 0,
  }
  const listeners = new Set<(storyId: string, seq: number) => void>()
  const guarded =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A) => {
      if (state.down) throw new Error('the database is out of reach')
      return work(...args)
    }
  const reads: Pick<PublicReads, 'changesSince' | 'heads' | 'epoch'> = {
    heads: guarded(store.reads.heads),
    epoch: guarded(store.reads.epoch),
    changesSince: guarded(async (storyId, seq, limit) => {
      state.reads++
      state.most = Math.max(state.most, ++state.atOnce)
      const found = await store.reads.changesSince(storyId, seq, limit)
      await clock.sleep(20)
      state.atOnce--
      return found
    }),
  }
  const desk = { acts: store.acts }
  await createStory(desk, ACTOR, STORY, { title: 'Story' })
  await startStory(desk, ACTOR, STORY)
  const follower = createFollower({
    reads,
    doorbell: {
      listen(onRing) {
        listeners.add(onRing)
        return () => listeners.delete(onRing)
      },
    },
    now: clock.now,
    setTimer: clock.setTimer,
    onChanges: (_storyId, found) => void state.seqs.push(...found.changes.map((change) => change.seq)),
    onRefetch: () => void state.refetches++,
    onHealth: (health) => void state.health.push(health),
    ...options,
  })
  let posts = 0
  const publish = async (n = 1) => {
    for (let i = 0; i < n; i++) {
      const postId = `post${String(++posts).padStart(16, '0')}`
      await publishPost(desk, ACTOR, STORY, { postId, content: { headline: `Post ${posts}`, blocks: [] } })
    }
  }
  const ring = (seq: number, storyId = STORY) => {
    for (const listener of listeners) listener(storyId, seq)
  }
  return { clock, store, state, follower, publish, ring, listeners }
}

test('a ring makes the follower read the log, and each entry comes once', async () => {
  const { clock, state, follower, publish, ring } = await world()
  follower.watch(STORY, 0)
  await clock.advance(50)
  assert.deepEqual(state.seqs, [1, 2])
  await publish(2)
  ring(4)
  await clock.advance(50)
  assert.deepEqual(state.seqs, [1, 2, 3, 4])
})

test('a lost ring costs at most one poll', async () => {
  const { clock, state, follower, publish } = await world()
  follower.watch(STORY, 2)
  await clock.advance(500)
  await publish()
  await clock.advance(1_100)
  assert.deepEqual(state.seqs, [3])
})

test('doubled, late, wrong and foreign rings change nothing', async () => {
  const { clock, state, follower, publish, ring } = await world()
  follower.watch(STORY, 2)
  await publish(2)
  for (const seq of [3, 4, 4, 999, 1, -1, 4]) ring(seq)
  ring(7, 'another-story-0000001')
  await clock.advance(5_000)
  assert.deepEqual(state.seqs, [3, 4])
  assert.equal(state.refetches, 0)
})

test('a story is never read twice at once, and a ring during a reading is not lost', async () => {
  const { clock, state, follower, publish, ring } = await world({ pollInterval: 1_000 })
  follower.watch(STORY, 2)
  await clock.advance(100)
  await publish()
  ring(3)
  await clock.advance(5)
  await publish()
  ring(4)
  ring(4)
  await clock.advance(60)
  assert.deepEqual([state.seqs, state.most], [[3, 4], 1])
})

test('errors are met with growing pauses, and the follower recovers by itself', async () => {
  const { clock, state, follower, publish } = await world()
  follower.watch(STORY, 2)
  await clock.advance(1_500)
  const heardAt = follower.lastHealth().lastHeardAt
  state.down = true
  await clock.advance(60_000)
  assert.deepEqual(follower.lastHealth(), { ok: false, lastHeardAt: heardAt })
  const failures = state.health.filter((health) => !health.ok).length
  assert.ok(failures > 8 && failures < 25, `${failures} tries in a minute`)
  await publish()
  state.down = false
  await clock.advance(5_100)
  assert.deepEqual(state.seqs, [3])
  assert.equal(follower.lastHealth().ok, true)
  assert.ok((follower.lastHealth().lastHeardAt ?? 0) > 60_000)
})

test('a database that goes silent is given up and asked again', async () => {
  let silent = true
  const answer = (seq: number) => store.reads.changesSince(STORY, seq)
  const { clock, store, state, follower, publish } = await world({
    reads: {
      epoch: async () => 'one',
      heads: async () => new Map([[STORY, 3]]),
      changesSince: (_storyId, seq) => (silent ? new Promise(() => {}) : answer(seq)),
    },
  })
  await publish()
  follower.watch(STORY, 2)
  await clock.advance(4_000)
  assert.deepEqual(state.seqs, [])
  silent = false
  await clock.advance(8_000)
  assert.deepEqual(state.seqs, [3])
})

test('one failed reading is made up for at once, and health with it, though there is nothing new', async () => {
  let failures = 1
  const { clock, store, follower } = await world({
    reads: {
      epoch: async () => 'one',
      heads: async () => new Map([[STORY, 2]]),
      changesSince: async (storyId, seq) => {
        if (failures-- > 0) throw new Error('a broken connection')
        return store.reads.changesSince(storyId, seq)
      },
    },
  })
  await clock.advance(50)
  follower.watch(STORY, 2)
  await clock.advance(10)
  assert.equal(follower.lastHealth().ok, false)
  await clock.advance(150)
  assert.equal(follower.lastHealth().ok, true)
  assert.equal(failures, -1)
})

test('entries of another epoch are passed on only after the refetch', async () => {
  const told: string[] = []
  const { clock, store, follower, publish, ring } = await world({
    onChanges: (_storyId, found) => void told.push(`${found.epoch}.${found.head}`),
    onRefetch: () => void told.push('refetch'),
  })
  follower.watch(STORY, 2)
  await clock.advance(100)
  store.restoreTo(store.backup(), 'two')
  await publish()
  ring(3)
  await clock.advance(1_500)
  await publish()
  await clock.advance(1_500)
  assert.deepEqual(told, ['refetch', 'two.4'])
})

test('another epoch, even at the same head, means refetch; then the new history is followed', async () => {
  const { clock, store, state, follower, publish, ring } = await world()
  await publish()
  follower.watch(STORY, 2)
  await clock.advance(100)
  assert.deepEqual(state.seqs, [3])
  store.restoreTo(store.backup(), 'two')
  await clock.advance(1_100)
  assert.equal(state.refetches, 1)
  await publish()
  ring(4)
  await clock.advance(50)
  assert.deepEqual([state.seqs, state.refetches], [[3, 4], 1])
})

test('a restore to an older state means refetch', async () => {
  const { clock, store, state, follower, publish } = await world()
  const before = store.backup()
  await publish(3)
  follower.watch(STORY, 2)
  await clock.advance(100)
  store.restoreTo(before, 'two')
  await clock.advance(1_100)
  assert.equal(state.refetches, 1)
  await publish()
  await clock.advance(1_100)
  assert.deepEqual(state.seqs, [3, 4, 5, 3])
})

test('a story that is no longer public, or too far ahead, means refetch once', async () => {
  const { clock, store, state, follower, publish } = await world()
  follower.watch(STORY, 2)
  await clock.advance(100)
  await publish(201)
  await clock.advance(1_100)
  assert.deepEqual([state.refetches, state.seqs], [1, []])
  const story = store.tables.stories.get(STORY)
  assert.ok(story)
  store.tables.stories.set(STORY, { ...story, visibility: 'private' })
  await clock.advance(5_000)
  assert.equal(state.refetches, 2)
})

test('a log with a hole is never passed on', async () => {
  const { clock, store, state, follower, publish } = await world()
  await publish(3)
  store.tables.log.get(STORY)?.splice(3, 1)
  follower.watch(STORY, 2)
  await clock.advance(100)
  assert.deepEqual([state.seqs, state.refetches], [[], 1])
})

test('entries that cannot be taken cost a refetch, not the follower', async () => {
  let broken = true
  const got: number[] = []
  const { clock, state, follower, publish } = await world({
    onChanges: (_storyId, found) => {
      if (broken) throw new Error('cannot render')
      got.push(found.head)
    },
  })
  follower.watch(STORY, 0)
  await clock.advance(100)
  assert.equal(state.refetches, 1)
  broken = false
  await publish()
  await clock.advance(1_100)
  assert.deepEqual(got, [3])
})

test('what is no longer watched is no longer read, and stop ends everything', async () => {
  const { clock, state, follower, publish, ring, listeners } = await world()
  follower.watch(STORY, 2)
  await clock.advance(100)
  follower.unwatch(STORY)
  await publish()
  ring(3)
  await clock.advance(2_000)
  assert.deepEqual(state.seqs, [])
  follower.stop()
  const told = state.health.length
  await clock.advance(10_000)
  assert.deepEqual([listeners.size, state.health.length], [0, told])
})
