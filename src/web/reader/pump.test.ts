// What the pump does to kept pages when a text is taken back (law 8), on the store in memory.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { until } from '../../../test/helpers/desk-client.ts'
import { silentLog } from '../../base/log.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { finishPhotoWithdrawal } from '../../newsroom/withdraw-photo.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { createMemoryStore } from '../../store/memory.ts'
import { makeReady } from '../ready.ts'
import { createFragments } from './fragments.ts'
import { createPump, type Pump } from './pump.ts'
import { createShelf } from './shelf.ts'

const WAIT_MS = 5_000
const MEDIA = 'media000000000000000'

const store = createMemoryStore({ now: Date.now })
const shelf = createShelf(Date.now)
let pump: Pump

before(() => {
  const limits = { pollInterval: 1_000, staleMax: 60_000, maxReaders: 10, maxReadersPerAddress: 10 }
  pump = createPump({
    reads: store.reads,
    followReads: store.reads,
    onOwnActs: () => () => undefined,
    doorbell: store.doorbell,
    shelf,
    fragments: createFragments(),
    log: silentLog(),
    ...limits,
  })
})
after(() => pump.stop())

/** A page of a new story on the shelf; the returned function tells whether it still stands there. */
async function keptPage(): Promise<{ storyId: string; postId: string; stands: () => boolean }> {
  const story = await liveStory(store)
  const image = { type: 'image' as const, media: MEDIA, alt: '', caption: 'C', credit: '' }
  const postId = await publish(store, story.id, { headline: 'H', blocks: [image] })
  const key = `story ${story.name} first newest http://localhost`
  const origin = { stamp: 'any', stories: [{ id: story.id, seq: 3 }] }
  shelf.keep(key, origin, makeReady('page', 'text/html', 'no-cache'), shelf.turn())
  pump.serving(story.id, 3)
  return { storyId: story.id, postId, stands: () => shelf.last(key) !== null }
}

describe('a kept page', () => {
  const acts: Record<string, (storyId: string, postId: string) => Promise<unknown>> = {
    'a withdrawal': (story, post) => withdrawPost(store, EDITOR, story, post, { trace: 'none', reason: '' }),
    'a correction': (story, post) =>
      correctPost(store, EDITOR, story, post, { revision: 1, content: words('New'), note: 'Wrong' }),
    'the withdrawal of a photo': (storyId, postId) => {
      const photos = {
        markWithdrawn: async () => true,
        cutsOf: async () => [],
        withdrawal: async () => ({ by: EDITOR, reason: '' }),
        usesOf: async () => [{ storyId, postIds: [postId] }],
      }
      return finishPhotoWithdrawal({ acts: store.acts, photos }, MEDIA)
    },
  }
  for (const [name, act] of Object.entries(acts)) {
    it(`goes with ${name}`, async () => {
      const { storyId, postId, stands } = await keptPage()
      assert.ok(stands())
      await act(storyId, postId)
      await until('the page goes', WAIT_MS, async () => !stands())
    })
  }

  it('outlives a revision and the withdrawal of something in another story', async () => {
    const [here, there] = [await keptPage(), await keptPage()]
    await revisePost(store, EDITOR, here.storyId, here.postId, { revision: 1, content: words('More') })
    await withdrawPost(store, EDITOR, there.storyId, there.postId, { trace: 'none', reason: newId().slice(0, 4) })
    await until('the other page goes', WAIT_MS, async () => !there.stands())
    assert.ok(here.stands())
  })
})
