// Tests of tokens: what is stored, how long they last, whose rights they carry, and that revoking is at once.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, it } from 'node:test'
import { liveStory, newId, words } from '../../test/helpers/acts.ts'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { isAppError } from '../domain/error.ts'
import { may, type Role } from '../domain/permission.ts'
import { giveRole } from '../newsroom/give-role.ts'
import { publishPost } from '../newsroom/publish-post.ts'
import { createAccounts } from './accounts.ts'
import { createTokens, DEFAULT_TOKEN_MS, MAX_TOKEN_MS, TOKEN_PATTERN, type Tokens } from './tokens.ts'

let store: TestStore
let tokens: Tokens
let now = 0

before(async () => {
  store = await openTestStore()
  tokens = createTokens({ db: store.db, now: () => now, random: (size) => randomBytes(size) })
  now = Date.now()
})
after(() => store.close())

let people = 0
async function account(role: Role): Promise<{ id: string; email: string }> {
  people += 1
  const email = `p${people}@Example.org`
  const accounts = createAccounts({ db: store.db, now: () => now, random: (size) => randomBytes(size) })
  return { email, ...(await accounts.createAccount({ name: 'P', email, password: 'correct horse battery' }, role)) }
}

it('a token says what it is, is stored as a hash alone, and is found by nothing else', async () => {
  const { email, id } = await account('editor')
  const made = await tokens.create({
    email: ` ${email.toUpperCase()} `,
    name: 'Wire',
    scopes: ['read', 'read', 'publish'],
  })
  assert.match(made.secret, TOKEN_PATTERN)
  assert.equal(made.expiresAt, now + DEFAULT_TOKEN_MS)
  const { rows } = await store.admin.query('SELECT t::text AS row FROM api_token t WHERE id = $1', [made.id])
  assert.ok(!rows[0].row.includes(made.secret.slice(3, 20)))
  const holder = await tokens.holderOf(made.secret)
  assert.deepEqual(
    [holder?.actor.id, holder?.actor.credential, holder?.actor.scopes],
    [id, `token:${made.id}`, ['read', 'publish']],
  )
  for (const wrong of ['', made.secret.slice(0, -1), `${made.secret}x`, made.id, made.secret.toUpperCase()])
    assert.equal(await tokens.holderOf(wrong), null)
})

it('ends at its time, and no token is made for longer than a year', async () => {
  const { email } = await account('editor')
  const made = await tokens.create({ email, name: 'Short', scopes: ['read'], lastsMs: 1_000 })
  now += 999
  assert.ok(await tokens.holderOf(made.secret))
  now += 1
  assert.equal(await tokens.holderOf(made.secret), null)
  for (const lastsMs of [0, -1, Number.NaN, MAX_TOKEN_MS + 1])
    await assert.rejects(tokens.create({ email, name: 'Wrong', scopes: ['read'], lastsMs }), isInvalid)
  await assert.rejects(tokens.create({ email, name: ' ', scopes: ['read'] }), isInvalid)
  await assert.rejects(tokens.create({ email, name: 'None', scopes: [] }), isInvalid)
})

it('is for those who may have one', async () => {
  for (const role of ['contributor', 'viewer', 'guest'] as const) {
    const { email } = await account(role)
    await assert.rejects(tokens.create({ email, name: 'T', scopes: ['read'] }), (error) =>
      isAppError(error, 'forbidden'),
    )
  }
  const unknown = tokens.create({ email: 'nobody@example.org', name: 'T', scopes: ['read'] })
  await assert.rejects(unknown, (error) => isAppError(error, 'not_found'))
})

it('carries the rights its account has now, in the story it is used for, and never more', async () => {
  const { email, id } = await account('editor')
  const { secret } = await tokens.create({ email, name: 'T', scopes: ['publish'] })
  const story = await liveStory(store)
  const rights = async () => {
    const holder = await tokens.holderOf(secret, story.id)
    return holder && may(holder.actor, 'post:publish', 'somebody')
  }
  assert.equal(await rights(), true)
  await giveRole(store, { id: 'system:t', name: 'T', role: 'admin', credential: 'system:t' }, story.id, id, 'viewer')
  assert.equal(await rights(), false)
  assert.equal((await tokens.holderOf(secret))?.actor.role, 'editor')
  await store.admin.query('UPDATE account SET disabled_at = 1 WHERE id = $1', [id])
  assert.equal(await tokens.holderOf(secret), null)
})

it('is refused at the moment of effect once it was revoked, though the request had been let in', async () => {
  const { email } = await account('editor')
  const made = await tokens.create({ email, name: 'T', scopes: ['publish'] })
  const holder = await tokens.holderOf(made.secret)
  assert.ok(holder)
  const story = await liveStory(store)
  await tokens.revoke(made.id)
  assert.equal(await tokens.holderOf(made.secret), null)
  const late = publishPost(store, holder.actor, story.id, { postId: newId(), content: words('Late') })
  await assert.rejects(late, (error) => isAppError(error, 'unauthorized'))
  const listed = (await tokens.list(email))[0]
  assert.deepEqual([listed?.id, listed?.revokedAt], [made.id, now])
  now += 5
  await tokens.revoke(made.id)
  assert.equal((await tokens.list(email))[0]?.revokedAt, now - 5, 'the first time counts')
  await assert.rejects(tokens.revoke(newId()), (error) => isAppError(error, 'not_found'))
})

it('remembers when it was used last, to the minute', async () => {
  const { email } = await account('reporter')
  const { secret } = await tokens.create({ email, name: 'T', scopes: ['read'] })
  const used = async () => (await tokens.list(email))[0]?.usedAt
  assert.equal(await used(), null)
  await tokens.holderOf(secret)
  const first = now
  now += 59_000
  await tokens.holderOf(secret)
  assert.equal(await used(), first)
  now += 2_000
  await tokens.holderOf(secret)
  assert.equal(await used(), now)
})

function isInvalid(error: unknown): boolean {
  return isAppError(error, 'invalid')
}
