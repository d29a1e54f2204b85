// Single sign-on against a real provider over real HTTP: whose account it becomes, with which role, and what ends it.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openTestStore, type TestStore } from '../../../test/helpers/database.ts'
import { type HttpBrowser, openHttpBrowser } from '../../../test/helpers/http-browser.ts'
import {
  freePort,
  type IdentityProvider,
  readToken,
  startIdentityProvider,
} from '../../../test/helpers/identity-provider.ts'
import { type SsoDesk, startSsoDesk } from '../../../test/helpers/sso-desk.ts'
import { signInStores } from '../../cli/sign-in.ts'
import { createAccounts, systemActor } from '../../store/accounts.ts'
import { createTokens } from '../../store/tokens.ts'

const PASSWORD = 'correct horse battery'
let store: TestStore
let provider: IdentityProvider
let desk: SsoDesk
const accounts = () => createAccounts({ db: store.db, now: Date.now, random: randomBytes })
const person = (email: string) => signInStores(store).people.personByEmail(email)
const owner = { ...systemActor('test'), role: 'admin' as const }

before(async () => {
  store = await openTestStore()
  const port = await freePort()
  provider = await startIdentityProvider([`http://127.0.0.1:${port}/desk/sso/callback`])
  desk = await startSsoDesk({ store, provider, port })
})
after(async () => {
  await desk.close()
  await provider.close()
  await store.close()
})

test('a newcomer gets an account with the role of the first rule that fits, and goes on to where they were going', async () => {
  provider.people.set('s-ada', {
    email: 'Ada@Example.org',
    email_verified: true,
    name: 'Ada Ek',
    groups: ['x', 'chiefs', 'desk'],
  })
  const browser = openHttpBrowser()
  const page = await desk.signIn(browser, 's-ada', '/desk/stories/new')
  assert.equal(page.location, `${desk.origin}/desk/stories/new`)
  const made = await person('ada@example.org')
  assert.deepEqual([made?.name, made?.role, made?.email], ['Ada Ek', 'admin', 'Ada@Example.org'])
  assert.equal((await browser.send(`${desk.origin}/desk/stories/new`)).status, 200)
  const row = await store.db
    .selectFrom('account')
    .select('password')
    .where('email_key', '=', 'ada@example.org')
    .executeTakeFirst()
  assert.equal(row?.password, '')
})

test('the same subject is the same account whatever its e-mail address becomes, and another one is another', async () => {
  provider.people.set('s-bo', { email: 'bo@example.org', email_verified: true, name: 'Bo', groups: ['desk'] })
  await desk.signIn(openHttpBrowser(), 's-bo')
  const first = await person('bo@example.org')
  provider.people.set('s-bo', { email: 'ada@example.org', email_verified: true, name: 'Not Ada', groups: ['desk'] })
  const browser = openHttpBrowser()
  await desk.signIn(browser, 's-bo')
  assert.match((await browser.send(`${desk.origin}/desk`)).body, /class="who-name"[^>]*>Bo</)
  assert.equal((await person('bo@example.org'))?.id, first?.id)
  // Somebody else gets the address that Bo had: neither Bo's account nor a second one of that address.
  provider.people.set('s-eve', { email: 'bo@example.org', email_verified: true, name: 'Eve', groups: ['chiefs'] })
  const refused = await desk.signIn(openHttpBrowser(), 's-eve')
  assert.equal(refused.status, 409)
  assert.match(refused.body, /not tied to this sign-in/)
  assert.equal((await person('bo@example.org'))?.role, 'editor')
})

test('a role that is no longer granted is lost at the next sign-in; without any, sessions and tokens end', async () => {
  provider.people.set('s-cy', { email: 'cy@example.org', email_verified: true, name: 'Cy', groups: ['chiefs'] })
  const old = openHttpBrowser()
  await desk.signIn(old, 's-cy')
  assert.equal((await person('cy@example.org'))?.role, 'admin')
  provider.people.set('s-cy', { email: 'cy@example.org', email_verified: true, name: 'Cy', groups: ['desk'] })
  await desk.signIn(openHttpBrowser(), 's-cy')
  const cy = await person('cy@example.org')
  assert.equal(cy?.role, 'editor')
  assert.equal((await old.send(`${desk.origin}/desk`)).status, 200)

  const tokens = createTokens({ db: store.db, now: Date.now, random: randomBytes })
  const { secret } = await tokens.create({ email: 'cy@example.org', name: 'wire', scopes: ['read'] })
  assert.ok(await tokens.holderOf(secret))
  provider.people.set('s-cy', { email: 'cy@example.org', email_verified: true, name: 'Cy', groups: [] })
  const refused = await desk.signIn(openHttpBrowser(), 's-cy')
  assert.equal(refused.status, 403)
  assert.match(refused.body, /grants you no role/)
  assert.equal((await person('cy@example.org'))?.role, 'guest')
  assert.equal((await old.send(`${desk.origin}/desk`)).status, 401)
  assert.equal(await tokens.holderOf(secret), null)

  provider.people.set('s-cy', { email: 'cy@example.org', email_verified: true, name: 'Cy', groups: ['desk'] })
  await desk.signIn(openHttpBrowser(), 's-cy')
  assert.equal((await person('cy@example.org'))?.role, 'editor')
})

test('whom no rule fits gets no account', async () => {
  provider.people.set('s-dan', { email: 'dan@example.org', email_verified: true, name: 'Dan', groups: ['canteen'] })
  const refused = await desk.signIn(openHttpBrowser(), 's-dan')
  assert.equal(refused.status, 403)
  assert.equal(await person('dan@example.org'), null)
})

test('a closed account stays closed', async () => {
  const bo = await person('bo@example.org')
  await signInStores(store).people.close(owner, bo?.id ?? '')
  const refused = await desk.signIn(openHttpBrowser(), 's-bo')
  assert.equal(refused.status, 401)
  assert.match(refused.body, /This account is closed/)
  assert.notEqual((await person('bo@example.org'))?.closedAt, null)
  await signInStores(store).people.reopen(owner, bo?.id ?? '')
})

test('signing in ends the session before it; signing out ends it on the server and tells of the provider', async () => {
  const browser = openHttpBrowser()
  await desk.signIn(browser, 's-ada')
  const session = () => browser.cookies(desk.origin).get('dateline-session') ?? ''
  const first = session()
  await desk.signIn(browser, 's-ada')
  assert.notEqual(session(), first)
  const thief = openHttpBrowser()
  thief.cookies(desk.origin).set('dateline-session', first)
  assert.equal((await thief.send(`${desk.origin}/desk`)).status, 401)

  const second = session()
  const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.send(`${desk.origin}/desk`)).body)?.[1] ?? ''
  const out = await browser.follow(await browser.send(`${desk.origin}/desk/sign-out`, { csrf }))
  assert.match(out.body, new RegExp(`href="${provider.issuer}/session/end\\?client_id=dateline"`))
  thief.cookies(desk.origin).set('dateline-session', second)
  assert.equal((await thief.send(`${desk.origin}/desk`)).status, 401)
})

test('who signs in with a password is not told of the provider when they sign out', async () => {
  await accounts().createAccount({ name: 'Local', email: 'local@example.org', password: PASSWORD }, 'viewer')
  const browser = openHttpBrowser()
  const fields = { email: 'local@example.org', password: PASSWORD, next: '/desk' }
  assert.equal((await browser.send(`${desk.origin}/desk/sign-in`, fields)).status, 303)
  const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.send(`${desk.origin}/desk`)).body)?.[1] ?? ''
  const out = await browser.follow(await browser.send(`${desk.origin}/desk/sign-out`, { csrf }))
  assert.doesNotMatch(out.body, /session\/end/)
})

test('no password opens an account that has none', async () => {
  for (const password of ['', 'null', PASSWORD]) {
    const page = await openHttpBrowser().send(`${desk.origin}/desk/sign-in`, {
      email: 'ada@example.org',
      password,
      next: '/desk',
    })
    assert.equal(page.status, 401)
  }
})

describe('the first sign-in of somebody who has an account', () => {
  const sam = { email: 'SAM@example.org', email_verified: true, name: 'Sam', groups: ['desk'] }
  before(async () => {
    await accounts().createAccount({ name: 'Sam', email: 'sam@example.org', password: PASSWORD }, 'reporter')
    provider.people.set('s-sam', sam)
  })

  test('is refused unless the option allows it', async () => {
    assert.equal((await desk.signIn(openHttpBrowser(), 's-sam')).status, 409)
    assert.equal((await person('sam@example.org'))?.role, 'reporter')
  })

  test('takes the account over by its confirmed address, once, with the role of the provider', async () => {
    const linking = await startSsoDesk({
      store,
      provider,
      port: desk.port,
      flags: ['--oidc-link-by-email'],
      instead: desk,
    })
    try {
      provider.people.set('s-sam', { ...sam, email_verified: false })
      assert.equal((await linking.signIn(openHttpBrowser(), 's-sam')).status, 403)
      provider.people.set('s-sam', sam)
      const before = await person('sam@example.org')
      assert.equal((await linking.signIn(openHttpBrowser(), 's-sam')).status, 303)
      const bound = await person('sam@example.org')
      assert.deepEqual([bound?.id, bound?.role], [before?.id, 'editor'])
      // A second subject with the same address does not take it over again.
      provider.people.set('s-sam2', sam)
      assert.equal((await linking.signIn(openHttpBrowser(), 's-sam2')).status, 409)
    } finally {
      await linking.close()
      desk = await startSsoDesk({ store, provider, port: desk.port })
    }
  })
})

test('ten windows of one newcomer make one account', async () => {
  provider.people.set('s-many', { email: 'many@example.org', email_verified: true, name: 'Many', groups: ['desk'] })
  const pages = await Promise.all(Array.from({ length: 10 }, () => desk.signIn(openHttpBrowser(), 's-many')))
  assert.deepEqual(new Set(pages.map(({ status }) => status)), new Set([303]))
  const { n } = await store.db
    .selectFrom('sso_identity')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('subject', '=', 's-many')
    .executeTakeFirstOrThrow()
  assert.equal(n, 1)
})

describe('while the provider is away', () => {
  test('the page says so, passwords still open, and it is asked again by itself', async () => {
    await desk.close()
    await provider.stop()
    desk = await startSsoDesk({ store, provider, port: desk.port })
    const browser = openHttpBrowser()
    const begun = await browser.send(`${desk.origin}/desk/sso`)
    assert.equal(begun.status, 503)
    assert.match(begun.body, /does not answer at present/)
    const page = await browser.send(`${desk.origin}/desk/sign-in`)
    assert.match(page.body, /does not answer at present\. Try again in a moment, or sign in with your password/)
    const fields = { email: 'local@example.org', password: PASSWORD, next: '/desk' }
    assert.equal((await browser.send(`${desk.origin}/desk/sign-in`, fields)).status, 303)
    await provider.start()
    assert.equal((await desk.signIn(openHttpBrowser(), 's-ada')).status, 303)
    assert.doesNotMatch((await openHttpBrowser().send(`${desk.origin}/desk/sign-in`)).body, /does not answer/)
  })

  test('what it told before stays good for those who come back from it', async () => {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada')
    await provider.stop()
    const page = await browser.send(answer)
    assert.equal(page.status, 503, 'the code cannot be redeemed')
    await provider.start()
    assert.equal((await desk.signIn(openHttpBrowser(), 's-ada')).status, 303)
  })
})

test('a sign-in through the provider, or by a link from the machine, is whole and fresh, whatever second factor the account has', async () => {
  const account = await person('ada@example.org')
  const app = { secret: 'JBSWY3DPEHPK3PXP', created_at: 1, confirmed_at: 1, last_step: 0 }
  await store.db
    .insertInto('account_totp')
    .values({ account_id: account?.id ?? '', ...app })
    .execute()
  const session = async (browser: HttpBrowser) => {
    const token = browser.cookies(desk.origin).get('dateline-session') ?? ''
    assert.equal(await accounts().halfSessionByToken(token), null)
    return accounts().sessionByToken(token)
  }
  const browser = openHttpBrowser()
  assert.equal((await desk.signIn(browser, 's-ada')).location, `${desk.origin}/desk`)
  const first = await session(browser)
  assert.deepEqual([first?.actor.id, first?.actor.fresh, first?.ways.code], [account?.id, true, true])

  assert.equal((await browser.send(await desk.linkFor('ada@example.org'), {})).location, `${desk.origin}/desk`)
  const second = await session(browser)
  assert.deepEqual([second?.actor.id, second?.actor.fresh], [account?.id, true])
  const old = await store.db
    .selectFrom('session')
    .select('revoked_at')
    .where('id', '=', first?.id ?? '')
    .executeTakeFirst()
  assert.notEqual(old?.revoked_at, null, 'the older session of this browser has ended')
})

test('whom the provider let in without asking has no fresh proof, gives it there, and what was typed goes on', async () => {
  const browser = openHttpBrowser()
  const old = await desk.answerFor(browser, 's-ada')
  provider.lie = (path, body) => {
    if (path !== '/token') return
    const token = readToken(String(body.id_token))
    const asked = Number(token.claims.auth_time)
    assert.ok(asked > 0, 'a bound was asked for, so the provider tells')
    token.claims.auth_time = asked - 600
    body.id_token = provider.signed(token)
  }
  await browser.send(old)
  provider.lie = null
  const csrf = async () =>
    /name="csrf" value="([^"]+)"/.exec((await browser.send(`${desk.origin}/desk/people`)).body)?.[1]
  const bo = await person('bo@example.org')
  const close = `/desk/people/${bo?.id}/role`
  const before = { csrf: (await csrf()) ?? '', role: 'viewer' }
  const asked = await browser.send(`${desk.origin}${close}`, before)
  assert.match(asked.body, /Is it still you\?/)
  assert.match(asked.body, /href="\/desk\/sso\?again=1&amp;next=%2Fdesk%2Fsigned-in" target="_blank"/)
  const carried = { ...before, 'proof-to': close, 'proof-elsewhere': '1' }
  assert.equal((await browser.send(`${desk.origin}/desk/prove`, carried)).status, 403, 'not proved yet')

  // Signed in there all the same, and asked once more.
  const begun = await browser.follow(await browser.send(`${desk.origin}/desk/sso?again=1&next=%2Fdesk%2Fsigned-in`))
  assert.match(begun.body, /name="prompt" value="login"/)
  const back = await desk.goThrough(browser, begun, 's-ada')
  assert.equal((await browser.send(back)).location, `${desk.origin}/desk/signed-in`)
  const goOn = await browser.send(`${desk.origin}/desk/prove`, carried)
  assert.match(goOn.body, /Nothing was done yet/)
  const again = { csrf: /name="csrf" value="([^"]+)"/.exec(goOn.body)?.[1] ?? '', role: 'viewer' }
  assert.match(goOn.body, /name="role" value="viewer"/)
  assert.equal((await browser.send(`${desk.origin}${close}`, again)).status, 200)
  assert.equal((await person('bo@example.org'))?.role, 'viewer')
})

test('who has the provider for a way in may remove their only passkey', async () => {
  const { passkeys } = signInStores(store)
  const browser = openHttpBrowser()
  await desk.signIn(browser, 's-ada')
  const token = browser.cookies(desk.origin).get('dateline-session') ?? ''
  const actor = (await accounts().sessionByToken(token))?.actor
  assert.ok(actor)
  const key = { credentialId: 'of-ada', publicKey: 'AAAA', counter: 0, transports: [] }
  await passkeys.add(actor, { ...key, name: 'Phone' })
  const [line] = await passkeys.list(actor.id)
  await passkeys.remove(actor, line?.id ?? '')
  assert.deepEqual(await passkeys.list(actor.id), [])
})

describe('with OIDC_ONLY', () => {
  test('passwords open nothing, and a one-time link from the machine does', async () => {
    await desk.close()
    desk = await startSsoDesk({ store, provider, port: desk.port, flags: ['--oidc-only'] })
    const browser = openHttpBrowser()
    const page = await browser.send(`${desk.origin}/desk/sign-in`)
    assert.doesNotMatch(page.body, /type="password"/)
    const fields = { email: 'local@example.org', password: PASSWORD, next: '/desk' }
    const refused = await browser.send(`${desk.origin}/desk/sign-in`, fields)
    assert.equal(refused.status, 403)
    assert.match(refused.body, /passwords are switched off/)

    const link = await desk.linkFor('local@example.org')
    for (let look = 0; look < 2; look++) assert.equal((await browser.send(link)).status, 200)
    assert.equal((await browser.send(link, {})).location, `${desk.origin}/desk`)
    assert.equal((await browser.send(`${desk.origin}/desk`)).status, 200)
    assert.equal((await openHttpBrowser().send(link, {})).status, 404)
  })

  test('passkeys are no way in, and an invitation says what is so and is not used up', async () => {
    const browser = openHttpBrowser()
    for (const path of ['/desk/sign-in/passkey', '/desk/sign-in/passkey/options']) {
      const refused = await browser.send(`${desk.origin}${path}`, { passkey: '{}', next: '/desk' })
      assert.equal(refused.status, 403, path)
      assert.match(refused.body, /passwords are switched off/)
    }
    assert.doesNotMatch((await browser.send(`${desk.origin}/desk/sign-in`)).body, /passkey\/options/)

    const { invitations } = signInStores(store)
    const wanted = { email: 'new@example.org', role: 'editor', story: null } as const
    const { id, token } = await invitations.make({ ...owner, fresh: true }, wanted)
    const link = `${desk.origin}/desk/invitation/${token}`
    const filled = { name: 'New', email: 'new@example.org', password: PASSWORD, passkey: '{}' }
    const answers = [
      await browser.send(link),
      await browser.send(link, filled),
      await browser.send(`${link}/passkey/options`, filled),
      await browser.send(`${link}/passkey`, filled),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 403)
      assert.match(body, /sign-in service only/)
    }
    assert.equal(await person('new@example.org'), null)
    assert.ok((await invitations.open()).some((one) => one.id === id))
  })
})

test('an administrator unties an account: its sessions end, and the same person at the provider does not find it again', async () => {
  provider.people.set('s-di', { email: 'di@example.org', email_verified: true, name: 'Di', groups: ['desk'] })
  const di = openHttpBrowser()
  await desk.signIn(di, 's-di')
  const account = await person('di@example.org')
  assert.equal(account?.provider, true)
  const admin = openHttpBrowser()
  await desk.signIn(admin, 's-ada')
  const at = `${desk.origin}/desk/people/${account?.id}`
  const page = await admin.send(at)
  assert.match(page.body, /single sign-on<\/span>/)
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const done = await admin.send(`${at}/untie`, { csrf })
  assert.match(done.body, /untied from the provider/)
  assert.match(done.body, /Untied from single sign-on/, 'told among what happened to it')
  assert.doesNotMatch(done.body, /Untie it/)
  assert.equal((await di.send(`${desk.origin}/desk`)).status, 401)
  assert.equal((await desk.signIn(di, 's-di')).status, 409)
})
