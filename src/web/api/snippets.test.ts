// Snippets over the API: who uses and who changes them, names, stale revisions, and what none may hold.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId } from '../../../test/helpers/acts.ts'
import { openTestApi, type Person, type TestApi } from '../../../test/helpers/api.ts'
import type { Role } from '../../domain/permission.ts'
import { snippetTyped } from '../../domain/snippet.ts'
import { giveRole } from '../../newsroom/give-role.ts'

let api: TestApi
let story: string
const people = new Map<Role, Person>()
before(async () => {
  api = await openTestApi()
  story = (await liveStory(api.store)).id
  for (const role of ['editor', 'reporter', 'guest', 'viewer'] as const) people.set(role, await api.person(role))
})
after(() => api.close())

const paragraph = (text: string) => ({ type: 'paragraph', text: [{ text }] })
const as = (role: Role) => people.get(role)?.session ?? {}
const save = (id: string, body: unknown, role: Role = 'editor') =>
  api.call({ method: 'PUT', url: `/api/v1/snippets/${id}`, body, headers: as(role) })
const list = async (role: Role = 'editor') => {
  const answer = await api.call({ method: 'GET', url: `/api/v1/stories/${story}/snippets`, headers: as(role) })
  return answer.statusCode === 200
    ? answer.json().snippets.map(({ name }: { name: string }) => name)
    : answer.statusCode
}

it('an editor saves, changes and deletes one; every writer has it, a guest by their role in the story', async () => {
  const id = newId()
  const made = await save(id, { name: 'Flood-Lines', blocks: [paragraph('Call 112.')], revision: 0 })
  assert.deepEqual([made.statusCode, made.json().name, made.json().revision], [200, 'flood-lines', 1])
  const changed = await save(id, { name: 'lines', blocks: [paragraph('Call 113.')], revision: 1 })
  assert.equal(changed.json().revision, 2)
  assert.deepEqual([await list(), await list('reporter')], [['lines'], ['lines']])
  assert.deepEqual([await list('viewer'), await list('guest')], [403, 403])
  await giveRole(api.store, { ...EDITOR, role: 'admin' }, story, people.get('guest')?.id ?? '', 'contributor')
  assert.deepEqual(await list('guest'), ['lines'])
  assert.equal(
    (await save(newId(), { name: 'mine', blocks: [paragraph('x')], revision: 0 }, 'reporter')).statusCode,
    403,
  )
  const url = `/api/v1/snippets/${id}/delete`
  assert.equal((await api.call({ method: 'POST', url, headers: as('reporter') })).statusCode, 403)
  for (const _twice of [1, 2])
    assert.equal((await api.call({ method: 'POST', url, headers: as('editor') })).statusCode, 200)
  assert.deepEqual(await list(), [])
})

it('overwrites nobody: a stale revision, a taken name and two at once are refused', async () => {
  const id = newId()
  await save(id, { name: 'one', blocks: [paragraph('1')], revision: 0 })
  const stale = await save(id, { name: 'one', blocks: [paragraph('2')], revision: 0 })
  assert.deepEqual([stale.statusCode, stale.json().details.snippet.revision], [409, 1])
  assert.equal((await save(newId(), { name: 'ONE', blocks: [paragraph('2')], revision: 0 })).statusCode, 409)
  const both = await Promise.all(
    [newId(), newId()].map((other) => save(other, { name: 'two', blocks: [paragraph('2')], revision: 0 })),
  )
  assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [200, 409])
})

it('holds no picture, no name that cannot be typed, and no more than a piece', async () => {
  const image = { type: 'image', media: newId(), alt: '', caption: '', credit: '' }
  const long = Array.from({ length: 3 }, () => paragraph('x'.repeat(9_000)))
  for (const [name, blocks, status] of [
    ['photo', [image], 400],
    ['two words', [paragraph('x')], 400],
    ['/slash', [paragraph('x')], 400],
    ['', [paragraph('x')], 400],
    ['none', [], 400],
    ['long', long, 413],
  ] as const) {
    const answer = await save(newId(), { name, blocks, revision: 0 })
    assert.equal(answer.statusCode, status, `${name}: ${answer.body}`)
  }
  assert.equal((await save(newId(), { name: 'שיטפון', blocks: [paragraph('x')], revision: 0 })).statusCode, 200)
})

it('knows a name that is typed after a slash, and what is none', () => {
  assert.equal(snippetTyped('/Lines'), 'lines')
  assert.equal(snippetTyped('See /flood-lines'), 'flood-lines')
  for (const none of ['and/or', 'https://x', '/', '/a b', '//x']) assert.equal(snippetTyped(none), null, none)
})
