// A story in three parts of which the middle one has everything a story can have.
// Called by the tests of a story's archive.

import { join } from 'node:path'
import sharp from 'sharp'
import { createPictures, type Pictures } from '../../src/cli/pictures.ts'
import type { PostContentInput } from '../../src/domain/content.ts'
import { partsOf } from '../../src/media/parts.ts'
import { addNote } from '../../src/newsroom/add-note.ts'
import { changeStory } from '../../src/newsroom/change-story.ts'
import { continueStory } from '../../src/newsroom/continue-story.ts'
import { copyPost } from '../../src/newsroom/copy-post.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { deleteNote } from '../../src/newsroom/delete-note.ts'
import { discardDraft } from '../../src/newsroom/discard-draft.ts'
import { embargoPost } from '../../src/newsroom/embargo-post.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { reorderPost } from '../../src/newsroom/reorder-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { schedulePost } from '../../src/newsroom/schedule-post.ts'
import { sendBackPost } from '../../src/newsroom/send-back-post.ts'
import { setShiftNote } from '../../src/newsroom/set-shift-note.ts'
import { setSummary } from '../../src/newsroom/set-summary.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { createPhotoRecords } from '../../src/store/photo-records.ts'
import { EDITOR, liveStory, newId, publish, words } from './acts.ts'
import type { TestStore } from './database.ts'

const HOUR_MS = 3_600_000

export type FullStory = {
  before: string
  id: string
  after: string
  slug: string
  /** Shown, with AVIF; shown, AVIF wanted; withdrawn. */
  pictures: { made: string; wanted: string; withdrawn: string; clip: string }
}

export async function fullStory(store: TestStore, mediaDir: string): Promise<FullStory> {
  const pictures = createPictures(mediaDir, store.media)
  const { id: before } = await liveStory(store, { title: 'Yesterday' })
  await pinPost(store, EDITOR, before, await publish(store, before, words('Pinned from yesterday')), true)
  const [id, after] = [newId(), newId()]
  const slug = `today-${id}`
  const settings = { title: 'היום: הסערה', standfirst: 'מה שידוע.', language: 'he', timeZone: 'Asia/Jerusalem', slug }
  await continueStory(store, EDITOR, before, { nextId: id, settings, newId })
  const shown = await somePictures(store, pictures, id)
  await publishedPosts(store, id)
  await unpublishedPosts(store, id)
  await copyPost(store, EDITOR, id, {
    from: { storyId: before, postId: await publishLate(store, before) },
    postId: newId(),
    publish: true,
  })
  await setSummary(store, EDITOR, id, {
    revision: await revisionOf(store, id),
    blocks: [{ type: 'paragraph', text: [{ text: 'עד כה: “רוח” & גשם.', bold: true }] }],
  })
  const next = { title: 'Tomorrow', slug: `tomorrow-${after}` }
  await continueStory(store, EDITOR, id, { nextId: after, settings: next, newId })
  await erase(store, id)
  return { before, id, after, slug, pictures: shown }
}

const image = (media: string, alt: string): PostContentInput['blocks'][number] => ({
  ...{ type: 'image', media, alt, caption: 'כיתוב', credit: 'Ada', width: 64, height: 48 },
})

async function somePictures(store: TestStore, pictures: Pictures, storyId: string): Promise<FullStory['pictures']> {
  const take = async (background: string) => {
    const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .jpeg()
      .toBuffer()
    return (await pictures.take(bytes, EDITOR)).id
  }
  const [made, wanted, withdrawn] = [await take('#446688'), await take('#884466'), await take('#668844')]
  // Making AVIF is media/avif.ts's own affair; here it is only that its files are there and the master is not.
  for (const part of partsOf(['avif'])) await pictures.blobs.write({ id: made, part }, Buffer.from(`avif ${part}`))
  await pictures.blobs.remove({ id: made, part: 'master.png' })
  await store.db.updateTable('media').set({ avif: 'made' }).where('id', '=', made).execute()
  const rights = { useUntil: Date.UTC(2099, 0, 1), noUse: 'No use in “print”', blocked: false }
  const said = { caption: 'כיתוב', credit: 'Ada', agency: '', alt: 'lead' }
  await createPhotoRecords(store.db).edit(wanted, { ...said, ...rights }, EDITOR)
  await store.db.updateTable('media').set({ cut_from: newId() }).where('id', '=', made).execute()
  const content = (...ids: string[]) => ({ headline: 'Photos', blocks: ids.map((one) => image(one, one)) })
  await publish(store, storyId, content(made, withdrawn))
  const { id: clip } = await pictures.takeClip(join(import.meta.dirname, '../fixtures/clips/vp8-opus.webm'), EDITOR)
  const video = {
    type: 'video' as const,
    media: clip,
    title: 'קליפ',
    caption: '',
    credit: 'Ada',
    width: 96,
    height: 64,
  }
  await publish(store, storyId, { headline: '', blocks: [video] })
  await publish(store, storyId, content(withdrawn)) // nothing but the photo: withdrawn with it
  await changeStory(store, EDITOR, storyId, {
    revision: await revisionOf(store, storyId),
    change: { lead: { type: 'image', media: wanted, alt: 'lead', caption: '', credit: '' }, startsAt: 1_000 },
  })
  await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, withdrawn, { reason: 'Not ours' })
  return { made, wanted, withdrawn, clip }
}

async function publishedPosts(store: TestStore, id: string): Promise<void> {
  const first = await publish(store, id, words('ראשון', 'שורה\nשנייה\twith “quotes”, \\ and 😀'))
  const second = await publish(store, id, words('Second'))
  const content = words('Fourteen ships')
  await correctPost(store, EDITOR, id, second, { revision: 1, content, note: 'An earlier version said forty.' })
  await revisePost(store, EDITOR, id, first, { revision: 1, content: words('ראשון, שוב') })
  await markKeyEvent(store, EDITOR, id, second, { title: 'Talks begin' })
  await pinPost(store, EDITOR, id, first, true)
  await reorderPost(store, EDITOR, id, first, { side: 'above', postId: second })
  const gone = [await publish(store, id, words('A rumour')), await publish(store, id, words('A slip'))] as const
  await withdrawPost(store, EDITOR, id, gone[0], { trace: 'line', reason: 'It was not so.' })
  await withdrawPost(store, EDITOR, id, gone[1], { trace: 'none', reason: '' })
}

async function unpublishedPosts(store: TestStore, id: string): Promise<void> {
  const draft = async (headline: string) => {
    const postId = newId()
    await saveDraft(store, EDITOR, id, { postId, revision: 0, content: words(headline) })
    return postId
  }
  const noted = await draft('Only a draft')
  const [kept, gone] = [newId(), newId()]
  await addNote(store, EDITOR, id, noted, { id: kept, text: 'Who says so?' })
  await addNote(store, EDITOR, id, noted, { id: gone, text: 'Not this' })
  await deleteNote(store, EDITOR, id, noted, gone)
  await setShiftNote(store, EDITOR, id, { revision: 0, text: 'The mayor speaks at six' })
  const [submitted, sent, scheduled] = [await draft('Submitted'), await draft('Sent back'), await draft('At six')]
  await submitPost(store, EDITOR, id, submitted, 1)
  await submitPost(store, EDITOR, id, sent, 1)
  await sendBackPost(store, EDITOR, id, sent, 'Who says so?')
  const [until, at] = [Date.now() + HOUR_MS, Date.now() + 2 * HOUR_MS]
  await embargoPost(store, EDITOR, id, scheduled, { embargo: { until, zone: 'Europe/Paris' } })
  await discardDraft(store, EDITOR, id, await draft('Thrown away'), 1)
  await schedulePost(store, EDITOR, id, scheduled, { revision: 1, release: { at, zone: 'Asia/Jerusalem' } })
}

/** A story that has ended takes no new post; what an import brings late it takes. */
async function publishLate(store: TestStore, storyId: string): Promise<string> {
  const rows = await store.db.selectFrom('post').select('id').where('story_id', '=', storyId).execute()
  return rows[0]?.id ?? ''
}

async function revisionOf(store: TestStore, storyId: string): Promise<number> {
  return store.acts.act(storyId, async ({ story }) => story?.revision ?? 0)
}

/** By law: payload and salt go, headers stay. */
async function erase(store: TestStore, storyId: string): Promise<void> {
  for (const table of ['desk_entry', 'public_entry'] as const)
    await store.db
      .updateTable(table)
      .set({ payload: null, salt: null })
      .where('story_id', '=', storyId)
      .where('seq', '=', 3)
      .execute()
}
