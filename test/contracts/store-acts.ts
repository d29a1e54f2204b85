// Acts of the store contract that change more than one thing: opening a private story, withdrawing one, parts, order, copies, undo.
// Called by store.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAppError } from '../../src/domain/error.ts'
import { approvePost } from '../../src/newsroom/approve-post.ts'
import { changeStory } from '../../src/newsroom/change-story.ts'
import { continueStory } from '../../src/newsroom/continue-story.ts'
import { copyPost } from '../../src/newsroom/copy-post.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { discardDraft } from '../../src/newsroom/discard-draft.ts'
import { embargoPost } from '../../src/newsroom/embargo-post.ts'
import { endStory } from '../../src/newsroom/end-story.ts'
import { flagPost } from '../../src/newsroom/flag-post.ts'
import { moveDraft } from '../../src/newsroom/move-draft.ts'
import { pauseStory, resumeStory } from '../../src/newsroom/pause-story.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { releasePosts } from '../../src/newsroom/release-post.ts'
import { reorderPost } from '../../src/newsroom/reorder-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { schedulePost } from '../../src/newsroom/schedule-post.ts'
import { setSummary } from '../../src/newsroom/set-summary.ts'
import { setVisibility } from '../../src/newsroom/set-visibility.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
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
  untilClockMoves,
  words,
} from './store-kit.ts'

/** No person: its rights cannot be lost before the moment. */
const CLOCK = { ...ACTOR, id: 'system:test', credential: 'system:test' }
const paragraph = (text: string) => ({ type: 'paragraph' as const, text: [{ text }] })

async function idsOf(store: StoreUnderTest, storyId: string): Promise<string[]> {
  return ((await store.reads.storyPage(storyId))?.items ?? []).map(idOf)
}

export function acts(get: Get): void {
  test('drafts, reviews and schedules move no public position; approval does', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = newId()
    await saveDraft(store, ACTOR, storyId, { postId, revision: 0, content: words('Draft') })
    await saveDraft(store, ACTOR, storyId, { postId, revision: 1, content: words('Draft two') })
    const far = Date.now() + 3_600_000
    await schedulePost(store, ACTOR, storyId, postId, { revision: 2, release: { at: far, zone: 'UTC' } })
    await schedulePost(store, ACTOR, storyId, postId, { revision: 2, release: null })
    await submitPost(store, ACTOR, storyId, postId, 2)
    assert.equal(await head(store, storyId), 2)
    assert.deepEqual(await idsOf(store, storyId), [])
    await approvePost(store, ACTOR, storyId, postId, { revision: 2 })
    assert.deepEqual([await head(store, storyId), await idsOf(store, storyId)], [3, [postId]])
  })

  test('a post that is due is released once, however often and by whomever it is asked for', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = newId()
    await saveDraft(store, ACTOR, storyId, { postId, revision: 0, content: words('At six') })
    const clock = () => store.acts.act(storyId, async (act) => act.now)
    const at = (await clock()) + 1_500
    await schedulePost(store, CLOCK, storyId, postId, { revision: 1, release: { at, zone: 'UTC' } })
    const early = await releasePosts(store, ACTOR, storyId, [postId])
    // A machine that took so long that the moment came meanwhile has released it rightly.
    if ((await clock()) < at) assert.deepEqual([early[0]?.outcome, await head(store, storyId)], ['not-due', 2])
    while ((await clock()) < at) await new Promise((done) => setTimeout(done, 20))
    const tries = await Promise.all([1, 2, 3].map(() => releasePosts(store, ACTOR, storyId, [postId])))
    const outcomes = [...early, ...tries.flat()].map((one) => one.outcome)
    assert.equal(outcomes.filter((outcome) => outcome === 'released').length, 1)
    assert.deepEqual([await head(store, storyId), await idsOf(store, storyId)], [3, [postId]])
  })

  test('a private story opens with everything published in it, each post at a position of its own', async () => {
    const store = get()
    const storyId = newId()
    await createStory(store, ACTOR, storyId, { title: 'Opens', visibility: 'private' })
    await startStory(store, ACTOR, storyId)
    const posts = [await publish(store, storyId, 'One'), await publish(store, storyId, 'Two')]
    const gone = await publish(store, storyId, 'Taken back before')
    await withdrawPost(store, ACTOR, storyId, gone, { trace: 'line', reason: 'x' })
    await setVisibility(store, ACTOR, storyId, { visibility: 'unlisted' })
    const found = await changes(store, storyId, 0)
    assert.deepEqual(
      found.changes.map((change) => [change.seq, change.kind, change.outcome]),
      [
        [1, 'story-opened', 'story'],
        [2, 'post-published', 'post'],
        [3, 'post-published', 'post'],
      ],
    )
    assert.deepEqual(await idsOf(store, storyId), posts.toReversed())
    assert.equal((await store.reads.storyNamed(storyId))?.name, storyId)
    const slug = `opens-${storyId}`
    await setVisibility(store, ACTOR, storyId, { visibility: 'public', slug })
    assert.equal((await store.reads.storyNamed(storyId))?.name, slug)
    await assert.rejects(setVisibility(store, ACTOR, storyId, { visibility: 'private' }), (error) =>
      isAppError(error, 'conflict'),
    )
    const unlisted = await liveStory(store, { visibility: 'unlisted' })
    await assert.rejects(setVisibility(store, ACTOR, unlisted, { visibility: 'private' }), /What readers could open/)
  })

  test('a withdrawn story is nowhere, takes nothing more, and its neighbours no longer point to it', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const post = await publish(store, storyId, 'Said')
    const nextId = newId()
    await continueStory(store, ACTOR, storyId, {
      nextId,
      settings: { title: 'Part two', slug: `two-${nextId}` },
      newId,
    })
    assert.equal((await store.reads.storyNamed(storyId))?.next?.title, 'Part two')
    const before = await head(store, storyId)
    await withdrawStory(store, ACTOR, nextId, 'A mistake')
    assert.equal((await withdrawStory(store, ACTOR, nextId, 'A mistake')).repeated, true)
    assert.equal(await store.reads.storyNamed(nextId), null)
    assert.equal(await store.reads.storyPage(nextId), null)
    assert.equal(await store.reads.changesSince(nextId, 0), null)
    assert.equal((await store.reads.heads([nextId])).size, 0)
    assert.deepEqual([(await store.reads.storyNamed(storyId))?.next, await head(store, storyId)], [null, before + 1])
    await assert.rejects(publishPost(store, ACTOR, nextId, { postId: newId(), content: words('x') }), (error) =>
      isAppError(error, 'conflict'),
    )
    assert.ok(await store.reads.postPage(storyId, post))
  })

  test('a story goes on in its next part, which takes over summary and pinned posts', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const pinned = [await publish(store, storyId, 'First pin'), await publish(store, storyId, 'Second pin')]
    for (const postId of pinned) await pinPost(store, ACTOR, storyId, postId, true)
    const note = 'The name was wrong.'
    await correctPost(store, ACTOR, storyId, pinned[0] ?? '', { revision: 1, content: words('First pin'), note })
    await setSummary(store, ACTOR, storyId, { revision: 1, blocks: [paragraph('So far.')] })
    const nextId = newId()
    const input = { nextId, settings: { title: 'Next', slug: `next-${nextId}` }, newId }
    await continueStory(store, ACTOR, storyId, input)
    assert.equal((await continueStory(store, ACTOR, storyId, input)).repeated, true)
    const titled = { ...input, settings: { ...input.settings, title: 'Not what was opened' } }
    await assert.rejects(continueStory(store, ACTOR, storyId, titled), (error) => isAppError(error, 'conflict'))
    const [old, next] = [await store.reads.storyNamed(storyId), await store.reads.storyPage(nextId)]
    assert.deepEqual([old?.state, old?.next?.id, next?.face.story.previous?.id], ['ended', nextId, storyId])
    assert.equal(next?.face.story.state, 'live')
    assert.deepEqual(next?.face.story.summary?.blocks, [paragraph('So far.')])
    assert.deepEqual(next?.face.pinned.map((post) => post.content.headline).sort(), ['First pin', 'Second pin'])
    const notes = next?.face.pinned.flatMap((post) => post.corrections.map((correction) => correction.note))
    assert.deepEqual(notes, [note], 'what was wrong is said in the new part too')
    await assert.rejects(startStory(store, ACTOR, storyId), (error) => isAppError(error, 'conflict'))
    const told = await head(store, nextId)
    await changeStory(store, ACTOR, storyId, { revision: 2, change: { title: 'Part one' } })
    assert.equal((await store.reads.storyNamed(nextId))?.previous?.title, 'Part one')
    assert.equal(await head(store, nextId), told + 1, 'the banner of the next part is made anew')
    const other = { ...input, nextId: newId() }
    await assert.rejects(continueStory(store, ACTOR, storyId, other), (error) => isAppError(error, 'conflict'))
  })

  test('the next part never takes the place of a story that is there', async () => {
    const store = get()
    const [storyId, there] = [await liveStory(store), await liveStory(store, { visibility: 'private' })]
    const post = await publish(store, there, 'Stays')
    const settings = { title: 'Next', visibility: 'private' as const }
    for (const nextId of [there, storyId])
      await assert.rejects(continueStory(store, ACTOR, storyId, { nextId, settings, newId }), (error) =>
        isAppError(error, 'conflict'),
      )
    await setVisibility(store, ACTOR, there, { visibility: 'unlisted' })
    assert.deepEqual(
      [(await store.reads.storyNamed(there))?.title, await idsOf(store, there)],
      [`Story ${there}`, [post]],
    )
  })

  test('an address is refused where it would be thrown away', async () => {
    const store = get()
    const slug = `kept-${newId()}`
    const refused = (work: Promise<unknown>, code: 'invalid' | 'conflict', pointer: string | null) =>
      assert.rejects(work, (error) => {
        const { errors } = (error as { details: { errors?: { pointer: string }[] } }).details
        return isAppError(error, code) && (pointer === null || errors?.[0]?.pointer === pointer)
      })
    const hidden = { title: 'A', visibility: 'private' as const, slug }
    await refused((async () => createStory(store, ACTOR, newId(), hidden))(), 'invalid', null)
    const storyId = await liveStory(store, { visibility: 'private' })
    await refused(setVisibility(store, ACTOR, storyId, { visibility: 'unlisted', slug }), 'invalid', '#/slug')
    await setVisibility(store, ACTOR, storyId, { visibility: 'public', slug })
    assert.equal((await setVisibility(store, ACTOR, storyId, { visibility: 'public', slug })).repeated, true)
    const other = { visibility: 'public' as const, slug: `other-${slug}` }
    await refused(setVisibility(store, ACTOR, storyId, other), 'conflict', '#/slug')
    const next = { nextId: newId(), settings: { title: 'Next', slug }, newId }
    await refused(continueStory(store, ACTOR, storyId, next), 'conflict', '#/settings/slug')
  })

  test('posts are moved between any two others, and to both ends', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const [a = '', b = '', c = ''] = [
      await publish(store, storyId, 'a'),
      await publish(store, storyId, 'b'),
      await publish(store, storyId, 'c'),
    ]
    await reorderPost(store, ACTOR, storyId, a, { side: 'above', postId: c })
    assert.deepEqual(await idsOf(store, storyId), [a, c, b])
    await reorderPost(store, ACTOR, storyId, a, { side: 'below', postId: c })
    assert.deepEqual(await idsOf(store, storyId), [c, a, b])
    assert.equal((await reorderPost(store, ACTOR, storyId, a, { side: 'above', postId: b })).repeated, true)
    await reorderPost(store, ACTOR, storyId, c, { side: 'below', postId: b })
    assert.deepEqual(await idsOf(store, storyId), [a, b, c])
    const d = await publish(store, storyId, 'd')
    assert.deepEqual(await idsOf(store, storyId), [d, a, b, c])
    const kinds = (await changes(store, storyId, 5)).changes.map((change) => change.kind)
    assert.deepEqual(kinds, ['post-moved', 'post-moved', 'post-moved', 'post-published'])
  })

  test('withdrawing an original asks about its copies, and takes them along when told to', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    const original = await publish(store, from, 'Said twice')
    const copy = newId()
    await copyPost(store, ACTOR, to, { from: { storyId: from, postId: original }, postId: copy, publish: true })
    const again = newId()
    await copyPost(store, ACTOR, to, { from: { storyId: to, postId: copy }, postId: again, publish: false })
    const asked = withdrawPost(store, ACTOR, from, original, { trace: 'none', reason: '' })
    await assert.rejects(
      asked,
      (error) =>
        isAppError(error, 'conflict') &&
        JSON.stringify(error.details) === JSON.stringify({ copies: [{ storyId: to, postId: copy }] }),
    )
    assert.deepEqual(await idsOf(store, from), [original])
    await withdrawPost(store, ACTOR, from, original, { trace: 'none', reason: '', copies: 'withdraw' })
    assert.deepEqual([await idsOf(store, from), await idsOf(store, to)], [[], []])
  })

  test('an undone publication leaves nothing but its id, and may be published again', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Too soon', { title: 'Too soon' })
    await undoPublish(store, ACTOR, storyId, postId)
    const found = await changes(store, storyId, 2)
    assert.deepEqual(
      found.changes.map((change) => change.outcome),
      ['superseded', 'gone'],
    )
    assert.deepEqual([found.face.keyEvents, found.face.postCount], [[], 0])
    await publishPost(store, ACTOR, storyId, { postId, content: words('Now'), revision: 1 })
    assert.deepEqual(await idsOf(store, storyId), [postId])
    const last = (await changes(store, storyId, 4)).changes[0]
    assert.equal(last?.outcome === 'post' && last.post.content.headline, 'Now')
  })

  test('the time of the last update is that of its news, not of opening, starting, pausing or arranging', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const updatedAt = async () => (await store.reads.storyPage(storyId))?.face.updatedAt
    const lastAt = async () => (await changes(store, storyId, (await head(store, storyId)) - 1)).changes[0]?.at
    assert.equal(await updatedAt(), null, 'nothing was published yet')
    const postId = await publish(store, storyId, 'News')
    const published = await lastAt()
    assert.equal(await updatedAt(), published)
    await untilClockMoves(store, storyId)
    await pauseStory(store, ACTOR, storyId)
    await resumeStory(store, ACTOR, storyId)
    await pinPost(store, ACTOR, storyId, postId, true)
    await setVisibility(store, ACTOR, storyId, { visibility: 'unlisted' })
    assert.equal(await updatedAt(), published)
    await setSummary(store, ACTOR, storyId, { revision: 1, blocks: [paragraph('In short.')] })
    const summed = (await store.reads.storyNamed(storyId))?.summary?.at ?? 0
    assert.ok(summed > (published ?? 0))
    assert.equal(await updatedAt(), summed)
    await untilClockMoves(store, storyId)
    await correctPost(store, ACTOR, storyId, postId, { revision: 1, content: words('Right'), note: 'It was wrong.' })
    assert.equal(await updatedAt(), await lastAt())
    await withdrawPost(store, ACTOR, storyId, postId, { trace: 'none', reason: '' })
    assert.equal(await updatedAt(), null)
  })

  test('a draft is discarded for good, also an undone publication: no position moves, and its id is not used again', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Too soon')
    await undoPublish(store, ACTOR, storyId, postId)
    const before = await changes(store, storyId, 0)
    await assert.rejects(discardDraft(store, ACTOR, storyId, postId, 9), (error) => isAppError(error, 'conflict'))
    await discardDraft(store, ACTOR, storyId, postId, 1)
    assert.equal((await discardDraft(store, ACTOR, storyId, postId, 1)).repeated, true)
    assert.deepEqual(await changes(store, storyId, 0), before)
    const kept = await store.acts.act(storyId, (act) => act.post(postId))
    assert.deepEqual([kept?.content.headline, kept?.content.blocks, kept?.revision], ['', [], 2])
    const again = { postId, revision: 0, content: words('Again') }
    await assert.rejects(saveDraft(store, ACTOR, storyId, again), (error) => isAppError(error, 'conflict'))
    const out = publishPost(store, ACTOR, storyId, { postId, content: words('Again') })
    await assert.rejects(out, (error) => isAppError(error, 'conflict'))
  })

  test('a waiting post is moved to another story with its author, embargo and schedule, once, and is no longer in this one', async () => {
    const store = get()
    const [from, to] = [await liveStory(store), await liveStory(store)]
    const [postId, there] = [newId(), newId()]
    const keyEvent = { title: 'The turn' }
    await saveDraft(store, CLOCK, from, { postId, revision: 0, content: words('At six'), keyEvent })
    const at = Date.now() + 3_600_000
    await embargoPost(store, CLOCK, from, postId, { embargo: { until: at, zone: 'UTC' } })
    await schedulePost(store, CLOCK, from, postId, { revision: 1, release: { at, zone: 'UTC' } })
    const input = { from: { storyId: from, postId }, postId: there }
    await moveDraft(store, ACTOR, to, input)
    assert.equal((await moveDraft(store, ACTOR, to, input)).repeated, true)
    const moved = await store.acts.act(to, (act) => act.post(there))
    assert.deepEqual([moved?.storyId, moved?.state, moved?.createdBy], [to, 'scheduled', CLOCK.id])
    assert.deepEqual(
      [moved?.keyEvent, moved?.embargo?.until, moved?.release],
      [keyEvent, at, { at, zone: 'UTC', by: CLOCK.id }],
    )
    assert.equal((await store.acts.act(from, (act) => act.post(postId)))?.state, 'withdrawn')
    assert.deepEqual([await head(store, from), await head(store, to)], [2, 2])
    const back = moveDraft(store, ACTOR, from, { from: { storyId: to, postId: there }, postId })
    await assert.rejects(back, (error) => isAppError(error, 'conflict'), 'the old id is not used again')
    await endStory(store, ACTOR, from)
    const ended = moveDraft(store, ACTOR, from, { from: { storyId: to, postId: there }, postId: newId() })
    await assert.rejects(ended, (error) => isAppError(error, 'conflict'))
  })

  test('a story is paused, resumed, renamed and summed up; a stale change is a conflict', async () => {
    const store = get()
    const storyId = await liveStory(store)
    await pauseStory(store, ACTOR, storyId)
    assert.equal((await store.reads.storyNamed(storyId))?.state, 'paused')
    await resumeStory(store, ACTOR, storyId)
    await changeStory(store, ACTOR, storyId, { revision: 1, change: { title: 'Renamed', language: 'he' } })
    const renamed = await store.reads.storyNamed(storyId)
    assert.deepEqual([renamed?.title, renamed?.direction, renamed?.state], ['Renamed', 'rtl', 'live'])
    await assert.rejects(changeStory(store, ACTOR, storyId, { revision: 1, change: { title: 'Lost' } }), (error) =>
      isAppError(error, 'conflict'),
    )
    await setSummary(store, ACTOR, storyId, { revision: 2, blocks: [paragraph('In short.')] })
    assert.deepEqual((await store.reads.storyNamed(storyId))?.summary?.blocks, [paragraph('In short.')])
    const postId = await publish(store, storyId, 'Perhaps')
    await flagPost(store, ACTOR, storyId, postId, { verification: 'unconfirmed', breaking: true })
    const item = (await store.reads.postPage(storyId, postId))?.item
    assert.ok(item?.kind === 'post' && item.post.content.breaking && item.post.updatedAt === null)
  })
}
