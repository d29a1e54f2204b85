// The queue of acts: sends them in order, once, whichever tab is open, and waits where the server is away.
// Made by desk.ts; its queue stands in keep/store.ts.
// Never sends while another tab sends, never gives up an act by itself, never overwrites: a conflict asks.

import type { PostContent } from '../../../src/domain/content.ts'
import type { PostState } from '../../../src/domain/post.ts'
import { type Api, asRefusal, type Refusal } from '../server/api.ts'
import type { DeskPost, QueuedAct } from '../types.ts'
import { nextToSend, retryDelay } from './order.ts'
import { perform } from './requests.ts'
import type { LocalStore, NewAct } from './store.ts'

export type OutboxState = {
  queue: readonly QueuedAct[]
  /** `n` of the act on its way. */
  sending: number | null
  /** Why nothing goes out. */
  held: 'away' | 'signed-out' | null
}

export type OutboxDeps = {
  store: LocalStore
  api: Api
  accountId: string
  now(): number
  random(): number
  changed(state: OutboxState): void
  /** Sends first what the act needs at the server. Throws Refusal. */
  bring(act: QueuedAct): Promise<QueuedAct | null>
  /** The server has it. */
  done(act: QueuedAct, revision: number): void
  /** The server has it, by the hand of another tab. */
  doneElsewhere(act: QueuedAct, revision: number): void
}

export type Outbox = {
  add(act: NewAct): Promise<void>
  /** Sends what waits. `fresh`: a sign from outside that it may work again. */
  drain(fresh?: boolean): Promise<void>
  change(act: QueuedAct): Promise<void>
  drop(n: number): Promise<void>
  /** False: it was sent already. */
  takeBack(act: QueuedAct): Promise<boolean>
  reload(): Promise<void>
  stop(): void
}

const HEARD_MS = 5_000 // another tab changed the queue while this one slept: looked at again after so long

export function createOutbox(deps: OutboxDeps): Outbox {
  const { store, api, accountId } = deps
  const channel = new BroadcastChannel(`dateline-desk-${accountId}`)
  const state: OutboxState = { queue: [], sending: null, held: null }
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const show = (more: Partial<OutboxState>) => {
    Object.assign(state, more)
    deps.changed({ ...state })
  }
  const reload = async () => show({ queue: await store.queue() })
  const changed = async () => {
    channel.postMessage('queue')
    await reload()
  }
  channel.onmessage = ({ data }: MessageEvent<'queue' | Sent>) => {
    if (data !== 'queue') deps.doneElsewhere(data.act, data.revision)
    void reload()
  }

  const later = (refusal: Refusal) => {
    clearTimeout(timer)
    tries += 1
    const wait = retryDelay(tries, deps.random(), refusal.retryAfter)
    if (wait !== null && !stopped) timer = setTimeout(() => void drain(), wait)
  }

  /** False: nothing more can go now. */
  const sendOne = async (act: QueuedAct): Promise<boolean> => {
    show({ sending: act.n })
    try {
      const ready = await deps.bring(act)
      if (!ready) return true // taken back or given up in another tab meanwhile
      const revision = await perform(api, ready)
      await store.settle(ready, revision)
      tries = 0
      show({ held: null })
      channel.postMessage({ act: ready, revision } satisfies Sent)
      deps.done(ready, revision)
      return true
    } catch (thrown) {
      const refusal = asRefusal(thrown)
      if (refusal.kind === 'signed-out') {
        show({ held: 'signed-out' })
        return false
      }
      if (refusal.kind === 'away' || refusal.kind === 'busy') {
        show({ held: 'away' })
        later(refusal)
        return false
      }
      await store.change(await answered(api, act, refusal))
      show({ held: null })
      return true
    } finally {
      show({ sending: null })
      await changed()
    }
  }

  const sendAll = async () => {
    for (;;) {
      const act = stopped ? undefined : nextToSend(await store.queue())
      if (!act || !(await sendOne(act))) return
    }
  }

  const drain = async (fresh = false) => {
    clearTimeout(timer)
    if (fresh) tries = 0
    // Whoever has the lock reads the queue anew after each act: the other tab finds nothing left to send.
    await navigator.locks.request(`dateline-desk-outbox-${accountId}`, sendAll)
  }
  const beat = setInterval(() => void reload(), HEARD_MS)

  return {
    reload,
    drain,
    async add(act) {
      await store.enqueue(act)
      await changed()
      void drain()
    },
    async change(act) {
      await store.change(act)
      await changed()
      void drain(true)
    },
    async drop(n) {
      await store.dequeue(n)
      await changed()
    },
    async takeBack(act) {
      const back = await store.takeBack(act)
      await changed()
      return back
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(beat)
      channel.close()
    },
  }
}

type Sent = { act: QueuedAct; revision: number }
type Told = { revision?: number; content?: PostContent; embargo?: unknown } | undefined

/** What becomes of an act that the server will not do: it asks where another text stands, else it says why. */
async function answered(api: Api, act: QueuedAct, refusal: Refusal): Promise<QueuedAct> {
  const refused: QueuedAct = { ...act, state: 'refused', said: refusal.message, theirs: null }
  const details = refusal.details as Told
  if (refusal.kind !== 'conflict' || details?.embargo !== undefined) return refused
  const { storyId, postId } = act.text
  const post = await api.get<DeskPost>(`/stories/${storyId}/posts/${postId}`).catch(() => null)
  if (!post || post.state === 'withdrawn') return refused
  return { ...refused, state: 'asks', theirs: theirsOf(post) }
}

export function theirsOf(post: DeskPost): { revision: number; content: PostContent; of: PostState } {
  return { revision: post.revision, content: post.content, of: post.state }
}
