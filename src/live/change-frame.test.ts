// Tests of change frames: what is left of one when a post's words are taken back.
// Run by node --test.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireChange } from '../domain/wire.ts'
import { changeFrame, withoutPost } from './change-frame.ts'

const post = { id: 'p', version: 7, orderKey: 1, html: '<article>SECRET\nline</article>' }
const base: Omit<WireChange, 'kind'> = {
  seq: 7,
  at: 1,
  story: { state: 'live', posts: 1, count: '1 post', updatedAt: 1 },
}

function dataOf(bytes: Uint8Array | null): WireChange {
  const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n')
  assert.deepEqual([lines.length, lines[0], lines[1]], [5, 'id: e.7', 'event: change'])
  return JSON.parse((lines[2] ?? '').slice(6)) as WireChange
}

test('a frame tells which post it is about and whether it takes older text back', () => {
  const first = changeFrame('e', { ...base, kind: 'post-published', post }, [])
  const later = changeFrame('e', { ...base, kind: 'post-withdrawn', gone: 'p' }, [])
  const story = changeFrame('e', { ...base, kind: 'story-started' }, [])
  assert.deepEqual([first.postId, first.supersedes], ['p', false])
  assert.deepEqual([later.postId, later.supersedes], ['p', true])
  assert.deepEqual([story.postId, story.supersedes], [undefined, undefined])
})

test('the own post becomes superseded, and regions without it stay', () => {
  const change: WireChange = { ...base, kind: 'post-marked', post, regions: { 'key-events': 'other' } }
  const mended = dataOf(withoutPost('s', changeFrame('e', change, ['q']), 'p'))
  assert.deepEqual(mended, { ...base, kind: 'post-marked', superseded: 'p', regions: { 'key-events': 'other' } })
})

test('regions in which the post stands go, with the own post and without', () => {
  const change: WireChange = { ...base, kind: 'post-pinned', post, regions: { pinned: 'SECRET' } }
  const own = withoutPost('s', changeFrame('e', change, ['p', 'q']), 'p')
  assert.deepEqual(dataOf(own), { ...base, kind: 'post-pinned', superseded: 'p' })
  const other: WireChange = { ...change, post: { ...post, id: 'q', html: 'kept' } }
  const mended = dataOf(withoutPost('s', changeFrame('e', other, ['p', 'q']), 'p'))
  assert.deepEqual([mended.post?.html, mended.regions], ['kept', undefined])
})

test('mending twice is mending once', () => {
  const frame = changeFrame('e', { ...base, kind: 'post-revised', post }, [])
  const once = withoutPost('s', frame, 'p')
  assert.ok(once)
  assert.deepEqual(withoutPost('s', { ...frame, bytes: once }, 'p'), once)
})
