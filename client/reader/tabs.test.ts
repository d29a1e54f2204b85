// Tests of the tabs: one lock, one channel, several tabs; who streams, who follows, and that nothing is lost when it changes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireChange } from '../../src/domain/wire.ts'
import { createVirtualClock, type VirtualClock } from '../../test/helpers/virtual-clock.ts'
import type { Mode } from './connection.ts'
import { type Channel, type Locks, type Message, Tabs } from './tabs.ts'

const change = (seq: number): WireChange => {
  return { seq, kind: 'story-changed', at: seq, story: { state: 'live', posts: 1, count: '1 post', updatedAt: seq } }
}

const GRANT_MS = 5 // the browser’s lock manager lives in another process

/** One exclusive lock with its queue, as browsers have it: first come, first served, unless stolen. */
function createLocks(clock: VirtualClock): Locks {
  type Held = { fail: (error: Error) => void }
  let holder: Held | null = null
  const queue: (() => void)[] = []
  const abort = (): Error => Object.assign(new Error('lost'), { name: 'AbortError' })
  const next = (): void => {
    if (!holder) queue.shift()?.()
  }
  return {
    request: (_name, { steal, signal }, hold) =>
      new Promise<void>((resolve, reject) => {
        const grant = (): void => {
          const mine: Held = { fail: reject }
          holder = mine
          void new Promise<void>((due) => clock.setTimer(GRANT_MS, due)).then(hold).then(() => {
            if (holder === mine) holder = null
            resolve()
            next()
          })
        }
        if (steal) {
          holder?.fail(abort())
          holder = null
          return grant()
        }
        queue.push(grant)
        signal?.addEventListener('abort', () => {
          const at = queue.indexOf(grant)
          if (at >= 0) queue.splice(at, 1)
          reject(abort())
        })
        next()
      }),
  }
}

function createBrowser() {
  const clock = createVirtualClock(1_000_000)
  const locks = createLocks(clock)
  const ears = new Set<(message: unknown) => void>()
  const sent: Message[] = []

  const openChannel = (): Channel => {
    const own = new Set<(message: unknown) => void>()
    return {
      post(message) {
        sent.push(message as Message)
        const copy = structuredClone(message)
        for (const ear of ears) if (!own.has(ear)) clock.setTimer(1, () => ears.has(ear) && ear(copy))
      },
      listen(on) {
        own.add(on)
        ears.add(on)
      },
      close() {
        for (const ear of own) ears.delete(ear)
      },
    }
  }

  const openTab = async (story: string, given: { visible?: boolean; epoch?: string; locks?: Locks | null } = {}) => {
    const tab = {
      mode: 'off' as Mode,
      modes: [] as Mode[],
      visible: given.visible ?? true,
      frozen: false,
      seq: 0,
      taken: [] as number[],
      heard: [] as number[],
      doubts: 0,
      tabs: null as unknown as Tabs,
    }
    tab.tabs = new Tabs({
      locks: given.locks === undefined ? locks : given.locks,
      openChannel: () => {
        const channel = openChannel()
        return { ...channel, listen: (on) => channel.listen((message) => !tab.frozen && on(message)) }
      },
      now: clock.now,
      after: (ms, work) => clock.setTimer(ms, () => !tab.frozen && work()),
      isVisible: () => tab.visible,
      story,
      position: () => ({ epoch: given.epoch ?? 'e', seq: tab.seq }),
      run(mode) {
        tab.mode = mode
        tab.modes.push(mode)
      },
      change(one) {
        tab.seq = one.seq
        tab.taken.push(one.seq)
      },
      heard: (seq) => tab.heard.push(seq),
      doubt: () => {
        tab.doubts++
      },
    })
    tab.tabs.join()
    await clock.advance(10)
    return tab
  }
  return { clock, openTab, sent, tell: (message: unknown) => ears.forEach((ear) => ear(message)) }
}

test('the first tab streams, tabs of the same story follow, others poll', async () => {
  const { openTab } = createBrowser()
  const tabs = [await openTab('a'), await openTab('a'), await openTab('b'), await openTab('a')]
  assert.deepEqual(
    tabs.map((tab) => tab.mode),
    ['stream', 'follow', 'poll', 'follow'],
  )
})

test('what the leader hears reaches the tabs of its story and no other', async () => {
  const { clock, openTab } = createBrowser()
  const [leader, follower, other] = [await openTab('a'), await openTab('a'), await openTab('b')]
  leader.seq = 1
  leader.tabs.relay(change(1))
  leader.tabs.relay(null)
  follower.tabs.relay(change(9))
  await clock.advance(10)
  assert.deepEqual(follower.taken, [1])
  assert.deepEqual(follower.heard, [1, 1])
  assert.deepEqual([other.taken, other.heard, leader.taken], [[], [], []])
})

test('when the leader leaves, exactly one other takes over', async () => {
  const { clock, openTab } = createBrowser()
  const tabs = [await openTab('a'), await openTab('a'), await openTab('a')]
  tabs[0]?.tabs.leave()
  await clock.advance(100)
  assert.deepEqual(
    tabs.map((tab) => tab.mode),
    ['off', 'stream', 'follow'],
  )
})

test('a tab that is seen takes the stream from a hidden leader of another story', async () => {
  const { clock, openTab } = createBrowser()
  const first = await openTab('a')
  const second = await openTab('b', { visible: false })
  assert.equal(second.mode, 'poll')
  first.visible = false
  first.tabs.turned()
  second.visible = true
  second.tabs.turned()
  await clock.advance(100)
  assert.deepEqual([first.mode, second.mode], ['poll', 'stream'])
  first.visible = true
  second.visible = false
  second.tabs.turned()
  first.tabs.turned()
  await clock.advance(100)
  assert.deepEqual([first.mode, second.mode], ['stream', 'poll'])
})

test('a tab that is seen leaves the stream to a leader that is seen', async () => {
  const { clock, openTab } = createBrowser()
  const [leader, beside] = [await openTab('a'), await openTab('b')]
  beside.tabs.turned()
  await clock.advance(60_000)
  assert.deepEqual([leader.mode, beside.mode], ['stream', 'poll'])
})

test('a hidden leader of the same story streams for the tab that is seen', async () => {
  const { clock, openTab } = createBrowser()
  const [leader, seen] = [await openTab('a'), await openTab('a')]
  leader.visible = false
  leader.tabs.turned()
  seen.tabs.turned()
  await clock.advance(60_000)
  assert.deepEqual([leader.mode, seen.mode], ['stream', 'follow'])
})

test('a leader that says twice that it is hidden is robbed once', async () => {
  const { clock, openTab, tell } = createBrowser()
  const leader = await openTab('a')
  const seen = await openTab('b')
  leader.visible = false
  const lead = { t: 'lead', story: 'a', epoch: 'e', seq: 0, isVisible: false }
  tell(lead)
  await clock.advance(2)
  tell(lead)
  await clock.advance(100)
  assert.deepEqual([leader.mode, seen.mode], ['poll', 'stream'])
  leader.visible = true
  seen.tabs.leave()
  await clock.advance(100)
  assert.equal(leader.mode, 'stream')
})

test('hidden tabs never take the stream from each other', async () => {
  const { clock, openTab } = createBrowser()
  const leader = await openTab('a', { visible: false })
  const tabs = [await openTab('b', { visible: false }), await openTab('c', { visible: false })]
  await clock.advance(120_000)
  assert.equal(leader.mode, 'stream')
  assert.deepEqual(
    tabs.map((tab) => tab.mode),
    ['poll', 'poll'],
  )
})

test('a frozen leader loses the stream to a tab that is seen, and follows when it thaws', async () => {
  const { clock, openTab } = createBrowser()
  const leader = await openTab('a')
  const seen = await openTab('a')
  leader.frozen = true
  await clock.advance(45_000)
  assert.equal(seen.mode, 'stream')
  leader.frozen = false
  seen.tabs.relay(null)
  await clock.advance(10)
  assert.equal(leader.mode, 'follow')
})

test('a tab opened beside a frozen leader streams within seconds', async () => {
  const { clock, openTab } = createBrowser()
  const leader = await openTab('a')
  leader.frozen = true
  const seen = await openTab('a')
  await clock.advance(3_000)
  assert.equal(seen.mode, 'stream')
})

test('after any change of hands there is one leader, and a leaving thief passes on', async () => {
  const { clock, openTab } = createBrowser()
  const stories = ['a', 'b', 'c', 'a', 'b', 'c']
  const tabs: Awaited<ReturnType<typeof openTab>>[] = []
  for (const story of stories) tabs.push(await openTab(story, { visible: false }))
  for (const tab of tabs) {
    tab.visible = true
    tab.tabs.turned()
    await clock.advance(100)
    assert.equal(tabs.filter((one) => one.mode === 'stream').length, 1)
    assert.notEqual(tab.mode, 'poll', 'a tab that is seen is live')
    tab.visible = false
    tab.tabs.turned()
    await clock.advance(100)
  }
  for (const tab of tabs.slice(0, -1)) {
    tab.tabs.leave()
    await clock.advance(100)
    const left = tabs.filter((one) => one.mode !== 'off')
    assert.equal(left.filter((one) => one.mode === 'stream').length, 1)
  }
})

test('a page that comes back from the cache joins again', async () => {
  const { clock, openTab } = createBrowser()
  const tab = await openTab('a')
  tab.tabs.leave()
  await clock.advance(100)
  assert.equal(tab.mode, 'off')
  tab.tabs.join()
  await clock.advance(100)
  assert.equal(tab.mode, 'stream')
})

test('without locks or a channel each tab streams by itself', async () => {
  const { openTab } = createBrowser()
  const tabs = [await openTab('a', { locks: null }), await openTab('a', { locks: null })]
  assert.deepEqual(
    tabs.map((tab) => tab.mode),
    ['stream', 'stream'],
  )
})

test('a browser that refuses locks gets a stream of its own', async () => {
  const { openTab } = createBrowser()
  const refusing: Locks = { request: () => Promise.reject(Object.assign(new Error('no'), { name: 'SecurityError' })) }
  assert.equal((await openTab('a', { locks: refusing })).mode, 'stream')
})

test('an entry of another epoch is not taken but asked about', async () => {
  const { clock, openTab } = createBrowser()
  const leader = await openTab('a')
  const follower = await openTab('a', { epoch: 'f' })
  leader.tabs.relay(change(1))
  await clock.advance(10)
  assert.deepEqual(follower.taken, [])
  assert.ok(follower.doubts > 0)
})

test('messages of another shape are not believed', async () => {
  const { openTab, tell } = createBrowser()
  await openTab('a')
  const follower = await openTab('a')
  const good = { t: 'change', story: 'a', epoch: 'e', seq: 1, isVisible: true }
  const bad = [null, 'change', 7, good, { ...good, change: { seq: 'x' } }, { ...good, t: 'evil', change: change(1) }]
  const more = [
    { ...good, seq: 'x', change: change(1) },
    { ...good, story: 1, change: change(1) },
    { ...good, t: 'beat', change: change(1) },
  ]
  for (const message of [...bad, ...more]) tell(message)
  assert.deepEqual([follower.taken, follower.heard], [[], []])
})
