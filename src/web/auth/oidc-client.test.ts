// The provider as this installation sees it over time: asked again after a while, missed when it is gone, found when it is back.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../../../test/helpers/identity-provider.ts'
import { silentLog } from '../../base/log.ts'
import { isAppError } from '../../domain/error.ts'
import { createOidcProvider } from './oidc-client.ts'

const redirectUri = 'https://live.example.org/desk/sso/callback'
const SENT = { state: 's', nonce: 'n', verifier: 'v'.repeat(43), again: false }
let provider: IdentityProvider
before(async () => {
  provider = await startIdentityProvider([redirectUri])
})
after(() => provider.close())

const client = (clock: { now: number }, privateHosts = [provider.host]) =>
  createOidcProvider(
    {
      ...{ issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, scope: 'openid' },
      ...{ privateHosts, redirectUri },
    },
    silentLog(),
    () => clock.now,
  )

test('people are sent with everything the answer must fit to, and to no provider that has gone away since', async () => {
  const clock = { now: 0 }
  const one = client(clock)
  const url = await one.authorizationUrl(SENT)
  assert.equal(url.origin, provider.issuer)
  const { code_challenge: challenge, ...rest } = Object.fromEntries(url.searchParams)
  assert.match(challenge ?? '', /^[\w-]{43}$/)
  assert.deepEqual(rest, {
    ...{ response_type: 'code', client_id: CLIENT.id, scope: 'openid', state: 's', nonce: 'n' },
    ...{ redirect_uri: redirectUri, code_challenge_method: 'S256', max_age: '604800' },
  })
  const again = (await one.authorizationUrl({ ...SENT, again: true })).searchParams
  assert.deepEqual([again.get('prompt'), again.get('max_age')], ['login', '0'])
  assert.equal(one.isThere(), true)
  assert.equal(one.signOutUrl(), `${provider.issuer}/session/end?client_id=${CLIENT.id}`)

  await provider.stop()
  assert.ok(await one.authorizationUrl(SENT), 'asked a moment ago')
  clock.now += 31_000
  await assert.rejects(one.authorizationUrl(SENT), (error) => isAppError(error, 'unavailable'))
  assert.equal(one.isThere(), false)
  await provider.start()
  assert.ok(await one.authorizationUrl(SENT), 'who asks is answered at once')
  assert.equal(one.isThere(), true)
})

test('a provider in a private network is not reached unless its host was named', async () => {
  const one = client({ now: 0 }, [])
  await assert.rejects(one.authorizationUrl(SENT), (error) => isAppError(error, 'unavailable'))
})

test('one that calls itself by another name than the one that was set is not believed', async () => {
  provider.lie = (path, body) => {
    if (path.startsWith('/.well-known')) body.issuer = 'https://evil.example'
  }
  await assert.rejects(client({ now: 0 }).authorizationUrl(SENT), (error) => isAppError(error, 'unavailable'))
  provider.lie = null
})
