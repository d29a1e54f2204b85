// The part of the store contract about what readers' pages are made of.
// Called by store.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysOf, PAGE_SIZE } from '../../src/domain/post.ts'
import { endStory } from '../../src/newsroom/end-story.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { setVisibility } from '../../src/newsroom/set-visibility.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { withdrawStory } from '../../src/newsroom/withdraw-story.ts'

import { ACTOR, type Get, idOf, liveStory, newId, publish, untilClockMoves, words } from './store-kit.ts'

export function pages(get: Get): void {
  test('the first page is one snapshot: newest first, at the position of its face', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const ids = [
      await publish(store, storyId, 'A'),
      await publish(store, storyId, 'B'),
      await publish(store, storyId, 'C'),
    ]
    const page = await store.reads.storyPage(storyId)
    assert.deepEqual(page?.items.map(idOf), [...ids].reverse())
    assert.equal(page?.face.story.seq, 5)
    assert.equal(page?.epoch, await store.reads.epoch())
    assert.equal(page?.face.postCount, 3)
    assert.equal((await store.reads.changesSince(storyId, page?.face.story.seq ?? -1))?.changes.length, 0)
  })

  test('a page read while editors write agrees with the log at its position', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const writing = Promise.all(Array.from({ length: 20 }, (_, n) => publish(store, storyId, `Post ${n}`)))
    const reading = await Promise.all(Array.from({ length: 10 }, () => store.reads.storyPage(storyId)))
    await writing
    for (const page of reading) assert.equal(page?.items.length, (page?.face.story.seq ?? 0) - 2)
  })

  test('older pages are closed ranges that do not shift, and the first page takes the rest', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const ids: string[] = []
    for (let n = 0; n < PAGE_SIZE * 2 + 3; n++) ids.push(await publish(store, storyId, `Post ${n}`))
    const first = await store.reads.storyPage(storyId)
    assert.deepEqual(first?.items.map(idOf), ids.slice(PAGE_SIZE).reverse())
    const older = await store.reads.storyPage(storyId, keysOf(1, PAGE_SIZE))
    assert.deepEqual(older?.items.map(idOf), ids.slice(0, PAGE_SIZE).reverse())
  })

  test('posts by a byline stand newest first, from public stories only, and only while they are published', async () => {
    const store = get()
    const name = `Zoë ${newId()}`
    const by = async (storyId: string, headline: string, ...names: string[]) => {
      const postId = newId()
      const content = {
        ...words(headline),
        tags: names,
        bylines: names.map((one) => ({ name: one, role: 'reporter' })),
      }
      await publishPost(store, ACTOR, storyId, { postId, content })
      await untilClockMoves(store, storyId)
      return postId
    }
    /** Those of a name and those of a topic are found alike. */
    const listed = async (limit: number) => {
      const found = await store.reads.postsBy(name, limit)
      assert.deepEqual(await store.reads.postsTagged(name, limit), found)
      return found
    }
    const [one, two] = [await liveStory(store), await liveStory(store)]
    const unlisted = await liveStory(store, { visibility: 'unlisted', slug: undefined })
    const ids = [await by(one, 'A', name), await by(two, 'B', 'Somebody', name), await by(one, 'C', name)]
    await by(unlisted, 'Hidden', name)
    await by(await liveStory(store, { visibility: 'private', slug: undefined }), 'Hidden', name)
    await by(one, 'Another', name.toUpperCase())
    const found = await listed(10)
    assert.deepEqual(
      found.map(({ story, post }) => [story.id, post.id]),
      [
        [one, ids[2]],
        [two, ids[1]],
        [one, ids[0]],
      ],
    )
    assert.deepEqual(
      (await listed(2)).map(({ post }) => post.id),
      [ids[2], ids[1]],
    )
    await withdrawPost(store, ACTOR, one, ids[2] ?? '', { trace: 'line', reason: '' })
    assert.equal((await listed(10)).length, 2)
    await setVisibility(store, ACTOR, two, { visibility: 'unlisted' })
    assert.deepEqual(
      (await listed(10)).map(({ post }) => post.id),
      [ids[0]],
    )
    await setVisibility(store, ACTOR, unlisted, { visibility: 'public' })
    assert.equal((await listed(10)).length, 2)
    await withdrawStory(store, ACTOR, one, '')
    await withdrawStory(store, ACTOR, unlisted, '')
    assert.deepEqual(await listed(10), [])
    assert.deepEqual(await store.reads.postsBy(`"}] ' ${name}`, 10), [])
    assert.deepEqual(await store.reads.postsTagged(`"] ' ${name}`, 10), [])
  })

  test('a withdrawn post leaves its grey line, or nothing at all', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const line = await publish(store, storyId, 'Secret line', { title: 'Secret turn' })
    const none = await publish(store, storyId, 'Secret none')
    const kept = await publish(store, storyId, 'Kept')
    await pinPost(store, ACTOR, storyId, line, true)
    await withdrawPost(store, ACTOR, storyId, line, { trace: 'line', reason: 'Wrong.' })
    await withdrawPost(store, ACTOR, storyId, none, { trace: 'none', reason: 'Law.' })
    const page = await store.reads.storyPage(storyId)
    assert.deepEqual(page?.items.map(idOf), [kept, line])
    assert.equal(page?.items[1]?.kind, 'trace')
    assert.equal(page?.face.postCount, 1)
    assert.deepEqual([page?.face.keyEvents, page?.face.pinned], [[], []])
    assert.ok(!JSON.stringify(page).includes('Secret'))
    assert.equal((await store.reads.postPage(storyId, line))?.item?.kind, 'trace')
    assert.equal((await store.reads.postPage(storyId, none))?.item, null)
    await withdrawPost(store, ACTOR, storyId, line, { trace: 'none', reason: '' })
    assert.deepEqual((await store.reads.storyPage(storyId))?.items.map(idOf), [kept])
  })

  test('key events stand newest first, pins with the newest pin first', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const one = await publish(store, storyId, 'One', { title: 'First turn' })
    const two = await publish(store, storyId, 'Two')
    const three = await publish(store, storyId, 'Three')
    await markKeyEvent(store, ACTOR, storyId, three, { title: 'Third turn' })
    await pinPost(store, ACTOR, storyId, three, true)
    await untilClockMoves(store, storyId)
    await pinPost(store, ACTOR, storyId, two, true)
    const face = (await store.reads.storyPage(storyId))?.face
    assert.deepEqual(
      face?.keyEvents.map((line) => [line.postId, line.title]),
      [
        [three, 'Third turn'],
        [one, 'First turn'],
      ],
    )
    assert.deepEqual(
      face?.pinned.map((post) => post.id),
      [two, three],
    )
    await markKeyEvent(store, ACTOR, storyId, three, null)
    assert.equal((await store.reads.storyPage(storyId))?.face.keyEvents.length, 1)
  })
}

export function front(get: Get): void {
  test('a story is found by slug or id, and shown on the front page when it is public', async () => {
    const store = get()
    const slug = `found-${newId()}`
    const storyId = await liveStory(store, { slug })
    const unlisted = await liveStory(store, { visibility: 'unlisted' })
    assert.equal((await store.reads.storyNamed(slug))?.id, storyId)
    assert.equal((await store.reads.storyNamed(storyId))?.name, slug)
    assert.equal((await store.reads.storyNamed(unlisted))?.name, unlisted)
    assert.equal(await store.reads.storyNamed('no-such-story'), null)
    const listed = (await store.reads.frontPage(1_000)).map((face) => face.story.id)
    assert.ok(listed.includes(storyId))
    assert.ok(!listed.includes(unlisted))
    assert.equal((await store.reads.frontPage(1)).length, 1)
  })

  test('all public stories are listed, the last changed first, with what a list tells of them', async () => {
    const store = get()
    const [one, two] = [await liveStory(store), await liveStory(store)]
    const unlisted = await liveStory(store, { visibility: 'unlisted' })
    await untilClockMoves(store, two)
    await publish(store, one, 'Makes it the last changed')
    const { stories, epoch } = await store.reads.listed(1_000)
    assert.equal(epoch, await store.reads.epoch())
    const ids = stories.map(({ id }) => id)
    assert.ok(ids.indexOf(one) < ids.indexOf(two))
    assert.ok(!ids.includes(unlisted))
    const story = await store.reads.storyNamed(one)
    const { id, name, title, language, seq, ordinal, startedAt } = story ?? assert.fail()
    const told = stories.find((listed) => listed.id === one)
    assert.deepEqual(told, { id, name, title, language, seq, ordinal, startedAt, changedAt: told?.changedAt })
    assert.ok((told?.changedAt ?? 0) >= (startedAt ?? 0))
    assert.equal((await store.reads.listed(1)).stories.length, 1)
  })

  test('live stories stand before ended ones', async () => {
    const store = get()
    const ended = await liveStory(store)
    const live = await liveStory(store)
    await endStory(store, ACTOR, ended)
    const order = (await store.reads.frontPage(1_000)).map((face) => face.story.id)
    assert.ok(order.indexOf(live) < order.indexOf(ended))
  })
}
