// Checks the way into the desk: setup link, sign-in, cookie, forged forms, rights of every desk route.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { isAppError } from '../../domain/error.ts'
import { ROLES } from '../../domain/permission.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { requireSameOrigin } from './csrf.ts'
import { safeNext } from './sign-in.ts'

let desk: TestDesk
let admin: ReturnType<typeof openBrowser>

before(async () => {
  desk = await openTestDesk()
  const early = openBrowser(desk)
  assert.match((await early.get('/desk/sign-in')).body, /Nobody has an account yet/)
  const token = await desk.accounts.newSetupToken()
  const older = await early.get('/desk/setup/anything')
  assert.match(older.body, /older than a day.*Restart Dateline/)
  await early.get(`/desk/setup/${token}`)
  const short = await early.post(`/desk/setup/${token}`, { name: 'A<b>', email: 'a@example.org', password: 'short' })
  assert.equal(short.statusCode, 400)
  assert.match(short.body, /value="A&lt;b&gt;"/)
  admin = await signInAsAdmin(desk)
})
after(() => desk.close())

const PASSWORD = 'correct horse battery'

test('the setup link signs the first administrator in, and is dead afterwards', async () => {
  assert.equal((await admin.get('/desk')).statusCode, 200)
  const late = await openBrowser(desk).get('/desk/setup/anything')
  assert.equal(late.statusCode, 404)
  assert.match(late.body, /there is an account\. Sign in/)
})

test('the cookie is closed to scripts and to other sites, and bound to the host where there is https', async () => {
  const browser = openBrowser(desk)
  const reply = await browser.post('/desk/sign-in', {
    email: 'ada@example.org',
    password: PASSWORD,
    next: '/desk/stories/new',
  })
  assert.equal(reply.statusCode, 303)
  assert.equal(reply.headers.location, '/desk/stories/new')
  const cookie = String(reply.headers['set-cookie'])
  assert.match(cookie, /^dateline-session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)

  const secure = await openTestDesk('https://live.example.org')
  try {
    const token = await secure.accounts.newSetupToken()
    const made = await openBrowser(secure).post(
      `/desk/setup/${token}`,
      { name: 'Ada', email: 'ada@example.org', password: PASSWORD },
      { origin: 'https://live.example.org' },
    )
    assert.match(
      String(made.headers['set-cookie']),
      /^__Host-dateline=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    )
  } finally {
    await secure.close()
  }
})

test('signing in takes a new token and ends the old one; signing out ends it on the server', async () => {
  const browser = openBrowser(desk)
  const fields = { email: 'ada@example.org', password: PASSWORD }
  await browser.post('/desk/sign-in', fields)
  const first = browser.cookie()
  await browser.post('/desk/sign-in', fields)
  const second = browser.cookie()
  assert.notEqual(first, second)
  const old = openBrowser(desk)
  old.setCookie(first)
  assert.equal((await old.get('/desk')).statusCode, 401)
  await browser.get('/desk')
  assert.equal((await browser.post('/desk/sign-out', {})).statusCode, 303)
  old.setCookie(second)
  assert.equal((await old.get('/desk')).statusCode, 401)
})

test('a wrong password and an unknown address get the same answer, and the address stays in the field', async () => {
  const wrong = await openBrowser(desk).post('/desk/sign-in', { email: 'ada@example.org', password: 'no' })
  const unknown = await openBrowser(desk).post('/desk/sign-in', { email: 'eve@example.org', password: 'no' })
  assert.equal(wrong.statusCode, 401)
  assert.equal(wrong.body.replaceAll('ada@', 'eve@'), unknown.body)
  assert.match(wrong.body, /value="ada@example.org"/)
  assert.equal(wrong.body.includes('value="no"'), false)
})

test('a form from elsewhere is refused, with or without a cookie', async () => {
  const post = (headers: Record<string, string>) => admin.post('/desk/stories', { title: 'Forged' }, headers)
  assert.equal((await post({ origin: 'https://evil.example' })).statusCode, 403)
  assert.equal((await post({ origin: 'null' })).statusCode, 403)
  assert.equal((await post({ 'sec-fetch-site': 'same-site' })).statusCode, 403)
  assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  const bare = await desk.app.inject({ method: 'POST', url: '/desk/sign-in', payload: {} })
  assert.equal(bare.statusCode, 403)
  const untold = () => requireSameOrigin({ origin: undefined, fetchSite: undefined }, ['a'])
  assert.throws(untold, (error) => isAppError(error, 'forbidden'))
  assert.equal((await desk.reads.stories(10)).length, 0)
})

test('a form without the token of this session changes nothing and keeps what was typed', async () => {
  const reply = await admin.post('/desk/stories', { title: 'Bridge falls', csrf: 'x'.repeat(43) })
  assert.equal(reply.statusCode, 409)
  assert.match(reply.body, /value="Bridge falls"/)
  assert.equal((await desk.reads.stories(10)).length, 0)
  await admin.get('/desk/stories/new')
  const storyId = admin.hidden('storyId')
  const settings = { storyId, title: 'T', language: 'en', timeZone: 'UTC', visibility: 'private', slug: '' }
  await admin.post('/desk/stories', settings)
  const start = await admin.post(`/desk/stories/${storyId}/start`, { csrf: '' })
  assert.equal(start.headers.location, `/desk/stories/${storyId}?done=stale`)
  assert.equal((await desk.reads.story(storyId))?.state, 'planned')
})

test('every route of the desk is shut to strangers and open to each role as the table says', async () => {
  const shut = desk.routes.filter((route) => route.access !== 'public')
  assert.ok(shut.length >= 14)
  for (const route of shut) {
    const url = route.url.replace(/:\w+/g, '0'.repeat(20))
    const stranger = openBrowser(desk)
    const reply = route.method === 'GET' ? await stranger.get(url) : await stranger.post(url, {})
    assert.equal(reply.statusCode, 401, `${route.method} ${url}`)
  }
  const open: Record<string, number[]> = {}
  for (const role of ROLES) {
    const email = `${role}@example.org`
    await desk.accounts.createAccount({ name: role, email, password: PASSWORD }, role)
    const browser = openBrowser(desk, '192.0.2.99')
    await browser.post('/desk/sign-in', { email, password: PASSWORD })
    const story = '/desk/stories/00000000000000000000'
    open[role] = [
      (await browser.get('/desk')).statusCode,
      (await browser.get('/desk/stories/new')).statusCode,
      (await browser.post(`${story}/posts`, { postId: '0'.repeat(20) })).statusCode,
    ]
  }
  assert.deepEqual(open, {
    admin: [200, 200, 404],
    editor: [200, 200, 404],
    reporter: [200, 403, 404],
    contributor: [200, 403, 403],
    viewer: [200, 403, 403],
    guest: [200, 403, 403],
  })
})

test('a guest sees the story they were given a role in, as that role, and no other', async () => {
  const password = PASSWORD
  const { id } = await desk.accounts.createAccount({ name: 'Gil', email: 'gil@example.org', password }, 'guest')
  const [mine, other] = [
    await liveStory(desk.store, { title: 'Mine' }),
    await liveStory(desk.store, { title: 'Not mine' }),
  ]
  const owner = { id: 'system:test', name: 'Test', role: 'admin' as const, credential: 'system:test' }
  await giveRole(desk.store, owner, mine.id, id, 'contributor')
  await saveDraft(desk.store, owner, mine.id, { postId: newId(), revision: 0, content: words('Somebody’s draft') })
  await publish(desk.store, mine.id, words('Out already'))
  const browser = openBrowser(desk, '192.0.2.98')
  await browser.post('/desk/sign-in', { email: 'gil@example.org', password })
  const list = (await browser.get('/desk')).body
  assert.ok(list.includes('>Mine<') && !list.includes('Not mine'))
  assert.equal((await browser.get(`/desk/stories/${other.id}`)).statusCode, 403)
  const page = await browser.get(`/desk/stories/${mine.id}`)
  assert.equal(page.statusCode, 200)
  assert.ok(page.body.includes('Out already') && !page.body.includes('Somebody’s draft'))
  await giveRole(desk.store, owner, mine.id, id, null)
  assert.equal((await browser.get(`/desk/stories/${mine.id}`)).statusCode, 403)
})

test('pages of the desk are kept by no cache, shown in no frame and run no script', async () => {
  const { headers } = await admin.get('/desk')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(
    String(headers['content-security-policy']),
    /^default-src 'none'; style-src 'self'; .*frame-ancestors 'none'/,
  )
})

test('who signs in because a text waits is told to go back to it', async () => {
  const browser = openBrowser(desk)
  assert.match(
    (await browser.get('/desk/sign-in?next=%2Fdesk%2Fsigned-in')).body,
    /Your text waits in the other window/,
  )
  const reply = await browser.post('/desk/sign-in', {
    email: 'ada@example.org',
    password: PASSWORD,
    next: browser.hidden('next'),
  })
  assert.equal(reply.headers.location, '/desk/signed-in')
  assert.match((await browser.get('/desk/signed-in')).body, /Close this window and go back to the one with your text/)
  assert.equal((await openBrowser(desk).get('/desk/signed-in')).statusCode, 401)
})

test('after signing in only addresses of the desk are gone to', () => {
  assert.equal(safeNext('/desk/stories/abc?before=1'), '/desk/stories/abc?before=1')
  for (const next of [
    '//evil.example',
    'https://evil.example',
    '/desk//evil',
    '/desk\\evil',
    '/deskevil',
    '/other',
    '',
  ]) {
    assert.equal(safeNext(next), '/desk')
  }
})
