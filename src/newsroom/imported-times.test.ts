// Past times are the importer's alone: start, end and revise with `at`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EDITOR, newId, words } from '../../test/helpers/acts.ts'
import type { Actor } from '../domain/permission.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createStory } from './create-story.ts'
import { endStory } from './end-story.ts'
import { publishPost } from './publish-post.ts'
import { revisePost } from './revise-post.ts'
import { startStory } from './start-story.ts'

const NOW = Date.UTC(2026, 5, 1)
const THEN = Date.UTC(2021, 1, 19)
const HOUR = 3_600_000

async function planned() {
  const store = createMemoryStore({ now: () => NOW })
  const id = newId()
  await createStory(store, EDITOR, id, { title: 'River level' })
  const times = () => {
    const { state, startedAt, endedAt } = store.tables.stories.get(id) ?? {}
    return [state, startedAt, endedAt]
  }
  return { store, id, times }
}

test('an import starts and ends a story at its own times', async () => {
  const { store, id, times } = await planned()
  await startStory(store, EDITOR, id, THEN)
  assert.deepEqual(times(), ['live', THEN, null])
  await endStory(store, EDITOR, id, THEN + HOUR)
  assert.deepEqual(times(), ['ended', THEN, THEN + HOUR])
})

test('an ended story takes a later end from an import, never an earlier one', async () => {
  const { store, id, times } = await planned()
  await startStory(store, EDITOR, id, THEN)
  await endStory(store, EDITOR, id, THEN + HOUR)
  assert.equal((await endStory(store, EDITOR, id, THEN)).repeated, true)
  assert.equal((await endStory(store, EDITOR, id)).repeated, true)
  assert.equal((await endStory(store, EDITOR, id, THEN + 2 * HOUR)).repeated, false)
  assert.deepEqual(times(), ['ended', THEN, THEN + 2 * HOUR])
})

test('a time to come is refused, and nothing is changed', async () => {
  const { store, id, times } = await planned()
  await assert.rejects(startStory(store, EDITOR, id, NOW + 1), { code: 'invalid' })
  await startStory(store, EDITOR, id)
  await assert.rejects(endStory(store, EDITOR, id, NOW + 1), { code: 'invalid' })
  assert.deepEqual(times(), ['live', NOW, null])
})

test('only who may import sets times', async () => {
  const { store, id } = await planned()
  const reporter: Actor = { ...EDITOR, id: 'reporter-1', role: 'reporter' }
  await assert.rejects(startStory(store, reporter, id, THEN), { code: 'forbidden' })
  await startStory(store, EDITOR, id)
  await assert.rejects(endStory(store, reporter, id, THEN), { code: 'forbidden' })
  const postId = newId()
  await publishPost(store, reporter, id, { postId, content: words('Mine') })
  const revision = { revision: 1, content: words('Mine, again') }
  await assert.rejects(revisePost(store, reporter, id, postId, { ...revision, at: { updatedAt: null } }), {
    code: 'forbidden',
  })
  assert.equal(store.tables.posts.get(postId)?.revision, 1)
  await revisePost(store, reporter, id, postId, revision)
  assert.equal(store.tables.posts.get(postId)?.updatedAt, NOW)
})

test('an imported revision keeps the time of the last change, counts as a revision and reaches readers', async () => {
  const { store, id } = await planned()
  await startStory(store, EDITOR, id, THEN)
  const postId = newId()
  const at = { publishedAt: THEN, updatedAt: null }
  await publishPost(store, EDITOR, id, { postId, content: words('One'), at })
  await revisePost(store, EDITOR, id, postId, { revision: 1, content: words('Two'), at: { updatedAt: null } })
  const post = store.tables.posts.get(postId)
  assert.deepEqual([post?.revision, post?.updatedAt, post?.publishedAt], [2, null, THEN])
  assert.deepEqual(store.tables.log.get(id)?.at(-1)?.kind, 'post-revised')
})
