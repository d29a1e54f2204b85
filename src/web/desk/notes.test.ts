// Notes for the desk and the history of a post on the plain pages: who may, what is kept, and what is never lost.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, type TestDesk } from '../../../test/helpers/desk.ts'
import type { Role } from '../../domain/permission.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { createNotes } from '../../store/desk-notes.ts'

const PASSWORD = 'correct horse battery'
let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

let people = 0
async function signedIn(role: Role) {
  people += 1
  const email = `${role}-${people}@example.org`
  const { id } = await desk.accounts.createAccount({ name: `${role} ${people}`, email, password: PASSWORD }, role)
  const browser = openBrowser(desk, `192.0.2.${people}`)
  await browser.post('/desk/sign-in', { email, password: PASSWORD })
  return { id, browser }
}

test('a note is added beside a post, counted in the list, taken away by its author, and leaves its trace', async () => {
  const story = await liveStory(desk.store)
  const postId = await publish(desk.store, story.id, words('Bridge closed'))
  const { browser } = await signedIn('reporter')
  const path = `/desk/stories/${story.id}/posts/${postId}/notes`
  assert.match((await browser.get(path)).body, /None yet/)
  const added = await browser.post(path, { noteId: browser.hidden('noteId'), noteText: 'Call the harbour <master>' })
  assert.equal(added.headers.location, `${path}?done=noted`)
  const page = (await browser.get(path)).body
  assert.match(page, /Call the harbour &lt;master&gt;/)
  assert.match((await browser.get(`/desk/stories/${story.id}`)).body, /1 note</)
  const [, deletePath = ''] = /action="([^"]+\/delete)"/.exec(page) ?? []
  assert.equal((await browser.post(deletePath, {})).headers.location, `${path}?done=note-gone`)
  const gone = (await browser.get(path)).body
  assert.ok(!gone.includes('harbour') && /taken away by reporter/.test(gone))
  assert.doesNotMatch((await browser.get(`/desk/stories/${story.id}`)).body, /1 note</)
})

test('a note that is refused, and one sent with an earlier sign-in, are given back in the form', async () => {
  const story = await liveStory(desk.store)
  const postId = await publish(desk.store, story.id, words('Bridge closed'))
  const { browser } = await signedIn('editor')
  const path = `/desk/stories/${story.id}/posts/${postId}/notes`
  await browser.get(path)
  const long = await browser.post(path, { noteId: newId(), noteText: `Pangolin${'x'.repeat(2_000)}` })
  assert.equal(long.statusCode, 400)
  assert.match(long.body, /at most 2000 characters[\s\S]*Pangolin/)
  const stale = await browser.post(path, { noteId: newId(), noteText: 'Pangolin', csrf: 'x'.repeat(43) })
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Pangolin/)
  assert.equal((await createNotes(desk.store.db).ofPost(story.id, postId)).length, 0)
})

test('a viewer reads notes and writes none; a contributor finds none beside a draft of others', async () => {
  const story = await liveStory(desk.store)
  const [shown, hidden] = [await publish(desk.store, story.id, words('Out')), newId()]
  await saveDraft(desk.store, EDITOR, story.id, { postId: hidden, revision: 0, content: words('Pangolin') })
  const at = (postId: string, part: string) => `/desk/stories/${story.id}/posts/${postId}/${part}`
  const viewer = (await signedIn('viewer')).browser
  const read = await viewer.get(at(shown, 'notes'))
  assert.ok(read.statusCode === 200 && !read.body.includes('Add note'))
  assert.equal((await viewer.post(at(shown, 'notes'), { noteText: 'No' })).statusCode, 403)
  assert.equal((await viewer.get(at(hidden, 'history'))).statusCode, 200)
  const contributor = (await signedIn('contributor')).browser
  assert.equal((await contributor.get(at(shown, 'notes'))).statusCode, 200)
  for (const part of ['notes', 'history']) assert.equal((await contributor.get(at(hidden, part))).statusCode, 404, part)
  assert.equal((await contributor.post(at(hidden, 'notes'), { noteText: 'No' })).statusCode, 404)
  assert.equal(
    (await contributor.post(at(hidden, 'restore'), { revision: '1', seen: '1', way: 'draft' })).statusCode,
    404,
  )
  assert.equal((await contributor.get(at(shown, 'history'))).statusCode, 404)
})

test('the shift note stands on the story, and two who write it at once lose nothing', async () => {
  const story = await liveStory(desk.store)
  const path = `/desk/stories/${story.id}/shift-note`
  const [ada, bob] = [(await signedIn('editor')).browser, (await signedIn('reporter')).browser]
  await ada.get(path)
  await bob.get(path)
  const saved = await ada.post(path, { revision: ada.hidden('revision'), text: 'The mayor speaks at six' })
  assert.equal(saved.headers.location, `${path}?done=shift-noted`)
  assert.match((await bob.get(`/desk/stories/${story.id}`)).body, /Shift note[\s\S]*The mayor speaks at six/)
  const late = await bob.post(path, { revision: '0', text: 'The harbour opens at seven' })
  assert.equal(late.statusCode, 409)
  assert.match(late.body, /The mayor speaks at six[\s\S]*The harbour opens at seven/)
  assert.equal((await bob.post(path, { revision: bob.hidden('revision'), text: 'Both' })).statusCode, 303)
  const page = (await ada.get(path)).body
  assert.match(page, /Both[\s\S]*Earlier notes \(1\)[\s\S]*The mayor speaks at six/)
})

test('the history tells who did what, shows the difference, and gives an earlier draft back as a new revision', async () => {
  const story = await liveStory(desk.store)
  const { browser } = await signedIn('editor')
  const postId = newId()
  for (const [revision, text] of ['Seven were hurt.', 'Nine were hurt.'].entries())
    await saveDraft(desk.store, EDITOR, story.id, { postId, revision, content: words('Bridge', text) })
  const path = `/desk/stories/${story.id}/posts/${postId}`
  const page = (await browser.get(`${path}/history`)).body
  assert.match(page, /<del>Seven<\/del><ins>Nine<\/ins> were hurt\./)
  assert.match(page, /Revision 2[\s\S]*Saved[\s\S]*Revision 1/)
  await browser.get(`${path}/history?from=1`)
  const fields = { revision: browser.hidden('revision'), seen: browser.hidden('seen'), way: 'draft' }
  assert.deepEqual(fields, { revision: '1', seen: '2', way: 'draft' })
  const done = await browser.post(`${path}/restore`, fields)
  assert.equal(done.headers.location, `/desk/stories/${story.id}/drafts/${postId}?done=restored`)
  const post = await desk.reads.post(story.id, postId)
  assert.equal(post?.revision, 3)
  assert.deepEqual(post?.content, await desk.reads.contentAt(postId, 1))
  assert.equal((await browser.post(`${path}/restore`, { ...fields, revision: '2' })).statusCode, 409)
  for (const revision of ['0', '99', 'x', '']) {
    const answer = await browser.post(`${path}/restore`, { ...fields, revision, seen: '3' })
    assert.equal(answer.statusCode, 400, revision)
  }
  assert.match((await browser.get(`${path}/history?from=7&to=9`)).body, /not kept any more/)
})

test('an earlier text of a published post comes back by revising, or by correcting with a note, and never without a word of which', async () => {
  const story = await liveStory(desk.store)
  const { browser } = await signedIn('editor')
  const postId = await publish(desk.store, story.id, words('Bridge', 'Seven were hurt.'))
  const path = `/desk/stories/${story.id}/posts/${postId}`
  await revisePost(desk.store, EDITOR, story.id, postId, { revision: 1, content: words('Bridge', 'Nine were hurt.') })
  await browser.get(`${path}/history?from=1`)
  const fields = { revision: '1', seen: '2' }
  assert.equal((await browser.post(`${path}/restore`, fields)).statusCode, 400)
  assert.equal((await browser.post(`${path}/restore`, { ...fields, way: 'draft' })).statusCode, 409)
  const noteless = await browser.post(`${path}/restore`, { ...fields, way: 'correct', note: '' })
  assert.equal(noteless.statusCode, 400)
  const done = await browser.post(`${path}/restore`, { ...fields, way: 'correct', note: 'It was seven.' })
  assert.match(String(done.headers.location), /done=corrected/)
  const post = await desk.reads.post(story.id, postId)
  assert.deepEqual([post?.revision, post?.corrections.at(-1)?.note], [3, 'It was seven.'])
})
