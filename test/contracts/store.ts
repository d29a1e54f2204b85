// What every store must do: the contract of src/store/contract.ts as tests, for any maker.
// Called by store-memory.test.ts and store-postgres.test.ts.
// Never looks behind the contract: it writes by newsroom acts and reads what the public reads.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decideRevise } from '../../src/domain/decide-post.ts'
import { isAppError } from '../../src/domain/error.ts'
import { parsePosition } from '../../src/domain/position.ts'
import { PAGE_SIZE } from '../../src/domain/post.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { MAX_CHANGES } from '../../src/store/contract.ts'

import { acts } from './store-acts.ts'
import { crossings } from './store-crossings.ts'
import { ACTOR, changes, type Get, head, liveStory, newId, publish, type StoreUnderTest, words } from './store-kit.ts'
import { notes } from './store-notes.ts'
import { front, pages } from './store-pages.ts'

const RING_WAIT_MS = 5_000 // a real doorbell crosses a socket

/** `make` is called once; the tests share the store and keep to stories of their own. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`the store contract, ${name}`, () => {
    let store: StoreUnderTest
    before(async () => {
      store = await make()
    })
    after(() => store.close())
    const get = () => store
    writing(get)
    transactions(get)
    following(get)
    pages(get)
    front(get)
    acts(get)
    notes(get)
    crossings(get)
    doorbell(get)
  })
}

function writing(get: Get): void {
  test('fifty acts at once take dense positions in the order of their commits', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const receipts = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        publishPost(store, ACTOR, storyId, { postId: newId(), content: words(`Post ${n}`) }),
      ),
    )
    const seqs = receipts.map((receipt) => parsePosition(receipt.position).seq).sort((a, b) => a - b)
    assert.deepEqual(
      seqs,
      Array.from({ length: 50 }, (_, n) => n + 3),
    )
    const log = await changes(store, storyId, 0)
    assert.deepEqual(
      log.changes.map((change) => change.seq),
      Array.from({ length: 52 }, (_, n) => n + 1),
    )
    const keys = log.changes.flatMap((change) => (change.outcome === 'post' ? [change.post.orderKey] : []))
    assert.deepEqual(
      keys,
      [...new Set(keys)].sort((a, b) => a - b),
      'order keys follow the commits',
    )
  })

  test('a repeated request is answered with the same revision and writes nothing', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = newId()
    const act = { postId, content: words('Once') }
    const receipts = await Promise.all([1, 2, 3].map(() => publishPost(store, ACTOR, storyId, act)))
    assert.deepEqual(receipts.map((receipt) => receipt.repeated).sort(), [false, true, true])
    assert.deepEqual([...new Set(receipts.map((receipt) => receipt.revision))], [1])
    assert.equal(await head(store, storyId), 3)
    const settings = { title: `Story ${storyId}`, slug: `story-${storyId}` }
    for (const same of [settings, { title: settings.title }])
      assert.equal((await createStory(store, ACTOR, storyId, same)).repeated, true)
    const others = [{ title: 'Other title' }, { ...settings, slug: 'other' }, { title: settings.title, language: 'he' }]
    for (const other of others)
      await assert.rejects(createStory(store, ACTOR, storyId, other), (error) => isAppError(error, 'conflict'))
    assert.equal(await head(store, storyId), 3)
  })

  test('a stale revision is a conflict that shows the current one and leaves the row', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'First')
    await revisePost(store, ACTOR, storyId, postId, { revision: 1, content: words('Second') })
    await assert.rejects(
      revisePost(store, ACTOR, storyId, postId, { revision: 1, content: words('Lost update') }),
      (error) => isAppError(error, 'conflict') && (error.details as { revision: number }).revision === 2,
    )
    const page = await store.reads.postPage(storyId, postId)
    assert.equal(page?.item?.kind === 'post' && page.item.post.content.headline, 'Second')
    assert.equal(await head(store, storyId), 4)
  })

  test('of two editors with the same revision one wins and nothing is overwritten', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'First')
    const tries = await Promise.allSettled(
      ['Left', 'Right'].map((headline) =>
        revisePost(store, ACTOR, storyId, postId, { revision: 1, content: words(headline) }),
      ),
    )
    assert.deepEqual(tries.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
    assert.equal(await head(store, storyId), 4)
  })

  test('a taken slug is a conflict and the second story is not there', async () => {
    const store = get()
    const slug = `taken-${newId()}`
    await createStory(store, ACTOR, newId(), { title: 'One', slug })
    const loser = newId()
    await assert.rejects(createStory(store, ACTOR, loser, { title: 'Two', slug }), (error) =>
      isAppError(error, 'conflict'),
    )
    assert.equal(await store.reads.storyNamed(loser), null)
    const racing = await Promise.allSettled(
      [newId(), newId()].map((id) => createStory(store, ACTOR, id, { title: 'Race', slug: `race-${slug}` })),
    )
    assert.deepEqual(racing.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  })
}

function transactions(get: Get): void {
  test('an act that throws after recording leaves no row, no entry and no hole', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Kept')
    const failing = store.acts.act(storyId, async (act) => {
      const post = await act.post(postId)
      assert.ok(act.story && post)
      const content = { ...post.content, headline: 'Never seen' }
      const receipt = await act.record(ACTOR, decideRevise(act.story, post, 1, content, act.now))
      assert.equal(parsePosition(receipt.position).seq, 4)
      throw new Error('the process fell over')
    })
    await assert.rejects(failing, /fell over/)
    assert.equal(await head(store, storyId), 3)
    const page = await store.reads.postPage(storyId, postId)
    assert.equal(page?.item?.kind === 'post' && page.item.post.content.headline, 'Kept')
    await publish(store, storyId, 'Next')
    assert.deepEqual(
      (await changes(store, storyId, 2)).changes.map((change) => change.seq),
      [3, 4],
    )
  })

  test('an unfinished act is seen by nobody', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Before')
    await store.acts.act(storyId, async (act) => {
      const post = await act.post(postId)
      assert.ok(act.story && post)
      await act.record(ACTOR, decideRevise(act.story, post, 1, { ...post.content, headline: 'After' }, act.now))
      assert.equal(await head(store, storyId), 3)
      const page = await store.reads.postPage(storyId, postId)
      assert.equal(page?.item?.kind === 'post' && page.item.post.content.headline, 'Before')
    })
    assert.equal(await head(store, storyId), 4)
  })

  test('an act on a story that is not there sees null', async () => {
    await get().acts.act(newId(), async (act) => {
      assert.equal(act.story, null)
      assert.equal(await act.post(newId()), null)
      assert.ok(act.now > 0)
    })
  })

  test('a private story takes no public position and shows nothing anywhere', async () => {
    const store = get()
    const storyId = newId()
    const created = await createStory(store, ACTOR, storyId, { title: 'Quiet', visibility: 'private' })
    await startStory(store, ACTOR, storyId)
    const postId = await publish(store, storyId, 'Inside')
    assert.equal(parsePosition(created.position).seq, 0)
    assert.equal(await store.reads.storyNamed(storyId), null)
    assert.equal(await store.reads.storyPage(storyId), null)
    assert.equal(await store.reads.postPage(storyId, postId), null)
    assert.equal(await store.reads.changesSince(storyId, 0), null)
    assert.equal((await store.reads.heads([storyId])).size, 0)
  })
}

function following(get: Get): void {
  test('the log goes out folded: an entry tells the newest look or only that it is superseded', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const kept = await publish(store, storyId, 'Kept') // 3
    const revised = await publish(store, storyId, 'Old words') // 4
    const line = await publish(store, storyId, 'Wrong, traced') // 5
    const none = await publish(store, storyId, 'Wrong, gone') // 6
    await correctPost(store, ACTOR, storyId, revised, { revision: 1, content: words('New words'), note: 'We erred.' }) // 7
    await withdrawPost(store, ACTOR, storyId, line, { trace: 'line', reason: 'Not true.' }) // 8
    await withdrawPost(store, ACTOR, storyId, none, { trace: 'none', reason: 'Secret reason.' }) // 9
    const found = await changes(store, storyId, 0)
    assert.equal(found.head, 9)
    assert.equal(found.face.story.seq, 9)
    assert.deepEqual(
      found.changes.map((change) => [change.seq, change.kind, change.outcome]),
      [
        [1, 'story-opened', 'story'],
        [2, 'story-started', 'story'],
        [3, 'post-published', 'post'],
        [4, 'post-published', 'superseded'],
        [5, 'post-published', 'superseded'],
        [6, 'post-published', 'superseded'],
        [7, 'post-corrected', 'post'],
        [8, 'post-withdrawn', 'trace'],
        [9, 'post-withdrawn', 'gone'],
      ],
    )
    const [, , third, fourth, , , seventh, eighth, ninth] = found.changes
    assert.equal(third?.outcome === 'post' && third.post.id, kept)
    assert.deepEqual(fourth && { ...fourth, at: 0 }, {
      seq: 4,
      kind: 'post-published',
      at: 0,
      outcome: 'superseded',
      postId: revised,
    })
    assert.equal(seventh?.outcome === 'post' && seventh.post.content.headline, 'New words')
    assert.equal(seventh?.outcome === 'post' && seventh.post.corrections[0]?.note, 'We erred.')
    assert.equal(eighth?.outcome === 'trace' && eighth.trace.reason, 'Not true.')
    assert.equal(ninth?.outcome === 'gone' && ninth.postId, none)
    const sent = JSON.stringify(found)
    for (const hidden of ['Old words', 'Wrong, traced', 'Wrong, gone', 'Secret reason'])
      assert.ok(!sent.includes(hidden))
  })

  test('a version is the position of the entry that tells how the post looks', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'One')
    await pinPost(store, ACTOR, storyId, postId, true)
    await revisePost(store, ACTOR, storyId, postId, { revision: 1, content: words('Two') })
    const found = await changes(store, storyId, 2)
    assert.deepEqual(
      found.changes.map((change) => change.outcome),
      ['superseded', 'superseded', 'post'],
    )
    const last = found.changes.at(-1)
    assert.equal(last?.outcome === 'post' && last.post.version, 5)
    assert.equal(found.face.story.version, 5, 'a pinned post changes the story’s own parts')
  })

  test('at the head there is nothing to tell; ahead of it, unknown or too far behind is null', async () => {
    const store = get()
    const storyId = await liveStory(store)
    assert.deepEqual((await changes(store, storyId, 2)).changes, [])
    assert.equal(await store.reads.changesSince(storyId, 3), null)
    assert.equal(await store.reads.changesSince(newId(), 0), null)
    for (let n = 0; n < 4; n++) await publish(store, storyId, `Post ${n}`)
    assert.equal(await store.reads.changesSince(storyId, 2, 3), null)
    assert.equal((await store.reads.changesSince(storyId, 3, 3))?.changes.length, 3)
    assert.ok(MAX_CHANGES >= PAGE_SIZE)
  })

  test('heads are told of what is public only', async () => {
    const store = get()
    const [one, two] = [await liveStory(store), await liveStory(store)]
    await publish(store, two, 'More')
    const heads = await store.reads.heads([one, two, newId()])
    assert.deepEqual(Object.fromEntries(heads), { [one]: 2, [two]: 3 })
    assert.equal((await store.reads.heads([])).size, 0)
  })
}

function doorbell(get: Get): void {
  test('the doorbell rings after the commit with the position, and not for what changed nothing', async () => {
    const store = get()
    let any = false
    let storyId = ''
    const rings: number[] = []
    let heard = () => {}
    const stop = store.doorbell.listen((id, seq) => {
      any = true
      if (id !== storyId) return
      rings.push(seq)
      if (seq === 4) heard()
    })
    await untilListening(store, () => any)
    storyId = newId()
    await createStory(store, ACTOR, storyId, { title: 'Rings', slug: `rings-${storyId}` }) // 1
    await startStory(store, ACTOR, storyId) // 2
    const postId = await publish(store, storyId, 'Rung') // 3
    await publishPost(store, ACTOR, storyId, { postId, content: words('Rung') }) // repeated
    await assert.rejects(revisePost(store, ACTOR, storyId, postId, { revision: 9, content: words('Stale') }))
    const last = new Promise<void>((resolve) => {
      heard = resolve
    })
    await store.acts.act(storyId, async (act) => {
      const post = await act.post(postId)
      assert.ok(act.story && post)
      await act.record(ACTOR, decideRevise(act.story, post, 1, { ...post.content, headline: 'Later' }, act.now)) // 4
      assert.ok(!rings.includes(4), 'no ring before the commit')
    })
    await within(RING_WAIT_MS, last)
    assert.deepEqual([...new Set(rings)].sort(), [1, 2, 3, 4])
    stop()
  })
}

/** A real doorbell listens on a connection that may still be opening: a fresh story is opened until a ring is heard. */
async function untilListening(store: StoreUnderTest, heardAny: () => boolean): Promise<void> {
  for (const end = Date.now() + RING_WAIT_MS; !heardAny() && Date.now() < end; ) {
    await liveStory(store)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no ring was heard')), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
