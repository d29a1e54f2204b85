// Checks the desk's acts on a whole story and beside a post's text, and its pages of people, over a real store.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { changeStory } from '../../newsroom/change-story.ts'
import { continueStory } from '../../newsroom/continue-story.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { schedulePost } from '../../newsroom/schedule-post.ts'
import { setSummary } from '../../newsroom/set-summary.ts'
import { submitPost } from '../../newsroom/submit-post.ts'
import { withdrawStory } from '../../newsroom/withdraw-story.ts'

const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]) }

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
let storyId: string
let story: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

beforeEach(async () => {
  storyId = (await liveStory(desk.store, { title: `Bridge ${++count}`, timeZone: 'Europe/Paris' })).id
  story = `/desk/stories/${storyId}`
})
let count = 0

const read = async (id = storyId) => {
  const found = await desk.reads.story(id)
  assert.ok(found)
  return found
}
const order = async () => (await desk.reads.posts(storyId, { limit: 10 })).map(({ content }) => content.headline)

/** The page's form with some fields typed anew. */
async function settings(fields: Record<string, string>, file: typeof photo | null = null) {
  await ada.get(`${story}/settings`)
  const names = ['revision', 'title', 'startsDate', 'startsTime', 'credit', 'agency', 'alt']
  const kept = Object.fromEntries(names.map((name) => [name, ada.hidden(name)]))
  const place = { language: 'en', timeZone: 'Europe/Paris' }
  const texts = { standfirst: ada.textarea('standfirst'), caption: ada.textarea('caption') }
  return ada.upload(`${story}/settings`, { ...kept, ...place, ...texts, ...fields }, file)
}

test('a story is paused and goes on', async () => {
  await ada.get(story)
  assert.equal((await ada.post(`${story}/pause`, {})).headers.location, `${story}?done=paused`)
  assert.equal((await read()).state, 'paused')
  assert.match((await ada.get(story)).body, />Resume</)
  await ada.post(`${story}/resume`, {})
  assert.equal((await read()).state, 'live')
})

test('settings are changed, with a lead picture whose words are its own; the next one does not take them over', async () => {
  const first = await settings(
    { title: 'Bridge falls', language: 'he', timeZone: 'Asia/Jerusalem', caption: 'The gap' },
    photo,
  )
  assert.equal(first.headers.location, `${story}?done=settings`, first.body)
  const { title, direction, timeZone, lead } = await read()
  assert.deepEqual([title, direction, timeZone], ['Bridge falls', 'rtl', 'Asia/Jerusalem'])
  assert.deepEqual([lead?.caption, lead?.credit, lead?.agency, lead?.width], ['The gap', 'Jane Doe', 'AP', 800])
  await settings({ alt: 'A bridge' })
  assert.deepEqual([(await read()).lead?.alt, (await read()).lead?.media], ['A bridge', lead?.media])
  await settings({}, photo)
  const next = (await read()).lead
  assert.deepEqual([next?.caption, next?.alt, next?.media === lead?.media], ['From the file', '', false])
  await settings({ noLead: '1' })
  assert.equal((await read()).lead, null)
})

test('settings that are refused come back whole, with the photo; stale ones overwrite nothing', async () => {
  const refused = await settings({ timeZone: 'Mars/Base', standfirst: 'Mine', caption: 'C' }, photo)
  assert.equal(refused.statusCode, 400)
  assert.deepEqual([ada.textarea('standfirst'), ada.textarea('caption')], ['Mine', 'C'])
  assert.match(ada.hidden('photoId'), /^[0-9a-z]{20}$/)
  await ada.get(`${story}/settings`)
  const seen = { revision: ada.hidden('revision'), language: 'en', timeZone: 'UTC' }
  const change = { title: 'Theirs' }
  await changeStory(desk.store, EDITOR, storyId, { revision: Number(seen.revision), change })
  const stale = await ada.upload(`${story}/settings`, { ...seen, title: 'Mine', standfirst: '' }, null)
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Saved now[\s\S]*Theirs/)
  assert.equal(ada.hidden('title'), 'Mine')
  assert.equal((await read()).title, 'Theirs')
  const decided = await ada.upload(
    `${story}/settings`,
    { ...seen, revision: ada.hidden('revision'), title: 'Mine' },
    null,
  )
  assert.equal(decided.statusCode, 303, decided.body)
})

test('a planned story gets a start in its zone, and loses it again', async () => {
  await desk.store.db.updateTable('story').set({ state: 'planned' }).where('id', '=', storyId).execute()
  await settings({ startsDate: '2031-07-01', startsTime: '09:00' })
  assert.equal((await read()).startsAt, Date.parse('2031-07-01T07:00:00Z'))
  await ada.get(`${story}/settings`)
  assert.deepEqual([ada.hidden('startsDate'), ada.hidden('startsTime')], ['2031-07-01', '09:00'])
  assert.equal((await settings({ startsDate: '2031-07-01', startsTime: '' })).statusCode, 400)
  await settings({ startsDate: '', startsTime: '' })
  assert.equal((await read()).startsAt, null)
})

test('a summary is written, refused when it is no summary, kept from a stale form, and taken away', async () => {
  const url = `${story}/summary`
  await ada.get(url)
  const revision = ada.hidden('revision')
  const quote = await ada.post(url, { revision, text: '> A quote' })
  assert.equal(quote.statusCode, 400)
  assert.equal(ada.textarea('text'), '> A quote')
  assert.equal((await ada.post(url, { revision, text: 'One.\n\n- a\n- b' })).statusCode, 303)
  assert.deepEqual(
    (await read()).summary?.blocks.map((block) => block.type),
    ['paragraph', 'list'],
  )
  const blocks = words('', 'Theirs').blocks as [{ type: 'paragraph'; text: { text: string }[] }]
  await setSummary(desk.store, EDITOR, storyId, { revision: (await read()).revision, blocks })
  const stale = await ada.post(url, { revision, text: 'Mine' })
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Saved now[\s\S]*Theirs/)
  assert.equal(ada.textarea('text'), 'Mine')
  await ada.post(url, { revision: ada.hidden('revision'), text: ' ' })
  assert.equal((await read()).summary, null)
})

test('a private story is opened under the address that was asked for, and cannot be closed again', async () => {
  const { id } = await liveStory(desk.store, { title: 'Hidden', visibility: 'private' })
  const url = `/desk/stories/${id}/visibility`
  assert.match((await ada.get(url)).body, /cannot be made private again/)
  assert.equal((await ada.post(url, { visibility: 'public', slug: 'Not good' })).statusCode, 400)
  assert.equal(ada.hidden('slug'), 'Not good')
  assert.equal((await ada.post(url, { visibility: 'public', slug: 'hidden-no-more' })).statusCode, 303)
  assert.deepEqual([(await read(id)).visibility, (await read(id)).slug], ['public', 'hidden-no-more'])
  await ada.get(url)
  assert.equal((await ada.post(url, { visibility: 'private' })).statusCode, 409)
})

test('a story goes on in a next part with the same title, once, and both parts lead to each other', async () => {
  const url = `${story}/continue`
  await ada.get(url)
  const fields = { nextId: ada.hidden('nextId'), title: ada.hidden('title'), standfirst: '' }
  assert.equal(fields.title, (await read()).title)
  const next = `/desk/stories/${fields.nextId}`
  assert.equal((await ada.post(url, fields)).headers.location, `${next}?done=continued`)
  assert.equal((await ada.post(url, fields)).headers.location, `${next}?done=continued`)
  assert.deepEqual([(await read()).state, (await read()).continuedBy], ['ended', fields.nextId])
  assert.ok((await ada.get(next)).body.includes(`href="${story}">The part before`))
  assert.ok((await ada.get(story)).body.includes(`href="${next}">It goes on`))
})

test('a story is withdrawn only with its title typed', async () => {
  const url = `${story}/withdraw`
  await ada.get(url)
  const wrong = await ada.post(url, { title: 'Bridge', reason: 'Never happened' })
  assert.equal(wrong.statusCode, 400)
  assert.equal(ada.textarea('reason'), 'Never happened')
  assert.equal((await read()).withdrawnAt, null)
  assert.equal((await ada.post(url, { title: ` ${(await read()).title} `, reason: '' })).statusCode, 303)
  assert.ok((await read()).withdrawnAt)
  const page = (await ada.get(story)).body
  assert.ok(page.includes('This story was withdrawn') && !page.includes('/settings"') && !page.includes('>Publish<'))
})

test('Enter in a field of these pages does nothing, and a button of a page from before the sign-in says so', async () => {
  const { title, revision } = await read()
  await ada.get(`${story}/withdraw`)
  assert.equal((await ada.post(`${story}/withdraw`, { title, reason: '', check: '1' })).statusCode, 200)
  await ada.get(`${story}/settings`)
  const typed = { revision: String(revision), title: 'Half a title', check: '1' }
  assert.match((await ada.upload(`${story}/settings`, typed, null)).body, /value="Half a title"/)
  assert.equal((await ada.post(`${story}/pause`, { csrf: 'old' })).headers.location, `${story}?done=stale`)
  assert.deepEqual(await read(), { ...(await read()), title, revision, state: 'live', withdrawnAt: null })
})

test('a post is flagged and unflagged beside its text', async () => {
  const id = await publish(desk.store, storyId, words('Blast heard'))
  await ada.get(story)
  await ada.post(`${story}/posts/${id}/flag`, { verification: 'unconfirmed', breaking: '1' })
  const { verification, breaking } = (await desk.reads.post(storyId, id))?.content ?? {}
  assert.deepEqual([verification, breaking], ['unconfirmed', true])
  await ada.post(`${story}/posts/${id}/flag`, { verification: 'confirmed' })
  const after = (await desk.reads.post(storyId, id))?.content
  assert.deepEqual([after?.verification, after?.breaking], ['confirmed', false])
})

test('a post moves up, down and to a chosen place, and stays where it is at the end', async () => {
  const [one = '', two = '', three = ''] = [
    await publish(desk.store, storyId, words('One')),
    await publish(desk.store, storyId, words('Two')),
    await publish(desk.store, storyId, words('Three')),
  ]
  await ada.get(story)
  const move = (id: string, to: string) => ada.post(`${story}/posts/${id}/move`, { to })
  assert.equal((await move(three, 'up')).statusCode, 303)
  assert.deepEqual(await order(), ['Three', 'Two', 'One'])
  await move(one, 'up')
  assert.deepEqual(await order(), ['Three', 'One', 'Two'])
  await move(three, 'down')
  assert.deepEqual(await order(), ['One', 'Three', 'Two'])
  assert.match((await ada.get(`${story}/posts/${one}/move`)).body, new RegExp(`value="below:${two}"`))
  await move(one, `below:${two}`)
  assert.deepEqual(await order(), ['Three', 'Two', 'One'])
  assert.equal((await move(one, 'sideways')).statusCode, 400)
})

test('a post is copied to another story as a draft or published, once; withdrawing it asks about the copies', async () => {
  const id = await publish(desk.store, storyId, words('Shared'))
  const other = await liveStory(desk.store, { title: 'Elsewhere' })
  const url = `${story}/posts/${id}/copy`
  assert.ok((await ada.get(url)).body.includes('>Elsewhere (live)</option>'))
  assert.equal((await ada.post(url, { to: '' })).statusCode, 400)
  const fields = { postId: ada.hidden('postId'), to: other.id, publish: 'yes' }
  assert.equal((await ada.post(url, fields)).statusCode, 303)
  assert.equal((await ada.post(url, fields)).statusCode, 303)
  await ada.get(url)
  await ada.post(url, { postId: ada.hidden('postId'), to: other.id, publish: 'no' })
  const states = (await desk.reads.posts(other.id, { limit: 10 })).map(({ state }) => state)
  assert.deepEqual(states, ['draft', 'published'])

  const withdraw = `${story}/posts/${id}/withdraw`
  assert.match((await ada.get(withdraw)).body, /one copy in other stories[\s\S]*Shared<\/a> in Elsewhere/)
  const unsaid = await ada.post(withdraw, { trace: 'line', reason: 'Untrue' })
  assert.equal(unsaid.statusCode, 409)
  assert.equal(ada.textarea('reason'), 'Untrue')
  assert.equal((await desk.reads.post(storyId, id))?.state, 'published')
  assert.equal((await ada.post(withdraw, { trace: 'line', reason: 'Untrue', copies: 'withdraw' })).statusCode, 303)
  assert.equal((await desk.reads.post(other.id, fields.postId))?.state, 'withdrawn')
})

test('an administrator invites somebody, gives them a role in a story, and closes the account with its session', async () => {
  await ada.get('/desk/people')
  const invitations = '/desk/people/invitations'
  assert.equal((await ada.post(invitations, { email: 'nobody', role: 'editor' })).statusCode, 400)
  assert.equal(ada.hidden('email'), 'nobody')
  const made = await ada.post(invitations, { email: 'bo@example.org', role: 'reporter' })
  const [, link = ''] = /http:\/\/localhost:80(\/desk\/invitation\/[\w-]{43})/.exec(made.body) ?? []
  assert.ok((await ada.get('/desk/people')).body.includes('bo@example.org'))
  const bo = openBrowser(desk, '192.0.2.30')
  const password = 'another battery staple'
  assert.equal((await bo.post(link, { name: 'Bo', password })).statusCode, 303)
  const list = (await ada.get('/desk/people')).body
  assert.ok(list.includes('>Bo<') && !list.includes(link))
  assert.equal((await bo.get('/desk/people')).statusCode, 403)
  const { id = '' } = (await desk.people.personByEmail('bo@example.org')) ?? {}
  const url = `/desk/people/${id}`
  assert.equal((await bo.get(`${story}/settings`)).statusCode, 403)

  await ada.get(`${story}/people`)
  assert.equal((await ada.post(`${story}/people`, { accountId: id, role: 'editor' })).statusCode, 303)
  assert.equal((await bo.get(`${story}/settings`)).statusCode, 200)
  assert.match((await ada.get(`${story}/people`)).body, /Editor here; Reporter in the newsroom/)
  await ada.post(`${story}/people`, { accountId: id })
  assert.equal((await bo.get(`${story}/settings`)).statusCode, 403)

  await bo.get('/desk/password')
  const wrong = await bo.post('/desk/password', { password: 'wrong', 'next-password': 'four words in a row' })
  assert.equal(wrong.statusCode, 401)
  assert.ok(!wrong.body.includes('four words'))
  const changed = await bo.post('/desk/password', { password, 'next-password': 'four words in a row' })
  assert.match(changed.body, /Changed\./)

  await ada.get(url)
  await ada.post(`${url}/role`, { role: 'viewer' })
  assert.equal((await desk.people.person(id))?.role, 'viewer')
  await ada.post(`${url}/close`, {})
  assert.equal((await bo.get('/desk')).statusCode, 401)
})

test('the last administrator cannot close or demote themself', async () => {
  const { id = '' } = (await desk.people.personByEmail('ada@example.org')) ?? {}
  await ada.get(`/desk/people/${id}`)
  const closed = await ada.post(`/desk/people/${id}/close`, {})
  assert.equal(closed.statusCode, 409)
  assert.match(closed.body, /last administrator/)
  assert.equal((await ada.post(`/desk/people/${id}/role`, { role: 'editor' })).statusCode, 409)
  assert.equal((await ada.get('/desk/people')).statusCode, 200)
})

test('what waits is counted on the list, and told before a story ends or goes on in another part', async () => {
  const draft = async (headline: string) => {
    const postId = newId()
    await saveDraft(desk.store, EDITOR, storyId, { postId, revision: 0, content: words(headline) })
    return postId
  }
  const [scheduled, submitted] = [await draft('At ten to five'), await draft('Read me')]
  await draft('Half')
  await submitPost(desk.store, EDITOR, storyId, submitted, 1)
  const at = Date.now() + 3_600_000
  await schedulePost(desk.store, EDITOR, storyId, scheduled, { revision: 1, release: { at, zone: 'UTC' } })
  const list = (await ada.get('/desk')).body
  const row = list.slice(list.indexOf(`href="${story}"`)).split('</li>')[0] ?? ''
  assert.match(row, />1 submitted<[\s\S]*>1 scheduled</)
  const said = /Waiting(?: here)?: 1 scheduled post \(<time[^>]*>[^<]+<\/time>\), 1 submitted, 1 draft\./
  assert.match((await ada.get(story)).body, said)
  assert.match((await ada.get(`${story}/continue`)).body, said)
  await ada.post(`${story}/end`, {})
  const stranded = (await ada.get(`${story}/drafts/${scheduled}`)).body
  assert.ok(!stranded.includes('/schedule"') && !stranded.includes('>Publish now<'), 'nothing that cannot work')
  assert.match(stranded, />Unschedule<[\s\S]*>Move to another story…</)
  assert.ok(!(await ada.get(`${story}/drafts/${submitted}`)).body.includes('Schedule'))
})

test('a withdrawn story says so on its desk and offers nothing; the part before does not claim that it goes on', async () => {
  const postId = await publish(desk.store, storyId, words('Out'))
  const nextId = newId()
  const input = { nextId, settings: { title: 'Next' }, newId }
  await continueStory(desk.store, EDITOR, storyId, input)
  const late = await publish(desk.store, nextId, words('Out there'))
  await withdrawStory(desk.store, EDITOR, nextId, '')
  const page = (await ada.get(`/desk/stories/${nextId}`)).body
  assert.match(page, /data-state="withdrawn">Withdrawn</)
  assert.ok(!page.includes('>Ended<') && !page.includes(`posts/${late}`))
  const before = (await ada.get(story)).body
  assert.match(before, /The next part was withdrawn/)
  assert.ok(before.includes(`posts/${postId}/withdraw`) && before.includes('>Go live again<'))
  assert.match(before, />Next part…</)
})

test('the list of posts says which are unconfirmed, confirmed or breaking', async () => {
  await publish(desk.store, storyId, { ...words('Perhaps'), verification: 'unconfirmed', breaking: true })
  assert.match((await ada.get(story)).body, />Breaking<[\s\S]*>Unconfirmed</)
})
