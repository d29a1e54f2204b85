// Checks codes, recovery codes, passkeys' challenges and the stages of a session over the real database, by a clock of the test's own.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { isAppError } from '../domain/error.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createPasskeys } from './passkeys.ts'
import { createSecondFactors, type SecondFactors } from './second-factors.ts'
import { HALF_SESSION_MS, SESSION_ABSOLUTE_MS } from './sessions.ts'

const STEP_MS = 30_000
const PASSWORD = 'a long enough password'
let store: TestStore
let clock = Date.UTC(2026, 0, 1)
let accounts: Accounts
let factors: SecondFactors
let passkeys: ReturnType<typeof createPasskeys>

before(async () => {
  store = await openTestStore()
  const deps = { db: store.db, now: () => clock, random: (size: number) => randomBytes(size) }
  accounts = createAccounts(deps)
  factors = createSecondFactors(deps)
  passkeys = createPasskeys(deps)
})
after(() => store.close())

const refused = (code: 'unauthorized' | 'invalid' | 'conflict' | 'not_found') => (error: unknown) =>
  isAppError(error, code)

let people = 0
async function person() {
  people += 1
  const email = `p${people}@example.org`
  const { id } = await accounts.createAccount({ name: 'P', email, password: PASSWORD }, 'editor')
  const session = await accounts.openSession(id)
  assert.ok(session.stage === 'full')
  const { actor, token, expiresAt } = session
  return { id, email, actor, token, expiresAt, session: session.id }
}

async function withApp() {
  const one = await person()
  const { secret, uri } = await factors.begin(one.actor, one.email)
  assert.match(uri, /^otpauth:\/\/totp\/Dateline:p\d+%40example\.org\?issuer=Dateline&secret=/)
  const codeAt = (steps: number) => new TOTP({ secret }).generate({ timestamp: clock + steps * STEP_MS })
  const recovery = await factors.confirm(one.actor, codeAt(0))
  return { ...one, codeAt, recovery, check: (code: string) => factors.check(one.id, code, '192.0.2.1', 'too') }
}

test('a code counts one step early and one late, no further, and never an older one than the last', async () => {
  const { codeAt, check } = await withApp()
  await assert.rejects(check(codeAt(0)), refused('unauthorized'), 'the one that confirmed it')
  clock += 10 * STEP_MS
  await assert.rejects(check(codeAt(-2)), refused('unauthorized'))
  await assert.rejects(check(codeAt(2)), refused('unauthorized'))
  await check(codeAt(-1))
  await check(codeAt(1))
  await assert.rejects(check(codeAt(0)), refused('unauthorized'))
})

test('a key that was begun and not confirmed asks for nothing, and a newer one takes its place', async () => {
  const one = await person()
  const first = await factors.begin(one.actor, one.email)
  const second = await factors.begin(one.actor, one.email)
  assert.notEqual(first.secret, second.secret)
  assert.equal((await accounts.openSession(one.id)).stage, 'full')
  const old = new TOTP({ secret: first.secret }).generate({ timestamp: clock })
  await assert.rejects(factors.confirm(one.actor, old), refused('invalid'))
  await factors.confirm(one.actor, new TOTP({ secret: second.secret }).generate({ timestamp: clock }))
  assert.equal((await accounts.openSession(one.id)).stage, 'half')
  await assert.rejects(factors.begin(one.actor, one.email), refused('conflict'))
  assert.equal(await factors.pending(one.id, one.email), null)
})

test('a half session has no actor, ends after ten minutes, and becomes a full one under a new token', async () => {
  const one = await withApp()
  const half = await accounts.openSession(one.id)
  assert.equal(half.actor, null)
  assert.equal(await accounts.sessionByToken(half.token), null)
  assert.equal((await accounts.halfSessionByToken(half.token))?.accountId, one.id)
  const opened = await accounts.proveSession(half.id)
  assert.equal(await accounts.halfSessionByToken(half.token), null)
  assert.equal(await accounts.sessionByToken(half.token), null)
  assert.equal((await accounts.sessionByToken(opened.token))?.actor.fresh, true)
  assert.equal(opened.expiresAt, clock + SESSION_ABSOLUTE_MS)

  const late = await accounts.openSession(one.id)
  clock += HALF_SESSION_MS
  assert.equal(await accounts.halfSessionByToken(late.token), null)
  await assert.rejects(accounts.proveSession(late.id), refused('unauthorized'))
  assert.equal((await accounts.openSession(one.id, undefined, 'whole')).stage, 'full')
})

test('a proof counts for five minutes and lengthens no session', async () => {
  const one = await person()
  clock += 5 * 60_000
  assert.equal((await accounts.sessionByToken(one.token))?.actor.fresh, false)
  const opened = await accounts.proveSession(one.session)
  assert.equal(opened.expiresAt, one.expiresAt)
  assert.equal(await accounts.sessionByToken(one.token), null)
  assert.equal((await accounts.sessionByToken(opened.token))?.actor.fresh, true)
})

test('recovery codes go with the last second factor, and new ones void the older', async () => {
  const one = await withApp()
  const fresh = await factors.newRecoveryCodes(one.actor)
  assert.equal(new Set([...fresh, ...one.recovery]).size, 20)
  await assert.rejects(one.check(one.recovery[0] ?? ''), refused('unauthorized'))
  await one.check((fresh[0] ?? '').replaceAll('-', ' '))
  assert.deepEqual(await factors.state(one.id), { codeSince: clock, recoveryLeft: 9 })
  await factors.remove(one.actor)
  assert.deepEqual(await factors.state(one.id), { codeSince: null, recoveryLeft: 0 })
  await assert.rejects(factors.newRecoveryCodes(one.actor), refused('conflict'))
  const told = (await factors.events(one.id)).map(({ kind }) => kind)
  assert.deepEqual(told, ['second-factor-off', 'recovery-code-used', 'recovery-codes', 'second-factor-on'])
})

test('a challenge is answered once, in time, for what it was made for and by who asked', async () => {
  const asked = { purpose: 'prove', boundTo: 's1', accountId: null } as const
  const ask = () => passkeys.challenge(asked, '192.0.2.1')
  await assert.rejects(passkeys.take(await ask(), { purpose: 'register', boundTo: 's1' }), refused('unauthorized'))
  await assert.rejects(passkeys.take(await ask(), { purpose: 'prove', boundTo: 's2' }), refused('unauthorized'))
  await assert.rejects(passkeys.take(await ask(), { purpose: 'prove', boundTo: null }), refused('unauthorized'))
  const good = await ask()
  const both = await Promise.allSettled([passkeys.take(good, asked), passkeys.take(good, asked)])
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const late = await ask()
  clock += 5 * 60_000
  await assert.rejects(passkeys.take(late, asked), refused('unauthorized'))
})

test('one passkey makes the password alone not enough, and belongs to one account', async () => {
  const [one, other] = [await person(), await person()]
  const key = { credentialId: 'abc', publicKey: 'AAAA', counter: 0, transports: ['internal'], name: ' My  key ' }
  assert.equal((await passkeys.add(one.actor, key)).length, 10)
  await assert.rejects(passkeys.add(other.actor, key), refused('conflict'))
  assert.equal((await accounts.openSession(one.id)).stage, 'half')
  const [line] = await passkeys.list(one.id)
  await assert.rejects(passkeys.remove(other.actor, line?.id ?? ''), refused('not_found'))
  await passkeys.remove(one.actor, line?.id ?? '')
  assert.equal((await accounts.openSession(one.id)).stage, 'full')
  assert.equal((await factors.state(one.id)).recoveryLeft, 0)
})
