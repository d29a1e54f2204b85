// Tries to get in without being let in: guessing, codes sent twice, half sessions, sessions from before, forged forms, used links.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import { openBrowser, openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { isAppError } from '../../domain/error.ts'
import { MAX_CODE_FAILURES_ANYWHERE } from '../../store/second-factors.ts'
import { asksProof } from './guard.ts'

type Browser = ReturnType<typeof openBrowser>

const PASSWORD = 'correct horse battery'
const ID = '0'.repeat(20)
let desk: TestDesk
let admin: Browser

before(async () => {
  desk = await openTestDesk()
  admin = await signInAsAdmin(desk)
})
after(() => desk.close())

let people = 0
/** Somebody with an app, signed in, and the key of the app. Codes up to now are used up by none of it but one. */
async function personWithApp(network: string) {
  people += 1
  const email = `p${people}@example.org`
  const { id } = await desk.accounts.createAccount({ name: `P${people}`, email, password: PASSWORD }, 'editor')
  const browser = openBrowser(desk, network)
  await browser.post('/desk/sign-in', { email, password: PASSWORD })
  await browser.get('/desk/account')
  const page = (await browser.post('/desk/account/app', {})).body
  const secret = (/Key: <code class="secret">([A-Z2-7 ]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
  const codeAt = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })
  const done = (await browser.post('/desk/account/app/confirm', { code: codeAt(-1) })).body
  const recovery = [...done.matchAll(/<li><code class="secret">([a-z2-7-]+)<\/code>/g)].map(([, code = '']) => code)
  assert.equal(recovery.length, 10)
  return { id, email, browser, codeAt, recovery }
}

async function halfSession(email: string, network: string): Promise<Browser> {
  const browser = openBrowser(desk, network)
  const reply = await browser.post('/desk/sign-in', { email, password: PASSWORD, next: '/desk' })
  assert.equal(reply.headers.location, '/desk/sign-in/code?next=%2Fdesk')
  await browser.get('/desk/sign-in/code')
  return browser
}

const stale = (id: string) =>
  desk.store.admin.query('UPDATE session SET proved_at = proved_at - 300000 WHERE account_id = $1', [id])

test('a half session reaches no route but those of the second proof and those of everybody', async () => {
  const { email } = await personWithApp('198.51.100.1')
  const half = await halfSession(email, '198.51.100.1')
  const routes = desk.routes.filter(({ access }) => access !== 'public' && access !== 'half')
  assert.ok(routes.length > 60, String(routes.length))
  for (const { method, url } of routes) {
    const at = url.replace(/:\w+/g, ID)
    const reply = method === 'GET' ? await half.get(at) : await half.post(at, {})
    assert.equal(reply.statusCode, 401, `${method} ${url}`)
  }
  const open = desk.routes.filter(({ access }) => access === 'half').map(({ method, url }) => `${method} ${url}`)
  assert.deepEqual(open, [
    'GET /desk/sign-in/code',
    'POST /desk/sign-in/code',
    'POST /desk/sign-in/code/passkey/options',
    'POST /desk/sign-in/code/leave',
  ])
  for (const { method, url } of desk.routes.filter(({ access }) => access === 'half')) {
    const reply = method === 'GET' ? await admin.get(url) : await admin.post(url, {})
    assert.equal(reply.statusCode, 401, `a full session at ${url}`)
  }
})

test('a code is good once, also for two at the same moment and for a proof afterwards', async () => {
  const { email, codeAt } = await personWithApp('198.51.100.2')
  const [one, two] = [await halfSession(email, '198.51.100.2'), await halfSession(email, '198.51.100.2')]
  const code = codeAt(0)
  const replies = await Promise.all([one, two].map((half) => half.post('/desk/sign-in/code', { code })))
  assert.deepEqual(replies.map(({ statusCode }) => statusCode).sort(), [303, 401])
  const winner = replies[0]?.statusCode === 303 ? one : two
  await winner.get('/desk/prove')
  assert.equal((await winner.post('/desk/prove', { 'proof-code': code })).statusCode, 401)
  const late = await halfSession(email, '198.51.100.2')
  assert.equal((await late.post('/desk/sign-in/code', { code: codeAt(-1) })).statusCode, 401, 'an older one too')
})

test('a recovery code is good once, and no code of another account is', async () => {
  const [mine, other] = [await personWithApp('198.51.100.3'), await personWithApp('198.51.100.3')]
  const half = await halfSession(mine.email, '198.51.100.3')
  const [code = ''] = mine.recovery
  assert.equal((await half.post('/desk/sign-in/code', { code: other.recovery[0] ?? '' })).statusCode, 401)
  assert.equal((await half.post('/desk/sign-in/code', { code: ` ${code.toUpperCase()} ` })).statusCode, 303)
  const again = await halfSession(mine.email, '198.51.100.3')
  assert.equal((await again.post('/desk/sign-in/code', { code })).statusCode, 401)
  assert.equal((await desk.factors.state(mine.id)).recoveryLeft, 9)
})

test('guessing codes is stopped from all networks together, and a right code does not get in after that', async () => {
  const { email, codeAt } = await personWithApp('198.51.100.4')
  for (let tries = 0; tries < MAX_CODE_FAILURES_ANYWHERE; tries++) {
    const half = await halfSession(email, `203.0.113.${tries}`)
    assert.equal((await half.post('/desk/sign-in/code', { code: '000 000' })).statusCode, 401)
  }
  const half = await halfSession(email, '203.0.113.99')
  assert.equal((await half.post('/desk/sign-in/code', { code: codeAt(0) })).statusCode, 429)
})

test('a cookie from before a sign-in opens nothing afterwards, nor does one from before a proof', async () => {
  const { id, email, codeAt } = await personWithApp('198.51.100.5')
  const victim = openBrowser(desk, '198.51.100.5')
  const planted = `dateline-session=${'A'.repeat(43)}`
  victim.setCookie(planted)
  await victim.post('/desk/sign-in', { email, password: PASSWORD })
  const half = victim.cookie()
  assert.notEqual(half, planted)
  await victim.get('/desk/sign-in/code')
  await victim.post('/desk/sign-in/code', { code: codeAt(0) })
  const full = victim.cookie()
  await stale(id)
  await victim.get('/desk/prove')
  assert.equal((await victim.post('/desk/prove', { 'proof-password': PASSWORD })).statusCode, 303)
  for (const cookie of [planted, half, full]) {
    const thief = openBrowser(desk, '198.51.100.5')
    thief.setCookie(cookie)
    assert.equal((await thief.get('/desk')).statusCode, 401)
    assert.equal((await thief.get('/desk/sign-in/code')).statusCode, 401)
  }
  assert.equal((await victim.get('/desk')).statusCode, 200)
})

test('forms of sign-in, proof and account from another site, or with a token of another session, do nothing', async () => {
  const { id, email, browser } = await personWithApp('198.51.100.6')
  const half = await halfSession(email, '198.51.100.6')
  const foreign = { origin: 'https://evil.example' }
  const posts = desk.routes.filter(
    ({ method, url }) => method === 'POST' && /sign-in|prove|account|invitation/.test(url),
  )
  assert.ok(posts.length >= 18)
  for (const { access, url } of posts) {
    const by = access === 'half' ? half : browser
    assert.equal((await by.post(url.replace(/:\w+/g, ID), {}, foreign)).statusCode, 403, url)
  }
  await browser.get('/desk/account')
  const wrong = { csrf: 'x'.repeat(43) }
  for (const { url } of posts.filter(({ access }) => access === 'session'))
    assert.ok([404, 409].includes((await browser.post(url.replace(/:\w+/g, ID), wrong)).statusCode), url)
  assert.equal((await half.post('/desk/sign-in/code', { ...wrong, code: '1' })).statusCode, 409)
  assert.notEqual((await desk.factors.state(id)).codeSince, null)
})

test('every change of an account’s factors, of people and of what cannot be undone wants a fresh proof, in one place', async () => {
  const wanting = desk.routes.filter(asksProof).map(({ method, url }) => `${method} ${url}`)
  const one = '/desk/people/:accountId'
  assert.deepEqual(
    wanting.sort(),
    [
      'POST /desk/account/app',
      'POST /desk/account/app/remove',
      'POST /desk/account/codes',
      'POST /desk/account/passkeys/:passkeyId/remove',
      'POST /desk/account/passkeys/options',
      'POST /desk/people/invitations',
      'POST /desk/people/invitations/:invitationId/revoke',
      `POST ${one}/close`,
      `POST ${one}/factors`,
      `POST ${one}/password`,
      `POST ${one}/reopen`,
      `POST ${one}/role`,
      `POST ${one}/sessions`,
      `POST ${one}/untie`,
      'POST /desk/photos/:photoId/withdraw',
      'POST /desk/stories/:storyId/people',
      'POST /desk/stories/:storyId/drafts/:postId/break-embargo',
      'POST /desk/stories/:storyId/withdraw',
    ].sort(),
  )
  const { id = '' } = (await desk.people.personByEmail('ada@example.org')) ?? {}
  await admin.get('/desk/people')
  await stale(id)
  for (const { url } of desk.routes.filter(asksProof)) {
    const reply = await admin.post(url.replace(/:\w+/g, ID), { reason: 'kept <b>', password: 'typed secret' })
    assert.equal(reply.statusCode, 403, url)
    assert.match(reply.body, /Is it still you\?/)
    assert.match(reply.body, /name="reason" value="kept &lt;b&gt;"/)
    assert.ok(!reply.body.includes('typed secret'))
    assert.equal(reply.headers['cache-control'], 'no-store')
  }
  const wrong = await admin.post('/desk/prove', {
    'proof-password': 'no',
    'proof-to': '/desk/people/invitations',
    email: 'x@y.z',
  })
  assert.equal(wrong.statusCode, 401)
  assert.match(wrong.body, /name="email" value="x@y.z"/)
  const out = await admin.post('/desk/prove', { 'proof-password': PASSWORD, 'proof-to': 'https://evil.example/desk' })
  assert.equal(out.headers.location, '/desk')
  const program = await admin.post('/desk/prove', { 'proof-password': PASSWORD }, { accept: 'application/json' })
  assert.equal(program.statusCode, 409, 'the token of before the first proof')
  await admin.get('/desk/account')
  const answer = await admin.post('/desk/prove', { 'proof-password': PASSWORD }, { accept: 'application/json' })
  assert.equal(answer.statusCode, 200)
  const { csrf } = answer.json<{ csrf: string }>()
  assert.equal((await admin.post(`/desk/people/${ID}/sessions`, { csrf })).statusCode, 404)
})

test('the store refuses a stale session by itself, whoever let it in', async () => {
  const { id } = await desk.accounts.createAccount({ name: 'Z', email: 'z@example.org', password: PASSWORD }, 'admin')
  const session = await desk.accounts.openSession(id)
  assert.ok(session.stage === 'full')
  await stale(id)
  const wanted = { email: 'no@example.org', role: 'admin' as const, story: null }
  const refused = (error: unknown) => isAppError(error, 'step_up')
  await assert.rejects(desk.invitations.make(session.actor, wanted), refused)
  await assert.rejects(desk.factors.reset(session.actor, id), refused)
  await assert.rejects(desk.people.changeRole(session.actor, id, 'guest'), refused)
})

test('an invitation works once, for two at the same moment too, ends in three days, and can be taken back', async () => {
  const made = async (email: string) => {
    await admin.get('/desk/people')
    const page = await admin.post('/desk/people/invitations', { email, role: 'editor' })
    return /(\/desk\/invitation\/[\w-]{43})/.exec(page.body)?.[1] ?? assert.fail(page.body)
  }
  const link = await made('once@example.org')
  const [one, two] = [openBrowser(desk, '198.51.100.7'), openBrowser(desk, '198.51.100.8')]
  const both = await Promise.all([one, two].map((by, n) => by.post(link, { name: `N${n}`, password: PASSWORD })))
  assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [303, 404])
  assert.equal((await openBrowser(desk, '198.51.100.9').get(link)).statusCode, 404)

  const short = await made('short@example.org')
  const form = openBrowser(desk, '198.51.100.9')
  const refused = await form.post(short, { name: 'Shorty', password: 'short', role: 'admin', email: 'me@evil.example' })
  assert.equal(refused.statusCode, 400)
  assert.match(refused.body, /value="Shorty"/)
  assert.equal(
    (await form.post(short, { name: 'S', password: PASSWORD, role: 'admin', email: 'me@evil.example' })).statusCode,
    303,
  )
  assert.equal((await desk.people.personByEmail('short@example.org'))?.role, 'editor')

  const [older, newer] = [await made('twice@example.org'), await made('twice@example.org')]
  assert.equal((await form.get(older)).statusCode, 404)
  assert.equal((await form.get(newer)).statusCode, 200)
  await desk.store.admin.query('UPDATE invitation SET expires_at = $1 WHERE used_at IS NULL', [Date.now()])
  assert.equal((await form.post(newer, { name: 'Late', password: PASSWORD })).statusCode, 404)

  const back = await made('back@example.org')
  const { id = '' } = (await desk.invitations.open())[0] ?? {}
  await admin.get('/desk/people')
  await admin.post(`/desk/people/invitations/${id}/revoke`, {})
  assert.equal((await form.get(back)).statusCode, 404)
})

test('an invitation dies with the right of whoever made it', async () => {
  const { id } = await desk.accounts.createAccount({ name: 'Q', email: 'q@example.org', password: PASSWORD }, 'admin')
  const session = await desk.accounts.openSession(id)
  assert.ok(session.stage === 'full')
  const { token } = await desk.invitations.make(session.actor, { email: 'r@example.org', role: 'admin', story: null })
  const operator = { id: 'system:test', name: 'Test', role: 'admin' as const, credential: 'system:test' }
  await desk.people.changeRole(operator, id, 'editor')
  const reply = await openBrowser(desk, '198.51.100.10').post(`/desk/invitation/${token}`, {
    name: 'R',
    password: PASSWORD,
  })
  assert.equal(reply.statusCode, 404)
  assert.equal(await desk.people.personByEmail('r@example.org'), null)
})

test('guessed links, and answers that no passkey gave, are refused and counted', async () => {
  const guesser = openBrowser(desk, '198.51.100.11')
  const codes = new Set<number>()
  for (let tries = 0; tries < 52; tries++)
    codes.add((await guesser.get(`/desk/invitation/${String(tries).padStart(43, 'x')}`)).statusCode)
  assert.deepEqual([...codes], [404, 429])
  const forger = openBrowser(desk, '198.51.100.12')
  await forger.get('/desk/sign-in')
  for (const passkey of ['', '{}', '[]', 'null', '{"id":"x"}', 'x'.repeat(30_000)])
    assert.equal((await forger.post('/desk/sign-in/passkey', { passkey })).statusCode, 400, passkey.slice(0, 20))
  const response = { clientDataJSON: 'e30', authenticatorData: 'e30', signature: 'e30' }
  const known = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {}, response }
  const reply = await forger.post('/desk/sign-in/passkey', { passkey: JSON.stringify(known) })
  assert.equal(reply.statusCode, 401)
  assert.equal(forger.cookie(), '')
})

test('an administrator takes lost factors away, which is written down, ends every session, and lets the password in again', async () => {
  const { id, email, browser } = await personWithApp('198.51.100.13')
  await admin.get(`/desk/people/${id}`)
  const page = await admin.post(`/desk/people/${id}/factors`, {})
  assert.match(page.body, /Second factors taken away[\s\S]*by Ada/)
  assert.equal((await browser.get('/desk')).statusCode, 401)
  const reply = await openBrowser(desk, '198.51.100.13').post('/desk/sign-in', {
    email,
    password: PASSWORD,
    next: '/desk',
  })
  assert.equal(reply.headers.location, '/desk')
})

test('the key of an app, once confirmed, and the codes are on no page any more', async () => {
  const { id, browser, recovery } = await personWithApp('198.51.100.14')
  const { rows } = await desk.store.admin.query('SELECT secret FROM account_totp WHERE account_id = $1', [id])
  for (const url of ['/desk/account', '/desk']) {
    const { body } = await browser.get(url)
    assert.ok(!body.includes(rows[0].secret) && !body.includes(recovery[0] ?? 'none'))
  }
  assert.equal((await browser.post('/desk/account/app', {})).statusCode, 409)
  const kept = await desk.store.admin.query('SELECT code_hash FROM recovery_code WHERE account_id = $1', [id])
  assert.ok(kept.rows.every(({ code_hash }) => /^[0-9a-f]{64}$/.test(code_hash)))
})

test('only the pages that take a passkey run a script, and that is ours', async () => {
  const policy = async (url: string, by = admin) => String((await by.get(url)).headers['content-security-policy'])
  const stranger = openBrowser(desk, '198.51.100.15')
  const scripted = [
    await policy('/desk/sign-in', stranger),
    await policy('/desk/account/passkeys/new'),
    await policy('/desk/prove'),
  ]
  for (const csp of scripted) assert.match(csp, /^default-src 'none'; .*; script-src 'self'; connect-src 'self'$/)
  for (const url of ['/desk', '/desk/account', '/desk/people', '/desk/password']) {
    assert.doesNotMatch(await policy(url), /script-src|connect-src|unsafe/)
    assert.doesNotMatch((await admin.get(url)).body, /<script/)
  }
})
