// Checks that the API asks a session for a fresh proof where the desk does, by a code that a program can act on, and no token.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { liveStory, newId, words } from '../../../test/helpers/acts.ts'
import { openTestApi, type TestApi } from '../../../test/helpers/api.ts'
import { embargoPost } from '../../newsroom/embargo-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'

const EDITOR = { id: 'system:test', name: 'Test', role: 'editor' as const, credential: 'system:test' }
let api: TestApi

before(async () => {
  api = await openTestApi()
})
after(() => api.close())

const goStale = () => api.store.admin.query('UPDATE session SET proved_at = NULL')

test('a stale session gets step_up with the address of the proof, and nothing moves; a fresh one and a token pass', async () => {
  const admin = await api.person('admin')
  const story = await liveStory(api.store)
  const other = await liveStory(api.store)
  const withdraw = (id: string) => ({
    method: 'POST',
    url: `/api/v1/stories/${id}/withdraw`,
    body: { reason: 'Never happened.' },
  })
  const token = await api.tokenOf(admin, ['manage'])
  await goStale()
  const before = await api.heads()
  const reply = await api.call({ ...withdraw(story.id), headers: admin.session })
  assert.equal(reply.statusCode, 403)
  const { code, type, status, details } = reply.json()
  assert.deepEqual([code, type, status, details], ['step_up', '/api/v1/docs#step_up', 403, { prove: '/desk/prove' }])
  assert.equal(await api.heads(), before)
  const roles = { method: 'PUT', url: `/api/v1/stories/${story.id}/roles/${admin.id}`, body: { role: 'editor' } }
  assert.equal((await api.call({ ...roles, headers: admin.session })).json().code, 'step_up')
  const photo = { method: 'POST', url: `/api/v1/media/${newId()}/withdraw`, body: { reason: 'Not ours.' } }
  assert.equal((await api.call({ ...photo, headers: admin.session })).json().code, 'step_up')

  assert.equal((await api.call({ ...withdraw(other.id), headers: token })).statusCode, 200)
  await api.store.admin.query('UPDATE session SET proved_at = $1', [Date.now()])
  assert.equal((await api.call({ ...withdraw(story.id), headers: admin.session })).statusCode, 200)
})

test('publishing needs none, but breaking an embargo by the same operation does, inside the act', async () => {
  const editor = await api.person('editor')
  const { id } = await liveStory(api.store)
  const content = words('Under embargo')
  const draft = async () => {
    const postId = newId()
    await saveDraft(api.store, EDITOR, id, { postId, revision: 0, content })
    return postId
  }
  const [plain, held] = [await draft(), await draft()]
  const until = Date.now() + 3_600_000
  await embargoPost(api.store, EDITOR, id, held, { embargo: { until, zone: 'UTC' } })
  await goStale()
  const publish = (postId: string, body: object) =>
    api.call({ method: 'PUT', url: `/api/v1/stories/${id}/posts/${postId}`, body, headers: editor.session })
  assert.ok((await publish(plain, { content, revision: 1 })).statusCode < 300)
  const before = await api.heads()
  const revision = (await api.store.admin.query('SELECT revision FROM post WHERE id = $1', [held])).rows[0].revision
  const reply = await publish(held, { content, revision: Number(revision), breakEmbargo: true })
  assert.deepEqual([reply.statusCode, reply.json().code], [403, 'step_up'])
  assert.equal(await api.heads(), before)
})

test('a half session is no credential of the API', async () => {
  const viewer = await api.person('viewer')
  await api.store.admin.query("UPDATE session SET stage = 'half' WHERE account_id = $1", [viewer.id])
  const reply = await api.call({ method: 'GET', url: '/api/v1/me', headers: viewer.session })
  assert.equal(reply.statusCode, 401)
})
