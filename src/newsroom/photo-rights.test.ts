// Rights of photos at the moment of effect: every act that shows one, and the release worker. On a real database.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../test/helpers/acts.ts'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import type { PhotoRecord } from '../domain/photo-rights.ts'
import { createDeskReads } from '../store/desk-reads.ts'
import { createPhotoRecords, type PhotoRecords } from '../store/photo-records.ts'
import { changeStory } from './change-story.ts'
import { copyPost } from './copy-post.ts'
import { correctPost } from './correct-post.ts'
import { editPhoto } from './edit-photo.ts'
import { flagPost } from './flag-post.ts'
import { publishPost } from './publish-post.ts'
import { releasePosts } from './release-post.ts'
import { revisePost } from './revise-post.ts'
import { saveDraft } from './save-draft.ts'
import { schedulePost } from './schedule-post.ts'
import { withdrawPhoto } from './withdraw-photo.ts'

const DAY_MS = 86_400_000
const FREE: PhotoRecord = {
  ...{ caption: 'The quay', credit: 'Ada', agency: '', alt: 'A quay' },
  ...{ useUntil: null, noUse: '', blocked: false },
}
const EXPIRED = /^The photo “The quay” by Ada could be used until .* UTC, and that has passed\. Take it out/
const BLOCKED = /^The photo “The quay” by Ada is blocked and may not be used: No use in France\. Take it out/

let store: TestStore
let photos: PhotoRecords
before(async () => {
  store = await openTestStore()
  photos = createPhotoRecords(store.db)
})
after(() => store.close())

async function photo(cutFrom?: string): Promise<string> {
  const record = { id: newId(), width: 64, height: 48, bytes: 9, metadata: {}, createdBy: EDITOR.id }
  await store.media.save({ ...record, ...(cutFrom ? { cutFrom } : {}) })
  return record.id
}

const image = (media: string) => ({ type: 'image' as const, media, alt: '', caption: 'The quay', credit: 'Ada' })
const showing = (media: string, headline = 'H') => ({ headline, blocks: [image(media)] })
const end = (media: string, change: Partial<PhotoRecord> = { useUntil: Date.now() - 1 }) =>
  editPhoto(photos, EDITOR, media, { ...FREE, ...change })
const refused = (work: Promise<unknown>, message: RegExp, media: string) =>
  assert.rejects(work, (error: Error & { details?: unknown }) => {
    assert.match(error.message, message)
    assert.deepEqual(error.details, { media: [media] })
    return true
  })
const postOf = (storyId: string, id: string) => createDeskReads(store.db).post(storyId, id)

describe('a photo past its time, or blocked', () => {
  for (const [name, change, said] of [
    ['past its time', { useUntil: Date.now() - 1 }, EXPIRED],
    ['blocked', { blocked: true, noUse: 'No use in France' }, BLOCKED],
  ] as const)
    it(`${name}: is refused by publishing, revising, scheduling, copying and as a lead, and nothing is written`, async () => {
      const media = await photo()
      const [{ id: storyId }, { id: other }] = [await liveStory(store), await liveStory(store)]
      const shown = await publish(store, storyId, showing(media))
      const plain = await publish(store, storyId, words('Plain'))
      const draft = newId()
      await saveDraft(store, EDITOR, storyId, { postId: draft, revision: 0, content: showing(media) })
      await end(media, change)
      const before = await heads()
      const content = showing(media, 'Other')
      await refused(publishPost(store, EDITOR, storyId, { postId: newId(), content }), said, media)
      await refused(publishPost(store, EDITOR, storyId, { postId: draft, revision: 1, content }), said, media)
      for (const post of [shown, plain])
        await refused(revisePost(store, EDITOR, storyId, post, { revision: 1, content }), said, media)
      await refused(correctPost(store, EDITOR, storyId, plain, { revision: 1, content, note: 'Wrong' }), said, media)
      const release = { at: Date.now() + DAY_MS, zone: 'UTC' }
      await refused(schedulePost(store, EDITOR, storyId, draft, { revision: 1, release }), said, media)
      const copy = { from: { storyId, postId: shown }, postId: newId(), publish: true }
      await refused(copyPost(store, EDITOR, other, copy), said, media)
      const lead = changeStory(store, EDITOR, storyId, { revision: 1, change: { lead: image(media) } })
      await refused(lead, said, media)
      assert.equal(await heads(), before)
    })

  it('stays where readers see it, may be corrected around, flagged, and kept in a draft', async () => {
    const media = await photo()
    const { id: storyId } = await liveStory(store)
    const shown = await publish(store, storyId, showing(media))
    await changeStory(store, EDITOR, storyId, { revision: 1, change: { lead: image(media) } })
    await end(media)
    await correctPost(store, EDITOR, storyId, shown, { revision: 1, content: showing(media, 'Right'), note: 'Wrong' })
    await flagPost(store, EDITOR, storyId, shown, { breaking: true })
    await changeStory(store, EDITOR, storyId, { revision: 2, change: { title: 'Another title' } })
    const postId = newId()
    await saveDraft(store, EDITOR, storyId, { postId, revision: 0, content: showing(media) })
    assert.equal(await store.media.isPublic(media), true)
    const ended = (await photos.ended(EDITOR)).find(({ id }) => id === media)
    assert.deepEqual(ended?.stories, [{ id: storyId, title: 'Another title' }])
    await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, media, { reason: 'Over' })
    assert.equal(
      (await photos.ended(EDITOR)).some(({ id }) => id === media),
      false,
    )
  })

  it('holds a scheduled post back at its moment, with the reason; a time that ends before the release is refused at once', async () => {
    const media = await photo()
    const { id: storyId } = await liveStory(store)
    const postId = newId()
    await saveDraft(store, EDITOR, storyId, { postId, revision: 0, content: showing(media) })
    await end(media, { useUntil: Date.now() + DAY_MS })
    const late = { at: Date.now() + 2 * DAY_MS, zone: 'UTC' }
    await refused(schedulePost(store, EDITOR, storyId, postId, { revision: 1, release: late }), EXPIRED, media)
    const release = { at: Date.now() + DAY_MS / 2, zone: 'UTC' }
    await schedulePost(store, EDITOR, storyId, postId, { revision: 1, release })
    await end(media)
    await store.admin.query('UPDATE post SET release_at = 1 WHERE id = $1', [postId])
    const system = { ...EDITOR, id: 'system:release' }
    await store.admin.query("UPDATE post SET release_by = 'system:test' WHERE id = $1", [postId])
    const [done] = await releasePosts(store, system, storyId, [postId])
    assert.equal(done?.outcome, 'held-back')
    const post = await postOf(storyId, postId)
    assert.equal(post?.state, 'submitted')
    assert.match(post?.deskNote?.text ?? '', EXPIRED)
  })

  it('words about its use refuse nothing by themselves; rights given back let it go again', async () => {
    const media = await photo()
    const { id: storyId } = await liveStory(store)
    await end(media, { noUse: 'No use in France', useUntil: Date.now() + DAY_MS })
    await publish(store, storyId, showing(media))
    await end(media)
    await refused(publish(store, storyId, showing(media)), EXPIRED, media)
    await end(media, {})
    await publish(store, storyId, showing(media))
  })
})

describe('what was cut from a photo', () => {
  it('has its words and rights, and follows when they change or it is withdrawn', async () => {
    const whole = await photo()
    await end(whole, { noUse: 'No archive', useUntil: Date.now() + DAY_MS })
    const cut = await photo(whole)
    const record = await photos.record(cut)
    assert.deepEqual([record?.noUse, record?.words?.caption, record?.cutFrom], ['No archive', 'The quay', whole])
    const { id: storyId } = await liveStory(store)
    const post = await publish(store, storyId, showing(cut))
    await end(whole, { blocked: true, noUse: 'No use in France' })
    await refused(publish(store, storyId, showing(cut)), BLOCKED, cut)
    await end(cut, {})
    assert.equal((await photos.record(whole))?.blocked, false)
    const receipts = await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, whole, { reason: '' })
    assert.equal(receipts.length, 1)
    assert.equal((await postOf(storyId, post))?.state, 'published')
    assert.equal(await store.media.isKept(cut), false)
    const late = { id: newId(), width: 1, height: 1, bytes: 1, metadata: {}, createdBy: 'x', cutFrom: whole }
    assert.equal(await store.media.save(late), false, 'cut while it was withdrawn')
  })
})

it('an edit takes the right to, and is refused for a photo that is not there or was withdrawn', async () => {
  const media = await photo()
  for (const role of ['reporter', 'contributor', 'viewer', 'guest'] as const)
    await assert.rejects(editPhoto(photos, { ...EDITOR, role }, media, FREE), { code: 'forbidden' })
  await assert.rejects(editPhoto(photos, EDITOR, newId(), FREE), { code: 'not_found' })
  await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, media, { reason: '' })
  await assert.rejects(editPhoto(photos, EDITOR, media, FREE), { code: 'not_found' })
})

async function heads(): Promise<string> {
  const { rows } = await store.admin.query(
    'SELECT (SELECT count(*) FROM desk_entry) AS desk, (SELECT count(*) FROM public_entry) AS public, (SELECT count(*) FROM post_revision) AS revisions',
  )
  return JSON.stringify(rows)
}
