import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../domain/permission.ts'
import type { DeskFrames, FoundChange } from '../domain/together.ts'
import { CHANGES_KEPT, createDeskHub, DESK_BEAT_MS, type DeskView, MAX_DESK_STREAMS_OF_ACCOUNT } from './desk-hub.ts'
import type { EndReason, Sink } from './types.ts'

const POST = { state: 'draft' as const, firstPublishedAt: null, createdBy: 'ada' }

/** A hub on a clock of the test, with sinks that keep what they are told. */
function start() {
  const clock = { now: 0, hearing: true, timers: [] as { at: number; work: () => void }[] }
  const told = { opened: [] as string[], closed: [] as string[] }
  const hub = createDeskHub({
    now: () => clock.now,
    setTimer: (ms, work) => {
      const timer = { at: clock.now + ms, work }
      clock.timers.push(timer)
      return () => void clock.timers.splice(clock.timers.indexOf(timer), 1)
    },
    random: () => 0,
    isHearing: () => clock.hearing,
    opened: (storyId) => told.opened.push(storyId),
    closed: (storyId) => told.closed.push(storyId),
  })
  const pass = (ms: number) => {
    clock.now += ms
    for (const timer of clock.timers.filter(({ at }) => at <= clock.now)) {
      clock.timers.splice(clock.timers.indexOf(timer), 1)
      timer.work()
    }
  }
  return { hub, clock, told, pass }
}

type Heard = { event: keyof DeskFrames; data: never }

function sinkOf() {
  const sink = { heard: [] as Heard[], ended: null as EndReason | null, takes: true, buffered: 0 }
  const door: Sink = {
    write(bytes) {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(Buffer.from(bytes).toString()) ?? []
      sink.heard.push({ event: event as keyof DeskFrames, data: JSON.parse(data) as never })
      return sink.takes
    },
    bufferedBytes: () => sink.buffered,
    end: (reason) => {
      sink.ended = reason
    },
  }
  return Object.assign(sink, { door, names: () => sink.heard.map(({ event }) => event) })
}

const actor = (role: Role = 'editor', id = 'ada') => ({ id, name: id, role, credential: 'test' })
const view = (head: number, over: Partial<DeskView> = {}): DeskView => ({
  ...{ epoch: 'e', at: 1_000, head, changes: [], presence: [], readers: { node: 0, all: 0 } },
  ...over,
})
const change = (seq: number): FoundChange => ({ seq, kind: 'save-draft', postId: `post${seq}`, by: 'ada', post: POST })
const joined = (hub: ReturnType<typeof start>['hub'], who = actor()) => {
  const sink = sinkOf()
  const stream = hub.join('s', who, sink.door)
  assert.ok(stream !== 'full')
  return { sink, stream }
}

test('the first frame is the whole state, then only what is new; nothing new is no frame', () => {
  const { hub, told } = start()
  const { sink, stream } = joined(hub)
  assert.deepEqual([sink.names(), told.opened], [[], ['s']])
  hub.publish('s', view(3, { changes: null }))
  hub.publish('s', view(3))
  hub.publish('s', view(4, { changes: [change(4)] }))
  hub.publish('s', view(4, { readers: { node: 1, all: 2 } }))
  assert.deepEqual(sink.names(), ['state', 'desk', 'readers'])
  const late = joined(hub)
  assert.deepEqual(late.sink.names(), ['state'])
  hub.leave(stream)
  assert.deepEqual(told.closed, [])
  hub.leave(late.stream)
  assert.deepEqual(told.closed, ['s'])
})

test('a stream that takes nothing is told what is new when it can, in one frame of each kind', () => {
  const { hub } = start()
  const { sink, stream } = joined(hub)
  hub.publish('s', view(1, { changes: null }))
  sink.takes = false
  hub.publish('s', view(2, { changes: [change(2)] }))
  for (let seq = 3; seq <= 9; seq++)
    hub.publish('s', view(seq, { changes: [change(seq)], readers: { node: seq, all: seq } }))
  assert.deepEqual(sink.names(), ['state', 'desk'])
  sink.takes = true
  hub.drained(stream)
  assert.deepEqual(sink.names(), ['state', 'desk', 'desk', 'readers'])
  const desk = sink.heard[2]?.data as unknown as DeskFrames['desk']
  assert.deepEqual([desk.head, desk.changes?.map(({ seq }) => seq)], [9, [3, 4, 5, 6, 7, 8, 9]])
})

test('who missed more than is kept reads the posts again, and does so too when the node does not know all', () => {
  const { hub } = start()
  const { sink, stream } = joined(hub)
  hub.publish('s', view(1, { changes: null }))
  sink.takes = false
  hub.publish('s', view(2, { changes: [change(2)] }))
  for (let seq = 3; seq <= CHANGES_KEPT + 3; seq++) hub.publish('s', view(seq, { changes: [change(seq)] }))
  sink.takes = true
  hub.drained(stream)
  const missed = sink.heard.at(-1)?.data as unknown as DeskFrames['desk']
  assert.deepEqual(missed, { head: CHANGES_KEPT + 3, changes: null })
  hub.publish('s', view(900, { changes: null }))
  assert.deepEqual(sink.heard.at(-1)?.data, { head: 900, changes: null })
})

test('a slow stream is cut by its bytes, or when it takes nothing for long; others are not touched', () => {
  const { hub, pass } = start()
  const [full, stuck, good] = [joined(hub).sink, joined(hub).sink, joined(hub).sink]
  full.takes = false
  stuck.takes = false
  hub.publish('s', view(1, { changes: null }))
  full.buffered = 64 * 1024 + 1
  hub.publish('s', view(2, { changes: [change(2)] }))
  assert.deepEqual([full.ended, stuck.ended, good.ended], ['slow', null, null])
  for (let n = 0; n < 3; n++) pass(DESK_BEAT_MS)
  assert.deepEqual([stuck.ended, good.ended], ['slow', null])
})

test('beats tell the head that was told, and are kept back while the log is not heard', () => {
  const { hub, clock, pass } = start()
  const { sink } = joined(hub)
  pass(DESK_BEAT_MS)
  assert.deepEqual(sink.names(), [])
  hub.publish('s', view(5, { changes: null }))
  pass(DESK_BEAT_MS)
  assert.deepEqual(sink.heard.at(-1), { event: 'beat', data: { head: 5, at: 1_000 } })
  clock.hearing = false
  pass(DESK_BEAT_MS)
  assert.deepEqual(sink.names(), ['state', 'beat'])
})

test('another epoch, a head that fell and another role give the whole state anew', () => {
  const { hub } = start()
  const { sink, stream } = joined(hub)
  hub.publish('s', view(5, { changes: null }))
  hub.publish('s', view(5, { epoch: 'f', changes: null }))
  hub.publish('s', view(2, { epoch: 'f', changes: null }))
  hub.renew(stream, actor('editor'))
  assert.deepEqual(sink.names(), ['state', 'state', 'state'])
  hub.renew(stream, actor('contributor'))
  assert.deepEqual(sink.names(), ['state', 'state', 'state', 'state'])
})

test('each is told of the posts they may know of, and of everybody', () => {
  const { hub } = start()
  const [ada, cleo] = [joined(hub).sink, joined(hub, actor('contributor', 'cleo')).sink]
  hub.publish('s', view(1, { changes: null }))
  const here = { person: { id: 'ada', name: 'Ada' }, tab: '', postId: 'post2', writing: true, since: 1, post: POST }
  hub.publish('s', view(2, { changes: [change(2)], presence: [here] }))
  const seen = ({ heard }: typeof ada) => heard.slice(1).map(({ data }) => data as unknown)
  const { post: _, ...shown } = here
  assert.deepEqual(seen(ada), [
    { head: 2, changes: [{ seq: 2, kind: 'save-draft', postId: 'post2', by: 'ada' }] },
    { presence: [shown] },
  ])
  assert.deepEqual(seen(cleo), [{ head: 2, changes: [] }, { presence: [{ ...shown, postId: null }] }])
  assert.ok(!JSON.stringify([ada.heard, cleo.heard]).includes('createdBy'))
})

test('one person has so many windows and no more; a node that goes down says so and takes nobody in', () => {
  const { hub } = start()
  const sinks = Array.from({ length: MAX_DESK_STREAMS_OF_ACCOUNT }, () => joined(hub).sink)
  assert.equal(hub.join('t', actor(), sinkOf().door), 'full')
  assert.ok(hub.join('t', actor('editor', 'bob'), sinkOf().door) !== 'full')
  hub.drain()
  assert.deepEqual([sinks[0]?.heard.at(-1)?.event, sinks[0]?.ended], ['bye', 'drain'])
  assert.equal(hub.join('t', actor(), sinkOf().door), 'full')
  assert.deepEqual([hub.stories(), hub.streams()], [[], []])
})

test('a sink that throws is a broken connection, and nobody else’s trouble', () => {
  const { hub } = start()
  const broken = sinkOf()
  broken.door.write = () => {
    throw new Error('gone')
  }
  hub.join('s', actor(), broken.door)
  const { sink } = joined(hub)
  hub.publish('s', view(1, { changes: null }))
  assert.deepEqual([broken.ended, sink.names()], ['failed', ['state']])
})
