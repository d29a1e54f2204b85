// The page of a photo's record, the list of ended rights and the cut in a post's form, as a browser without JavaScript sends them.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EDITOR, liveStory, newId, publish } from '../../../test/helpers/acts.ts'
import { openBrowser, openFully, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { copyPost } from '../../newsroom/copy-post.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { createPhotoRecords } from '../../store/photo-records.ts'
import { cookieNameOf } from '../auth/session.ts'

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

const FIELDS = { caption: 'The quay', credit: 'Ada', agency: '', alt: 'A quay', noUse: '', untilZone: 'Europe/Paris' }
const NO_TIME = { untilDate: '', untilTime: '' }
const record = (id: string) => createPhotoRecords(desk.store.db).record(id)

async function shownPhoto(): Promise<{ id: string; title: string }> {
  const id = newId()
  const metadata = { byline: 'Jane <Doe>', gps: true }
  await desk.store.media.save({ id, width: 9, height: 9, bytes: 9, metadata, createdBy: EDITOR.id })
  const story = await liveStory(desk.store)
  const image = { type: 'image' as const, media: id, alt: '', caption: 'The quay', credit: 'Ada' }
  await publish(desk.store, story.id, { headline: 'H', blocks: [image] })
  return { id, title: `Story ${story.id}` }
}

test('a record shows what the file said, is saved as a whole, and a date without a time is its whole day', async () => {
  const { id } = await shownPhoto()
  const page = (await ada.get(`/desk/photos/${id}`)).body
  assert.match(page, /Jane &lt;Doe&gt;/)
  assert.match(page, /The file said where it was taken\. That was not kept/)
  const typed = { ...FIELDS, ...NO_TIME, noUse: 'France', untilDate: '2026-01-31' }
  assert.equal((await ada.post(`/desk/photos/${id}`, typed)).headers.location, `/desk/photos/${id}?done=saved`)
  const kept = await record(id)
  assert.deepEqual([kept?.useUntil, kept?.noUse, kept?.blocked], [Date.parse('2026-01-31T22:59:00Z'), 'France', false])
  assert.deepEqual(kept?.words, { caption: 'The quay', credit: 'Ada', agency: '', alt: 'A quay' })
  const again = (await ada.get(`/desk/photos/${id}`)).body
  assert.match(again, /could be used until 31 January 2026 at 22:59 UTC, and that has passed \(France\)/)
  assert.equal(ada.hidden('untilTime'), '23:59')
})

test('photos whose rights have ended are listed with their story, until they may be used again', async () => {
  const { id, title } = await shownPhoto()
  await ada.get(`/desk/photos/${id}`)
  await ada.post(`/desk/photos/${id}`, { ...FIELDS, ...NO_TIME, blocked: '1' })
  const listed = (await ada.get('/desk/photos')).body
  assert.ok(listed.includes(title) && listed.includes(`/desk/photos/${id}/withdraw`))
  await ada.get(`/desk/photos/${id}`)
  await ada.post(`/desk/photos/${id}`, { ...FIELDS, ...NO_TIME })
  assert.equal((await ada.get('/desk/photos')).body.includes(title), false)
})

test('a time that does not exist, too many words, a stale form and an unknown photo are refused with what was typed', async () => {
  const { id } = await shownPhoto()
  await ada.get(`/desk/photos/${id}`)
  const wrongs: Record<string, string>[] = [
    { untilDate: '2026-03-29', untilTime: '02:30' },
    { noUse: 'x'.repeat(501) },
    { untilTime: '10:00' },
    { csrf: 'other' },
  ]
  for (const wrong of wrongs) {
    const answer = await ada.post(`/desk/photos/${id}`, { ...FIELDS, ...NO_TIME, caption: 'Typed', ...wrong })
    assert.ok([400, 409].includes(answer.statusCode), JSON.stringify(wrong))
    assert.equal(ada.textarea('caption'), 'Typed')
    assert.equal((await record(id))?.words, null)
  }
  assert.equal((await ada.get(`/desk/photos/${newId()}`)).statusCode, 404)
})

test('a reporter reads a record and does not change it', async () => {
  const { id } = await shownPhoto()
  const password = 'correct horse battery'
  await desk.accounts.createAccount({ name: 'Bo', email: 'bo@example.org', password }, 'reporter')
  const bo = openBrowser(desk)
  await bo.get('/desk/sign-in')
  await bo.post('/desk/sign-in', { email: 'bo@example.org', password })
  const page = await bo.get(`/desk/photos/${id}`)
  assert.equal(page.statusCode, 200)
  assert.doesNotMatch(page.body, /name="noUse"/)
  assert.equal((await bo.post(`/desk/photos/${id}`, FIELDS)).statusCode, 403)
})

test('a post’s form keeps a part of its photo; numbers outside the photo are refused', async () => {
  const { id: storyId } = await liveStory(desk.store)
  const story = `/desk/stories/${storyId}`
  const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1]) }
  await ada.get(story)
  const fields = { postId: ada.hidden('postId'), headline: 'H', text: '', revision: '0', base: '0' }
  const wrong = await ada.upload(`${story}/posts`, { ...fields, cutLeft: '60', cutWidth: '50' }, photo)
  assert.equal(wrong.statusCode, 400)
  assert.match(wrong.body, /The part to keep must lie inside the photo/)
  const made = await ada.upload(`${story}/posts`, { ...fields, cutLeft: '50', cutTop: '', cutHeight: '50,0' }, photo)
  assert.equal(made.statusCode, 303, made.body)
  const post = await desk.reads.post(storyId, fields.postId)
  const [block] = post?.content.blocks ?? []
  assert.ok(block?.type === 'image' && block.media)
  assert.deepEqual([block.width, block.height], [400, 300])
  assert.ok((await record(block.media))?.cutFrom)
})

test('of a story that is shut to somebody its photos, its ended rights and the copies in it tell nothing but their number', async () => {
  const [shut, open] = [await liveStory(desk.store), await liveStory(desk.store)]
  const id = newId()
  await desk.store.media.save({ id, width: 9, height: 9, bytes: 9, metadata: {}, createdBy: EDITOR.id })
  const image = { type: 'image' as const, media: id, alt: '', caption: '', credit: '' }
  for (const { id: storyId } of [shut, open])
    await publish(desk.store, storyId, { headline: `In ${storyId}`, blocks: [image] })
  const copied = await publish(desk.store, open.id, { headline: 'Copied', blocks: [] })
  const from = { storyId: open.id, postId: copied }
  await copyPost(desk.store, EDITOR, shut.id, { from, postId: newId(), publish: true })
  const bo = await desk.accounts.createAccount(
    { name: 'Bo', email: 'shut@example.org', password: 'correct horse battery' },
    'editor',
  )
  await giveRole(desk.store, { ...EDITOR, role: 'admin' }, shut.id, bo.id, 'guest')
  const browser = openBrowser(desk)
  browser.setCookie(`${cookieNameOf(null)}=${(await openFully(desk.accounts, bo.id)).token}`)

  await ada.get(`/desk/photos/${id}`)
  await ada.post(`/desk/photos/${id}`, { ...FIELDS, ...NO_TIME, blocked: '1' })
  const asked = [`/desk/photos/${id}/withdraw?story=${shut.id}`, `/desk/stories/${open.id}/posts/${copied}/withdraw`]
  const pages = await Promise.all([...asked, '/desk/photos'].map(async (path) => (await browser.get(path)).body))
  for (const page of pages) assert.ok(!page.includes(`In ${shut.id}`) && !page.includes(`Story ${shut.id}`), page)
  assert.match(pages[0] ?? '', /1 post in 1 story, and elsewhere/)
  assert.ok(pages[0]?.includes(`In ${open.id}`))
  for (const page of pages.slice(0, 2)) assert.match(page, /One post in stories that you do not read/)
  assert.ok(pages[2]?.includes(`Story ${open.id}`))
  for (const path of [...asked, '/desk/photos'])
    assert.ok((await ada.get(path)).body.includes(`Story ${shut.id}`), path)
})
