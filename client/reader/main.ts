// The reader's program: ties the page, its state, the connection and the other tabs together.
// Loaded by every page of a story; does nothing on a page without one.
// Never holds a rule of its own: those are in the files it ties.

import { formatPosition } from '../../src/domain/position.ts'
import { STREAM_EVENTS, type StreamEvent } from '../../src/domain/wire.ts'
import { createScreen } from './apply.ts'
import { Connection, type Contact, type Net, type StreamEvents } from './connection.ts'
import { type Folded, fold, foldCatchUp, foldSnapshot, startState } from './fold.ts'
import { findMain, type Load, loadSnapshot, readSnapshot } from './page.ts'
import { type Channel, LOCK_NAME, Tabs } from './tabs.ts'
import { createTimes, REFRESH_MS, type Times } from './times.ts'

const ANSWER_TIMEOUT_MS = 10_000

const net: Net = { now: () => Date.now(), random: Math.random, after, get, stream, isVisible: () => !document.hidden }

const found = findMain(document)
if (found) start(found)

function start(main: HTMLElement): void {
  const times = startTimes(main)
  const numbers = new Intl.NumberFormat(languageOf(main))
  const screen = createScreen(main, {
    painted: times.refresh,
    isSameDay: times.isSameDay,
    weekday: times.weekday,
    countText: numbers.format,
    setClock: times.setClock,
  })
  let state = startState(readSnapshot(main))

  const carryOut = (folded: Folded): Folded['status'] => {
    state = folded.state
    main.dataset.position = formatPosition(state)
    screen.apply(folded.ops)
    return folded.status
  }

  const connection = new Connection({
    net,
    name: main.dataset.name ?? '',
    position: () => state,
    take: (change) => carryOut(fold(state, change)),
    takeCatchUp: (catchUp) => carryOut(foldCatchUp(state, catchUp)),
    reload: async () => {
      const snapshot = await loadSnapshot(loadPage, location.pathname + location.search, main, state)
      if (snapshot) carryOut(foldSnapshot(state, snapshot))
      else location.reload()
    },
    showContact: (contact, heardAt) => showContact(contact, times.clock(heardAt)),
    relay: (change) => tabs.relay(change),
  })

  const tabs = new Tabs({
    locks: navigator.locks ?? null,
    openChannel: 'BroadcastChannel' in window ? openChannel : null,
    now: net.now,
    after,
    isVisible: net.isVisible,
    story: main.dataset.story ?? '',
    position: () => state,
    run: (mode) => connection.run(mode),
    change: (change) => {
      if (carryOut(fold(state, change)) === 'gap') void connection.catchUp()
    },
    heard: (seq) => connection.heardFromTab(seq),
    doubt: () => void connection.catchUp(),
  })

  tabs.join()
  if (!navigator.onLine) connection.lose()
  addEventListener('online', () => void connection.wake())
  addEventListener('offline', () => connection.lose())
  addEventListener('pagehide', () => tabs.leave())
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    tabs.join()
    void connection.wake()
  })
  document.addEventListener('visibilitychange', () => {
    tabs.turned()
    if (!net.isVisible()) return
    void connection.wake()
  })
}

function startTimes(main: HTMLElement): Times {
  const times = createTimes({
    now: net.now,
    language: languageOf(main),
    words: main.dataset.wordsLocale,
    zone: main.dataset.zone,
  })
  const refresh = (): void => {
    if (net.isVisible()) times.refresh(main)
  }
  times.refresh(main)
  times.watch(main)
  setInterval(refresh, REFRESH_MS)
  document.addEventListener('visibilitychange', refresh)
  return times
}

function languageOf(main: HTMLElement): string | undefined {
  return main.dataset.locale ?? (document.documentElement.lang || undefined)
}

function showContact(contact: Contact, time: string): void {
  const line = document.querySelector<HTMLElement>('[data-connection]')
  if (!line) return
  const { lost = '', polling = '', connection } = line.dataset
  if (contact === 'lost' && !connection && !line.hidden) return // the server said so, and knows better since when
  const words = { ok: '', polling, lost: lost.replace('{time}', time) }[contact]
  line.dataset.connection = contact
  line.textContent = words
  line.hidden = words === ''
}

function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

async function get(path: string): ReturnType<Net['get']> {
  const answer = await fetch(path, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
  const body = answer.ok ? await answer.json() : null
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body }
}

/** The browser's own reconnecting is not used: it neither backs off nor knows whether anything came through. */
function stream(path: string, on: StreamEvents): () => void {
  const source = new EventSource(path)
  source.onopen = () => on.open()
  source.onerror = () => {
    source.close()
    on.error()
  }
  for (const name of STREAM_EVENTS) {
    source.addEventListener(name, ({ data, lastEventId }) => on.event(name as StreamEvent, data, lastEventId))
  }
  return () => {
    source.onerror = source.onopen = null
    source.close()
  }
}

function openChannel(): Channel {
  const channel = new BroadcastChannel(LOCK_NAME)
  return {
    post: (message) => channel.postMessage(message),
    listen: (on) => channel.addEventListener('message', (event) => on(event.data)),
    close: () => channel.close(),
  }
}

async function loadPage(path: string): ReturnType<Load> {
  const answer = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  return { status: answer.status, main: findMain(page) }
}
