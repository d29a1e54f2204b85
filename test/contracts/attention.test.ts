// What readers' browsers tell, from the request to the desk, over two nodes on one database: counted for what the public can see, and for nothing else.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bucketOf } from '../../src/domain/attention.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { createAttention } from '../../src/store/attention.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { until } from '../helpers/desk-client.ts'
import { startTwoNodes, type TwoNodes } from '../helpers/node.ts'

let nodes: TwoNodes
before(async () => {
  nodes = await startTwoNodes(true)
})
after(() => nodes.close())

const WAIT_MS = 10_000

async function tell(origin: string, story: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${origin}/${story}/seen`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'user-agent': 'one', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: answer.status, cookie: answer.headers.get('set-cookie'), body: (await answer.json()) as Answer }
}
type Answer = { now?: number; wait?: number }

const attention = () => createAttention(nodes.first.db)

test('what two nodes are told adds up; drafts, withdrawn and unknown posts get the same answer and no row', async () => {
  const { one, two, first } = nodes
  const { id, name } = await liveStory(first)
  const [seen, gone, draft] = [
    await publish(first, id, words('Seen')),
    await publish(first, id, words('Gone')),
    newId(),
  ]
  await saveDraft(first, EDITOR, id, { postId: draft, revision: 0, content: words('Not out') })
  await withdrawPost(first, EDITOR, id, gone, { trace: 'none', reason: '' })
  const hidden = await liveStory(first, { visibility: 'private' })
  const inside = await publish(first, hidden.id, words('Inside'))
  for (const postId of [draft, gone, inside, newId()]) {
    const answer = await tell(one.origin, name, { read: [postId], shown: [[postId, 100]] })
    assert.deepEqual([answer.status, answer.cookie, Object.keys(answer.body).sort()], [200, null, ['now', 'wait']])
  }
  // Who asks not to be measured is not counted, and is told nothing of it.
  for (const asked of ['sec-gpc', 'dnt'])
    assert.equal((await tell(one.origin, name, { read: [seen] }, { 'user-agent': 'quiet', [asked]: '1' })).status, 200)
  await tell(one.origin, name, { read: [seen], shown: [[seen, 180]] })
  await tell(two.origin, id, { read: [seen], shown: [[seen, 620]] }, { 'user-agent': 'two' })
  await until('both nodes to have added', WAIT_MS, async () => (await attention().ofStory(id, 10))[0]?.reads === 2)
  const [post, ...others] = await attention().ofStory(id, 10)
  assert.deepEqual(others, [])
  assert.equal(post?.postId, seen)
  assert.equal(post?.shown?.readers, 2)
  const rows = await first.admin.query('SELECT post_id, shown FROM post_attention')
  assert.deepEqual(
    rows.rows.map((row) => row.post_id),
    [seen],
  )
  assert.deepEqual([rows.rows[0].shown[bucketOf(180)], rows.rows[0].shown[bucketOf(620)]], [1, 1])
  await withdrawPost(first, EDITOR, id, seen, { trace: 'line', reason: '' })
  assert.deepEqual(await attention().ofStory(id, 10), [], 'nothing is said of it once it is withdrawn')
})

test('the answer tells the clock by which posts are published', async () => {
  const { one, first } = nodes
  const { name } = await liveStory(first)
  const { now = 0 } = (await tell(one.origin, name, {})).body
  assert.ok(Math.abs(now - (await attention().clock())) < 1_000)
})

test('what is no batch is refused: too large, another shape, from another site', async () => {
  const { one, first } = nodes
  const { name } = await liveStory(first)
  assert.equal((await tell(one.origin, name, { read: [newId()], reader: 'me' })).status, 400)
  assert.equal((await tell(one.origin, name, '{')).status, 400)
  assert.equal((await tell(one.origin, name, { read: new Array(500).fill(newId()) })).status, 413)
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }
  assert.equal((await tell(one.origin, name, {}, foreign)).status, 403)
})
