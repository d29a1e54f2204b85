// Checks the command for people over a real database: it lets somebody in who forgot their password.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openTestStore, type TestStore } from '../../../test/helpers/database.ts'
import { isAppError } from '../../domain/error.ts'
import { createAccounts } from '../../store/accounts.ts'
import { peopleOf } from '../desk.ts'
import { carryOut, readWords } from './user.ts'

let store: TestStore
const run = (line: string[]) => carryOut(peopleOf(store), readWords(line))
const passwordIn = (text: string) => /[0-9a-z]{5}(?:-[0-9a-z]{5}){3}/.exec(text)?.[0] ?? ''

before(async () => {
  store = await openTestStore()
})
after(() => store.close())

test('people are added, listed, given a new password that signs in, and closed', async () => {
  assert.equal(await run(['list']), 'There is no account yet.\n')
  await run(['add', 'ada@example.org', '--name', 'Ada\u001b[31m', '--role', 'admin'])
  await run(['add', 'bo@example.org', '--name', 'Bo'])
  assert.equal(await run(['list']), 'ada@example.org\tadmin\tAda[31m\nbo@example.org\treporter\tBo\n')
  const accounts = createAccounts({ db: store.db, now: Date.now, random: (size) => randomBytes(size) })
  const password = passwordIn(await run(['password', 'BO@example.org']))
  assert.ok(await accounts.checkPassword({ email: 'bo@example.org', password, address: '192.0.2.1' }))
  await run(['close', 'bo@example.org'])
  assert.match(await run(['list']), /bo@example.org\treporter\tBo\tclosed/)
  await assert.rejects(run(['close', 'ada@example.org']), (error) => isAppError(error, 'conflict'))
  await assert.rejects(run(['password', 'eve@example.org']), (error) => isAppError(error, 'not_found'))
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
  ])
    assert.throws(
      () => readWords(line),
      (error) => isAppError(error, 'invalid') && /Usage: /.test(error.message),
    )
})
