// Acts of the store contract that cross: ids that are taken, places at the ends, copies and what became of their originals.
// Called by store.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAppError } from '../../src/domain/error.ts'
import { continueStory } from '../../src/newsroom/continue-story.ts'
import { copyPost } from '../../src/newsroom/copy-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { reorderPost } from '../../src/newsroom/reorder-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { schedulePost } from '../../src/newsroom/schedule-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { undoPublish } from '../../src/newsroom/undo-publish.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { withdrawStory } from '../../src/newsroom/withdraw-story.ts'
import {
  ACTOR,
  changes,
  type Get,
  head,
  idOf,
  liveStory,
  newId,
  publish,
  type StoreUnderTest,
  words,
} from './store-kit.ts'

const RACES = 10
const HOUR = 3_600_000

const conflict = (work: Promise<unknown>) => assert.rejects(work, (error) => isAppError(error, 'conflict'))

async function idsOf(store: StoreUnderTest, storyId: string): Promise<string[]> {
  return ((await store.reads.storyPage(storyId))?.items ?? []).map(idOf)
}

const nextPart = (nextId: string) => ({ nextId, settings: { title: 'Next', slug: `next-${nextId}` }, newId })

export function crossings(get: Get): void {
  test('a story never goes on under the id of a story that is there, its own included', async () => {
    const store = get()
    const [storyId, other] = [await liveStory(store), await liveStory(store)]
    const post = await publish(store, other, 'Stays')
    const before = await store.reads.storyNamed(other)
    for (const id of [other, storyId]) await conflict(continueStory(store, ACTOR, storyId, nextPart(id)))
    assert.deepEqual(await store.reads.storyNamed(other), before)
    assert.deepEqual(await idsOf(store, other), [post])
    assert.equal((await store.reads.storyNamed(storyId))?.state, 'live')
  })

  test('when the next part was withdrawn the story goes on in another one, or starts again', async () => {
    const store = get()
    const [one, two] = [await liveStory(store), await liveStory(store)]
    for (const storyId of [one, two]) {
      const mistake = newId()
      await continueStory(store, ACTOR, storyId, nextPart(mistake))
      await withdrawStory(store, ACTOR, mistake, 'Too early')
      await conflict(continueStory(store, ACTOR, storyId, nextPart(mistake)))
    }
    const nextId = newId()
    await continueStory(store, ACTOR, one, nextPart(nextId))
    assert.equal((await store.reads.storyNamed(one))?.next?.id, nextId)
    await startStory(store, ACTOR, two)
    assert.deepEqual([(await store.reads.storyNamed(two))?.state, await idsOf(store, two)], ['live', []])
  })

  test('a publication comes out on top however often posts were moved there; the lowest place is on a page', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const posts: string[] = []
    for (const word of ['a', 'b', 'c']) posts.push(await publish(store, storyId, word))
    const [a = '', b = '', c = ''] = posts
    await reorderPost(store, ACTOR, storyId, a, { side: 'above', postId: c })
    await reorderPost(store, ACTOR, storyId, b, { side: 'above', postId: a })
    await reorderPost(store, ACTOR, storyId, c, { side: 'above', postId: b })
    const d = await publish(store, storyId, 'd')
    assert.deepEqual(await idsOf(store, storyId), [d, c, b, a])
    await reorderPost(store, ACTOR, storyId, d, { side: 'below', postId: a })
    await reorderPost(store, ACTOR, storyId, c, { side: 'below', postId: d })
    assert.deepEqual(await idsOf(store, storyId), [b, a, d, c])
  })

  test('a copy and a withdrawal of its original that meet: the copy is refused, or the withdrawal asks', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    for (let race = 0; race < RACES; race++) {
      const original = await publish(store, from, `Said ${race}`)
      const copy = newId()
      const [copied, withdrawn] = await Promise.allSettled([
        copyPost(store, ACTOR, to, { from: { storyId: from, postId: original }, postId: copy, publish: true }),
        withdrawPost(store, ACTOR, from, original, { trace: 'none', reason: '' }),
      ])
      assert.notEqual(copied?.status, withdrawn?.status)
      assert.equal((await idsOf(store, to)).includes(copy), (await idsOf(store, from)).includes(original))
    }
  })

  test('a copy takes no id that is another post’s, and nothing is copied out of a withdrawn story', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    const original = await publish(store, from, 'Original')
    const draft = newId()
    await saveDraft(store, ACTOR, to, { postId: draft, revision: 0, content: words('Mine') })
    const input = { from: { storyId: from, postId: original }, postId: draft }
    for (const publishes of [true, false])
      await assert.rejects(
        copyPost(store, ACTOR, to, { ...input, publish: publishes }),
        (error) => isAppError(error, 'conflict') && error.details === undefined,
      )
    const copy = newId()
    await copyPost(store, ACTOR, to, { ...input, postId: copy, publish: false })
    assert.equal((await copyPost(store, ACTOR, to, { ...input, postId: copy, publish: false })).repeated, true)
    await copyPost(store, ACTOR, to, { ...input, postId: copy, publish: true })
    assert.deepEqual(await idsOf(store, to), [copy])
    await withdrawStory(store, ACTOR, from, 'All of it')
    await conflict(copyPost(store, ACTOR, to, { ...input, postId: newId(), publish: true }))
  })

  test('a copy keeps its original from being undone, and a scheduled copy goes with it', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    const original = await publish(store, from, 'Said twice')
    const copy = newId()
    await copyPost(store, ACTOR, to, { from: { storyId: from, postId: original }, postId: copy, publish: false })
    await conflict(undoPublish(store, ACTOR, from, original))
    const release = { at: Date.now() + HOUR, zone: 'UTC' }
    await schedulePost(store, ACTOR, to, copy, { revision: 1, release })
    await conflict(withdrawPost(store, ACTOR, from, original, { trace: 'none', reason: '' }))
    await withdrawPost(store, ACTOR, from, original, { trace: 'none', reason: '', copies: 'withdraw' })
    const held = await store.acts.act(to, (act) => act.post(copy))
    assert.deepEqual([held?.state, held?.release], ['submitted', null])
    assert.deepEqual(await idsOf(store, from), [])
  })

  test('a copy that is copied on while its original is withdrawn takes that one along', async () => {
    const store = get()
    const [from, to, on] = [await liveStory(store), await liveStory(store), await liveStory(store)]
    const original = await publish(store, from, 'Said on and on')
    const copy = newId()
    await copyPost(store, ACTOR, to, { from: { storyId: from, postId: original }, postId: copy, publish: true })
    const act: typeof store.acts.act = async (storyId, work) => {
      const done = await store.acts.act(storyId, work)
      const isOut = storyId !== from || (await store.acts.act(from, (at) => at.post(original)))?.state === 'published'
      if (!isOut && (await idsOf(store, on)).length === 0 && (await idsOf(store, to)).length > 0)
        await copyPost(store, ACTOR, on, { from: { storyId: to, postId: copy }, postId: newId(), publish: true })
      return done
    }
    const desk = { ...store, acts: { ...store.acts, act } }
    await withdrawPost(desk, ACTOR, from, original, { trace: 'none', reason: '', copies: 'withdraw' })
    assert.deepEqual(await Promise.all([from, to, on].map((storyId) => idsOf(store, storyId))), [[], [], []])
    const copies = await store.acts.act(from, (at) => at.copiesOf(original))
    assert.deepEqual(copies, [], 'both were there, and both are withdrawn')
  })

  test('who may not withdraw every copy withdraws nothing', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    const reporter = { ...ACTOR, id: 'reporter-1', role: 'reporter' as const }
    const original = newId()
    await publishPost(store, reporter, from, { postId: original, content: words('Mine') })
    await copyPost(store, ACTOR, to, { from: { storyId: from, postId: original }, postId: newId(), publish: true })
    const taken = withdrawPost(store, reporter, from, original, { trace: 'none', reason: '', copies: 'withdraw' })
    await assert.rejects(taken, (error) => isAppError(error, 'forbidden'))
    assert.deepEqual(await idsOf(store, from), [original])
  })

  test('what was undone is not published by a request that comes again', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Too soon')
    const before = await head(store, storyId)
    await undoPublish(store, ACTOR, storyId, postId)
    await conflict(publishPost(store, ACTOR, storyId, { postId, content: words('Too soon') }))
    assert.equal(await head(store, storyId), before + 1)
    assert.equal((await changes(store, storyId, before)).changes[0]?.outcome, 'gone')
  })
}
