// Checks autosaved versions on the plain desk over a real store: listed, opened in the form, saved by a button only.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { liveStory, newId, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { MAX_AUTOSAVES } from '../../domain/autosave.ts'
import type { PostContentInput } from '../../domain/content.ts'
import type { Actor } from '../../domain/permission.ts'
import { autosavePost } from '../../newsroom/autosave-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { createAutosaves } from '../../store/autosaves.ts'

const PASSWORD = 'correct horse battery'
const SYSTEM = { id: 'system:test', name: 'Test', role: 'editor' as const, credential: 'system:test' }

type Browser = ReturnType<typeof openBrowser>

let desk: TestDesk
let ada: Browser
let ADA: Actor
let storyId: string
let story: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
  const { rows } = await desk.store.admin.query<{ id: string }>("SELECT id FROM account WHERE name = 'Ada'")
  ADA = { id: rows[0]?.id ?? '', name: 'Ada', role: 'admin', credential: 'test' }
})
after(() => desk.close())

beforeEach(async () => {
  storyId = (await liveStory(desk.store, { title: 'Bridge', timeZone: 'Asia/Tokyo' })).id
  story = `/desk/stories/${storyId}`
})

async function type(postId: string, revision: number, content: PostContentInput, by: Actor = ADA): Promise<number> {
  const autosaves = createAutosaves(desk.store.db)
  return (await autosavePost({ autosaves }, by, storyId, { postId, revision, content })).id
}

async function draft(content: PostContentInput): Promise<{ postId: string; url: string }> {
  const postId = newId()
  await saveDraft(desk.store, ADA, storyId, { postId, revision: 0, content })
  return { postId, url: `${story}/drafts/${postId}` }
}

async function published(content: PostContentInput): Promise<{ postId: string; url: string }> {
  const postId = newId()
  await publishPost(desk.store, ADA, storyId, { postId, content })
  return { postId, url: `${story}/posts/${postId}` }
}

function fieldsOf(by: Browser): Record<string, string> {
  const names = ['postId', 'revision', 'base', 'from', 'autosave', 'headline', 'tags', 'images', 'image1-caption']
  return { ...Object.fromEntries(names.map((name) => [name, by.hidden(name)])), text: by.textarea('text') }
}

const post = async (postId: string) => {
  const found = await desk.reads.post(storyId, postId)
  assert.ok(found)
  return found
}

const photo = async (caption: string) => {
  const id = newId()
  await desk.store.media.save({ id, width: 800, height: 600, bytes: 1, metadata: {}, createdBy: ADA.id })
  return { type: 'image' as const, media: id, alt: '', caption, credit: '' }
}

test('a page without autosaves says nothing of them; with some, it lists them newest first, in the story’s zone, with who', async () => {
  const { postId, url } = await draft(words('Draft'))
  assert.ok(!(await ada.get(url)).body.includes('Autosaved'))
  const ids = [await type(postId, 1, words('One')), await type(postId, 1, words('Two'), SYSTEM)]
  const at = Date.parse('2026-01-31T23:30:05Z')
  await desk.store.admin.query('UPDATE post_autosave SET at = $1 WHERE id = $2', [at, ids[0]])
  const { body } = await ada.get(url)
  assert.match(body, /Autosaved versions \(2\)/)
  const [newest, oldest] = [...body.matchAll(/<li><a href="([^"]*)"[^>]*>(.*?)<\/li>/g)].map(([, ...found]) => found)
  assert.equal(newest?.[0], `${url}?autosave=${ids[1]}`)
  assert.equal(oldest?.[0], `${url}?autosave=${ids[0]}`)
  assert.match(
    oldest?.[1] ?? '',
    /datetime="2026-01-31T23:30:05.000Z">1 Feb, 08:30:05<\/time><\/a> Ada, of revision 1$/,
  )
})

test('of a draft it fills the form and saves nothing, until a button is pressed', async () => {
  const { postId, url } = await draft(words('Draft', 'Saved text'))
  const id = await type(postId, 1, { ...words('Typed', 'Typed text'), tags: ['harbour'], place: 'CAIRO' })
  const { body } = await ada.get(`${url}?autosave=${id}`)
  assert.match(body, /The form holds an autosaved version/)
  assert.match(body, /aria-current="true"[\s\S]*\(in the form\)/)
  assert.deepEqual(
    [ada.hidden('headline'), ada.textarea('text'), ada.hidden('place')],
    ['Typed', 'Typed text', 'CAIRO'],
  )
  assert.deepEqual([(await post(postId)).revision, (await post(postId)).content.headline], [1, 'Draft'])
  const saved = await ada.upload(url, { ...fieldsOf(ada), place: 'CAIRO' }, null)
  assert.equal(saved.statusCode, 303, saved.body)
  const { revision, content } = await post(postId)
  assert.deepEqual([revision, content.headline, content.place], [2, 'Typed', 'CAIRO'])
  assert.deepEqual(content.tags, ['harbour'], 'the tags too')
})

test('of a published post its pictures are those it was typed with, not those of the post', async () => {
  const [out, typed] = [await photo('Out'), await photo('Typed')]
  const { postId, url } = await published({ headline: 'Out', blocks: [out] })
  const id = await type(postId, 1, { headline: 'Out', blocks: [typed, out] })
  const { body } = await ada.get(`${url}?autosave=${id}`)
  const shown = [...body.matchAll(/<img src="\/media\/(\w+)\/400\.jpg"/g)].map(([, media]) => media)
  assert.deepEqual(shown, [typed.media, out.media])
  assert.equal(await desk.store.media.isPublic(typed.media), false)
  const checked = await ada.upload(`${url}/revise`, { ...fieldsOf(ada), check: '1' }, null)
  assert.deepEqual([checked.statusCode, ada.hidden('autosave')], [200, String(id)], 'it is still the same form')
  assert.match(checked.body, new RegExp(`/media/${typed.media}/400`))
  const reply = await ada.upload(`${url}/revise`, { ...fieldsOf(ada), text: '{{image 1}}' }, null)
  assert.equal(reply.statusCode, 303, reply.body)
  const [first] = (await post(postId)).content.blocks
  assert.equal(first?.type === 'image' && first.media, typed.media)
  assert.equal(await desk.store.media.isPublic(typed.media), true)
})

test('typed before a later change it stands beside the text of now, and overwrites it only once that was seen', async () => {
  for (const kind of ['draft', 'published'] as const) {
    const { postId, url } = kind === 'draft' ? await draft(words('One')) : await published(words('One'))
    const id = await type(postId, 1, words('Typed from one'))
    const change = { revision: 1, content: words('Two') }
    if (kind === 'draft') await saveDraft(desk.store, SYSTEM, storyId, { postId, ...change })
    else await revisePost(desk.store, SYSTEM, storyId, postId, change)
    const { statusCode, body } = await ada.get(`${url}?autosave=${id}`)
    assert.equal(statusCode, 200)
    assert.match(body, /The post was changed after this version was kept\./)
    assert.match(body, /(Saved|Published) now \(revision 2\)[\s\S]*Two/)
    assert.deepEqual([ada.hidden('headline'), ada.hidden('revision')], ['Typed from one', '2'])
    const reply = await ada.upload(kind === 'draft' ? url : `${url}/revise`, fieldsOf(ada), null)
    assert.equal(reply.statusCode, 303, reply.body)
    assert.deepEqual([(await post(postId)).revision, (await post(postId)).content.headline], [3, 'Typed from one'])
  }
})

test('is for those who may edit the post: others see neither the list nor a word of it', async () => {
  const email = (name: string) => `${name}@example.org`
  const signIn = async (name: string, role: 'reporter' | 'contributor' | 'viewer') => {
    await desk.accounts.createAccount({ name, email: email(name), password: PASSWORD }, role)
    const browser = openBrowser(desk, '192.0.2.20')
    await browser.post('/desk/sign-in', { email: email(name), password: PASSWORD })
    return browser
  }
  const [rob, cora, vic] = [
    await signIn('rob', 'reporter'),
    await signIn('cora', 'contributor'),
    await signIn('vic', 'viewer'),
  ]
  const hidden = await draft(words('Draft'))
  const out = await published(words('Out'))
  for (const { postId, url } of [hidden, out]) {
    const id = await type(postId, 1, words('zebrafinch'))
    for (const browser of [rob, cora, vic]) {
      const { body } = await browser.get(`${url}?autosave=${id}`)
      assert.doesNotMatch(body, /zebrafinch|Autosaved versions/)
    }
  }
  // Nor by a form that names it: the texts of its placeholders would come out of it.
  const image = await photo('zebrafinch')
  const id = await type(out.postId, 1, { headline: '', blocks: [image] })
  await rob.get(story)
  const stolen = { ...fieldsOf(rob), base: '1', from: out.postId, autosave: String(id), text: '{{image 1}}' }
  const reply = await rob.upload(`${story}/posts`, stolen, null)
  assert.equal(reply.statusCode, 409)
  assert.doesNotMatch(reply.body, /zebrafinch/)
})

test('of a withdrawn post can still be opened, and become a new post', async () => {
  const image = await photo('Typed')
  const { postId, url } = await published(words('Out'))
  const id = await type(postId, 1, { headline: 'Typed when it went', blocks: [image] })
  await withdrawPost(desk.store, SYSTEM, storyId, postId, { trace: 'none', reason: '' })
  const { body } = await ada.get(`${url}?autosave=${id}`)
  assert.match(body, /This post cannot be changed[\s\S]*Autosaved versions \(1\)/)
  assert.equal(ada.hidden('headline'), 'Typed when it went')
  const reply = await ada.upload(`${story}/posts`, fieldsOf(ada), null)
  assert.equal(reply.statusCode, 303, reply.body)
  const fresh = await post(/post=(\w+)/.exec(String(reply.headers.location))?.[1] ?? '')
  assert.deepEqual(
    [fresh.state, fresh.content.headline, fresh.content.blocks.length],
    ['published', 'Typed when it went', 1],
  )
  assert.equal((await post(postId)).state, 'withdrawn')
})

test('that is no longer kept, of another post, or no number at all, opens the page as it is', async () => {
  const { postId, url } = await draft(words('Draft'))
  const other = await draft(words('Other'))
  await type(postId, 1, words('Typed'))
  const theirs = await type(other.postId, 1, words('Theirs'))
  for (const number of [String(theirs), '999999999999999', '0', '-1', 'x', '1'.repeat(16), '1&autosave=2', '%00']) {
    const { statusCode, body } = await ada.get(`${url}?autosave=${number}`)
    assert.deepEqual([statusCode, ada.hidden('headline')], [200, 'Draft'], number)
    assert.equal(body.includes('no longer kept'), number === String(theirs) || number.startsWith('999'), number)
  }
})

test('pushed out by newer ones while it is open in a form is told, and what was typed there comes back', async () => {
  const image = await photo('Typed')
  const { postId, url } = await draft(words('Draft'))
  const id = await type(postId, 1, { headline: 'Typed', blocks: [image] })
  await ada.get(`${url}?autosave=${id}`)
  const fields = { ...fieldsOf(ada), headline: 'Typed on' }
  for (let n = 0; n < MAX_AUTOSAVES; n++) await type(postId, 1, words(`Text ${n}`))
  const reply = await ada.upload(url, fields, null)
  assert.equal(reply.statusCode, 409)
  assert.match(reply.body, /no longer kept/)
  assert.equal(ada.hidden('headline'), 'Typed on')
  assert.equal((await post(postId)).revision, 1)
})

test('opened by an address from before the post was published, it is found at the post’s page', async () => {
  const { postId, url } = await draft(words('Draft'))
  const id = await type(postId, 1, words('Typed'))
  await publishPost(desk.store, SYSTEM, storyId, { postId, content: words('Out'), revision: 1 })
  const moved = await ada.get(`${url}?autosave=${id}`)
  assert.deepEqual([moved.statusCode, moved.headers.location], [303, `${story}/posts/${postId}?autosave=${id}`])
  await ada.get(String(moved.headers.location))
  assert.equal(ada.hidden('headline'), 'Typed')
})
