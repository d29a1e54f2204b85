// Tests of the words of `dateline token`: what each asks of the store, and what is refused before one is opened.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isAppError } from '../../domain/error.ts'
import type { NewToken, TokenLine, Tokens } from '../../store/tokens.ts'
import { wanted } from './token.ts'

const DAY = 24 * 3_600_000

/** Remembers what it was asked; the store's own tests hold what it does. */
function recorder() {
  const asked: unknown[] = []
  const line: TokenLine = {
    ...{ id: 'a'.repeat(20), email: 'ada@example.org', name: 'Wire', scopes: ['read'] },
    ...{ createdAt: 0, usedAt: null, expiresAt: 10 * DAY, revokedAt: null },
  }
  const tokens = {
    create: async (one: NewToken) => {
      asked.push(one)
      return { id: 'a'.repeat(20), secret: 'dl_secret', expiresAt: 0, role: 'reporter' }
    },
    list: async (email?: string) => {
      asked.push(email)
      return [line, { ...line, usedAt: DAY, revokedAt: 2 * DAY }]
    },
    revoke: async (id: string) => void asked.push(id),
  } as unknown as Tokens
  return { asked, tokens }
}

const CREATE = ['create', '--account', 'ada@example.org', '--name', 'Wire room']

it('create takes account, name, scopes and a length', async () => {
  const { asked, tokens } = recorder()
  const said = await wanted([...CREATE, '--scope=draft, publish', '--expires', '30d'])(tokens, 0)
  assert.deepEqual(asked, [
    { email: 'ada@example.org', name: 'Wire room', scopes: ['draft', 'publish'], lastsMs: 30 * DAY },
  ])
  assert.equal(said.out, 'dl_secret\n', 'alone, so that a shell can keep it in a variable')
  assert.equal(said.note, `This is shown once. Id ${'a'.repeat(20)}, for draft, publish, until 1970-01-01 00:00 UTC.\n`)
  await wanted([...CREATE, '--scope', 'read'])(tokens, 0)
  assert.equal((asked[1] as NewToken).lastsMs, 90 * DAY)
})

it('create warns of scopes that the role of the account can never use', async () => {
  const { tokens } = recorder()
  const said = await wanted([...CREATE, '--scope', 'read,manage'])(tokens, 0)
  assert.equal(said.out, 'dl_secret\n')
  assert.match(said.note ?? '', /\nOf manage a reporter may do nothing, but in single stories/)
})

it('list shows each with its end and its last use; revoke takes an id', async () => {
  const { asked, tokens } = recorder()
  const said = await wanted(['list', '--account=ada@example.org'])(tokens, 0)
  assert.match(said.out ?? '', /until 1970-01-11 {2}never used\n.*revoked 1970-01-03 {2}used 1970-01-02\n$/)
  await wanted(['revoke', 'x'])(tokens, 0)
  assert.deepEqual(asked, ['ada@example.org', 'x'])
})

it('anything else is refused before a database is opened', () => {
  const wrong: string[][] = [
    [],
    ['create'],
    CREATE,
    [...CREATE, '--scope', ''],
    [...CREATE, '--scope', 'everything'],
    [...CREATE, '--scope', 'read', '--expires', 'soon'],
    [...CREATE, '--scope', 'read', '--expires', '-1d'],
    ['revoke'],
    ['revoke', 'a', 'b'],
    ['list', 'all'],
    ['list', '--scope', 'read'],
  ]
  for (const words of wrong)
    assert.throws(
      () => wanted(words),
      (error) => isAppError(error, 'invalid'),
      words.join(' '),
    )
})
