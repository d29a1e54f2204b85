// Tests of the connection: silence, errors, drains, holes and sleep, against a net played by hand and a clock that is told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireCatchUp, WireChange } from '../../src/domain/wire.ts'
import { createVirtualClock } from '../../test/helpers/virtual-clock.ts'
import { type Answer, Connection, type Contact, type StreamEvents } from './connection.ts'
import { fold, foldCatchUp, startState } from './fold.ts'

const change = (seq: number): WireChange => {
  return { seq, kind: 'story-changed', at: seq, story: { state: 'live', posts: 1, count: '1 post', updatedAt: seq } }
}

type Opened = { path: string; at: number; on: StreamEvents; isClosed: boolean }

/** A page at e.0 and a server whose head is `head`; `answer` null = no answer at all. */
function setUp(options: { random?: number; start?: number } = {}) {
  const clock = createVirtualClock(options.start ?? 1_000_000)
  const streams: Opened[] = []
  const asked: { path: string; at: number }[] = []
  const contacts: string[] = []
  const relayed: (number | null)[] = []
  const world = { head: 0, visible: true, answer: undefined as Partial<Answer> | null | undefined, reloads: 0 }
  let state = startState({ epoch: 'e', seq: 0, openEnd: true, posts: [] })

  const catchUp = (path: string): WireCatchUp => {
    const since = Number(path.split('.')[1])
    const changes = Array.from({ length: Math.max(0, world.head - since) }, (_, index) => change(since + 1 + index))
    return { position: `e.${since}`, head: `e.${world.head}`, changes }
  }
  const connection = new Connection({
    net: {
      now: clock.now,
      random: () => options.random ?? 0.5,
      after: clock.setTimer,
      isVisible: () => world.visible,
      async get(path) {
        asked.push({ path, at: clock.now() })
        if (world.answer === null) throw new Error('no answer')
        return { status: 200, retryAfter: null, body: catchUp(path), ...world.answer }
      },
      stream(path, on) {
        const opened: Opened = { path, at: clock.now(), on, isClosed: false }
        streams.push(opened)
        return () => {
          opened.isClosed = true
        }
      },
    },
    name: 'quake',
    position: () => state,
    take(one) {
      const folded = fold(state, one)
      state = folded.state
      return folded.status
    },
    takeCatchUp(answer) {
      const folded = foldCatchUp(state, answer)
      state = folded.state
      return folded.status
    },
    async reload() {
      world.reloads++
      state = { ...state, seq: world.head }
    },
    showContact: (contact: Contact) => contacts.push(contact),
    relay: (one) => relayed.push(one?.seq ?? null),
  })
  const last = (): Opened => {
    const opened = streams.at(-1)
    assert.ok(opened, 'a stream was opened')
    return opened
  }
  return {
    ...{ clock, streams, asked, contacts, relayed, world, connection, last },
    seq: () => state.seq,
    open: () => streams.filter((one) => !one.isClosed).length,
    beat: () => last().on.event('beat', `{"head":"e.${state.seq}"}`, ''),
    send: (seq: number) => {
      world.head = Math.max(world.head, seq)
      last().on.event('change', JSON.stringify(change(seq)), `e.${seq}`)
    },
    /** Beats every 15 s, as the server does. */
    async beatFor(ms: number) {
      for (let passed = 0; passed < ms; passed += 15_000) {
        await clock.advance(15_000)
        last().on.event('beat', `{"head":"e.${state.seq}"}`, '')
      }
    },
  }
}

test('the stream begins at the page’s position and its entries are taken and passed on', () => {
  const it = setUp()
  it.connection.run('stream')
  assert.equal(it.last().path, '/quake/stream?since=e.0')
  it.last().on.open()
  it.send(1)
  it.beat()
  assert.equal(it.seq(), 1)
  assert.deepEqual(it.relayed, [1, null])
})

test('a stream that beats is left alone: no polling, no line', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  await it.beatFor(300_000)
  assert.equal(it.streams.length, 1)
  assert.equal(it.asked.length, 0)
  assert.deepEqual(it.contacts, ['ok'])
})

test('35 s without a beat is a dead stream: it is opened again from where the page is', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.send(1)
  it.world.answer = null
  await it.clock.advance(34_000)
  assert.equal(it.streams.length, 1)
  await it.clock.advance(5_000)
  assert.ok(it.streams[0]?.isClosed)
  assert.equal(it.streams.length, 2)
  assert.equal(it.last().path, '/quake/stream?since=e.1')
})

test('a stream that never answers is given up after 35 s', async () => {
  const it = setUp()
  it.connection.run('stream')
  await it.clock.advance(40_000)
  assert.ok(it.streams[0]?.isClosed)
  assert.ok(it.streams.length >= 2)
})

test('errors back off up to 30 s, with polling every few seconds meanwhile', async () => {
  const it = setUp({ random: 1 })
  it.connection.run('stream')
  for (let round = 0; round < 8; round++) {
    it.last().on.error()
    await it.clock.advance(31_000)
  }
  assert.equal(it.streams.length, 9)
  const polls = it.asked.length / (it.clock.now() - 1_000_000)
  assert.ok(polls > 1 / 8_000 && polls < 1 / 4_000, `${it.asked.length} polls`)
})

test('the first retry comes within two seconds, later ones wait longer', async () => {
  const it = setUp({ random: 0.9 })
  it.connection.run('stream')
  const waits: number[] = []
  for (let round = 0; round < 6; round++) {
    const failedAt = it.clock.now()
    it.last().on.error()
    const before = it.streams.length
    for (let second = 0; second < 35 && it.streams.length === before; second++) await it.clock.advance(1_000)
    waits.push(it.clock.now() - failedAt)
  }
  assert.ok((waits[0] ?? 0) <= 2_000, String(waits))
  assert.ok((waits[5] ?? 0) > 20_000 && (waits[5] ?? 0) <= 31_000, String(waits))
})

test('polling brings the news while the stream is out', async () => {
  const it = setUp({ random: 1 })
  it.connection.run('stream')
  it.last().on.open()
  it.world.head = 3
  it.last().on.error()
  await it.clock.advance(8_000)
  assert.equal(it.seq(), 3)
  assert.deepEqual(it.relayed, [1, 2, 3, null])
})

test('Retry-After is kept by stream and polls alike', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.world.answer = { status: 503, retryAfter: '40', body: null }
  it.last().on.error()
  await it.clock.advance(7_000)
  const [asked, opened] = [it.asked.length, it.streams.length]
  assert.ok(asked >= 1)
  it.last().on.error()
  await it.clock.advance(32_000)
  assert.deepEqual([it.asked.length, it.streams.length], [asked, opened])
  it.world.answer = undefined
  await it.clock.advance(20_000)
  assert.ok(it.asked.length > asked && it.streams.length > opened)
})

test('bye: back after about the time the server names', async () => {
  for (const [random, least, most] of [
    [0, 2_000, 3_000],
    [0.999, 5_000, 7_000],
  ] as const) {
    const it = setUp({ random })
    it.connection.run('stream')
    it.last().on.open()
    it.last().on.event('bye', '{"retry":4000}', '')
    assert.equal(it.open(), 0)
    const leftAt = it.clock.now()
    while (it.streams.length < 2) await it.clock.advance(500)
    const wait = it.last().at - leftAt
    assert.ok(wait >= least && wait <= most, `${wait} ms at ${random}`)
  }
})

test('a hole in the stream is caught up at once', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.send(3)
  await it.clock.settle()
  assert.equal(it.seq(), 3)
  assert.ok(it.streams[0]?.isClosed)
})

test('a beat that tells of a newer head, or of another epoch, shows that entries were lost', async () => {
  for (const head of ['e.2', 'f.0', 'nonsense']) {
    const it = setUp()
    it.world.head = 2
    it.connection.run('stream')
    it.last().on.open()
    it.last().on.event('beat', JSON.stringify({ head }), '')
    await it.clock.settle()
    assert.equal(it.seq(), 2)
  }
})

test('a change that is none, or of another epoch, is not taken', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.last().on.event('change', 'not json', 'e.1')
  await it.clock.advance(3_000)
  it.last().on.event('change', JSON.stringify(change(1)), 'f.1')
  await it.clock.settle()
  assert.equal(it.seq(), 0)
  assert.equal(it.asked.length, 2)
})

test('refetch loads the page again, not everybody at once, and streams from there', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.world.head = 9
  it.last().on.event('refetch', '{"head":"e.9"}', '')
  assert.equal(it.open(), 0)
  assert.equal(it.world.reloads, 0)
  await it.clock.advance(4_000)
  assert.equal(it.world.reloads, 1)
  assert.equal(it.last().path, '/quake/stream?since=e.9')
})

test('a catch-up that cannot be continued loads the page again', async () => {
  const it = setUp()
  it.world.answer = { body: { position: 'e.0', head: 'f.4', changes: [], refetch: true } }
  it.connection.run('poll')
  await it.connection.catchUp()
  assert.equal(it.world.reloads, 1)
})

test('a story that is not there any more is looked at again as a page', async () => {
  const it = setUp()
  it.world.answer = { status: 404, body: null }
  it.connection.run('poll')
  await it.connection.catchUp()
  assert.equal(it.world.reloads, 1)
})

test('something that holds events back: news by polling, the stream tried again after a minute', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.world.head = 1
  await it.clock.advance(25_000)
  assert.equal(it.seq(), 1, 'polled while the stream is open and says nothing')
  await it.clock.advance(10_000)
  assert.equal(it.open(), 0)
  assert.equal(it.contacts.at(-1), 'polling')
  await it.clock.advance(50_000)
  assert.equal(it.streams.length, 1)
  await it.clock.advance(12_000)
  assert.equal(it.streams.length, 2)
  it.last().on.open()
  it.beat()
  assert.equal(it.contacts.at(-1), 'ok')
})

test('after 20 s without contact the reader is told, and again when it is back', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.world.answer = null
  it.last().on.error()
  await it.clock.advance(19_000)
  assert.deepEqual(it.contacts, ['ok'])
  await it.clock.advance(3_000)
  assert.equal(it.contacts.at(-1), 'lost')
  it.world.answer = undefined
  await it.clock.advance(7_000)
  assert.notEqual(it.contacts.at(-1), 'lost')
})

test('what the browser calls offline is told within three seconds, in every mode, and taken back at the first sign of life', async () => {
  for (const mode of ['stream', 'follow', 'poll'] as const) {
    const it = setUp()
    it.connection.run(mode)
    if (mode === 'stream') it.last().on.open()
    it.connection.heardFromTab(0)
    it.world.answer = null
    it.connection.lose()
    await it.clock.advance(1_000)
    assert.ok(!it.contacts.includes('lost'), 'a change of network is not told')
    await it.clock.advance(2_000)
    assert.equal(it.contacts.at(-1), 'lost', mode)
    it.world.answer = undefined
    await it.connection.wake()
    assert.equal(it.contacts.at(-1), 'ok', mode)
    await it.clock.advance(3_000)
    assert.equal(it.contacts.at(-1), 'ok', mode)
  }
})

test('a server that is gone is told after about five seconds: the stream ended, and neither it nor a question gets through', async () => {
  for (const random of [0, 0.5, 0.999]) {
    const it = setUp({ random })
    it.connection.run('stream')
    it.last().on.open()
    it.world.answer = null
    it.last().on.error()
    const failing = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        await it.clock.advance(1_000)
        if (it.open() > 0) it.last().on.error()
      }
    }
    await failing(4)
    assert.deepEqual(it.contacts, ['ok'])
    await failing(4)
    assert.deepEqual(it.contacts, ['ok', 'lost'], `random ${random}`)
    await failing(30)
    assert.deepEqual(it.contacts, ['ok', 'lost'], 'said once, and not taken back by another question')
    it.world.answer = undefined
    await failing(8)
    assert.equal(it.contacts.at(-1), 'polling', 'questions get through')
  }
})

test('a restart of three seconds is told to nobody', async () => {
  for (const random of [0, 0.25, 0.5, 0.75, 0.999]) {
    for (const goodbye of [true, false]) {
      const it = setUp({ random })
      it.connection.run('stream')
      it.last().on.open()
      it.world.answer = null
      if (goodbye) it.last().on.event('bye', '{"retry":1000}', '')
      else it.last().on.error()
      for (let passed = 0; passed < 20_000; passed += 250) {
        await it.clock.advance(250)
        if (passed >= 3_000) it.world.answer = undefined
        if (it.open() === 0) continue
        if (passed >= 3_000) it.last().on.open()
        else it.last().on.error()
      }
      assert.ok(!it.contacts.includes('lost'), `random ${random}`)
    }
  }
})

test('a stream that is refused while questions are answered is not lost', async () => {
  const it = setUp({ random: 0.999 })
  it.connection.run('stream')
  for (let second = 0; second < 120; second++) {
    if (it.open() > 0) it.last().on.error()
    await it.clock.advance(1_000)
  }
  assert.ok(!it.contacts.includes('lost'))
})

test('without a stream two questions that fail tell that the connection is lost', async () => {
  const it = setUp()
  it.connection.run('poll')
  await it.clock.advance(8_000)
  it.world.answer = { status: 502, body: null }
  await it.clock.advance(5_000)
  assert.equal(it.contacts.at(-1), 'ok')
  await it.clock.advance(7_000)
  assert.equal(it.contacts.at(-1), 'lost')
})

test('coming back after sleep asks first and then streams', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.beat()
  it.world.visible = false
  it.world.answer = null
  await it.clock.advance(30_000)
  it.world.answer = undefined
  it.world.visible = true
  it.world.head = 5
  const before = it.streams.length
  await it.connection.wake()
  assert.equal(it.seq(), 5)
  assert.equal(it.streams.length, before + 1)
  assert.equal(it.last().path, '/quake/stream?since=e.5')
  assert.ok(!it.contacts.includes('lost'))
})

test('looking at the tab again does not disturb a stream that works', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.beat()
  await it.connection.wake()
  assert.equal(it.streams.length, 1)
  assert.equal(it.asked.length, 0)
})

test('offline closes what will not say that it is dead; online goes on at once', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.last().on.open()
  it.beat()
  it.connection.lose()
  assert.equal(it.open(), 0)
  it.world.head = 2
  await it.connection.wake()
  assert.equal(it.seq(), 2)
  assert.equal(it.open(), 1)
})

test('a tab of another story polls every 5 s while seen and every minute while not', async () => {
  const it = setUp()
  it.connection.run('poll')
  await it.clock.advance(60_000)
  assert.ok(it.asked.length >= 9 && it.asked.length <= 13, String(it.asked.length))
  it.world.visible = false
  await it.clock.advance(60_000)
  const before = it.asked.length
  await it.clock.advance(300_000)
  assert.ok(it.asked.length - before >= 4 && it.asked.length - before <= 7)
  assert.equal(it.streams.length, 0)
})

test('a tab that follows asks only when it is behind or hears nothing', async () => {
  const it = setUp()
  it.connection.run('follow')
  it.connection.heardFromTab(0)
  for (let second = 0; second < 60; second += 15) {
    await it.clock.advance(15_000)
    it.connection.heardFromTab(0)
  }
  assert.equal(it.asked.length, 0)
  it.world.head = 4
  it.connection.heardFromTab(4)
  await it.clock.settle()
  assert.equal(it.seq(), 4)
  const before = it.asked.length
  await it.clock.advance(35_000)
  assert.ok(it.asked.length > before)
})

test('a page tells nothing of its connection before it heard anything, and asks soon', async () => {
  const it = setUp()
  it.connection.run('follow')
  assert.deepEqual(it.contacts, [])
  await it.clock.advance(2_000)
  assert.equal(it.asked.length, 1)
  assert.deepEqual(it.contacts, ['ok'])
})

test('off is off', async () => {
  const it = setUp()
  it.connection.run('stream')
  it.connection.run('off')
  await it.clock.advance(300_000)
  assert.equal(it.open(), 0)
  assert.equal(it.asked.length, 0)
})
