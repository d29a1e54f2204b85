// Checks the command for people over a real database: it lets somebody in who forgot their password.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openTestStore, type TestStore } from '../../../test/helpers/database.ts'
import { isAppError } from '../../domain/error.ts'
import { createAccounts } from '../../store/accounts.ts'
import { signInStores } from '../sign-in.ts'
import { carryOut, readWords } from './user.ts'

let store: TestStore
const run = (line: string[]) => carryOut({ ...signInStores(store), origin: 'http://localhost:4810' }, readWords(line))
const listed = async () => (await run(['list'])).out
const PASSWORD = /^[0-9a-z]{5}(?:-[0-9a-z]{5}){3}\n$/

before(async () => {
  store = await openTestStore()
})
after(() => store.close())

test('people are added, listed, given a new password that signs in, closed and opened, and another role', async () => {
  assert.match((await listed()) ?? '', /^There is no account yet\. .*link for the first/)
  const made = await run(['add', 'ada@example.org', '--name', 'Ada\u001b[31m', '--role', 'admin'])
  assert.match(made.out ?? '', PASSWORD, 'alone, so that a shell can keep it in a variable')
  assert.equal(made.note, 'Made ada@example.org, admin. The password is shown this once.\n')
  await run(['add', 'bo@example.org', '--name', 'Bo'])
  assert.equal(await listed(), 'ada@example.org\tadmin\tAda[31m\nbo@example.org\treporter\tBo\n')

  const accounts = createAccounts({ db: store.db, now: Date.now, random: (size) => randomBytes(size) })
  const { out = '' } = await run(['password', 'BO@example.org'])
  assert.match(out, PASSWORD)
  const signIn = { email: 'bo@example.org', password: out.trim(), address: '192.0.2.1' }
  assert.ok(await accounts.checkPassword(signIn))

  await run(['close', 'bo@example.org'])
  assert.match((await listed()) ?? '', /bo@example.org\treporter\tBo\tclosed/)
  await assert.rejects(accounts.checkPassword(signIn), (error) => isAppError(error, 'unauthorized'))
  await run(['open', 'Bo@example.org'])
  assert.ok(await accounts.checkPassword(signIn))
  await run(['role', 'bo@example.org', 'editor'])
  assert.match((await listed()) ?? '', /bo@example.org\teditor\tBo\n/)

  for (const line of [
    ['close', 'ada@example.org'],
    ['role', 'ada@example.org', 'editor'],
  ])
    await assert.rejects(run(line), (error) => isAppError(error, 'conflict'))
  await assert.rejects(run(['password', 'eve@example.org']), (error) => isAppError(error, 'not_found'))
})

test('somebody is invited by a link that stands alone, and who lost their second factors gets in by the password again', async () => {
  const { out = '', note = '' } = await run(['invite', 'cy@example.org', '--role', 'editor'])
  assert.match(out, /^http:\/\/localhost:4810\/desk\/invitation\/[\w-]{43}\n$/)
  assert.match(note, /cy@example\.org, editor.*once.*three days/)
  const { invitations, passkeys } = signInStores(store)
  const password = 'four words in a row'
  const { id } = await invitations.accept(out.trim().split('/').at(-1) ?? '', { name: 'Cy', password, passkey: null })
  const accounts = createAccounts({ db: store.db, now: Date.now, random: (size) => randomBytes(size) })
  const session = await accounts.openSession(id)
  assert.ok(session.stage === 'full')
  const key = { credentialId: 'k', publicKey: 'AAAA', counter: 0, transports: [], name: 'Laptop' }
  await passkeys.add(session.actor, key)
  assert.equal((await accounts.openSession(id)).stage, 'half')
  assert.match((await run(['reset-factors', 'cy@example.org'])).note ?? '', /every session has ended/)
  assert.equal(await accounts.sessionByToken(session.token), null)
  assert.equal((await accounts.openSession(id)).stage, 'full')
  await assert.rejects(run(['invite', 'cy@example.org']), (error) => isAppError(error, 'conflict'))
})

test('what is no such command is refused with the usage', () => {
  for (const line of [
    [],
    ['drop'],
    ['list', 'x'],
    ['close'],
    ['add', 'a@b'],
    ['close', 'a@b', 'c'],
    ['add', '--pass', 'x'],
    ['open'],
    ['role', 'a@b'],
    ['close', 'a@b', '--role', 'editor'],
  ])
    assert.throws(
      () => readWords(line),
      (error) => isAppError(error, 'invalid') && /Usage:\n/.test(error.message),
    )
})

test('an unknown role is refused with the known ones before a database is opened', () => {
  for (const line of [
    ['role', 'a@b', 'chief'],
    ['add', 'a@b', '--name', 'A', '--role', 'chief'],
  ])
    assert.throws(
      () => readWords(line),
      (error) => isAppError(error, 'invalid') && /admin, editor, reporter/.test(error.message),
    )
})
