// Who is at a desk and what the nodes count, as the store keeps them: by the database's clock, bounded, no act, and nothing to be kept.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { createTogether, type Together } from '../../src/store/together.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'

let store: TestStore
let together: Together
before(async () => {
  store = await openTestStore()
  together = createTogether(store.db)
})
after(() => store.close())

const person = { id: newId(), name: 'Ada' }
const here = (storyId: string, over: object = {}) => ({
  ...{ storyId, sessionId: 'session', tab: 'a', person, postId: null, writing: false },
  ...over,
})
const lookAt = async (storyId: string, node = 'this') => {
  const found = (await together.look([storyId], node)).stories.get(storyId)
  assert.ok(found)
  return found
}

test('saying the same again changes nothing for others; going, writing and coming back does', async () => {
  const { id } = await liveStory(store)
  const postId = newId()
  const said = [
    here(id),
    here(id),
    here(id, { postId }),
    here(id, { postId, writing: true }),
    here(id, { postId, writing: true }),
  ]
  const changed: boolean[] = []
  for (const one of said) {
    changed.push(await together.say(one))
    await new Promise((resolve) => setTimeout(resolve, 2)) // two things of one millisecond are one
  }
  assert.deepEqual(changed, [true, false, true, true, false])
  await store.admin.query('UPDATE desk_presence SET seen_at = seen_at - 31000 WHERE story_id = $1', [id])
  assert.equal((await lookAt(id)).presence.length, 0)
  assert.equal(await together.say(here(id, { postId, writing: true })), true)
  assert.deepEqual([await together.leave(id, 'session', 'a'), await together.leave(id, 'session', 'a')], [true, false])
})

test('of one sign-in the ten newest windows are kept, and who is silent goes when somebody comes', async () => {
  const { id } = await liveStory(store)
  for (let n = 0; n < 14; n++) await together.say(here(id, { tab: `t${n}` }))
  await together.say(here(id, { sessionId: 'other' }))
  const rows = async () =>
    (await store.admin.query('SELECT tab FROM desk_presence WHERE story_id = $1', [id])).rows.length
  assert.equal(await rows(), 11)
  await store.admin.query('UPDATE desk_presence SET seen_at = seen_at - 31000 WHERE story_id = $1', [id])
  await together.say(here(id, { sessionId: 'third' }))
  assert.equal(await rows(), 1)
})

test('a post is told with who made it and its state, one of another story as if it were not there', async () => {
  const { id } = await liveStory(store)
  const [draft, elsewhere] = [newId(), await publish(store, (await liveStory(store)).id, words('Elsewhere'))]
  await saveDraft(store, EDITOR, id, { postId: draft, revision: 0, content: words('Draft') })
  await together.say(here(id, { postId: draft }))
  await together.say(here(id, { postId: elsewhere, tab: 'b' }))
  const { presence } = await lookAt(id)
  const standing = new Map(presence.map(({ postId, post }) => [postId, post]))
  assert.deepEqual(standing.get(draft), { state: 'draft', firstPublishedAt: null, createdBy: EDITOR.id })
  assert.equal(standing.get(elsewhere), null)
})

test('readers of the other nodes are summed while they tell; a node that fell silent, and one that left, count no more', async () => {
  const { id } = await liveStory(store)
  await together.count('this', { [id]: 7 })
  await together.count('second', { [id]: 2, [newId()]: 9 })
  await together.count('third', { [id]: 3 })
  assert.equal((await lookAt(id)).readers, 5)
  await together.count('third', {})
  assert.equal((await lookAt(id)).readers, 2)
  await store.admin.query("UPDATE node_count SET at = at - 16000 WHERE node = 'second'")
  assert.equal((await lookAt(id)).readers, 0)
  assert.equal((await lookAt(id, 'another')).readers, 7)
})

test('what came after a head is told in order, and no more than asked for; a story that is not there has no look', async () => {
  const { id } = await liveStory(store)
  const postId = await publish(store, id, words('Out'))
  const found = await together.changes(id, 1, 10)
  assert.deepEqual(
    found.map(({ seq, kind, postId: about }) => [seq, kind, about]),
    [
      [2, 'start-story', null],
      [3, 'publish-post', postId],
    ],
  )
  assert.equal((await together.changes(id, 0, 2)).length, 2)
  assert.equal((await lookAt(id)).head, 3)
  assert.equal((await together.look([newId()], 'this')).stories.size, 0)
})

test('being there is no act: no log, no post and no position moves, and no lock of the story is waited for', async () => {
  const { id } = await liveStory(store)
  const heads = () =>
    store.admin.query('SELECT (SELECT count(*) FROM desk_entry) AS desk, (SELECT sum(seq) FROM story) AS seq')
  const before = (await heads()).rows
  await store.acts.act(id, async () => {
    await together.say(here(id)) // while the story's row is locked by an act
  })
  assert.deepEqual((await heads()).rows, before)
})
