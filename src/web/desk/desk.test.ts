// Checks the plain desk end to end over a real store: publish, revise, correct, withdraw, mark, pin; nothing typed is ever lost.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { newId } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
let story: string // its address on the desk
let storyId: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

beforeEach(async () => {
  await ada.get('/desk/stories/new')
  const settings = { language: 'en', timeZone: 'Europe/Paris', visibility: 'public', then: 'start', slug: '' }
  const made = await ada.post('/desk/stories', {
    storyId: ada.hidden('storyId'),
    title: 'Bridge',
    standfirst: '',
    ...settings,
    slug: `s-${++count}`,
  })
  assert.equal(made.statusCode, 303, made.body)
  story = String(made.headers.location).split('?')[0] ?? ''
  storyId = story.split('/').at(-1) ?? ''
})
let count = 0

const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]) }

async function publish(fields: Record<string, string>, file: typeof photo | null = null) {
  await ada.get(story)
  const postId = ada.hidden('postId')
  const reply = await ada.upload(`${story}/posts`, { postId, ...fields }, file)
  return { postId, reply, url: `${story}/posts/${postId}` }
}

test('a post with text and a photo is published once, however often its form is sent', async () => {
  const fields = {
    headline: 'Span gone',
    text: 'One.\r\n\r\n> We saw it.\r\n— Bo, diver',
    caption: '',
    credit: '',
    alt: 'A gap',
  }
  const { postId, reply } = await publish({ ...fields, keyEvent: '1', keyEventTitle: '' }, photo)
  assert.equal(reply.statusCode, 303, reply.body)
  assert.equal(reply.headers.location, `${story}?done=published&post=${postId}`)
  const again = await ada.upload(`${story}/posts`, { postId, ...fields, keyEvent: '1', keyEventTitle: '' }, photo)
  assert.equal(again.headers.location, `${story}?done=published&post=${postId}`)

  const posts = await desk.reads.posts(storyId, { limit: 10 })
  assert.equal(posts.length, 1)
  const content = posts[0]?.content
  assert.deepEqual(content?.blocks.slice(0, 2), [
    { type: 'paragraph', text: [{ text: 'One.' }] },
    { type: 'quote', text: [[{ text: 'We saw it.' }]], speaker: { name: 'Bo', role: 'diver' } },
  ])
  const image = content?.blocks[2]
  assert.ok(image?.type === 'image' && image.media)
  assert.deepEqual([image.caption, image.alt, image.width], ['From the file', 'A gap', 800])
  assert.deepEqual([image.credit, image.agency], ['Jane Doe', 'AP'])
  assert.deepEqual(posts[0]?.keyEvent, { title: 'Span gone' })
  assert.match((await ada.get(`${story}?done=published`)).body, /role="status">Published\./)
})

test('a post that is refused comes back with every word, and its photo is not asked for again', async () => {
  await ada.get(story)
  const postId = ada.hidden('postId')
  const fields = {
    postId,
    headline: 'A <b>"headline"',
    text: '{{image 9}}\n\nBody',
    caption: 'Mine',
    place: 'PARIS',
    byline: 'Ada',
  }
  const reply = await ada.upload(`${story}/posts`, fields, photo)
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /this post has no such image/)
  assert.equal(ada.textarea('text'), '{{image 9}}\n\nBody')
  assert.equal(ada.hidden('headline'), 'A <b>"headline"')
  assert.equal(ada.textarea('caption'), 'Mine')
  assert.equal(ada.hidden('place'), 'PARIS')
  assert.equal(ada.hidden('postId'), postId)
  const photoId = ada.hidden('photoId')
  const sent = desk.photos.length
  const second = await ada.upload(`${story}/posts`, { ...fields, text: 'Body', photoId }, null)
  assert.equal(second.statusCode, 303, second.body)
  assert.equal(desk.photos.length, sent)
  const post = await desk.reads.post(storyId, postId)
  assert.ok(
    post?.content.blocks.some((block) => block.type === 'image' && block.media === photoId && block.caption === 'Mine'),
  )
})

test('a photo that is too large is refused, the text is kept', async () => {
  const { reply } = await publish(
    { headline: 'Big', text: 'Body' },
    { name: 'b.jpg', bytes: new Uint8Array(25 * 1024 * 1024 + 1) },
  )
  assert.equal(reply.statusCode, 413)
  assert.match(reply.body, /at most 25 MB/)
  assert.match(reply.body, /choose it again/)
  assert.equal(ada.textarea('text'), 'Body')
})

test('a revision keeps what the form cannot show and the words of its pictures can be put right', async () => {
  const { postId, url } = await publish({ headline: 'H', text: 'Before\n\n- a\n- b', caption: 'Wrong' }, photo)
  await ada.get(url)
  const text = ada.textarea('text')
  assert.match(text, /\{\{image 1: Wrong\}\}$/)
  const hidden = { revision: ada.hidden('revision'), base: ada.hidden('base'), images: '1' }
  const words = { 'image1-caption': 'Right', 'image1-credit': 'Reuters', 'image1-alt': '' }
  const reply = await ada.upload(
    `${url}/revise`,
    { ...hidden, ...words, headline: 'H2', text: text.replace('Before', 'After') },
    null,
  )
  assert.equal(reply.statusCode, 303, reply.body)
  const post = await desk.reads.post(storyId, postId)
  assert.equal(post?.revision, 2)
  assert.deepEqual(post?.content.blocks[0], { type: 'paragraph', text: [{ text: 'After' }] })
  const image = post?.content.blocks.at(-1)
  assert.ok(image?.type === 'image' && image.media)
  assert.deepEqual([image.caption, image.credit, image.width], ['Right', 'Reuters', 800])
})

test('two editors at once: the second sees both versions, loses nothing, and may then decide', async () => {
  const { postId, url } = await publish({ headline: 'H', text: 'First' }, photo)
  await ada.get(url)
  const seen = {
    revision: ada.hidden('revision'),
    base: ada.hidden('base'),
    headline: 'H',
    images: '1',
    'image1-caption': 'c',
  }
  const mine = ada.textarea('text').replace('First', 'Mine')
  await ada.upload(`${url}/revise`, { ...seen, text: 'Theirs' }, null) // takes the picture out

  const conflict = await ada.upload(`${url}/revise`, { ...seen, text: mine }, null)
  assert.equal(conflict.statusCode, 409)
  assert.match(conflict.body, /Published now \(revision 2\)/)
  assert.match(conflict.body, />\nTheirs</)
  assert.equal(ada.textarea('text'), mine)
  assert.equal(ada.hidden('revision'), '2')
  assert.equal(ada.hidden('base'), '1')
  assert.deepEqual((await desk.reads.post(storyId, postId))?.content.blocks.length, 1)

  const decided = await ada.upload(`${url}/revise`, { ...seen, revision: '2', text: mine }, null)
  assert.equal(decided.statusCode, 303, decided.body)
  const post = await desk.reads.post(storyId, postId)
  assert.deepEqual(
    post?.content.blocks.map((block) => block.type),
    ['paragraph', 'image'],
  )
})

test('a correction needs its note; with one it is public', async () => {
  const { postId, url } = await publish({ headline: 'H', text: '12 dead' })
  await ada.get(url)
  const seen = { revision: '1', base: '1', headline: 'H', text: '11 dead' }
  const bare = await ada.upload(`${url}/correct`, { ...seen, note: ' ' }, null)
  assert.equal(bare.statusCode, 400)
  assert.equal(ada.textarea('text'), '11 dead')
  assert.equal((await ada.upload(`${url}/correct`, { ...seen, note: 'It is 11, not 12.' }, null)).statusCode, 303)
  const post = await desk.reads.post(storyId, postId)
  assert.equal(post?.corrections[0]?.note, 'It is 11, not 12.')
  assert.match((await ada.get(url)).body, /It is 11, not 12\./)
})

test('withdrawing asks first, keeps the reason in the line, and cannot be answered by an edit', async () => {
  const { postId, url } = await publish({ headline: 'H', text: 'Untrue' })
  const asked = await ada.get(`${url}/withdraw`)
  assert.match(asked.body, /Withdraw this post\?/)
  assert.equal((await desk.reads.post(storyId, postId))?.state, 'published')
  const reply = await ada.post(`${url}/withdraw`, { trace: 'line', reason: ' Not  confirmed ' })
  assert.equal(reply.statusCode, 303)
  const post = await desk.reads.post(storyId, postId)
  assert.equal(post?.state, 'withdrawn')
  assert.equal(post?.withdrawal?.reason, 'Not confirmed')
  const edit = await ada.upload(`${url}/revise`, { revision: '1', base: '1', headline: 'H', text: 'Still mine' }, null)
  assert.equal(edit.statusCode, 409)
  assert.equal(ada.textarea('text'), 'Still mine')
})

test('a post is marked, unmarked, pinned and unpinned by buttons', async () => {
  const { postId, url } = await publish({ headline: '', text: 'No headline' })
  await ada.get(story)
  assert.equal((await ada.post(`${url}/key-event`, { mark: 'yes', title: 'The turn' })).statusCode, 303)
  assert.equal((await ada.post(`${url}/pin`, { pin: 'yes' })).statusCode, 303)
  const post = await desk.reads.post(storyId, postId)
  assert.deepEqual(post?.keyEvent, { title: 'The turn' })
  assert.ok(post?.pinnedAt)
  const page = (await ada.get(story)).body
  assert.match(page, />Key event</)
  assert.match(page, />Unpin</)
  await ada.post(`${url}/key-event`, { mark: 'yes', title: 'The turning point' })
  assert.deepEqual((await desk.reads.post(storyId, postId))?.keyEvent, { title: 'The turning point' })
  await ada.post(`${url}/key-event`, { mark: 'no' })
  await ada.post(`${url}/pin`, { pin: 'no' })
  const plain = await desk.reads.post(storyId, postId)
  assert.deepEqual([plain?.keyEvent, plain?.pinnedAt], [null, null])
})

test('the edit page renames a key event; a mark that somebody else set meanwhile stays', async () => {
  const { postId, url } = await publish({ headline: 'Old', text: 'x', keyEvent: '1' })
  const mark = async () => (await desk.reads.post(storyId, postId))?.keyEvent
  await ada.get(url)
  const fields = { base: '1', headline: 'New', text: 'x', wasKeyEvent: '1', wasKeyEventTitle: '' }
  await ada.upload(`${url}/revise`, { ...fields, revision: '1', keyEvent: '1', keyEventTitle: '' }, null)
  assert.deepEqual(await mark(), { title: 'New' }, 'the headline’s words follow the headline')
  await ada.upload(`${url}/revise`, { ...fields, revision: '2', keyEvent: '1', keyEventTitle: 'The turn' }, null)
  assert.deepEqual(await mark(), { title: 'The turn' })
  const stillUntouched = (await desk.reads.post(storyId, postId))?.revision
  assert.equal(stillUntouched, 2, 'a title alone is no update of the text')
  const unmarked = { base: '2', headline: 'New', text: 'Another text', revision: '2' } // opened before it was marked
  await ada.upload(`${url}/revise`, unmarked, null)
  assert.deepEqual(await mark(), { title: 'The turn' })
  const took = { ...unmarked, revision: '3', wasKeyEvent: '1', wasKeyEventTitle: 'The turn', keyEventTitle: 'The turn' }
  await ada.upload(`${url}/correct`, { ...took, text: 'Right', note: 'It was wrong.' }, null)
  assert.equal(await mark(), null)
})

test('an ended story takes no post; the text comes back', async () => {
  await ada.get(story)
  const postId = ada.hidden('postId')
  assert.equal((await ada.post(`${story}/end`, {})).statusCode, 303)
  const late = await ada.upload(`${story}/posts`, { postId, headline: 'Late', text: 'Too late' }, null)
  assert.equal(late.statusCode, 409)
  assert.match(late.body, /This story has ended\./)
  assert.equal(ada.textarea('text'), 'Too late')
})

test('when the session has ended the error page gives the form back whole, but never a password', async () => {
  await ada.get(story)
  const fields = { postId: ada.hidden('postId'), headline: 'Kept <i>', text: 'Long text\n\nof mine', keyEvent: '1' }
  const stranger = openBrowser(desk)
  const reply = await stranger.upload(`${story}/posts`, fields, photo)
  assert.equal(reply.statusCode, 401)
  assert.equal(stranger.textarea('text'), fields.text)
  assert.equal(stranger.textarea('headline'), 'Kept <i>')
  assert.equal(stranger.hidden('postId'), fields.postId)
  assert.equal(stranger.hidden('keyEvent'), '1')
  await stranger.post('/desk/sign-in', { email: 'nobody@example.org', password: 'a secret word' })
  assert.equal(
    (await stranger.post('/desk/stories', { title: 'T', password: 'a secret word' })).body.includes('a secret word'),
    false,
  )
})

test('the list shows older posts page by page, each once', async () => {
  for (let n = 1; n <= 43; n += 1) await publish({ headline: `Post ${n}`, text: 'x' })
  const first = (await ada.get(story)).body
  const next = /href="([^"]+\?before=[^"]+)"/.exec(first)?.[1] ?? ''
  const second = (await ada.get(next)).body
  const titles = [first, second].flatMap((page) =>
    [...page.matchAll(/<p class="row-title"[^>]*>([^<]+)</g)].map((match) => match[1]),
  )
  assert.deepEqual(
    titles,
    Array.from({ length: 43 }, (_, index) => `Post ${43 - index}`),
  )
})

test('a story whose address is taken is not made; the form comes back to change it', async () => {
  await ada.get('/desk/stories/new')
  const settings = {
    title: 'Other',
    language: 'he',
    timeZone: 'Asia/Jerusalem',
    visibility: 'public',
    slug: `s-${count}`,
  }
  const reply = await ada.post('/desk/stories', { storyId: ada.hidden('storyId'), ...settings })
  assert.equal(reply.statusCode, 409)
  assert.equal(ada.hidden('slug'), `s-${count}`)
  const good = await ada.post('/desk/stories', { storyId: ada.hidden('storyId'), ...settings, slug: 'free-one' })
  assert.equal(good.statusCode, 303)
  const bad = await ada.post('/desk/stories', { storyId: ada.hidden('storyId'), ...settings, timeZone: 'Mars/Base' })
  assert.equal(bad.statusCode, 400)
  assert.match((await ada.get('/desk')).body, /lang="he" dir="rtl">Other</)
})

test('when the database is away the form comes back whole, with what to do', async () => {
  const lone = await openTestDesk()
  const browser = await signInAsAdmin(lone)
  await browser.get('/desk/stories/new')
  await lone.store.close()
  const reply = await browser.post('/desk/stories', {
    title: 'Flood',
    standfirst: 'Long\nwords',
    storyId: browser.hidden('storyId'),
  })
  await lone.app.close()
  assert.equal(reply.statusCode, 503)
  assert.match(reply.body, /out of reach/)
  assert.match(reply.body, /Send again/)
  assert.equal(browser.textarea('standfirst'), 'Long\nwords')
})

test('a form that breaks off or has no boundary is refused as malformed, never as a fault of ours', async () => {
  const send = (type: string, payload: string) =>
    desk.app.inject({
      method: 'POST',
      url: '/desk/sign-in',
      headers: { 'content-type': type, origin: 'http://localhost', host: 'localhost' },
      payload,
    })
  const broken = '--x\r\ncontent-disposition: form-data; name="email"\r\n\r\nhalf a va'
  assert.equal((await send('multipart/form-data', 'x')).statusCode, 400)
  assert.equal((await send('multipart/form-data; boundary=x', broken)).statusCode, 400)
  assert.equal((await send('application/x-www-form-urlencoded', 'email=a%00b&password=x')).statusCode, 401)
})

test('a post with twenty pictures can take one more, and every word of a refused form comes back', async () => {
  const { postId, url } = await publish({ headline: 'Many', text: 'Body' }, photo)
  const post = await desk.reads.post(storyId, postId)
  const image = post?.content.blocks.find((block) => block.type === 'image')
  assert.ok(image)
  const { revisePost } = await import('../../newsroom/revise-post.ts')
  const blocks = Array.from({ length: 20 }, () => image)
  const actor = { id: 'system:test', name: 'Test', role: 'editor' as const, credential: 'system:test' }
  await revisePost(desk.store, actor, storyId, postId, { revision: 1, content: { headline: 'Many', blocks } })
  await ada.get(url)
  const fields = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => n + 1).flatMap((n) =>
      ['caption', 'credit', 'alt'].map((part) => [`image${n}-${part}`, `${part} ${n}`]),
    ),
  )
  const hidden = { revision: ada.hidden('revision'), base: ada.hidden('base'), images: '20' }
  const text = ada.textarea('text')
  const reply = await ada.upload(`${url}/revise`, { ...hidden, ...fields, headline: 'Many', text }, photo)
  assert.equal(reply.statusCode, 303, reply.body)
  assert.equal((await desk.reads.post(storyId, postId))?.content.blocks.length, 21)
  const foreign = await desk.app.inject({
    method: 'POST',
    url: `${story}/posts`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://elsewhere.example',
      accept: 'text/html',
    },
    payload: 'text=Typed+by+hand',
  })
  assert.equal(foreign.statusCode, 403)
  assert.match(foreign.body, /Typed by hand/)
})

test('a photo is withdrawn by a page that asks first, shows where it stands, and then says that it is gone', async () => {
  await publish({ headline: 'First', text: 'Body' }, photo)
  const posts = await desk.reads.posts(storyId, { limit: 10 })
  const image = posts[0]?.content.blocks.find((block) => block.type === 'image')
  assert.ok(image?.type === 'image' && image.media)
  const url = `/desk/photos/${image.media}/withdraw?story=${storyId}`
  assert.match((await ada.get(story)).body, new RegExp(`href="${url.replace('?', '\\?')}"`))
  const twin = newId()
  const size = { width: 800, height: 600, bytes: photo.bytes.length, metadata: {}, createdBy: 'x' }
  await desk.store.media.save({ ...size, id: twin })
  await desk.store.media.save({ ...size, id: newId(), bytes: 6 })
  const asks = await ada.get(url)
  assert.match(asks.body, /1 post in 1 story/)
  assert.match(asks.body, /First/)
  assert.equal((await ada.post(url, { reason: 'x', csrf: 'forged' })).statusCode, 409)
  assert.equal((await desk.reads.photoSheet(image.media))?.withdrawn, null)
  await ada.get(url)
  const long = await ada.post(url, { reason: 'x'.repeat(1_001) })
  assert.equal(long.statusCode, 400)
  assert.match(long.body, /The photo still stands/)
  const done = await ada.post(url, { reason: 'Rights expired' })
  assert.deepEqual([done.statusCode, done.headers.location], [303, url])
  const after = (await ada.get(url)).body
  assert.match(after, /No post shows this upload any more/)
  assert.match(after, /looks? like the same file/)
  assert.ok(after.includes(`/desk/photos/${twin}/withdraw?story=${storyId}`), 'an upload of the same size stands')
  assert.match(after, new RegExp(`\\(Europe/Paris\\)[\\s\\S]*href="${story}">Back to the story`))
  assert.match((await ada.get(url)).body, /by Ada<.*Rights expired/)
  const left = await desk.reads.posts(storyId, { limit: 10 })
  assert.deepEqual(
    left[0]?.content.blocks.map((block) => block.type),
    ['paragraph'],
  )
  await ada.get(story)
  const again = await ada.upload(
    `${story}/posts`,
    { postId: ada.hidden('postId'), headline: 'Again', photoId: image.media },
    null,
  )
  assert.equal(again.statusCode, 400)
  assert.match(again.body, /Choose it again/)
})

test('words of a photo without the photo are refused and stay; a kept photo can be left out', async () => {
  const alone = await publish({ headline: 'H', text: 'Body', caption: 'The gap' })
  assert.equal(alone.reply.statusCode, 400)
  assert.match(alone.reply.body, /You wrote a caption but chose no photo\./)
  assert.deepEqual([ada.textarea('caption'), ada.textarea('text')], ['The gap', 'Body'])
  const { postId, reply } = await publish({ headline: 'H', text: '{{image 9}}' }, photo)
  assert.match(reply.body, />Leave the photo out</)
  const photoId = ada.hidden('photoId')
  assert.match(photoId, /^[0-9a-z]{20}$/)
  const fields = { postId, headline: 'H', text: 'Body', photoId, caption: 'From the file', noPhoto: '1' }
  assert.equal((await ada.upload(`${story}/posts`, fields, null)).statusCode, 303)
  assert.deepEqual(
    (await desk.reads.post(storyId, postId))?.content.blocks.map(({ type }) => type),
    ['paragraph'],
  )
})

test('a new post is offered one’s own name as the byline, and has a field for tags with the schema’s bounds', async () => {
  await ada.get(story)
  assert.equal(ada.hidden('byline'), 'Ada')
  const { postId, url } = await publish({ headline: 'H', text: 'Body', tags: 'bridge, Bridge ,bridge، ירושלים' })
  const tags = async () => (await desk.reads.post(storyId, postId))?.content.tags
  assert.deepEqual(await tags(), ['bridge', 'Bridge', 'ירושלים'])
  await ada.get(url)
  const form = { revision: '1', base: '1', headline: 'H', text: 'Body' }
  assert.equal(ada.hidden('tags'), 'bridge, Bridge, ירושלים')
  const long = await ada.upload(`${url}/revise`, { ...form, tags: `x, ${'y'.repeat(61)}` }, null)
  assert.match(long.body, /A tag: at most 60 characters; this has 61\./)
  await ada.upload(`${url}/revise`, { ...form, tags: 'x' }, null)
  assert.deepEqual(await tags(), ['x'])
})

test('a headline that is too long is not cut by the browser: the page says how long it is', async () => {
  await ada.get(story)
  assert.ok(!(await ada.get(story)).body.includes('maxlength'))
  const { reply } = await publish({ headline: 'x'.repeat(301), text: 'Body' })
  assert.match(reply.body, /Headline: at most 300 characters; this has 301\./)
  assert.equal(ada.hidden('headline').length, 301)
})

test('zones are offered by the names they have now, and a story of an older name keeps it', async () => {
  const page = (await ada.get('/desk/stories/new')).body
  for (const zone of ['Europe/Kyiv', 'Asia/Kolkata', 'Asia/Yangon', 'Asia/Ho_Chi_Minh', 'Asia/Kathmandu'])
    assert.ok(page.includes(`value="${zone}"`), zone)
  assert.ok(!page.includes('Calcutta') && !page.includes('Kiev'))
  await desk.store.db.updateTable('story').set({ time_zone: 'Europe/Kiev' }).where('id', '=', storyId).execute()
  assert.match((await ada.get(`${story}/settings`)).body, /value="Europe\/Kiev" selected/)
})
