// Withdrawing a photo over a real store: several stories, cut half-way, done twice, racing with a publication.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../test/helpers/acts.ts'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import type { PostContentInput } from '../domain/content.ts'
import { AppError, isAppError } from '../domain/error.ts'
import type { ActStore } from '../store/contract.ts'
import { changeStory } from './change-story.ts'
import { continueStory } from './continue-story.ts'
import { publishPost } from './publish-post.ts'
import { revisePost } from './revise-post.ts'
import { finishPhotoWithdrawal, withdrawPhoto } from './withdraw-photo.ts'

let store: TestStore
before(async () => {
  store = await openTestStore()
})
after(() => store.close())

const desk = () => ({ acts: store.acts, photos: store.media })

async function photo(): Promise<string> {
  const id = newId()
  await store.media.save({ id, width: 9, height: 9, bytes: 9, metadata: {}, createdBy: EDITOR.id })
  return id
}

const showing = (media: string, headline = 'H'): PostContentInput => ({
  headline,
  blocks: [{ type: 'image', media, alt: '', caption: 'Caption', credit: 'Credit' }],
})

const changes = async (storyId: string) => (await store.reads.changesSince(storyId, 2))?.changes ?? []
const media = async (storyId: string) => JSON.stringify(await store.reads.storyPage(storyId))

describe('withdrawing a photo', () => {
  it('takes it out of every story, one public entry for each post, in the name of who did it', async () => {
    const id = await photo()
    const stories = [await liveStory(store), await liveStory(store)]
    for (const story of stories) {
      await publish(store, story.id, showing(id))
      await publish(store, story.id, words('Other'))
      await publish(store, story.id, showing(id, 'Second'))
    }
    const receipts = await withdrawPhoto(desk(), EDITOR, id, { reason: 'Rights' })
    assert.equal(receipts.length, 4)
    for (const story of stories) {
      const kinds = (await changes(story.id)).map((change) => [change.seq, change.kind, change.outcome])
      assert.deepEqual(kinds.slice(3), [
        [6, 'photo-withdrawn', 'post'],
        [7, 'photo-withdrawn', 'post'],
      ])
      assert.deepEqual(kinds[0], [3, 'post-published', 'superseded'])
      assert.doesNotMatch(await media(story.id), new RegExp(`${id}|Caption|Credit`))
      const entries = await store.db
        .selectFrom('desk_entry')
        .select(['actor_name', 'payload'])
        .where('story_id', '=', story.id)
        .where('kind', '=', 'withdraw-photo')
        .execute()
      assert.deepEqual(
        entries.map((entry) => [entry.actor_name, entry.payload?.reason]),
        [
          ['Ada', 'Rights'],
          ['Ada', 'Rights'],
        ],
      )
    }
    assert.deepEqual(await withdrawPhoto(desk(), EDITOR, id, { reason: 'Again' }), [], 'twice is as once')
    assert.equal((await store.media.withdrawal(id))?.reason, 'Rights')
  })

  it('cut half-way is served nowhere already, and goes on where it was', async () => {
    const id = await photo()
    const stories = [await liveStory(store), await liveStory(store), await liveStory(store)]
    for (const story of stories) await publish(store, story.id, showing(id))
    const uses = await store.media.usesOf(id)
    let done = 0
    const dying: ActStore = {
      act: (storyId, work) => {
        if (done++ >= 1) throw new AppError('unavailable', 'The power is gone.')
        return store.acts.act(storyId, work)
      },
    }
    await assert.rejects(withdrawPhoto({ acts: dying, photos: store.media }, EDITOR, id, { reason: '' }), {
      code: 'unavailable',
    })
    assert.equal(await store.media.isPublic(id), false)
    assert.equal(await store.media.isKept(id), false)
    assert.deepEqual(await store.media.usesOf(id), uses.slice(1))
    assert.deepEqual(await store.mediaJobs.unfinishedWithdrawals(), [id])
    assert.equal((await finishPhotoWithdrawal(desk(), id)).length, 2)
    assert.deepEqual(await store.mediaJobs.unfinishedWithdrawals(), [])
    for (const story of stories) assert.equal((await changes(story.id)).length, 2)
  })

  it('lets no later post use it, whatever the act', async () => {
    const id = await photo()
    const story = await liveStory(store)
    const postId = await publish(store, story.id, words('Plain'))
    await withdrawPhoto(desk(), EDITOR, id, { reason: '' })
    await assert.rejects(publish(store, story.id, showing(id)), { code: 'invalid' })
    await assert.rejects(revisePost(store, EDITOR, story.id, postId, { revision: 1, content: showing(id) }), {
      code: 'invalid',
    })
    assert.equal(
      await store.media.save({ id, width: 9, height: 9, bytes: 9, metadata: {}, createdBy: EDITOR.id }),
      false,
      'nor may it be brought again',
    )
  })

  it('wins every race with posts that take it up', async () => {
    const story = await liveStory(store)
    for (let round = 0; round < 8; round++) {
      const id = await photo()
      const posts = Array.from({ length: 4 }, (_, n) =>
        publishPost(store, EDITOR, story.id, { postId: newId(), content: showing(id, `Race ${round} ${n}`) }).then(
          () => 'published',
          (error: AppError) => error.code,
        ),
      )
      const withdrawn = withdrawPhoto(desk(), EDITOR, id, { reason: '' })
      for (const outcome of await Promise.all(posts)) assert.match(outcome, /^(published|invalid)$/)
      await withdrawn
      assert.deepEqual(await store.media.usesOf(id), [])
      assert.ok(!(await media(story.id)).includes(id))
    }
  })

  it('asks for the right to do it, and for a photo that is there', async () => {
    const id = await photo()
    for (const role of ['reporter', 'contributor', 'viewer'] as const)
      await assert.rejects(withdrawPhoto(desk(), { ...EDITOR, role }, id, { reason: '' }), { code: 'forbidden' })
    assert.equal(await store.media.isKept(id), true)
    for (const unknown of [newId(), 'x', `${id}'`])
      await assert.rejects(withdrawPhoto(desk(), EDITOR, unknown, { reason: '' }), { code: 'not_found' })
  })

  it('finds a story that shows it as its lead alone, where the withdrawal was cut off', async () => {
    const { id: storyId } = await liveStory(store)
    const id = await photo()
    const lead = { type: 'image' as const, media: id, alt: '', caption: 'Caption', credit: '' }
    await changeStory(store, EDITOR, storyId, { revision: 1, change: { lead } })
    await store.media.markWithdrawn(id, { by: EDITOR, reason: '' }) // and the node that did it died
    assert.ok((await store.mediaJobs.unfinishedWithdrawals()).includes(id))
    const settings = { title: 'Next', slug: `next-${storyId}` }
    const goesOn = continueStory(store, EDITOR, storyId, { nextId: newId(), settings, newId })
    await assert.rejects(goesOn, (error) => isAppError(error, 'invalid'))
    await finishPhotoWithdrawal(desk(), id)
    assert.doesNotMatch(await media(storyId), /Caption/)
    assert.ok(!(await store.mediaJobs.unfinishedWithdrawals()).includes(id))
  })

  it('a lead picture that nobody brought is refused', async () => {
    const { id: storyId } = await liveStory(store)
    const lead = { type: 'image' as const, media: newId(), alt: '', caption: '', credit: '' }
    const change = changeStory(store, EDITOR, storyId, { revision: 1, change: { lead } })
    await assert.rejects(change, (error) => isAppError(error, 'invalid'))
  })
})
