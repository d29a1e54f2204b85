// Checks people, sessions, the setup link and the brake on guessing, against the real database.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { isAppError } from '../domain/error.ts'
import { type Accounts, createAccounts, SETUP_MS } from './accounts.ts'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from './sessions.ts'
import { MAX_ACCOUNT_FAILURES, MAX_ADDRESS_FAILURES } from './sign-in-brake.ts'

const ADMIN = { name: 'Ada', email: 'Ada@Example.org', password: 'a long enough password' }
let store: TestStore
let accounts: Accounts
let clock = Date.UTC(2026, 0, 1)

before(async () => {
  store = await openTestStore()
  accounts = createAccounts({ db: store.db, now: () => clock, random: (size) => randomBytes(size) })
})
after(() => store.close())

const refused = (code: 'invalid' | 'not_found' | 'conflict' | 'unauthorized' | 'too_many') => (error: unknown) =>
  isAppError(error, code)
const signIn = (password = ADMIN.password, address = '192.0.2.1', email = ' ada@example.ORG ') =>
  accounts.checkPassword({ email, password, address })

test('the setup link makes one admin, once, and only the newest link works', async () => {
  const older = (await accounts.newSetupToken()) ?? ''
  const token = (await accounts.newSetupToken()) ?? ''
  assert.equal(await accounts.setupTokenIsGood(older), false)
  assert.equal(await accounts.setupTokenIsGood(token), true)
  await assert.rejects(accounts.createFirstAdmin(older, ADMIN), refused('not_found'))
  await assert.rejects(accounts.createFirstAdmin(token, { ...ADMIN, password: 'elevenchars' }), refused('invalid'))
  await assert.rejects(accounts.createFirstAdmin(token, { ...ADMIN, email: 'nobody' }), refused('invalid'))
  clock += SETUP_MS
  assert.equal(await accounts.setupTokenIsGood(token), false)

  const last = (await accounts.newSetupToken()) ?? ''
  const results = await Promise.allSettled([
    accounts.createFirstAdmin(last, ADMIN),
    accounts.createFirstAdmin(last, { ...ADMIN, email: 'eve@example.org' }),
  ])
  assert.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  assert.equal(await accounts.newSetupToken(), null)
  await store.db.updateTable('account').set({ email: ADMIN.email, email_key: 'ada@example.org' }).execute()
})

test('a session opens by its token, which stands nowhere in the database', async () => {
  const session = await accounts.openSession((await signIn()).id)
  const found = await accounts.sessionByToken(session.token)
  assert.equal(found?.id, session.id)
  assert.equal(found?.actor.role, 'admin')
  assert.equal(found?.actor.credential, `session:${session.id}`)
  const rows = JSON.stringify([
    await store.db.selectFrom('session').selectAll().execute(),
    await store.db.selectFrom('account').selectAll().execute(),
  ])
  assert.equal(rows.includes(session.token) || rows.includes(ADMIN.password), false)
  assert.equal(await accounts.sessionByToken(session.id), null)
})

test('a session ends when idle, when a week old, when signed out, and when the account is closed', async () => {
  const { id } = await signIn()
  const idle = await accounts.openSession(id)
  clock += SESSION_IDLE_MS - 1
  assert.ok(await accounts.sessionByToken(idle.token))
  clock += SESSION_IDLE_MS - 1
  assert.ok(await accounts.sessionByToken(idle.token), 'use keeps it alive')
  clock += SESSION_IDLE_MS + 1
  assert.equal(await accounts.sessionByToken(idle.token), null)

  const week = await accounts.openSession(id)
  for (let spent = 0; spent + SESSION_IDLE_MS < SESSION_ABSOLUTE_MS; spent += SESSION_IDLE_MS / 2) {
    clock += SESSION_IDLE_MS / 2
    assert.ok(await accounts.sessionByToken(week.token))
  }
  clock += SESSION_IDLE_MS
  assert.equal(await accounts.sessionByToken(week.token), null)

  const one = await accounts.openSession(id)
  const two = await accounts.openSession(id)
  await accounts.closeSession(one.id)
  assert.equal(await accounts.sessionByToken(one.token), null)
  assert.ok(await accounts.sessionByToken(two.token))
  await accounts.closeAllSessions(id)
  assert.equal(await accounts.sessionByToken(two.token), null)

  const three = await accounts.openSession(id)
  await store.db.updateTable('account').set({ disabled_at: clock }).where('id', '=', id).execute()
  assert.equal(await accounts.sessionByToken(three.token), null)
  await assert.rejects(signIn(), refused('unauthorized'))
  await store.db.updateTable('account').set({ disabled_at: null }).where('id', '=', id).execute()
})

test('an account is shut to one network for a quarter of an hour after ten failures, and to nobody elsewhere', async () => {
  clock += 3_600_000
  const tries = await Promise.allSettled(
    Array.from({ length: MAX_ACCOUNT_FAILURES + 5 }, (_, n) => signIn('a wrong password', `2001:db8:9:9::${n}`)),
  )
  assert.ok(tries.every((one) => one.status === 'rejected'))
  const checked = tries.filter((one) => one.status === 'rejected' && isAppError(one.reason, 'unauthorized'))
  assert.ok(checked.length <= MAX_ACCOUNT_FAILURES)
  for (let n = checked.length; n < MAX_ACCOUNT_FAILURES; n += 1)
    await assert.rejects(signIn('wrong', '2001:db8:9:9::1'), refused('unauthorized'))
  await assert.rejects(signIn(ADMIN.password, '2001:db8:9:9::2'), refused('too_many'))
  assert.ok(await signIn(ADMIN.password, '192.0.2.7'))
  clock += 15 * 60_000
  assert.ok(await signIn(ADMIN.password, '2001:db8:9:9::2'))
})

test('an address is shut after fifty failures, unknown accounts included, and others are not', async () => {
  clock += 3_600_000
  for (let n = 0; n < MAX_ADDRESS_FAILURES; n += 1) {
    await assert.rejects(
      signIn('wrong', `2001:db8:1:2::${n.toString(16)}`, `no${n}@example.org`),
      refused('unauthorized'),
    )
  }
  await assert.rejects(signIn(ADMIN.password, '2001:db8:1:2:ffff::1'), refused('too_many'))
  assert.ok(await signIn(ADMIN.password, '2001:db8:1:3::1'))
})

test('two accounts cannot have one address', async () => {
  await accounts.createAccount({ ...ADMIN, email: 'bo@example.org' }, 'reporter')
  await assert.rejects(accounts.createAccount({ ...ADMIN, email: 'BO@example.org' }, 'editor'), refused('conflict'))
})

test('the public role cannot read any of these tables', async () => {
  const own = ['account', 'session', 'setup_token', 'sign_in_attempt', 'sso_identity', 'sso_attempt', 'sign_in_link']
  for (const table of own) {
    const answer = await store.admin.query(`SELECT has_table_privilege('dateline_public', '${table}', 'SELECT') AS may`)
    assert.equal(answer.rows[0]?.may, false, table)
  }
})
