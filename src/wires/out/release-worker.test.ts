// Tests of the release worker on the store in memory: its moment, a jumping clock, lost authority, failures. Time is virtual.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { liveStory, newId, words } from '../../../test/helpers/acts.ts'
import { createVirtualClock } from '../../../test/helpers/virtual-clock.ts'
import { silentLog } from '../../base/log.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { releasePosts } from '../../newsroom/release-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { schedulePost } from '../../newsroom/schedule-post.ts'
import { systemActor } from '../../store/accounts.ts'
import { createMemoryStore } from '../../store/memory.ts'
import { createClockGuard, HOLD_MS } from './clock-guard.ts'
import { LOOK_MS, type ReleaseWorkerParts, startReleaseWorker } from './release-worker.ts'

const EPOCH = 1_800_000_000_000
const SYSTEM = systemActor('test')

/** `jump` sets the database's clock off against the steady one. */
function stage(more: Partial<ReleaseWorkerParts> = {}) {
  const clock = createVirtualClock()
  let jump = 0
  const wall = () => EPOCH + clock.now() + jump
  const store = createMemoryStore({ now: wall })
  const released: { postId: string; at: number }[] = []
  const parts: ReleaseWorkerParts = {
    releases: {
      due: async () => {
        const posts = [...store.tables.posts.values()].filter((post) => post.release && post.release.at <= wall())
        return { now: wall(), posts: posts.map((post) => ({ storyId: post.storyId, postId: post.id })) }
      },
    },
    release: async (storyId, postIds) => {
      const done = await releasePosts(store, systemActor('release'), storyId, postIds)
      for (const one of done) if (one.outcome === 'released') released.push({ postId: one.postId, at: clock.now() })
      return done
    },
    steady: clock.now,
    setTimer: clock.setTimer,
    log: silentLog(),
    ...more,
  }
  const schedule = async (storyId: string, inMs: number) => {
    const postId = newId()
    await saveDraft(store, SYSTEM, storyId, { postId, revision: 0, content: words(`in ${inMs}`) })
    await schedulePost(store, SYSTEM, storyId, postId, { revision: 1, release: { at: wall() + inMs, zone: 'UTC' } })
    return postId
  }
  return { clock, store, parts, released, schedule, setJump: (ms: number) => (jump = ms) }
}

describe('the release worker', () => {
  it('releases a post within one look of its moment, and never before', async () => {
    const { clock, store, parts, released, schedule } = stage()
    const { id } = await liveStory(store)
    const postId = await schedule(id, 60_000)
    const worker = startReleaseWorker(parts)
    await clock.advance(59_999)
    assert.equal(released.length, 0)
    await clock.advance(LOOK_MS + 1)
    assert.equal(released[0]?.postId, postId)
    assert.ok((released[0]?.at ?? 0) >= 60_000)
    await clock.advance(10_000)
    assert.equal(released.length, 1)
    await worker.stop()
  })

  it('two workers release each post once', async () => {
    const { clock, store, parts, released, schedule } = stage()
    const { id } = await liveStory(store)
    for (let n = 1; n <= 20; n++) await schedule(id, n * 100)
    const workers = [startReleaseWorker(parts), startReleaseWorker(parts)]
    await clock.advance(5_000)
    assert.deepEqual([released.length, new Set(released.map((one) => one.postId)).size], [20, 20])
    await Promise.all(workers.map((worker) => worker.stop()))
  })

  it('holds everything back when the clock jumps forward, and goes on when it is set right', async () => {
    const { clock, store, parts, released, schedule, setJump } = stage()
    const { id } = await liveStory(store)
    await schedule(id, 3_600_000)
    const worker = startReleaseWorker(parts)
    await clock.advance(1_000)
    setJump(2 * 3_600_000)
    await clock.advance(5 * 60_000)
    assert.equal(released.length, 0)
    assert.match(worker.trouble() ?? '', /jumped forward/)
    setJump(0)
    await clock.advance(1_000)
    assert.equal(worker.trouble(), null)
    await clock.advance(3_600_000)
    assert.equal(released.length, 1)
    assert.ok((released[0]?.at ?? 0) >= 3_600_000)
    await worker.stop()
  })

  it('a story that has ended gets its post back at the desk, with the reason', async () => {
    const { clock, store, parts, released, schedule } = stage()
    const { id } = await liveStory(store)
    const postId = await schedule(id, 1_000)
    await endStory(store, SYSTEM, id)
    const worker = startReleaseWorker(parts)
    await clock.advance(2_000)
    const post = store.tables.posts.get(postId)
    assert.deepEqual([released.length, post?.state, post?.release], [0, 'submitted', null])
    assert.match(post?.deskNote?.text ?? '', /ended/)
    await worker.stop()
  })

  it('a story that fails is tried again and holds up no other', async () => {
    let broken = ''
    let tries = 0
    const { clock, store, parts, released, schedule } = stage()
    const [bad, good] = [await liveStory(store), await liveStory(store)]
    broken = bad.id
    const { release } = parts
    parts.release = async (storyId, postIds) => {
      if (storyId === broken && ++tries < 3) throw new Error('stuck')
      return release(storyId, postIds)
    }
    await schedule(bad.id, 1_000)
    await schedule(good.id, 1_000)
    const worker = startReleaseWorker(parts)
    await clock.advance(1_500)
    assert.equal(released.length, 1)
    await clock.advance(10_000)
    assert.deepEqual([released.length, tries], [2, 3])
    await worker.stop()
  })
})

describe('the guard of the clock', () => {
  it('takes slewing and jumps back, doubts a jump forward, and gives in after a while', () => {
    const guard = createClockGuard()
    const at = (steady: number, offset: number) => guard({ wall: EPOCH + steady + offset, steady })
    assert.equal(at(0, 0), 'trusted')
    assert.equal(at(1_000, 1_900), 'trusted')
    assert.equal(at(2_000, -3_600_000), 'trusted')
    assert.equal(at(3_000, 0), 'held')
    assert.equal(at(3_000 + HOLD_MS - 1, 0), 'held')
    assert.equal(at(3_000 + HOLD_MS, 0), 'accepted')
    assert.equal(at(4_000 + HOLD_MS, 0), 'trusted')
  })
})
