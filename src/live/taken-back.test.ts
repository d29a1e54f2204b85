// Tests of law 8 in the hub: text that was withdrawn or corrected is not sent any more, from wherever it lies.
// Run by node --test. Every post's words are one token, looked for in the bytes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frame, frames, TestSink, testHub } from '../../test/helpers/live.ts'
import { changeFrame, withoutPost } from './change-frame.ts'
import type { Replay } from './types.ts'

const secret = (seq: number) => frame(seq, { postId: 'p', text: 'SECRET' })
const withdrawal = (seq: number) => frame(seq, { postId: 'p', supersedes: true, text: 'gone' })

test('the ring replays a withdrawn post as superseded', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const early = join(1)
  await clock.settle()
  publish(secret(2), frame(3))
  publish(withdrawal(4))
  const late = join(1)
  assert.deepEqual(late.sink.seqs(), [2, 3, 4])
  assert.match(early.sink.text, /SECRET/)
  assert.doesNotMatch(late.sink.text, /SECRET/)
  assert.match(late.sink.text, /superseded/)
})

test('an entry published together with its withdrawal is never sent', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const { sink } = join(1)
  await clock.settle()
  publish(secret(2), withdrawal(3))
  assert.deepEqual(sink.seqs(), [2, 3])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('what waits for a slow reader is taken back', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const sink = new TestSink()
  sink.room = 1
  const reader = join(1, sink)
  await clock.settle()
  publish(frame(2), secret(3))
  publish(withdrawal(4))
  sink.room = Number.POSITIVE_INFINITY
  reader.drained()
  assert.deepEqual(sink.seqs(), [2, 3, 4])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('what a crowd’s later slices still wait for is taken back', async () => {
  const { state, clock, join, publish } = testHub({ limits: { slice: 10 } })
  state.log = frames(1, 1)
  const readers = Array.from({ length: 30 }, () => join(1))
  await clock.settle()
  publish(secret(2))
  publish(withdrawal(3))
  await clock.advance(10)
  const told = readers.filter(({ sink }) => sink.text.includes('SECRET')).length
  assert.equal(told, 10, 'only the first slice had it before the withdrawal')
  for (const { sink } of readers) assert.deepEqual(sink.seqs(), [2, 3])
})

test('a replay that was read before the withdrawal is mended before it is sent', async () => {
  let answer: (replay: Replay) => void = () => {}
  const { clock, join, publish } = testHub({ replay: () => new Promise((resolve) => (answer = resolve)) })
  const { sink } = join(1)
  publish(withdrawal(4))
  answer({ epoch: 'e', head: 3, frames: [secret(2), frame(3)] })
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('a replay too long for the ring is mended while it waits for a slow reader', async () => {
  const { state, clock, join, publish } = testHub({ limits: { ringFrames: 3 } })
  state.log = [frame(1), frame(2), secret(3), ...frames(4, 10)]
  const sink = new TestSink()
  sink.room = 1
  const reader = join(1, sink)
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2])
  publish(withdrawal(11))
  sink.room = Number.POSITIVE_INFINITY
  reader.drained()
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('a replay too long for the ring is mended when the withdrawal comes while it is read', async () => {
  let answer: (replay: Replay) => void = () => {}
  const replay = () => new Promise<Replay>((resolve) => (answer = resolve))
  const { clock, join, publish } = testHub({ limits: { ringFrames: 2 }, replay })
  const { sink } = join(1)
  publish(withdrawal(6), frame(7), frame(8))
  answer({ epoch: 'e', head: 6, frames: [secret(2), ...frames(3, 5), withdrawal(6)] })
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6, 7, 8])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('a waiting replay that cannot be mended is read from the log again', async () => {
  const { state, clock, join, publish } = testHub({ limits: { ringFrames: 2 } })
  state.log = [...frames(1, 3), frame(4, { postId: 'q', mentions: ['p'], text: 'q and SECRET' }), ...frames(5, 8)]
  const sink = new TestSink()
  sink.room = 1
  const reader = join(1, sink)
  await clock.settle()
  publish(withdrawal(9))
  state.log = [...frames(1, 8), withdrawal(9)]
  sink.room = Number.POSITIVE_INFINITY
  reader.drained()
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6, 7, 8, 9])
  assert.doesNotMatch(sink.text, /SECRET/)
  assert.equal(state.reads, 2)
})

test('a frame that mentions the post in a region and cannot be mended is read from the log again', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  join(1)
  await clock.settle()
  publish(frame(2, { postId: 'q', mentions: ['p'], text: 'q and, pinned, SECRET' }), frame(3))
  publish(withdrawal(4))
  state.log = [frame(1), frame(2, { text: 'q alone' }), frame(3), withdrawal(4)]
  const { sink } = join(1)
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4])
  assert.doesNotMatch(sink.text, /SECRET/)
  assert.equal(state.reads, 2)
})

test('a hole in what is published makes a replay read before it stale', async () => {
  const answers: ((replay: Replay) => void)[] = []
  const { clock, join, publish } = testHub({ replay: () => new Promise((resolve) => answers.push(resolve)) })
  const { sink } = join(1)
  publish(frame(3))
  publish(frame(6)) // 4 and 5 were missed: one of them may be the withdrawal
  answers[0]?.({ epoch: 'e', head: 3, frames: [secret(2), frame(3)] })
  await clock.settle()
  answers[1]?.({ epoch: 'e', head: 6, frames: [frame(2, { text: 'superseded' }), ...frames(3, 6)] })
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6])
  assert.doesNotMatch(sink.text, /SECRET/)
})

test('a summary that was changed is not sent any more, and the newest one is sent once', async () => {
  const { state, clock, join, publish } = testHub({ stub: withoutPost })
  state.log = frames(1, 1)
  join(1)
  await clock.settle()
  const told = { state: 'live', posts: 1, count: '1 post', updatedAt: 1 } as const
  const change = (seq: number, summary: string) =>
    changeFrame('e', { seq, kind: 'story-changed', at: 1, story: told, regions: { summary } }, [])
  publish(change(2, 'SECRET'), frame(3))
  publish(change(4, 'right'))
  const { sink } = join(1)
  assert.deepEqual(sink.seqs(), [2, 3, 4])
  assert.doesNotMatch(sink.text, /SECRET/)
  assert.equal(sink.text.match(/right/g)?.length, 1)
})
