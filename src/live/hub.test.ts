// Tests of the hub: replay then live, order, slices, slow readers, beats, limits, drain.
// Run by node --test. The clock is virtual, the sinks are in memory.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frame, frames, STORY, TestSink, testHub } from '../../test/helpers/live.ts'
import { MAX_QUEUED_BYTES, MAX_QUEUED_FRAMES } from './hub.ts'
import type { Replay } from './types.ts'

test('a reader gets what came after its position, then everything as it happens', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 5)
  const { sink } = join(2)
  await clock.settle()
  publish(frame(6), frame(7))
  await clock.settle()
  assert.deepEqual(sink.seqs(), [3, 4, 5, 6, 7])
  assert.deepEqual(state.opened, [`${STORY} 5`])
})

test('what the ring holds is not read from the log again', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 3)
  join(3)
  await clock.settle()
  publish(...frames(4, 8))
  const { sink } = join(5)
  assert.deepEqual(sink.seqs(), [6, 7, 8])
  assert.equal(state.reads, 1)
})

test('frames published while a replay is read come after it, once each and in order', async () => {
  let answer: (replay: Replay) => void = () => {}
  const { clock, join, publish } = testHub({ replay: () => new Promise((resolve) => (answer = resolve)) })
  const { sink } = join(1)
  publish(frame(4))
  publish(frame(5))
  assert.equal(sink.text, '')
  answer({ epoch: 'e', head: 4, frames: frames(2, 4) })
  await clock.settle()
  publish(frame(6))
  await clock.settle()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6])
})

test('frames that are published twice, or were replayed already, are sent once', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 6)
  const { sink } = join(3)
  await clock.settle()
  publish(frame(5), frame(6), frame(7))
  publish(frame(7))
  await clock.settle()
  assert.deepEqual(sink.seqs(), [4, 5, 6, 7])
})

test('a hole in what is published is filled from the log', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 3)
  const { sink } = join(3)
  await clock.settle()
  state.log = frames(1, 7)
  publish(frame(7))
  await clock.settle()
  assert.deepEqual(sink.seqs(), [4, 5, 6, 7])
})

test('a position that cannot be continued gets refetch and the end', async () => {
  const { hub, state, clock, join } = testHub()
  state.log = frames(1, 3)
  const staying = join(3)
  await clock.settle()
  const ahead = join(9)
  const otherEpoch = join(2, new TestSink(), '192.0.2.1', 'other')
  await clock.settle()
  for (const { sink } of [ahead, otherEpoch]) {
    assert.deepEqual(sink.events(), ['refetch'])
    assert.match(sink.text, /"head":"e\.3"/)
    assert.equal(sink.ended, 'refetch')
  }
  assert.equal(staying.sink.ended, null)
  assert.equal(hub.total(), 1)
  state.log = null
  const unknown = join(1)
  await clock.settle()
  assert.deepEqual(unknown.sink.events(), ['refetch'])
})

test('another epoch sends every reader back to the page', async () => {
  const { hub, state, clock, join } = testHub()
  state.log = frames(1, 3)
  const readers = [join(3), join(1)]
  await clock.settle()
  hub.publish(STORY, 'later', [frame(4)])
  await clock.settle()
  for (const { sink } of readers) assert.equal(sink.ended, 'refetch')
  assert.deepEqual([hub.total(), state.closed], [0, [STORY]])
})

test('a refetch reaches those who were there, not those who come meanwhile', async () => {
  const { hub, state, clock, join } = testHub({ limits: { slice: 2 } })
  state.log = frames(1, 3)
  const before = Array.from({ length: 5 }, () => join(3))
  await clock.settle()
  hub.refetch(STORY)
  assert.deepEqual(state.closed, [STORY])
  const { sink } = join(3)
  await clock.advance(10)
  assert.ok(before.every((one) => one.sink.ended === 'refetch'))
  assert.deepEqual([sink.ended, hub.counts(STORY), state.opened.length], [null, 1, 2])
})

test('readers that come back to one place share one reading of the log', async () => {
  const { state, clock, join } = testHub()
  state.log = frames(1, 9)
  const readers = Array.from({ length: 100 }, () => join(4))
  await clock.settle()
  for (const { sink } of readers) assert.deepEqual(sink.seqs(), [5, 6, 7, 8, 9])
  assert.equal(state.reads, 1)
})

test('a log that cannot be read ends the reader, which comes again', async () => {
  const failing = testHub({ replay: () => Promise.reject(new Error('no database')) })
  const { sink } = failing.join(3)
  await failing.clock.settle()
  assert.deepEqual([sink.text, sink.ended, failing.hub.total()], ['', 'failed', 0])
  const silent = testHub({ replay: () => new Promise(() => {}) })
  const waiting = silent.join(3)
  await silent.clock.advance(10_000)
  assert.equal(waiting.sink.ended, 'failed')
})

test('a crowd is written to in slices, and every reader keeps the order', async () => {
  const { state, clock, join, publish } = testHub({ limits: { slice: 500, perAddress: 5_000 } })
  state.log = frames(1, 1)
  const readers = Array.from({ length: 1_200 }, () => join(1))
  await clock.settle()
  publish(frame(2))
  const reached = () => readers.filter(({ sink }) => sink.seqs().includes(2)).length
  assert.equal(reached(), 500)
  publish(frame(3))
  const late = join(1)
  await clock.advance(10)
  assert.equal(reached(), 1_200)
  for (const { sink } of [...readers, late]) assert.deepEqual(sink.seqs(), [2, 3])
  assert.ok(state.yields >= 2)
})

test('a reader that takes nothing is cut at the frame limit and resumes by position', async () => {
  const { hub, state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const quick = join(1)
  const sink = new TestSink()
  sink.room = 1
  join(1, sink)
  await clock.settle()
  for (let seq = 2; seq <= MAX_QUEUED_FRAMES + 2; seq++) publish(frame(seq))
  await clock.settle()
  assert.equal(sink.ended, null)
  publish(frame(MAX_QUEUED_FRAMES + 3))
  await clock.settle()
  assert.deepEqual([sink.ended, sink.seqs()], ['slow', [2]])
  assert.equal(quick.sink.seqs().length, MAX_QUEUED_FRAMES + 2)
  const { sink: back } = join(2)
  assert.equal(back.seqs().length, MAX_QUEUED_FRAMES + 1)
  assert.equal(hub.total(), 2)
})

test('a reader is cut at the byte limit, counting what its connection holds', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const sink = new TestSink()
  sink.room = 1
  join(1, sink)
  await clock.settle()
  const text = 'x'.repeat(MAX_QUEUED_BYTES / 2)
  publish(frame(2, { text }))
  assert.equal(sink.ended, null)
  publish(frame(3, { text }))
  await clock.settle()
  assert.equal(sink.ended, 'slow')
})

test('a reader that drains gets what it missed', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const sink = new TestSink()
  sink.room = 1
  const reader = join(1, sink)
  await clock.settle()
  publish(...frames(2, 9))
  assert.deepEqual(sink.seqs(), [2])
  sink.room = Number.POSITIVE_INFINITY
  reader.drained()
  assert.deepEqual(sink.seqs(), [2, 3, 4, 5, 6, 7, 8, 9])
})

test('a reader that comes back far behind may take its time, and is not cut on the way', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  join(1)
  await clock.settle()
  publish(...frames(2, 200))
  const sink = new TestSink()
  sink.room = 1
  const reader = join(1, sink)
  for (let n = 0; n < 200; n++) {
    if (n === 100) publish(frame(201))
    await clock.settle()
    reader.drained()
  }
  assert.equal(sink.ended, null)
  assert.equal(sink.seqs().length, 200)
})

test('a sink that throws is ended and nobody else notices', async () => {
  const { hub, state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const broken = new TestSink()
  broken.write = () => {
    throw new Error('write after end')
  }
  join(1, broken)
  const { sink } = join(1)
  await clock.settle()
  publish(frame(2))
  await clock.settle()
  assert.deepEqual([broken.ended, sink.seqs(), hub.total()], ['failed', [2], 1])
})

test('every fifteen seconds all who have everything hear the head', async () => {
  const { state, clock, join } = testHub()
  state.log = frames(1, 4)
  const { sink } = join(3)
  await clock.advance(15_000)
  assert.deepEqual(sink.events(), ['change', 'beat'])
  assert.ok(sink.text.endsWith('event: beat\ndata: {"head":"e.4"}\n\n'))
  await clock.advance(30_000)
  assert.equal(sink.events().length, 4)
})

test('no beat is sent while the log is not heard', async () => {
  let hearing = false
  const { state, clock, join } = testHub({ isHearing: () => hearing })
  state.log = frames(1, 4)
  const { sink } = join(4)
  await clock.advance(40_000)
  assert.equal(sink.text, '')
  hearing = true
  await clock.advance(15_000)
  assert.deepEqual(sink.events(), ['beat'])
})

test('a connection that takes nothing for thirty seconds is ended', async () => {
  const { state, clock, join, publish } = testHub()
  state.log = frames(1, 1)
  const sink = new TestSink()
  sink.room = 1
  join(1, sink)
  await clock.settle()
  publish(frame(2))
  await clock.advance(29_000)
  assert.equal(sink.ended, null)
  await clock.advance(16_000)
  assert.deepEqual([sink.ended, sink.events()], ['slow', ['change']])
})

test('readers are bounded in all and by address, and a place is free again when one leaves', async () => {
  const { hub, state, clock, join } = testHub({ limits: { readers: 3, perAddress: 2 } })
  state.log = frames(1, 1)
  const sink = new TestSink()
  const first = join(1, new TestSink(), 'a')
  join(1, new TestSink(), 'a')
  const knock = (address: string) => hub.join(STORY, { epoch: 'e', seq: 1 }, sink, address)
  assert.equal(knock('a'), 'full')
  join(1, new TestSink(), 'b')
  assert.equal(knock('c'), 'full')
  first.leave()
  first.leave()
  assert.notEqual(knock('c'), 'full')
  await clock.settle()
  assert.deepEqual([hub.total(), hub.counts(STORY)], [3, 3])
  assert.equal(sink.ended, null)
})

test('a story is kept while it has readers and closed once, after it was opened', async () => {
  const { hub, state, clock, join } = testHub()
  state.log = frames(1, 2)
  const [one, two] = [join(2), join(2)]
  await clock.settle()
  assert.deepEqual([state.opened, hub.stories()], [[`${STORY} 2`], [STORY]])
  one.leave()
  assert.deepEqual(state.closed, [])
  two.leave()
  assert.deepEqual([state.closed, hub.stories(), hub.counts(STORY)], [[STORY], [], 0])
  const hasty = join(1)
  hasty.leave()
  await clock.settle()
  assert.deepEqual([state.opened.length, state.closed.length], [1, 1])
})

test('a drain says bye to all, spread over its time, at different retries, and takes nobody in', async () => {
  let n = 0
  const { hub, state, clock, join } = testHub({ random: () => (n++ % 10) / 10, limits: { perAddress: 1_000 } })
  state.log = frames(1, 1)
  const readers = Array.from({ length: 100 }, () => join(1))
  await clock.settle()
  let done = false
  void hub.drain(1_000).then(() => (done = true))
  assert.equal(hub.join(STORY, { epoch: 'e', seq: 1 }, new TestSink(), 'x'), 'full')
  await clock.advance(450)
  assert.equal(hub.total(), 50)
  await clock.advance(550)
  assert.deepEqual([hub.total(), done], [0, true])
  const retries = new Set(readers.map(({ sink }) => /"retry":(\d+)/.exec(sink.text)?.[1]))
  assert.equal(retries.size, 10)
  assert.ok(readers.every(({ sink }) => sink.ended === 'drain'))
})
