// Checks what the desk does when hands slip: Enter, the way back, a forgotten note, another tab, a session that has ended.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openTestDesk, signInAsAdmin, startStory, type TestDesk } from '../../../test/helpers/desk.ts'
import { TWIN_MS } from './twin.ts'

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
let story: string
let storyId: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
  const made = await startStory(ada, 'Bridge')
  story = made.url
  storyId = made.storyId
})
after(() => desk.close())

test('a page asked for without a session goes on to the sign-in by itself, and names the page', async () => {
  const reply = await openBrowser(desk).get(`/desk/stories/${storyId}/settings?a=1&b=2`)
  assert.equal(reply.statusCode, 401)
  const [, to = ''] = /<meta http-equiv="refresh" content="0; url=([^"]+)">/.exec(reply.body) ?? []
  assert.equal(to, `/desk/sign-in?next=${encodeURIComponent(`/desk/stories/${storyId}/settings?a=1&b=2`)}`)
  // What was typed is shown instead: nobody is taken away from it.
  const typed = await openBrowser(desk).post(`${story}/posts`, { headline: 'Kept' })
  assert.doesNotMatch(typed.body, /http-equiv="refresh"/)
  assert.match(typed.body, /Kept/)
})

const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]) }

/** A new form each time, as after the browser's way back. */
async function publish(fields: Record<string, string>, file: typeof photo | null = null) {
  await ada.get(story)
  const postId = ada.hidden('postId')
  const reply = await ada.upload(`${story}/posts`, { postId, ...fields }, file)
  return { postId, reply, url: `${story}/posts/${postId}` }
}

/** The form of a published post, as it stands, with some fields changed. */
async function edit(url: string, way: string, fields: Record<string, string>, file: typeof photo | null = null) {
  await ada.get(url)
  const seen = { revision: ada.hidden('revision'), base: ada.hidden('base'), headline: ada.hidden('headline') }
  return ada.upload(`${url}/${way}`, { ...seen, text: ada.textarea('text'), ...fields }, file)
}

const posts = async () => (await desk.reads.posts(storyId, { limit: 100 })).length

test('Enter in a field presses the first button of every form, and that one publishes nothing', async () => {
  const { url } = await publish({ headline: 'A first', text: 'x' })
  for (const page of [story, url, '/desk/stories/new', `${url}/withdraw`]) {
    const { body } = await ada.get(page)
    for (const [form] of body.matchAll(/<form [^>]*class="stack">[\s\S]*?<\/form>/g)) {
      if (!/<input (?!type="hidden")|type="radio"/.test(form)) continue
      assert.match(/<button[^>]*>/.exec(form)?.[0] ?? '', /name="check"/, page)
    }
  }
  const before = await posts()
  const { reply } = await publish({ headline: 'Only typed', text: 'Body', check: '1' }, photo)
  assert.equal(reply.statusCode, 200)
  assert.match(reply.body, /role="status">Nothing was sent yet/)
  assert.equal(ada.textarea('text'), 'Body')
  assert.notEqual(ada.hidden('photoId'), '')
  assert.equal(await posts(), before)

  assert.equal((await edit(url, 'revise', { text: 'Changed', check: '1' })).statusCode, 200)
  assert.equal((await edit(url, 'revise', { text: 'Changed', check: '1', note: 'n' })).statusCode, 200)
  assert.equal((await ada.post(`${url}/withdraw`, { trace: 'none', check: '1' })).statusCode, 200)
  const post = await desk.reads.post(storyId, url.split('/').at(-1) ?? '')
  assert.deepEqual([post?.state, post?.revision], ['published', 1])

  await ada.get('/desk/stories/new')
  const made = { storyId: ada.hidden('storyId'), title: 'T', language: 'en', timeZone: 'UTC', visibility: 'public' }
  assert.equal((await ada.post('/desk/stories', { ...made, check: '1' })).statusCode, 200)
  assert.equal(await desk.reads.story(made.storyId), null)
})

test('Enter tells what is wrong with a post all the same', async () => {
  const { reply } = await publish({ headline: 'H', text: '{{image 4}}', check: '1' })
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /no such image/)
})

test('the way back and Publish does not make a second post without asking', async () => {
  const words = { headline: 'Twice', text: 'The same words.' }
  const first = await publish({ ...words, caption: 'c' }, photo)
  const before = await posts()
  for (const again of [await publish(words), await publish({ ...words, caption: 'c' }, photo)]) {
    assert.equal(again.reply.statusCode, 409)
    assert.match(again.reply.body, /This was published <time[^>]*>[^<]+<\/time>\./)
    assert.match(again.reply.body, /name="again" value="1">Publish it again</)
    assert.match(again.reply.body, new RegExp(`href="#post-${first.postId}"`))
    assert.equal(ada.textarea('text'), words.text)
  }
  await edit(first.url, 'revise', { text: 'Other words.' })
  assert.equal((await publish(words)).reply.statusCode, 409, 'revised since')
  assert.equal(await posts(), before)
  assert.equal((await publish({ ...words, again: '1' })).reply.statusCode, 303)
  assert.equal(await posts(), before + 1)
})

test('the same words much later, of somebody else, or sent twice by one form are nothing to ask about', async () => {
  const words = { headline: 'Polls have closed', text: '' }
  const { postId } = await publish(words)
  assert.equal((await ada.upload(`${story}/posts`, { postId, ...words }, null)).statusCode, 303)
  await desk.accounts.createAccount(
    { name: 'Bo', email: 'bo@example.org', password: 'correct horse battery' },
    'editor',
  )
  const bo = openBrowser(desk)
  await bo.post('/desk/sign-in', { email: 'bo@example.org', password: 'correct horse battery' })
  await bo.get(story)
  assert.equal((await bo.upload(`${story}/posts`, { postId: bo.hidden('postId'), ...words }, null)).statusCode, 303)
  desk.clock.ahead = TWIN_MS + 1_000
  assert.equal((await publish(words)).reply.statusCode, 303)
  desk.clock.ahead = 0
})

test('a note that was written is not thrown away by Revise', async () => {
  const { url, postId } = await publish({ headline: 'H', text: '12 dead' })
  const asked = await edit(url, 'revise', { text: '11 dead', note: 'It is 11.' })
  assert.equal(asked.statusCode, 409)
  assert.match(asked.body, /You wrote a note: correct, or revise without it\?/)
  assert.match(asked.body, /name="noteless" value="1">Revise without the note</)
  assert.equal(ada.textarea('note'), 'It is 11.')
  assert.equal((await desk.reads.post(storyId, postId))?.revision, 1)
  const done = await edit(url, 'revise', { text: '11 dead', note: 'It is 11.', noteless: '1' })
  assert.equal(done.headers.location, `${story}?done=revised&post=${postId}#post-${postId}`)
})

test('revising without a change says so, and a form sent twice that it was revised', async () => {
  const { url, postId } = await publish({ headline: 'Same', text: 'x' })
  const same = await edit(url, 'revise', {})
  assert.equal(same.headers.location, `${story}?done=unchanged&post=${postId}#post-${postId}`)
  assert.match((await ada.get(String(same.headers.location).split('#')[0] ?? '')).body, /Nothing was changed/)
  await edit(url, 'revise', { text: 'y' })
  const twice = await ada.upload(`${url}/revise`, { revision: '1', base: '1', headline: 'Same', text: 'y' }, null)
  assert.match(String(twice.headers.location), /done=revised/)
  assert.equal((await desk.reads.post(storyId, postId))?.revision, 2)
})

test('a post withdrawn meanwhile offers nothing that can only fail: its text becomes a new post, pictures too', async () => {
  const { url, postId } = await publish({ headline: 'Untrue', text: 'Before', caption: 'c' }, photo)
  await ada.get(url)
  const text = ada.textarea('text').replace('Before', 'After')
  const seen = { revision: '1', base: '1', images: '1', 'image1-caption': 'c', headline: 'True', text }
  await ada.post(`${url}/withdraw`, { trace: 'line', reason: 'Not confirmed' })

  const late = await ada.upload(`${url}/correct`, { ...seen, note: 'My note' }, null)
  assert.equal(late.statusCode, 409)
  assert.match(late.body, /This post was withdrawn <time/)
  assert.match(late.body, /Not confirmed/)
  assert.match(late.body, /My note/)
  assert.doesNotMatch(late.body, /\/revise"|\/correct"|\/withdraw"/)
  assert.match(late.body, />Publish as a new post</)
  const fresh = { postId: ada.hidden('postId'), from: ada.hidden('from'), base: ada.hidden('base') }
  assert.equal(fresh.from, postId)
  assert.notEqual(fresh.postId, postId)

  const kept = { ...seen, revision: '0', ...fresh }
  const broken = await ada.upload(`${story}/posts`, { ...kept, text: `${text}\n\n{{image 7}}` }, null)
  assert.equal(broken.statusCode, 400)
  assert.equal(ada.hidden('from'), postId)
  assert.equal((await ada.upload(`${story}/posts`, kept, null)).statusCode, 303)
  const post = await desk.reads.post(storyId, fresh.postId)
  assert.deepEqual(
    post?.content.blocks.map((block) => block.type),
    ['paragraph', 'image'],
  )
  assert.doesNotMatch((await ada.get(url)).body, />Revise</)

  const anew = await ada.upload(`${story}/posts`, { ...kept, text: text.replace('After', 'Anew') }, null)
  assert.equal(anew.statusCode, 409, 'published already, with another text')
  assert.equal(ada.hidden('from'), postId, 'its pictures still mean those of the post it comes from')
  const again = { ...kept, from: ada.hidden('from'), base: ada.hidden('base'), revision: ada.hidden('revision') }
  const revised = { ...again, text: text.replace('After', 'Anew') }
  assert.equal((await ada.upload(`${story}/posts/${fresh.postId}/revise`, revised, null)).statusCode, 303)
  assert.deepEqual(
    (await desk.reads.post(storyId, fresh.postId))?.content.blocks.map((block) => block.type),
    ['paragraph', 'image'],
  )
})

test('a short title makes a key event, ticked or not', async () => {
  const { postId } = await publish({ headline: 'Headline', text: 'x', keyEventTitle: 'The turn' })
  assert.deepEqual((await desk.reads.post(storyId, postId))?.keyEvent, { title: 'The turn' })
})

test('after publishing one lands at the top, and the new post is marked in the list', async () => {
  const { postId, reply } = await publish({ headline: 'Newest of all', text: 'x' })
  assert.equal(reply.headers.location, `${story}?done=published&post=${postId}`)
  const { body } = await ada.get(String(reply.headers.location))
  assert.match(body, new RegExp(`<li id="post-${postId}" data-state="published" class="new">`))
  assert.ok(body.indexOf('Published.') < body.indexOf('New post'))
  assert.match(body, new RegExp(`href="#post-${postId}">See it in the list<`))
  const pinned = await ada.post(`${story}/posts/${postId}/pin`, { pin: 'yes' })
  assert.equal(pinned.headers.location, `${story}?done=pinned&post=${postId}#post-${postId}`)
  const list = (await ada.get(`${story}?done=pinned&post=${postId}`)).body
  assert.ok(list.indexOf('Pinned at the top') > list.indexOf(`id="post-${postId}"`), 'said where one lands')
  assert.match((await ada.get(`${story}?done=pinned&post=${'0'.repeat(20)}`)).body, /Pinned at the top/)
})

test('a post of a photo alone has words in the list', async () => {
  await publish({ headline: '', text: '', caption: 'The gap from above' }, photo)
  assert.match((await ada.get(story)).body, />Photo: <span[^>]*>The gap from above</)
})

test('an ended session costs one refusal: the text is shown once more with a token of the new session', async () => {
  await ada.get(story)
  const fields = { postId: ada.hidden('postId'), headline: 'Kept', text: 'Long text', 'image1-caption': 'x' }
  const eve = openBrowser(desk)
  const refused = await eve.upload(`${story}/posts`, { csrf: 'of-the-session-before', ...fields }, photo)
  assert.equal(refused.statusCode, 401)
  assert.match(refused.body, /<label>Headline </)
  assert.match(refused.body, /href="\/desk\/sign-in\?next=%2Fdesk%2Fsigned-in" target="_blank"/)
  assert.doesNotMatch(refused.body, /of-the-session-before/)
  await eve.post('/desk/sign-in', { email: 'bo@example.org', password: 'correct horse battery' })

  const before = await posts()
  const resumed = await eve.post(`${story}/posts`, { ...fields, resume: '1', csrf: '' })
  assert.equal(resumed.statusCode, 200)
  assert.match(resumed.body, /role="status">You are signed in as Bo\. Nothing was sent yet/)
  assert.equal(eve.textarea('text'), 'Long text')
  assert.equal(await posts(), before)
  const { postId, headline, text } = fields
  assert.equal((await eve.upload(`${story}/posts`, { postId, headline, text }, null)).statusCode, 303)
  assert.equal(await posts(), before + 1)
})

test('a form that is only shown again comes from a page of ours all the same', async () => {
  const fields = { postId: '0'.repeat(20), headline: 'Forged', resume: '1' }
  const reply = await ada.post(`${story}/posts`, fields, { origin: 'https://evil.example' })
  assert.equal(reply.statusCode, 403)
})

test('every form with text can be gone on with after a sign-in, and does nothing by that', async () => {
  const { url, postId } = await publish({ headline: 'Stays', text: 'x' })
  const fields = { csrf: 'old', resume: '1', headline: 'Other', text: 'y', note: 'n', reason: 'r', title: 'T' }
  for (const way of ['revise', 'correct', 'withdraw']) {
    const reply = await ada.post(`${url}/${way}`, { ...fields, revision: '1', base: '1' })
    assert.equal(reply.statusCode, 200, way)
    assert.match(reply.body, /You are signed in as Ada/)
  }
  assert.equal((await ada.post('/desk/stories', fields)).statusCode, 200)
  const post = await desk.reads.post(storyId, postId)
  assert.deepEqual([post?.state, post?.revision], ['published', 1])
})
