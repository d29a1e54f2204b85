// What was seen, told in small batches: how soon a live post was on the screen, and which posts were read. A program of its own.
// Loaded by pages of a story last and at low priority; reading goes on without it.
// Never tells who reads: no cookie, no id, nothing kept in the browser; and nothing at all where the reader asks not to be measured or to save data.

import { seenPath } from '../../src/domain/address.ts'
import { FIRST_WAIT_MS, MAX_BATCH, MAX_SHOWN_MS, READ_MS, READ_SHARE } from '../../src/domain/seen.ts'

type Answer = { now?: number; wait?: number }
type Navigating = Navigator & { globalPrivacyControl?: boolean; connection?: { saveData?: boolean } }

/** The server's clock against this page's own (performance.now()), which nobody sets. `error`: half of the round trip. */
type Clock = { ahead: number; error: number }

const SOON_MS = 1_000 // between what is to be told and telling it; more may come meanwhile
const THRESHOLDS = Array.from({ length: 11 }, (_, n) => n / 10)

const { globalPrivacyControl, doNotTrack, connection } = navigator as Navigating
const main = document.querySelector<HTMLElement>('main[data-story][data-position]')
const list = main?.querySelector('[data-posts]')
if (main && list && !globalPrivacyControl && doNotTrack !== '1' && !connection?.saveData) start(main, list)

function start(main: HTMLElement, list: Element): void {
  const pill = document.querySelector<HTMLElement>('[data-pill]')
  const known = new Set<string>()
  const told = new Set<string>()
  const read = new Set<string>()
  const shown = new Map<string, { published: number; at: number }>()
  const inView = new Map<Element, ReturnType<typeof setTimeout> | undefined>()
  let clock: Clock | null = null
  let visibleSince = document.hidden ? Number.POSITIVE_INFINITY : performance.now()
  let someWaited = pill?.hidden === false
  let wait = FIRST_WAIT_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  const post = async (body: object): Promise<void> => {
    const asked = performance.now()
    const answer = await fetch(seenPath(main.dataset.name ?? ''), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      keepalive: true,
    })
    const heard = performance.now()
    const { now, wait: next }: Answer = answer.ok ? await answer.json() : {}
    if (next) wait = next
    const error = (heard - asked) / 2
    if (now && (!clock || error < clock.error)) clock = { ahead: now - asked - error, error }
  }

  /** What came while the page was hidden, or is as old as the page, was not late: nobody looked. */
  const delays = (): [string, number][] =>
    [...shown].flatMap(([id, { published, at }]) => {
      if (!clock) return []
      const ms = at + clock.ahead - published
      const isSound = ms > clock.error && ms < MAX_SHOWN_MS && at - ms > visibleSince
      return isSound ? [[id, Math.round(ms)]] : []
    })

  /** `last`: the page may be gone before an answer comes. */
  const send = async (last = false): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const needsClock = !clock
    try {
      // Twice: the first may have had to open a connection.
      for (let n = 0; n < 2 && shown.size > 0 && !last && needsClock; n++) await post({})
      const batch = { read: [...read].slice(0, MAX_BATCH), shown: delays().slice(0, MAX_BATCH) }
      shown.clear()
      for (const id of batch.read) read.delete(id)
      if (batch.read.length + batch.shown.length > 0) await post(batch)
    } catch {
      // No line: what was not told is not told again, so that nothing counts twice.
    }
    if (read.size > 0 && !last) soon()
  }

  const soon = (): void => {
    timer ??= setTimeout(() => void send(), SOON_MS + Math.random() * wait)
  }

  const watchReading = (element: Element, seen: boolean): void => {
    clearTimeout(inView.get(element))
    inView.delete(element)
    const { post: id = '' } = (element as HTMLElement).dataset
    if (!seen || told.has(id)) return
    const count = (): void => {
      told.add(id)
      read.add(id)
      soon()
    }
    inView.set(element, document.hidden ? undefined : setTimeout(count, READ_MS))
  }

  const views = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
        const seen =
          intersectionRatio >= READ_SHARE || intersectionRect.height >= (rootBounds?.height ?? 1e9) * READ_SHARE
        if (seen !== inView.has(target)) watchReading(target, seen)
      }
    },
    { threshold: THRESHOLDS },
  )

  const came = (element: HTMLElement, waited: boolean): void => {
    const { post: id } = element.dataset
    if (!id || !element.matches('article')) return
    views.observe(element)
    if (known.has(id)) return
    known.add(id)
    const published = Date.parse(element.querySelector('time')?.dateTime ?? '')
    // After the frame that shows it; a page that is hidden has none.
    if (!waited && !document.hidden && published)
      requestAnimationFrame(() =>
        setTimeout(() => {
          const { top, bottom } = element.getBoundingClientRect()
          if (top >= innerHeight || bottom <= 0) return
          shown.set(id, { published, at: performance.now() })
          soon()
        }),
      )
  }

  for (const element of list.children) came(element as HTMLElement, true)
  const changes = new MutationObserver((records) => {
    // Posts that had waited behind the pill come when the reader wants them: that is no delay of ours.
    const waited = someWaited
    someWaited = pill?.hidden === false
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.parentNode === list) came(node as HTMLElement, waited)
  })
  changes.observe(list, { childList: true })
  if (pill) changes.observe(pill, { attributeFilter: ['hidden'] })

  document.addEventListener('visibilitychange', () => {
    for (const element of [...inView.keys()]) watchReading(element, true)
    if (document.hidden) {
      void send(true)
      clock = null // a machine that slept may have stopped the one and not the other
      visibleSince = Number.POSITIVE_INFINITY
    } else visibleSince = performance.now()
  })
}
