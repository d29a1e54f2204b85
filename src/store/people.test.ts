// Checks the people of a newsroom against the real database: accounts, roles, the last administrator, closing, passwords.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { openFully } from '../../test/helpers/desk.ts'
import { type ErrorCode, isAppError } from '../domain/error.ts'
import type { Actor } from '../domain/permission.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createPeople, type People } from './people.ts'

const SYSTEM: Actor = { id: 'system:test', name: 'Test', role: 'admin', credential: 'system:test' }
let store: TestStore
let accounts: Accounts
let people: People
let ada: string

before(async () => {
  store = await openTestStore()
  const deps = { db: store.db, now: Date.now, random: (size: number) => randomBytes(size) }
  accounts = createAccounts(deps)
  people = createPeople(deps)
  ada = (await people.add(SYSTEM, { name: 'Ada', email: 'ada@example.org' }, 'admin')).id
})
after(() => store.close())

const refused = (code: ErrorCode) => (error: unknown) => isAppError(error, code)
const signIn = (email: string, password: string) => accounts.checkPassword({ email, password, address: '192.0.2.1' })

test('an account is made with a password that signs in and stands nowhere in the database', async () => {
  const { id, password } = await people.add(SYSTEM, { name: 'Bo', email: 'bo@example.org' }, 'reporter')
  assert.match(password, /^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/)
  assert.equal((await signIn('bo@example.org', password)).id, id)
  assert.ok(!JSON.stringify(await store.db.selectFrom('account').selectAll().execute()).includes(password))
  await assert.rejects(people.add(SYSTEM, { name: 'B', email: 'BO@example.org' }, 'editor'), refused('conflict'))
  await assert.rejects(people.add(SYSTEM, { name: '', email: 'c@example.org' }, 'editor'), refused('invalid'))
})

test('only an administrator changes people, by what holds at that moment', async () => {
  const { id } = await people.add(SYSTEM, { name: 'Eve', email: 'eve@example.org' }, 'admin')
  const { actor } = await openFully(accounts, id)
  await people.changeRole(SYSTEM, id, 'editor')
  await assert.rejects(people.add(actor, { name: 'X', email: 'x@example.org' }, 'admin'), refused('forbidden'))
  await assert.rejects(people.changeRole(actor, id, 'admin'), refused('forbidden'))
  await assert.rejects(people.close(actor, ada), refused('forbidden'))
  await assert.rejects(people.newPassword(actor, ada), refused('forbidden'))
})

test('the last administrator can be neither closed nor given another role, not even by two at once', async () => {
  await assert.rejects(people.close(SYSTEM, ada), refused('conflict'))
  await assert.rejects(people.changeRole(SYSTEM, ada, 'editor'), refused('conflict'))
  const { id } = await people.add(SYSTEM, { name: 'Dan', email: 'dan@example.org' }, 'admin')
  const both = await Promise.allSettled([people.close(SYSTEM, ada), people.changeRole(SYSTEM, id, 'viewer')])
  assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  await people.changeRole(SYSTEM, id, 'admin')
  await people.reopen(SYSTEM, ada)
  await people.close(SYSTEM, id)
})

test('closing an account ends its sessions in the same moment, and opening it again revives none', async () => {
  const { id, password } = await people.add(SYSTEM, { name: 'Flo', email: 'flo@example.org' }, 'editor')
  const session = await accounts.openSession(id)
  assert.equal((await people.person(id))?.sessions, 1)
  await people.close(SYSTEM, id)
  assert.equal(await accounts.sessionByToken(session.token), null)
  await assert.rejects(signIn('flo@example.org', password), refused('unauthorized'))
  await assert.rejects(accounts.openSession(id), refused('unauthorized'))
  const closed = await people.person(id)
  assert.deepEqual([closed?.sessions, closed?.closedAt !== null], [0, true])
  await people.reopen(SYSTEM, id)
  assert.equal(await accounts.sessionByToken(session.token), null)
  assert.ok(await signIn('flo@example.org', password))
})

test('a new password voids the older one and signs out; one’s own change keeps the session it was made in', async () => {
  const made = await people.add(SYSTEM, { name: 'Gus', email: 'gus@example.org' }, 'editor')
  const before = await accounts.openSession(made.id)
  const password = await people.newPassword(SYSTEM, made.id)
  await assert.rejects(signIn('gus@example.org', made.password), refused('unauthorized'))
  assert.equal(await accounts.sessionByToken(before.token), null)
  assert.ok(await signIn('gus@example.org', password))

  const [here, elsewhere] = [await openFully(accounts, made.id), await openFully(accounts, made.id)]
  await assert.rejects(people.changeOwnPassword(here.actor, here.id, 'short'), refused('invalid'))
  await assert.rejects(people.changeOwnPassword(here.actor, here.id, 'gus@example.org'), refused('invalid'))
  await people.changeOwnPassword(here.actor, here.id, 'four words in a row')
  assert.ok(await accounts.sessionByToken(here.token))
  assert.equal(await accounts.sessionByToken(elsewhere.token), null)
  assert.ok(await signIn('gus@example.org', 'four words in a row'))
})

test('what is no account is not found, and the list shows open ones first', async () => {
  for (const act of [people.close, people.reopen, people.newPassword])
    await assert.rejects(act(SYSTEM, '0'.repeat(20)), refused('not_found'))
  assert.equal(await people.person('0'.repeat(20)), null)
  assert.equal((await people.personByEmail(' ADA@example.org '))?.id, ada)
  const list = await people.list()
  const closed = list.map(({ closedAt }) => closedAt !== null)
  assert.deepEqual(closed, closed.toSorted())
  assert.ok(closed.includes(true))
})
