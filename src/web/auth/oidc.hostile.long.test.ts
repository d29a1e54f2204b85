// Single sign-on under attack: answers that were not asked for, tokens that are not the provider's, addresses that are
// nobody's. Each must sign in nobody, make nothing, and say so.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { openTestStore, type TestStore } from '../../../test/helpers/database.ts'
import { openHttpBrowser, type Page } from '../../../test/helpers/http-browser.ts'
import {
  anotherKey,
  freePort,
  type IdentityProvider,
  type IdToken,
  readToken,
  startIdentityProvider,
} from '../../../test/helpers/identity-provider.ts'
import { type SsoDesk, startSsoDesk } from '../../../test/helpers/sso-desk.ts'
import { isAppError } from '../../domain/error.ts'
import { createSsoAttempts, MAX_SSO_ATTEMPTS } from '../../store/sso-attempts.ts'

let store: TestStore
let provider: IdentityProvider
let desk: SsoDesk
let port: number
const redirectUri = () => `http://127.0.0.1:${port}/desk/sso/callback`

before(async () => {
  store = await openTestStore()
  port = await freePort()
  provider = await startIdentityProvider([redirectUri()])
  desk = await startSsoDesk({ store, provider, port })
})
after(async () => {
  await desk.close()
  await provider.close()
  await store.close()
})
beforeEach(() => {
  provider.people.set('s-ada', { email: 'ada@example.org', email_verified: true, name: 'Ada', groups: ['desk'] })
})
afterEach(() => {
  provider.lie = null
})

async function made(): Promise<{ accounts: number; sessions: number }> {
  const accounts = await store.db.selectFrom('account').select('id').execute()
  const sessions = await store.db.selectFrom('session').select('id').execute()
  return { accounts: accounts.length, sessions: sessions.length }
}

/** The work leads to this status, and to neither an account nor a session. */
async function refuses(status: number, words: RegExp, work: () => Promise<Page>): Promise<void> {
  const earlier = await made()
  const page = await work()
  assert.equal(page.status, status, page.body)
  assert.match(page.body, words)
  assert.deepEqual(await made(), earlier)
  assert.equal(
    page.headers.getSetCookie().some((one) => one.startsWith('dateline-session=') && !/session=;/.test(one)),
    false,
  )
}

const NOT_ASKED = /begun in another browser/
const NOT_CONFIRMED = /could not be confirmed/
const withParam = (address: string, name: string, value: string): string => {
  const url = new URL(address)
  url.searchParams.set(name, value)
  return url.href
}

describe('an answer that was not asked for', () => {
  test('with another state, none, or two, is refused without a word to the provider', async () => {
    const { exchanges } = provider
    for (const spoil of [
      (url: string) => withParam(url, 'state', 'x'.repeat(43)),
      (url: string) => withParam(url, 'state', ''),
      (url: string) => `${url}&state=${new URL(url).searchParams.get('state')}`,
    ]) {
      const browser = openHttpBrowser()
      const answer = spoil(await desk.answerFor(browser, 's-ada'))
      await refuses(401, NOT_ASKED, () => browser.send(answer))
    }
    await refuses(401, NOT_ASKED, () => openHttpBrowser().send(redirectUri()))
    assert.equal(provider.exchanges, exchanges)
  })

  test('brought to another browser is refused there, and is dead in the first one too', async () => {
    const mine = openHttpBrowser()
    const answer = await desk.answerFor(mine, 's-ada')
    const victim = openHttpBrowser()
    await victim.send(`${desk.origin}/desk/sso`) // has an attempt of its own under way
    await refuses(401, NOT_ASKED, () => victim.send(answer))
    await refuses(401, NOT_ASKED, () => mine.send(answer))
  })

  test('sent a second time, or with its code in a new attempt, signs in nobody', async () => {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada')
    const cookie = browser.cookies(desk.origin).get('dateline-sso') ?? ''
    assert.equal((await browser.send(answer)).status, 303)
    browser.cookies(desk.origin).set('dateline-sso', cookie)
    await refuses(401, NOT_ASKED, () => browser.send(answer))

    const begun = await browser.send(`${desk.origin}/desk/sso`)
    const state = new URL(begun.location ?? '').searchParams.get('state') ?? ''
    await refuses(401, NOT_CONFIRMED, () => browser.send(withParam(answer, 'state', state)))
  })

  test('that comes after ten minutes is refused', async () => {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada')
    await store.db
      .updateTable('sso_attempt')
      .set({ expires_at: Date.now() - 1 })
      .execute()
    await refuses(401, NOT_ASKED, () => browser.send(answer))
  })

  test('with an error of the provider shows no words but ours', async () => {
    const browser = openHttpBrowser()
    const begun = await browser.send(`${desk.origin}/desk/sso`)
    const state = new URL(begun.location ?? '').searchParams.get('state') ?? ''
    const words = '&error_description=Call+555-0100+%3Cscript%3E'
    const page = await browser.send(`${redirectUri()}?state=${state}&error=access_denied${words}`)
    assert.equal(page.status, 401)
    assert.match(page.body, /ended this sign-in, or you did/)
    assert.doesNotMatch(page.body, /555-0100|<script>|&lt;script/)
  })

  test('from another provider than the one that was asked is refused', async () => {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada')
    await refuses(401, NOT_CONFIRMED, () => browser.send(withParam(answer, 'iss', 'https://evil.example')))
  })
})

describe('a token that is not what was asked for', () => {
  const lies: Record<string, (token: IdToken) => string> = {
    'signed with another key under the same name': (token) => provider.signed(token, anotherKey()),
    'without a signature (alg none)': (token) => provider.signed({ ...token, header: { alg: 'none' } }),
    'signed with the public key as a shared secret': (token) =>
      provider.signed({ ...token, header: { ...token.header, alg: 'HS256' } }),
    'with another nonce': (token) => provider.signed(changed(token, { nonce: 'x'.repeat(43) })),
    'without a nonce': (token) => provider.signed(changed(token, { nonce: undefined })),
    'of another issuer': (token) => provider.signed(changed(token, { iss: 'https://evil.example' })),
    'for another client': (token) => provider.signed(changed(token, { aud: 'somebody-else' })),
    'that has ended': (token) => provider.signed(changed(token, { iat: 1_000, exp: 2_000 })),
    'of another person than the one the provider tells of': (token) =>
      provider.signed(changed(token, { sub: 's-eve' })),
    'that is none': () => 'not.a.token',
  }
  for (const [what, lie] of Object.entries(lies)) {
    test(`${what} signs in nobody`, async () => {
      const browser = openHttpBrowser()
      const answer = await desk.answerFor(browser, 's-ada')
      let told = false
      provider.lie = (path, body) => {
        if (path !== '/token') return
        body.id_token = lie(readToken(String(body.id_token)))
        told = true
      }
      await refuses(401, NOT_CONFIRMED, () => browser.send(answer))
      assert.ok(told)
    })
  }

  test('the same token, signed again by the provider as it was, does sign in: the tests above refuse the lie alone', async () => {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada')
    provider.lie = (path, body) => {
      if (path === '/token') body.id_token = provider.signed(readToken(String(body.id_token)))
    }
    assert.equal((await browser.send(answer)).status, 303)
  })
})

describe('an address that is not theirs', () => {
  const signsIn = (email: Record<string, unknown>) => async () => {
    provider.people.set('s-mallory', { name: 'Mallory', groups: ['desk'], ...email })
    return desk.signIn(openHttpBrowser(), 's-mallory')
  }

  test('unconfirmed, it makes no account', async () => {
    for (const verified of [false, 'false', undefined, null, 1])
      await refuses(403, /no confirmed e-mail address/, signsIn({ email: 'm@example.org', email_verified: verified }))
    await refuses(403, /no confirmed e-mail address/, signsIn({ email_verified: true }))
  })

  test('one source does not confirm the address of another', async () => {
    provider.people.set('s-mallory', { email: 'm@evil.example', email_verified: true, groups: ['desk'] })
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-mallory')
    provider.lie = (path, body) => {
      if (path !== '/token') return
      body.id_token = provider.signed(changed(readToken(String(body.id_token)), { email: 'chief@example.org' }))
    }
    await refuses(403, /no confirmed e-mail address/, () => browser.send(answer))
  })

  test('OIDC_TRUST_EMAIL trusts silence, never a no; OIDC_EMAIL_DOMAINS takes no other domain', async () => {
    const flags = ['--oidc-trust-email', '--oidc-email-domains', 'example.org']
    desk = await startSsoDesk({ store, provider, port, flags, instead: desk })
    try {
      await refuses(403, /no role/, signsIn({ email: 'm@example.org', email_verified: false }))
      for (const email of [
        'm@evil.example',
        'm@sub.example.org',
        'm@example.org.evil.example',
        'x@example.org@evil.example',
      ])
        await refuses(403, /no role/, signsIn({ email, email_verified: true }))
      assert.equal((await signsIn({ email: 'm@EXAMPLE.org' })()).status, 303)
    } finally {
      desk = await startSsoDesk({ store, provider, port, instead: desk })
    }
  })
})

test('another provider with the same subject is another person', async () => {
  const victim = await desk.signIn(openHttpBrowser(), 's-ada')
  assert.equal(victim.status, 303)
  const other = await startIdentityProvider([redirectUri()])
  desk = await startSsoDesk({ store, provider: other, port, instead: desk })
  try {
    other.people.set('s-ada', { email: 'ada@example.org', email_verified: true, groups: ['chiefs'] })
    await refuses(409, /not tied to this sign-in/, () => desk.signIn(openHttpBrowser(), 's-ada'))
    other.people.set('s-ada', { email: 'else@example.org', email_verified: true, name: 'Else', groups: ['desk'] })
    const browser = openHttpBrowser()
    assert.equal((await desk.signIn(browser, 's-ada')).status, 303)
    assert.match((await browser.send(`${desk.origin}/desk`)).body, /class="who-name"[^>]*>Else</)
  } finally {
    desk = await startSsoDesk({ store, provider, port, instead: desk })
    await other.close()
  }
})

test('after the sign-in only addresses of the desk are gone to', async () => {
  for (const next of [
    '//evil.example',
    'https://evil.example/desk',
    '/desk//evil.example',
    '/desk\\evil',
    '/desk/../x',
    '/x',
  ]) {
    const browser = openHttpBrowser()
    const answer = await desk.answerFor(browser, 's-ada', next)
    const page = await browser.send(withParam(answer, 'next', 'https://evil.example'))
    assert.equal(page.location, `${desk.origin}/desk`, next)
  }
})

test('the provider cannot send us into the private network', async () => {
  let hits = 0
  const inside = createServer((_request, reply) => {
    hits += 1
    reply.end('{}')
  })
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(inside.address() as AddressInfo).port}`
  try {
    for (const scheme of ['http', 'https']) {
      provider.lie = (path, body) => {
        if (path.startsWith('/.well-known')) body.token_endpoint = `${scheme}://${address}/token`
      }
      desk = await startSsoDesk({ store, provider, port, instead: desk })
      const browser = openHttpBrowser()
      const answer = await desk.answerFor(browser, 's-ada')
      await refuses(503, /does not answer/, () => browser.send(answer))
    }
    assert.equal(hits, 0)
  } finally {
    provider.lie = null
    desk = await startSsoDesk({ store, provider, port, instead: desk })
    inside.close()
  }
})

test('a flood of sign-ins that are never finished is bounded per network, and leaves nothing behind', async () => {
  const clock = { now: Date.now() }
  const attempts = createSsoAttempts({ db: store.db, now: () => clock.now, random: randomBytes })
  const begin = (address: string) => attempts.begin({ nonce: 'n', verifier: 'v', next: '/desk' }, address)
  for (let n = 0; n < MAX_SSO_ATTEMPTS; n++) await begin('192.0.2.7')
  await assert.rejects(begin('192.0.2.7'), (error) => isAppError(error, 'too_many'))
  assert.ok(await begin('192.0.2.8'))
  clock.now += 11 * 60_000
  assert.ok(await begin('192.0.2.7'))
  const left = await store.db.selectFrom('sso_attempt').select('state_hash').execute()
  assert.equal(left.length, 1)
})

test('neither state, nonce nor the browser’s part stands in a cookie or in the database as it is', async () => {
  const browser = openHttpBrowser()
  const begun = await browser.send(`${desk.origin}/desk/sso`)
  const sent = new URL(begun.location ?? '').searchParams
  assert.equal(sent.get('code_challenge_method'), 'S256')
  assert.equal(sent.get('redirect_uri'), redirectUri())
  const cookie = begun.headers.getSetCookie().join()
  assert.match(cookie, /^dateline-sso=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  const rows = JSON.stringify(await store.db.selectFrom('sso_attempt').selectAll().execute())
  for (const secret of [sent.get('state') ?? '', browser.cookies(desk.origin).get('dateline-sso') ?? ''])
    assert.ok(secret.length === 43 && !rows.includes(secret))
})

function changed(token: IdToken, claims: Record<string, unknown>): IdToken {
  return { ...token, claims: { ...token.claims, ...claims } }
}
