// Keeps the text at hand while it is typed: in this browser within a moment, on the server after a rest.
// Made by desk.ts for the text in the composer.
// Never says that something is kept before it is.

import { type Api, asRefusal, type Refusal } from '../server/api.ts'
import { isEmpty } from '../text.ts'
import type { WrittenText } from '../types.ts'
import type { LocalStore } from './store.ts'

const LOCAL_MS = 250 // a crash loses less than the third of a second
const REST_MS = 2_000 // a pause in typing
const LONGEST_MS = 10_000 // who types on without a pause is kept on the server so often
const AGAIN_MS = 10_000 // after a try without an answer

/** ms UTC of this machine's clock; null = not yet. `here` / `server`: of the newest words that are there. */
export type KeptState = { here: number | null; server: number | null; unsaved: boolean; trouble: Refusal | null }
export const NOT_KEPT: KeptState = { here: null, server: null, unsaved: false, trouble: null }

export type Keeper = {
  /** Takes a text as it is kept already. */
  open(text: WrittenText, state?: Partial<KeptState>): void
  change(text: WrittenText): void
  /** The same words, made from a later revision. */
  goOn(text: WrittenText): void
  /** Writes what is not written yet. `last`: the page may be gone in a moment. */
  flush(last?: boolean): Promise<void>
  /** A sign from outside that the server is there again. */
  wake(): void
  /** Nothing more is written of the text at hand: it went elsewhere. */
  release(): Promise<void>
}

type Deps = {
  store: LocalStore
  api: Api
  now(): number
  changed(state: KeptState): void
  failed(error: unknown): void
  /** As the server can be sent it. */
  sendable(text: WrittenText): WrittenText
  /** Before the first words of a text go to the server, and after a time without a line: another device may have been there. */
  look(text: WrittenText): Promise<void>
  /** `id`: of the autosave that was made. */
  reached(postId: string, id: number): void
}

export function createKeeper({ store, api, now, changed, failed, sendable, look, reached }: Deps): Keeper {
  let text: WrittenText | null = null
  let state = NOT_KEPT
  let dirtyHere = false
  let dirtyThere = false
  let isLooked = false
  let since = 0 // when the first change came that the server has not
  let localTimer: ReturnType<typeof setTimeout> | undefined
  let serverTimer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const show = (more: Partial<KeptState>) => {
    state = { ...state, ...more, unsaved: dirtyHere || dirtyThere }
    changed(state)
  }

  const writeHere = async () => {
    clearTimeout(localTimer)
    localTimer = undefined
    if (!text || !dirtyHere) return
    const now_ = text
    dirtyHere = false
    try {
      if (isEmpty(now_) && now_.base === 0) await store.dropText(now_.postId)
      else await store.keepText(now_)
      if (text?.postId === now_.postId) show({ here: now() })
    } catch (error) {
      dirtyHere = true
      failed(error)
    }
  }

  const writeThere = async (last = false) => {
    clearTimeout(serverTimer)
    if (!text || !dirtyThere) return
    const sent = text
    const { storyId, postId, base: revision, content } = sendable(sent)
    // An empty text is sent as well, where words were there before: they were thrown away.
    if (isEmpty(sent) && state.server === null) return
    dirtyThere = false
    try {
      if (!isLooked && !last) await look(sent)
      isLooked = true
      const path = `/stories/${storyId}/posts/${postId}/autosaves`
      const { id } = await api.send<{ id?: number }>('POST', path, { revision, content }, { last })
      if (text?.postId !== postId) return
      show({ server: now(), trouble: null })
      if (id === undefined || id === text.there) return
      reached(postId, id)
      dirtyHere = true
      localTimer ??= setTimeout(() => void inTurn(writeHere), LOCAL_MS)
    } catch (thrown) {
      if (text?.postId !== postId) return
      const trouble = asRefusal(thrown)
      if (trouble.kind === 'away') isLooked = false
      dirtyThere = trouble.kind !== 'no' && trouble.kind !== 'conflict'
      since = now()
      if (dirtyThere) serverTimer = setTimeout(() => void writeThere(), AGAIN_MS)
      show({ trouble })
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work, work)
    return writing
  }

  return {
    open(next, more = {}) {
      text = next
      isLooked = false
      dirtyHere = false
      dirtyThere = false
      clearTimeout(localTimer)
      clearTimeout(serverTimer)
      state = { ...NOT_KEPT, ...more }
      changed(state)
    },
    change(next) {
      text = next
      if (!dirtyThere) since = now()
      dirtyHere = true
      dirtyThere = true
      // Not put off by the next key: the first one that is not kept sets the time.
      localTimer ??= setTimeout(() => void inTurn(writeHere), LOCAL_MS)
      clearTimeout(serverTimer)
      const wait = Math.max(0, Math.min(REST_MS, since + LONGEST_MS - now()))
      serverTimer = setTimeout(() => void inTurn(() => writeThere()), wait)
      show({})
    },
    goOn(next) {
      if (text?.postId === next.postId) text = next
    },
    async flush(last = false) {
      const here = writeHere() // begun at once: a page that closes waits for nothing
      if (last) void writeThere(true)
      await here
      await writing
    },
    wake: () => void (dirtyThere && inTurn(() => writeThere())),
    async release() {
      clearTimeout(localTimer)
      clearTimeout(serverTimer)
      localTimer = undefined
      text = null
      await writing.catch(() => undefined)
    },
  }
}
