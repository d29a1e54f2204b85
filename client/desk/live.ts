// How the desk hears of what others do in the story: by the server's stream, which tells when to read again, and by asking now and then.
// Made by desk.ts.
// Never trusts the stream alone: a line may be dead without a word, and then it is asked every few seconds.

import type { ShiftNote } from '../../src/domain/note.ts'
import type { DeskFrames } from '../../src/domain/together.ts'
import { type Api, asRefusal, Refusal } from './server/api.ts'
import type { DeskPost, DeskStory } from './types.ts'

const EVERY_MS = 5_000 // without a stream: a colleague's post is seen within the time a sentence takes
const BESIDE_MS = 60_000 // beside a stream that is heard: what no frame tells, such as a name that changed
const SOON_MS = 100 // acts that come together are read together
const AWAY_MS = [5_000, 10_000, 20_000, 30_000] // the line is gone: a phone's battery matters more than a second
const SILENT_MS = 25_000 // two beats were missed and more: the line is dead, whatever the browser thinks
const PAGE = 50 // posts; the timeline of a desk's last hours

export type Heard = { story: DeskStory; posts: DeskPost[]; more: boolean; shift: ShiftNote | null }
export type Met = Partial<Pick<DeskFrames['state'], 'presence' | 'readers'>>

export type Live = {
  /** Asks at once. */
  now(): void
  stop(): void
}

export type LiveDeps = {
  api: Api
  storyId: string
  heard(all: Heard): void
  met(who: Met): void
  lost(refusal: Refusal): void
}

/** Throws Refusal. */
export async function readStory({ api, storyId }: Pick<LiveDeps, 'api' | 'storyId'>): Promise<Heard> {
  const [story, { posts, next }, { current }] = await Promise.all([
    api.follow<DeskStory>(`/stories/${storyId}`),
    api.follow<{ posts: DeskPost[]; next: string | null }>(`/stories/${storyId}/posts?limit=${PAGE}`),
    api.follow<{ current: ShiftNote | null }>(`/stories/${storyId}/shift-note`),
  ])
  return { story, posts, more: next !== null, shift: current }
}

export async function readOlder({ api, storyId }: Pick<LiveDeps, 'api' | 'storyId'>, after: string) {
  const path = `/stories/${storyId}/posts?limit=${PAGE}&after=${after}`
  const { posts, next } = await api.get<{ posts: DeskPost[]; next: string | null }>(path)
  return { posts, more: next !== null }
}

export function followStory(deps: LiveDeps): Live {
  let timer: ReturnType<typeof setTimeout> | undefined
  let misses = 0
  let asking = false
  let again = false
  let stopped = false
  const isSeen = () => document.visibilityState === 'visible' && !stopped

  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    if (asking) {
      again = true // an answer on its way may be older than what was just done
      return
    }
    asking = true
    try {
      deps.heard(await readStory(deps))
      misses = 0
    } catch (thrown) {
      misses += 1
      deps.lost(asRefusal(thrown))
    } finally {
      asking = false
    }
    const more = again && misses === 0
    again = false
    if (more) return ask()
    plan(
      misses === 0 ? (stream.isHeard() ? BESIDE_MS : EVERY_MS) : (AWAY_MS[Math.min(misses, AWAY_MS.length) - 1] ?? 0),
    )
  }
  const plan = (ms: number) => {
    clearTimeout(timer)
    if (isSeen()) timer = setTimeout(() => void ask(), ms)
  }
  const stream = openStream(deps, () => plan(SOON_MS))
  const seen = () => {
    if (!isSeen()) return
    void ask()
    stream.wake()
  }
  document.addEventListener('visibilitychange', seen)
  addEventListener('online', seen)
  plan(EVERY_MS)
  return {
    now: () => {
      void ask()
      stream.wake()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      stream.close()
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', seen)
    },
  }
}

type Stream = { isHeard(): boolean; wake(): void; close(): void }

/** `moved`: something is other than it was. */
function openStream({ storyId, met, lost }: LiveDeps, moved: () => void): Stream {
  let source: EventSource | null = null
  let head = -1
  let heard = false
  let misses = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const close = () => {
    clearTimeout(timer)
    timer = undefined
    source?.close()
    source = null
    heard = false
  }
  const reopen = (ms?: number) => {
    close()
    misses += 1
    timer = setTimeout(open, ms ?? AWAY_MS[Math.min(misses, AWAY_MS.length) - 1])
  }
  const on = <K extends keyof DeskFrames>(name: K, take: (frame: DeskFrames[K]) => void) =>
    source?.addEventListener(name, (event) => {
      clearTimeout(timer)
      timer = setTimeout(reopen, SILENT_MS)
      heard = true
      misses = 0
      take(JSON.parse((event as MessageEvent<string>).data) as DeskFrames[K])
    })
  const open = () => {
    close()
    source = new EventSource(`/desk/stories/${storyId}/live`)
    timer = setTimeout(reopen, SILENT_MS)
    // The browser comes again by itself after a lost line; after an answer that is no stream it does not.
    source.onerror = () => {
      if (heard) moved() // whether only the stream broke or the server is gone is told by asking it
      if (source?.readyState === EventSource.CLOSED) reopen()
      else heard = false
    }
    on('state', ({ head: now, presence, readers }) => {
      head = now
      met({ presence, readers })
      moved()
    })
    on('desk', ({ head: now }) => {
      head = now
      moved()
    })
    on('presence', ({ presence }) => met({ presence }))
    on('readers', (readers) => met({ readers }))
    on('beat', ({ head: now }) => now !== head && reopen(0))
    on('bye', ({ retry }) => reopen(retry))
    on('end', ({ reason }) => {
      close()
      const kind = reason === 'unauthorized' ? 'signed-out' : 'no'
      lost(new Refusal(kind, 'You may not read this story any more.'))
    })
  }
  open()
  return { isHeard: () => heard, wake: () => source === null && timer === undefined && open(), close }
}
