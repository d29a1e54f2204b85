// Checks unpublished posts on the plain desk over a real store: draft, review, schedule, embargo, undo; nothing typed is ever lost.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { liveStory, newId, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import type { Role } from '../../domain/permission.ts'
import { releasePosts } from '../../newsroom/release-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'

const PASSWORD = 'correct horse battery'
const SYSTEM = { id: 'system:test', name: 'Test', role: 'editor' as const, credential: 'system:test' }
const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]) }

/** A January or July to come: its 15th to 19th, and how many hours Paris is ahead of UTC then. */
const SOON = [0, 6, 12, 18]
  .map((month) => new Date(Date.UTC(new Date().getUTCFullYear(), month, 15)))
  .filter((date) => date.getTime() > Date.now() + 86_400_000)
  .map((date) => ({ month: date.toISOString().slice(0, 7), ahead: date.getUTCMonth() === 0 ? 1 : 2 }))[0]
const { month, ahead } = SOON ?? { month: '', ahead: 0 }

type Browser = ReturnType<typeof openBrowser>

let desk: TestDesk
let ada: Browser
let cora: Browser // a contributor
let rob: Browser // a reporter
let storyId: string
let story: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
  cora = await signInAs('Cora', 'contributor')
  rob = await signInAs('Rob', 'reporter')
})
after(() => desk.close())

beforeEach(async () => {
  storyId = (await liveStory(desk.store, { title: 'Bridge', timeZone: 'Europe/Paris' })).id
  story = `/desk/stories/${storyId}`
})

async function signInAs(name: string, role: Role): Promise<Browser> {
  const email = `${name.toLowerCase()}@example.org`
  await desk.accounts.createAccount({ name, email, password: PASSWORD }, role)
  const browser = openBrowser(desk, '192.0.2.20')
  await browser.post('/desk/sign-in', { email, password: PASSWORD })
  return browser
}

async function draft(by: Browser, fields: Record<string, string>, file: typeof photo | null = null) {
  await by.get(story)
  const postId = by.hidden('postId')
  const reply = await by.upload(`${story}/drafts`, { postId, ...fields }, file)
  return { postId, reply, url: `${story}/drafts/${postId}` }
}

/** Opens the draft's page and sends its form by one of its buttons, with some fields typed anew. */
async function send(by: Browser, url: string, part: string, fields: Record<string, string> = {}) {
  await by.get(url)
  return by.upload(`${url}${part}`, { ...fieldsOf(by), ...fields }, null)
}

function fieldsOf(by: Browser): Record<string, string> {
  const names = ['postId', 'revision', 'base', 'headline', 'images']
  const zones = { releaseZone: 'Europe/Paris', embargoZone: 'Europe/Paris' }
  return { ...zones, ...Object.fromEntries(names.map((name) => [name, by.hidden(name)])), text: by.textarea('text') }
}

/** The mark's fields as the page has them, with a title typed anew. */
function marked(by: Browser, title = by.hidden('keyEventTitle')): Record<string, string> {
  const was = { wasKeyEvent: by.hidden('wasKeyEvent'), wasKeyEventTitle: by.hidden('wasKeyEventTitle') }
  return { ...was, keyEvent: '1', keyEventTitle: title }
}

const post = async (postId: string) => {
  const found = await desk.reads.post(storyId, postId)
  assert.ok(found)
  return found
}

test('a draft is saved once however often its form is sent, stands at the top with an Edit link, and no reader sees it', async () => {
  const fields = { headline: 'Not yet', text: 'Body' }
  const { postId, reply, url } = await draft(ada, fields, photo)
  assert.equal(reply.headers.location, `${story}?done=saved&post=${postId}#post-${postId}`, reply.body)
  const again = await ada.upload(`${story}/drafts`, { postId, ...fields }, photo)
  assert.equal(again.statusCode, 303, again.body)
  assert.deepEqual([(await post(postId)).state, (await post(postId)).revision], ['draft', 1])
  const list = (await ada.get(story)).body
  assert.ok(list.includes(`href="${url}"`) && list.includes('>Draft<'))
  assert.equal((await desk.store.reads.storyPage(storyId))?.items.length, 0)
})

test('a draft that is refused comes back whole, and its photo is not asked for again', async () => {
  const { reply, postId } = await draft(ada, { headline: 'Mine', text: '{{image 9}}' }, photo)
  assert.equal(reply.statusCode, 400)
  assert.deepEqual([ada.hidden('headline'), ada.textarea('text')], ['Mine', '{{image 9}}'])
  const fields = { ...fieldsOf(ada), photoId: ada.hidden('photoId'), text: 'Body' }
  assert.equal((await ada.upload(`${story}/drafts`, fields, null)).statusCode, 303)
  assert.equal((await post(postId)).content.blocks.at(-1)?.type, 'image')
})

test('a stale draft overwrites nothing: both texts are shown, and only then yours may take its place', async () => {
  const { postId, url } = await draft(ada, { headline: 'H', text: 'First' })
  await ada.get(url)
  const seen = fieldsOf(ada)
  await saveDraft(desk.store, SYSTEM, storyId, { postId, revision: 1, content: words('H', 'Theirs') })
  const reply = await ada.upload(url, { ...seen, text: 'Mine' }, null)
  assert.equal(reply.statusCode, 409)
  assert.match(reply.body, /Saved now \(revision 2\)[\s\S]*Theirs/)
  assert.equal(ada.textarea('text'), 'Mine')
  assert.deepEqual((await post(postId)).content.blocks, words('', 'Theirs').blocks)
  const decided = await ada.upload(url, { ...fieldsOf(ada), text: 'Mine' }, null)
  assert.equal(decided.statusCode, 303, decided.body)
  assert.deepEqual((await post(postId)).content.blocks, words('', 'Mine').blocks)
})

test('a contributor submits, an editor sends it back with a note, it comes again and is approved as corrected', async () => {
  const { postId, url, reply } = await draft(cora, { headline: 'From the bridge', text: 'Body', then: 'submit' })
  assert.equal(reply.headers.location, `${story}?done=submitted&post=${postId}#post-${postId}`, reply.body)
  const page = (await cora.get(url)).body
  assert.ok(!page.includes('/publish') && !page.includes('/approve') && !page.includes('/schedule'))
  assert.equal((await cora.upload(`${url}/publish`, fieldsOf(cora), null)).statusCode, 403)

  assert.match((await ada.get(url)).body, /Approve and publish/)
  assert.equal((await send(ada, url, '/send-back', { deskNote: 'Who says so?' })).statusCode, 303)
  assert.equal((await post(postId)).state, 'draft')
  assert.match((await cora.get(url)).body, /Sent back by Ada[\s\S]*Who says so\?/)
  assert.match((await cora.get(story)).body, />Sent back<[\s\S]*Who says so\?/)
  assert.match((await cora.get('/desk')).body, />1 sent back to you</)
  assert.ok(!(await ada.get('/desk')).body.includes('sent back to you'))

  assert.equal((await send(cora, url, '/submit', { text: 'The mayor says so.' })).statusCode, 303)
  const approved = await send(ada, url, '/approve', { text: 'The mayor, Bo Lind, says so.' })
  assert.equal(approved.headers.location, `${story}?done=published&post=${postId}`, approved.body)
  const out = await post(postId)
  assert.deepEqual([out.state, out.byName], ['published', 'Cora'])
  assert.deepEqual(out.content.blocks, words('', 'The mayor, Bo Lind, says so.').blocks)
  assert.equal((await cora.get(url)).statusCode, 303)
})

test('a draft of somebody else is absent for a contributor, and a reporter reads it but cannot write in it', async () => {
  const { url, postId } = await draft(ada, { headline: 'Secret', text: 'Body' })
  assert.equal((await cora.get(url)).statusCode, 404)
  assert.equal((await cora.upload(url, { postId, revision: '1', base: '1', text: 'x' }, null)).statusCode, 404)
  await cora.get(story)
  const stolen = await cora.upload(`${story}/drafts`, { postId, revision: '1', text: 'x' }, null)
  assert.equal(stolen.statusCode, 403)
  assert.ok(!stolen.body.includes('Secret'))
  const read = (await rob.get(url)).body
  assert.ok(read.includes('Secret') && !read.includes('<textarea name="text"'))
  assert.match(read, /Only its author and the editors change this draft/)
  assert.match((await rob.get(story)).body, new RegExp(`href="${url}">Read<`))
  await rob.get(story)
  assert.equal((await rob.upload(url, { postId, revision: '1', base: '1', text: 'x' }, null)).statusCode, 403)
  assert.equal((await post(postId)).revision, 1)
})

test('a draft is published as its form stands, with its key event, and the same form again is no second one', async () => {
  const { url, postId } = await draft(ada, { headline: 'H', text: 'Old' })
  await ada.get(url)
  const fields = { ...fieldsOf(ada), text: 'New', keyEvent: '1', keyEventTitle: 'The turn' }
  assert.equal((await ada.upload(`${url}/publish`, fields, null)).statusCode, 303)
  assert.equal((await ada.upload(`${url}/publish`, fields, null)).statusCode, 303)
  const out = await post(postId)
  assert.deepEqual(
    [out.state, out.keyEvent, out.content.blocks],
    ['published', { title: 'The turn' }, words('', 'New').blocks],
  )
  const late = await ada.upload(url, { ...fields, text: 'Later' }, null)
  assert.equal(late.statusCode, 409)
  assert.equal(ada.textarea('text'), 'Later')
})

test('a draft keeps its key-event mark and title through saving, submitting and approving, and through an undo', async () => {
  const { url, postId } = await draft(cora, { headline: 'Span falls', text: 'Body', keyEvent: '1', keyEventTitle: '' })
  assert.deepEqual((await post(postId)).keyEvent, { title: '' }, 'the headline’s words, whatever they come to be')
  await send(cora, url, '', { headline: 'Span gone', ...marked(cora, 'The turn') })
  await send(cora, url, '/submit', { text: 'More', ...marked(cora) })
  assert.match(
    (await ada.get(url)).body,
    /name="keyEvent" value="1" checked[\s\S]*name="keyEventTitle" value="The turn"/,
  )
  await send(ada, url, '/approve', marked(ada))
  const face = async () => (await desk.store.reads.storyPage(storyId))?.face.keyEvents.map(({ title }) => title)
  assert.deepEqual([(await post(postId)).state, await face()], ['published', ['The turn']])
  await ada.post(`${story}/posts/${postId}/undo`, {})
  assert.deepEqual([(await post(postId)).keyEvent, await face()], [{ title: 'The turn' }, []])
  await ada.get(url)
  await ada.upload(`${url}/publish`, { ...fieldsOf(ada), ...marked(ada), keyEvent: '' }, null)
  assert.deepEqual([(await post(postId)).state, await face()], ['published', []], 'without the tick it is none')
})

test('a scheduled text is read, not written, by an author who may not schedule it', async () => {
  const { url } = await draft(cora, { headline: 'H', text: 'Body' })
  await send(ada, url, '/schedule', { releaseDate: `${month}-15`, releaseTime: '10:00' })
  const page = (await cora.get(url)).body
  assert.ok(page.includes('only who may schedule it changes it now') && !page.includes('<textarea name="text"'))
  assert.match((await cora.get(story)).body, new RegExp(`href="${url}">Read<`))
  assert.equal((await cora.post(`${url}/discard`, { revision: '1' })).statusCode, 403)
})

test('a scheduled key event goes out as one, and one without a title or a headline is not scheduled', async () => {
  const { url, postId } = await draft(ada, { text: 'Body', keyEvent: '1' })
  const when = { releaseDate: `${month}-15`, releaseTime: '10:00' }
  const refused = await send(ada, url, '/schedule', { ...when, ...marked(ada) })
  assert.match(refused.body, /A key event needs a short title/)
  await send(ada, url, '/schedule', { ...when, ...marked(ada, 'At ten') })
  assert.deepEqual([(await post(postId)).state, (await post(postId)).keyEvent], ['scheduled', { title: 'At ten' }])
  await desk.store.db.updateTable('post').set({ release_at: 1 }).where('id', '=', postId).execute()
  await releasePosts(desk.store, SYSTEM, storyId, [postId])
  const { face } = (await desk.store.reads.storyPage(storyId)) ?? {}
  assert.deepEqual(
    face?.keyEvents.map(({ postId: id, title }) => [id, title]),
    [[postId, 'At ten']],
  )
})

test('a post is scheduled in a zone, shown in the story’s, stays scheduled when its text changes, and can be taken back', async () => {
  const { url, postId } = await draft(ada, { headline: 'Results', text: 'Body' })
  const when = { releaseDate: `${month}-15`, releaseTime: '23:30', releaseZone: 'Asia/Jerusalem' }
  const reply = await send(ada, url, '/schedule', { ...when, text: 'Typed before' })
  assert.equal(reply.headers.location, `${url}?done=scheduled`, reply.body)
  const scheduled = await post(postId)
  assert.equal(scheduled.state, 'scheduled')
  assert.equal(scheduled.release?.at, Date.parse(`${month}-15T${22 - ahead}:30:00Z`))
  assert.deepEqual(scheduled.content.blocks, words('', 'Typed before').blocks)
  const page = (await ada.get(url)).body
  assert.match(page, /15 \w+ \d{4}, 22:30<\/time> \(Europe\/Paris\)/)
  assert.match(page, /15 \w+ \d{4}, 23:30<\/time> in Asia\/Jerusalem/)
  assert.match((await ada.get(story)).body, /Goes out/)
  await send(ada, url, '', { text: 'Changed' })
  assert.deepEqual([(await post(postId)).state, (await post(postId)).release?.at], ['scheduled', scheduled.release?.at])
  await send(ada, url, '/unschedule')
  assert.deepEqual([(await post(postId)).state, (await post(postId)).release], ['draft', null])
})

test('a time that is past or does not exist schedules nothing; the text is saved or comes back, and the time stands in its fields', async () => {
  const { url, postId } = await draft(ada, { headline: 'H', text: 'Body' })
  const past = await send(ada, url, '/schedule', { releaseDate: '2020-01-01', releaseTime: '10:00', text: 'More' })
  assert.equal(past.statusCode, 400)
  assert.match(past.body, /This time has passed\.[\s\S]*Your text was saved/)
  assert.equal(ada.hidden('releaseDate'), '2020-01-01')
  const gap = await send(ada, url, '/schedule', { releaseDate: '2027-03-28', releaseTime: '02:30', text: 'Still more' })
  assert.match(gap.body, /There is no 02:30 on 2027-03-28 in Europe\/Paris/)
  assert.equal(ada.textarea('text'), 'Still more')
  assert.equal((await post(postId)).state, 'draft')
})

test('an embargo is broken by nobody with one press: an editor confirms on a second page, a reporter is refused', async () => {
  const { url, postId } = await draft(rob, { headline: 'Budget', text: 'Body' })
  const until = { embargoDate: `${month}-15`, embargoTime: '12:00' }
  assert.equal((await send(rob, url, '/embargo', until)).statusCode, 303)
  assert.match((await rob.get(story)).body, />Embargo</)
  const refused = await send(rob, url, '/publish', { text: 'Typed by Rob' })
  assert.equal(refused.statusCode, 403)
  assert.equal(rob.textarea('text'), 'Typed by Rob')

  const asked = await send(ada, url, '/publish', {
    text: 'Typed by Ada',
    keyEvent: '1',
    keyEventTitle: 'Budget is out',
  })
  assert.equal(asked.statusCode, 409)
  assert.match(asked.body, /Break the embargo\?[\s\S]*Typed by Ada/)
  assert.equal((await post(postId)).state, 'draft')
  const second = Object.fromEntries(['revision', 'act'].map((name) => [name, ada.hidden(name)]))
  const stale = await ada.post(`${url}/break-embargo`, { ...second, revision: '1' })
  assert.equal(stale.statusCode, 409)
  const done = await ada.post(`${url}/break-embargo`, second)
  assert.equal(done.statusCode, 303, done.body)
  const out = await post(postId)
  assert.deepEqual([out.state, out.keyEvent], ['published', { title: 'Budget is out' }])
  assert.deepEqual(out.content.blocks, words('', 'Typed by Ada').blocks)
})

test('an embargo is lengthened at once, and shortened or lifted only on the second page', async () => {
  const { url, postId } = await draft(ada, { headline: 'Budget', text: 'Body' })
  const until = (date: string) => ({ embargoDate: date, embargoTime: '12:00' })
  await send(ada, url, '/embargo', until(`${month}-16`))
  assert.equal((await send(ada, url, '/embargo', until(`${month}-17`))).statusCode, 303)
  const asked = await send(ada, url, '/embargo', until(`${month}-15`))
  assert.equal(asked.statusCode, 409)
  const fields = Object.fromEntries(['revision', 'act', 'until', 'zone'].map((name) => [name, ada.hidden(name)]))
  assert.equal((await ada.post(`${url}/break-embargo`, fields)).statusCode, 303)
  assert.equal((await post(postId)).embargo?.until, Date.parse(`${month}-15T${12 - ahead}:00:00Z`))
  assert.equal((await send(ada, url, '/lift-embargo')).statusCode, 409)
  await ada.post(`${url}/break-embargo`, { revision: ada.hidden('revision'), act: 'embargo' })
  assert.equal((await post(postId)).embargo, null)
})

test('a publication is undone within seconds; after that the page says why not and offers to withdraw', async () => {
  await ada.get(story)
  const postId = ada.hidden('postId')
  const url = `${story}/posts/${postId}`
  const fields = { postId, headline: 'Slip', text: 'Body' }
  await ada.upload(`${story}/posts`, fields, null)
  assert.match((await ada.get(`${story}?done=published&post=${postId}`)).body, /\/undo"[\s\S]*>Undo</)
  assert.equal((await ada.post(`${url}/undo`, {})).headers.location, `${story}/drafts/${postId}?done=undone`)
  assert.equal((await post(postId)).state, 'draft')
  await send(ada, `${story}/drafts/${postId}`, '/publish')
  await desk.store.db
    .updateTable('post')
    .set((eb) => ({ published_at: eb('published_at', '-', 13_000) }))
    .where('id', '=', postId)
    .execute()
  assert.ok(!(await ada.get(`${story}?done=published&post=${postId}`)).body.includes('/undo"'))
  const late = await ada.post(`${url}/undo`, {})
  assert.equal(late.statusCode, 409)
  assert.match(late.body, /too late to undo[\s\S]*>Withdraw</)
  assert.ok(!late.body.includes('What you typed'), 'nothing was typed')
  assert.equal((await post(postId)).state, 'published')
})

test('a planned story takes drafts and publishes none; an ended one gives the text back', async () => {
  await desk.store.db.updateTable('story').set({ state: 'planned' }).where('id', '=', storyId).execute()
  const page = (await ada.get(story)).body
  assert.ok(page.includes('>Save draft<') && !page.includes('>Publish<'))
  const { url, reply } = await draft(ada, { headline: 'Prepared', text: 'Body' })
  assert.equal(reply.statusCode, 303)
  const early = await send(ada, url, '/publish', { text: 'Too early' })
  assert.equal(early.statusCode, 409)
  assert.match(early.body, /Start the story first\./)
  assert.equal(ada.textarea('text'), 'Too early')
})

test('a form with an id that is none is refused, not a fault of ours', async () => {
  await ada.get(story)
  assert.equal((await ada.upload(`${story}/drafts`, { postId: 'x', text: 'y' }, null)).statusCode, 400)
  assert.equal((await ada.upload(`${story}/drafts/${newId()}/publish`, { text: 'y' }, null)).statusCode, 404)
})

test('Enter in a field of a draft saves nothing and keeps the photo; nor does going on after the session has ended', async () => {
  const { url, postId } = await draft(ada, { headline: 'H', text: 'Body' })
  await ada.get(url)
  const looked = await ada.upload(url, { ...fieldsOf(ada), text: 'Typed', check: '1' }, photo)
  assert.equal(looked.statusCode, 200, looked.body)
  assert.match(looked.body, /Nothing was sent yet/)
  assert.equal(ada.textarea('text'), 'Typed')
  assert.match(ada.hidden('photoId'), /^[0-9a-z]{20}$/)
  const stranger = openBrowser(desk)
  const shut = await stranger.upload(`${url}/publish`, { ...fieldsOf(ada), text: 'Typed' }, null)
  assert.equal(shut.statusCode, 401)
  const resumed = await ada.upload(`${url}/publish`, { ...fieldsOf(ada), text: 'Typed', csrf: '', resume: '1' }, null)
  assert.equal(resumed.statusCode, 200, resumed.body)
  assert.equal(ada.textarea('text'), 'Typed')
  assert.deepEqual([(await post(postId)).state, (await post(postId)).revision], ['draft', 1])
  assert.equal((await ada.upload(url, fieldsOf(ada), null)).statusCode, 303)
  assert.equal((await post(postId)).revision, 2)
})

test('a contributor presses Enter in a new post: nothing is saved, and the text is there', async () => {
  await cora.get(story)
  const fields = { postId: cora.hidden('postId'), headline: 'Half', text: '', check: '1' }
  assert.equal((await cora.upload(`${story}/drafts`, fields, null)).statusCode, 200)
  assert.equal(cora.hidden('headline'), 'Half')
  assert.equal(await desk.reads.post(storyId, fields.postId), null)
})

test('a draft is discarded after a question, by its author or an editor, and what is typed into it later is not lost', async () => {
  const { url, postId } = await draft(cora, { headline: 'Nonsense', text: 'Body' }, photo)
  assert.match((await cora.get(url)).body, />Discard…</)
  const asked = await cora.get(`${url}/discard`)
  assert.match(asked.body, /Discard this draft\?[\s\S]*Nonsense/)
  const revision = cora.hidden('revision')
  await rob.get(story)
  assert.equal((await rob.post(`${url}/discard`, { revision })).statusCode, 403)
  assert.equal((await rob.get(`${url}/discard`)).statusCode, 403)
  await send(ada, url, '', { text: 'Better' })
  assert.equal((await cora.post(`${url}/discard`, { revision })).statusCode, 409, 'she has not seen the new text')
  const done = await cora.post(`${url}/discard`, { revision: cora.hidden('revision') })
  assert.equal(done.headers.location, `${story}?done=discarded`, done.body)
  assert.ok(!(await ada.get(story)).body.includes(`post-${postId}`))
  assert.equal((await ada.get(url)).statusCode, 404)
  const late = await ada.upload(url, { postId, revision: '2', base: '2', headline: 'Mine', text: 'Typed' }, null)
  assert.match(late.body, /This draft was discarded/)
  assert.equal(ada.textarea('text'), 'Typed')
  assert.deepEqual((await desk.reads.post(storyId, postId))?.content.blocks, [])
})

test('a draft is moved to another story on a page that offers the next part first', async () => {
  const { url, postId } = await draft(cora, { headline: 'For part two', text: 'Body' })
  const next = await liveStory(desk.store, { title: 'Bridge, part two' })
  const other = await liveStory(desk.store, { title: 'Elsewhere' })
  const links = { state: 'ended' as const, continued_by: next.id }
  await desk.store.db.updateTable('story').set(links).where('id', '=', storyId).execute()
  const page = (await ada.get(`${url}/move`)).body
  assert.match(page, new RegExp(`<select name="to"><option value="${next.id}"[^>]* selected>`))
  assert.ok(page.includes(other.id) && !page.includes(`value="${storyId}"`))
  const movedId = ada.hidden('postId')
  const done = await ada.post(`${url}/move`, { to: next.id, postId: movedId })
  assert.equal(done.headers.location, `/desk/stories/${next.id}?done=draft-moved&post=${movedId}#post-${movedId}`)
  const moved = await desk.reads.post(next.id, movedId)
  assert.deepEqual([moved?.byName, moved?.content.headline], ['Cora', 'For part two'])
  assert.ok(!(await ada.get(story)).body.includes(`post-${postId}`))
})

test('pictures of somebody else’s draft do not come into a text by naming it, nor when it was discarded', async () => {
  const { postId, url } = await draft(ada, { headline: 'Secret', text: 'Body' }, photo)
  await cora.get(story)
  const fields = { postId: cora.hidden('postId'), from: postId, base: '1', text: '{{image 1}}' }
  const reply = await cora.upload(`${story}/drafts`, fields, null)
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /has no such image/)
  await ada.get(url)
  await ada.post(`${url}/discard`, { revision: '1' })
  assert.match((await cora.upload(`${story}/drafts`, fields, null)).body, /has no such image/)
})

test('one button is the main one: submitting for a contributor, never publishing under an embargo', async () => {
  const main = async (by: Browser, url: string) =>
    [...(await by.get(url)).body.matchAll(/<button class="main"[^>]*>([^<]+)</g)].map(([, words]) => words)
  assert.deepEqual(await main(cora, story), ['Submit'])
  assert.deepEqual(await main(ada, story), ['Publish'])
  const [hers, own] = [await draft(cora, { headline: 'One' }), await draft(ada, { headline: 'Two' })]
  assert.deepEqual(await main(cora, hers.url), ['Submit'])
  assert.deepEqual(await main(ada, own.url), ['Publish now'])
  const until = { embargoDate: `${month}-15`, embargoTime: '12:00' }
  assert.equal((await send(ada, own.url, '/embargo', until)).statusCode, 303)
  assert.deepEqual(await main(ada, own.url), ['Save draft'])
})
