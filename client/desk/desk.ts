// The live desk of one story: its parts, tied together.
// Called by main.tsx, which shows it.
// Never shows a state that it has not heard: what is queued is queued until the server answered.

import { UNDO_MS } from '../../src/domain/decide-draft.ts'
import { makeId } from '../../src/domain/id.ts'
import type { LiveDeskStart } from '../../src/domain/live-desk.ts'
import { type Action, may } from '../../src/domain/permission.ts'
import type { Snippet } from '../../src/domain/snippet.ts'
import { followAttention } from './attention.ts'
import type { ComposerHandle } from './composer/use-writing.ts'
import { askEmbargo } from './embargo.ts'
import { type Files, openFiles } from './keep/files.ts'
import { createKeeper } from './keep/keeper.ts'
import { goneOn } from './keep/order.ts'
import { createOutbox, type Outbox } from './keep/outbox.ts'
import { keepStart } from './keep/starts.ts'
import { type LocalStore, openLocalStore } from './keep/store.ts'
import { followStory, type Heard, type Live, readOlder, readStory } from './live.ts'
import { tellPresence } from './presence.ts'
import { createRows, type Rows } from './rows.ts'
import { type Api, asRefusal, createApi, type Refusal } from './server/api.ts'
import { type Begun, notHeard } from './shell.ts'
import { type Contact, createState, type State } from './state.ts'
import { newText, sameWords } from './text.ts'
import { mergePosts } from './timeline.ts'
import type { QueuedAct, WrittenText } from './types.ts'
import { DONE_WORDS } from './words.ts'
import { createWriting, type Writing } from './writing.ts'

const SIGN_IN_MS = 4_000 // somebody signing in in the other window looks back here as soon as they are done

export type Desk = {
  start: LiveDeskStart
  state: State
  api: Api
  writing: Writing
  rows: Rows
  outbox: Outbox
  uploads: Files['uploads']
  may(action: Action, ownerId?: string): boolean
  /** ms UTC by the server's clock, as far as it is known. */
  now(): number
  loadOlder(): Promise<void>
  newId(): string
  composer: { current: ComposerHandle | null }
  /** Throws Refusal. */
  loadSnippets(): Promise<void>
  refresh(): void
  /** The server has another version of this program. */
  newer(): void
}

const now = () => Date.now()
const tab = Math.random().toString(36).slice(2, 10) // this window among those of the same person
const newId = () => makeId((size) => crypto.getRandomValues(new Uint8Array(size)))

/** Throws Refusal when the story cannot be read: then the plain page stays. Where the line is known to be gone, it is not asked. */
export async function openDesk({ start, kept }: Begun): Promise<Desk> {
  const { storyId, actor } = start
  const api = createApi({ id: actor.id, csrf: start.csrf }, now)
  const reading = kept ? notHeard(kept) : readStory({ api, storyId })
  const [first, store] = await Promise.all([reading, openLocalStore(actor.id)])
  const text = newText(storyId, newId(), now(), [])
  const state = createState({ ...first, heardAt: kept ? 0 : now(), contact: kept ? 'away' : 'ok', text })
  const failed = (words: string) => state.set({ told: { words, bad: true } })
  const files = await openFiles({ store, api, storyId, now, newId, random: Math.random, failed })
  const desk = connect({ start, api, store, state, files })
  await desk.outbox.reload()
  await desk.writing.begin()
  if (!may(actor, 'post:draft', actor.id)) state.set({ tab: 'timeline' }) // on a phone it comes first to who does not write
  void desk.outbox.drain()
  // Without them a slash stays a slash.
  if (desk.may('snippet:use')) void desk.loadSnippets().catch(() => undefined)
  if (kept) desk.refresh()
  else void keepStart(storyId, actor, first.story, now()).catch(() => undefined)
  return desk
}

type Parts = { start: LiveDeskStart; api: Api; store: LocalStore; state: State; files: Files }

function connect({ start, api, store, state, files }: Parts): Desk {
  const { storyId, actor } = start
  const signedOut = watchSession(api, state, () => {
    files.wake()
    void outbox.drain(true)
    live.now()
    void keeper.flush(true)
    // Whoever signed in may have been another: it was forgotten then, and is known again now.
    void keepStart(storyId, actor, state.get().story, now()).catch(() => undefined)
  })
  const outbox = createOutbox({
    ...{ store, api, now, accountId: actor.id, random: Math.random, bring: files.bring },
    changed: (next) => {
      state.set({ outbox: next, ...(next.held === 'away' ? reached(state.get().contact, 'away') : {}) })
      if (next.held === 'signed-out') signedOut()
    },
    done: (act, revision) => done(act, revision),
    doneElsewhere: (act, revision) => goOnFrom(act, revision),
  })
  const keeper = createKeeper({
    ...{ store, api, now, sendable: files.sendable },
    look: () => writing.lookElsewhere(),
    reached(postId, there) {
      const { text } = state.get()
      if (text.postId !== postId) return
      state.set({ text: { ...text, there } })
      keeper.goOn(state.get().text)
    },
    changed: (kept) => {
      state.set({ kept })
      if (kept.trouble?.kind === 'signed-out') signedOut()
    },
    failed: (error) =>
      state.set({ told: { words: `This browser cannot keep the text: ${asRefusal(error).message}`, bad: true } }),
  })
  const live: Live = followStory({
    ...{ api, storyId },
    heard(all) {
      hear(state, all)
      if (!isKnown) void know()
    },
    met: (who) => state.set(who),
    lost: (refusal) => lose(state, refusal, signedOut),
  })
  // A desk that began without a line has yet to hear who is signed in now.
  let isKnown = start.csrf !== ''
  const know = async () => {
    isKnown = true
    try {
      if (!(await api.renew())) return signedOut()
      await outbox.drain(true)
      await keepStart(storyId, actor, state.get().story, now())
    } catch (thrown) {
      if (asRefusal(thrown).kind === 'signed-out') return state.set({ contact: 'other-person' })
      isKnown = false
    }
  }
  const refresh = () => live.now()
  const rows = createRows({ state, api, storyId, newId, refresh, signedOut })
  const embargoed = (text: WrittenText) =>
    askEmbargo(
      {
        ...{ state, rows, now: () => now() + api.skew(), may: (action, ownerId) => may(actor, action, ownerId) },
        async published({ postId }) {
          const { told, text: shown } = state.get()
          if (shown.postId === postId) await writing.openNew()
          await store.dropText(postId)
          state.set({ told })
        },
      },
      text,
    )
  const writing = createWriting({
    ...{ state, store, api, keeper, outbox, storyId, now, newId, me: actor, sendable: files.sendable },
    askEmbargo: embargoed,
  })

  const goOnFrom = (act: QueuedAct, revision: number) => {
    const { text } = state.get()
    const next = goneOn(text, act, revision)
    if (next === text) return
    state.set({ text: next })
    keeper.goOn(next)
  }
  const done = (act: QueuedAct, revision: number) => {
    goOnFrom(act, revision)
    state.set({ told: { words: DONE_WORDS[act.kind], bad: false }, ...reached(state.get().contact, 'ok') })
    if (act.kind === 'publish') state.set({ undo: { postId: act.text.postId, until: now() + UNDO_MS } })
    // A long queue is sent without reading the timeline after each of its posts.
    const more = state.get().outbox.queue.some(({ n, state: is }) => n !== act.n && is === 'waiting')
    if (!more) live.now()
  }

  followAttention({ api, state, storyId })
  tellPresence({ api, state, storyId, now, tab })
  keepOnLeaving(() => void keeper.flush(true))
  addEventListener('online', () => {
    files.wake()
    keeper.wake()
    void outbox.drain(true)
  })
  addEventListener('offline', () => state.set(reached(state.get().contact, 'away')))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void outbox.drain(true)
  })

  return {
    ...{
      start,
      state,
      api,
      writing,
      rows,
      outbox,
      refresh,
      newId,
      composer: { current: null },
      uploads: files.uploads,
    },
    async loadSnippets() {
      const { snippets } = await api.get<{ snippets: Snippet[] }>(`/stories/${storyId}/snippets`)
      state.set({ snippets })
    },
    newer: () =>
      state.set({
        told: {
          words: 'A newer version of the desk is here. It comes when you next load the page; your text stays.',
          bad: false,
        },
      }),
    may: (action, ownerId) => may(actor, action, ownerId),
    now: () => now() + api.skew(),
    async loadOlder() {
      const last = state.get().posts.at(-1)
      if (!last) return
      try {
        const { posts, more } = await readOlder({ api, storyId }, last.id)
        const known = new Set(state.get().posts.map(({ id }) => id))
        state.set({ posts: [...state.get().posts, ...posts.filter(({ id }) => !known.has(id))], more })
      } catch (thrown) {
        state.set({ told: { words: asRefusal(thrown).message, bad: true } })
      }
    },
  }
}

/** An answer that was asked before the session ended ends up here after it: only a new sign-in brings the contact back. */
function reached(before: Contact, now: 'ok' | 'away'): { contact: Contact } {
  return { contact: before === 'signed-out' || before === 'other-person' ? before : now }
}

/** Only what changed is put anew: else every row would be drawn again every few seconds. */
function hear(state: State, { story, posts, more, shift }: Heard): void {
  const before = state.get()
  const merged = mergePosts(posts, before.posts, more)
  const same = merged.length === before.posts.length && merged.every((post, index) => post === before.posts[index])
  state.set({ story, shift, heardAt: Date.now(), ...reached(before.contact, 'ok'), ...(same ? {} : { posts: merged }) })
  // More was known of what lies below, as long as what was loaded before still hangs together with what was heard.
  if (merged.length === posts.length) state.set({ more })
  const { text, overtaken, outbox } = state.get()
  const post = posts.find(({ id }) => id === text.postId)
  const waits = outbox.queue.some((act) => act.text.postId === text.postId)
  if (!post || waits || text.of === null || post.revision <= text.base || overtaken?.revision === post.revision) return
  if (sameWords(post.content, text.content)) state.set({ text: { ...text, base: post.revision, of: post.state } })
  else state.set({ overtaken: post })
}

function lose(state: State, refusal: Refusal, signedOut: () => void): void {
  if (refusal.kind === 'signed-out') return signedOut()
  if (refusal.kind === 'away' || refusal.kind === 'busy') return state.set(reached(state.get().contact, 'away'))
  state.set({ told: { words: refusal.message, bad: true } })
}

/** Looks for a new sign-in until there is one. Gives what to call when the session turned out to have ended. */
function watchSession(api: Api, state: State, back: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const look = async () => {
    try {
      if (!(await api.renew())) return
      state.set({ contact: 'ok', told: { words: 'You are signed in again. What waited is sent.', bad: false } })
    } catch (thrown) {
      if (asRefusal(thrown).kind !== 'signed-out') return
      state.set({ contact: 'other-person' })
    }
    clearInterval(timer)
    timer = undefined
    removeEventListener('focus', look)
    if (state.get().contact === 'ok') back()
  }
  return () => {
    if (timer !== undefined || state.get().contact === 'other-person') return
    state.set({ contact: 'signed-out' })
    timer = setInterval(() => void look(), SIGN_IN_MS)
    addEventListener('focus', look)
  }
}

/** A phone that is put away may never come back to the page: what is hidden is kept at once. */
function keepOnLeaving(keep: () => void): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keep()
  })
  addEventListener('pagehide', keep)
}
