// The replay on the store in memory, with a clock of its own.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { makeId } from '../domain/id.ts'
import { createMemoryStore } from '../store/memory.ts'
import { replayStory, type Score, scoreOfStory } from './replay-story.ts'

const newId = () => makeId((size) => randomBytes(size))
const actor = { id: 'system:replay', name: 'replay', role: 'editor' as const, credential: 'test' }
const post = (headline: string, at: number) => ({ content: { headline, blocks: [] }, keyEvent: null, at })

it('keeps the rhythm at the speed asked for, and a replayed story can be replayed', async () => {
  let clock = 1_000
  const waits: number[] = []
  const store = createMemoryStore({ now: () => clock })
  const player = {
    acts: store.acts,
    actor,
    newId,
    now: () => clock,
    sleep: async (ms: number) => {
      waits.push(ms)
      clock += ms
    },
  }
  const score: Score = {
    settings: { title: 'Again', slug: 'again' },
    posts: [post('a', 0), post('b', 60_000), post('c', 90_000)],
  }
  await replayStory(player, score, 10, newId())
  assert.deepEqual(waits, [6_000, 3_000])
  const again = await scoreOfStory(store.reads, 'again')
  assert.deepEqual(
    again?.posts.map((one) => one.content.headline),
    ['a', 'b', 'c'],
  )
  assert.deepEqual(
    again?.posts.map((one) => one.at - (again.posts[0]?.at ?? 0)),
    [0, 6_000, 9_000],
  )
})
