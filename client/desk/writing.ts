// Everything done to the text in the composer: opening, changing, sending, and deciding where two texts stand against each other.
// Made by desk.ts; called by the views.
// Never lets go of a text before it stands somewhere else.

import type { PostContent } from '../../src/domain/content.ts'
import { bylineOf } from '../../src/domain/plain-fields.ts'
import type { Release } from '../../src/domain/post.ts'
import { newerElsewhere } from './elsewhere.ts'
import { holdText, nowhereOpen } from './keep/hold.ts'
import type { Keeper, KeptState } from './keep/keeper.ts'
import { type Outbox, theirsOf } from './keep/outbox.ts'
import type { LocalStore } from './keep/store.ts'
import { type Api, asRefusal } from './server/api.ts'
import type { State } from './state.ts'
import { hasNoWords, isEmpty, NO_CONTENT, newestOf, newText, sameWords, textOfPost } from './text.ts'
import { createReading } from './told.ts'
import type { DeskPost, QueuedAct, TextAct, WrittenText } from './types.ts'
import { momentWords } from './words.ts'

export type Writing = {
  /** What is there to go on with: typed here, or on another device; else a new text. */
  begin(): Promise<void>
  change(more: Partial<Pick<WrittenText, 'content' | 'keyEvent' | 'note'>>): void
  openPost(post: DeskPost): Promise<void>
  openText(text: WrittenText): Promise<void>
  openNew(): Promise<void>
  /** Puts the text at hand away; what was typed in it is given up. */
  discard(): Promise<void>
  send(kind: TextAct, release?: Omit<Release, 'by'> | null): Promise<void>
  /** Of an act that asks. `together`: mine in the composer, theirs beside it. */
  decide(act: QueuedAct, choice: 'mine' | 'theirs' | 'together'): Promise<void>
  /** Of the text at hand, which somebody else changed meanwhile. */
  settle(choice: 'mine' | 'theirs'): Promise<void>
  /** Whether the text at hand went on on another device. */
  lookElsewhere(): Promise<void>
  /** Of the text at hand, which went on on another device: both stay, one of them in the fields. */
  meet(choice: 'mine' | 'other'): Promise<void>
  takeBack(act: QueuedAct): Promise<void>
  again(act: QueuedAct): Promise<void>
  drop(act: QueuedAct): Promise<void>
  refreshTexts(): Promise<void>
}

export type WritingDeps = {
  state: State
  store: LocalStore
  api: Api
  keeper: Keeper
  outbox: Outbox
  me: { id: string; name: string }
  /** As the server can be sent it. */
  sendable(text: WrittenText): WrittenText
  storyId: string
  now(): number
  newId(): string
  /** True: it is under embargo, and the person was asked. */
  askEmbargo(text: WrittenText): boolean
}

type Begun = { id: number; postId: string; at: number; revision: number; content: PostContent }
type AutosaveLine = { id: number; at: number; by: { id: string; name: string | null }; revision: number }

export function createWriting(deps: WritingDeps): Writing {
  const { state, store, api, keeper, outbox, storyId } = deps
  let letGo: (() => void) | null = null
  const isRead = createReading()
  const tell = (words: string, bad = false) => state.set({ told: { words, bad } })
  const fresh = (): WrittenText => {
    const byline = bylineOf(deps.me.name)
    return newText(storyId, deps.newId(), deps.now(), byline === '' ? [] : [{ name: byline }])
  }

  const refreshTexts = async () => {
    const kept = await store.texts(storyId)
    const free = await nowhereOpen(kept.map(({ postId }) => postId))
    const { text } = state.get()
    const others = kept.filter(({ postId }) => free.has(postId) && postId !== text.postId)
    state.set({ texts: others.sort((one, other) => other.changedAt - one.changedAt) })
  }

  /** Shown at once, so that not a key goes into the text before. */
  const put = (text: WrittenText, kept: Partial<KeptState> = {}) => {
    keeper.open(text, kept)
    state.set({ text, problems: [], opening: state.get().opening + 1, overtaken: null, elsewhere: null, tab: 'write' })
  }

  const show = async (text: WrittenText, kept: Partial<KeptState> = {}): Promise<boolean> => {
    if (text.postId !== state.get().text.postId || letGo === null) {
      const release = await holdText(text.postId)
      if (!release) {
        tell('This text is open in another window of this browser.', true)
        return false
      }
      await keeper.flush()
      letGo?.()
      letGo = release
    }
    put(text, kept)
    await refreshTexts()
    return true
  }

  const openNew = async () => {
    const text = fresh()
    await keeper.flush()
    letGo?.()
    letGo = await holdText(text.postId)
    put(text)
    await refreshTexts()
  }

  const openPost = async (post: DeskPost) => {
    const queued = state.get().outbox.queue.find(({ text }) => text.postId === post.id)
    if (queued) return tell('An act on this post still waits to be sent. Take it back to change its text.', true)
    const mine = await store.text(post.id)
    if (mine) {
      if ((await show(mine, { here: mine.changedAt })) && mine.base !== post.revision) state.set({ overtaken: post })
      return
    }
    const text = textOfPost(post, deps.now())
    if (!(await show(text))) return
    // Shown first, asked then: a slow line must not keep anybody from typing. What was typed meanwhile is the newest.
    const typed = await autosavedOf(api, deps.me.id, post)
    const { text: shown, story } = state.get()
    if (!typed || shown.postId !== post.id || shown.base !== text.base || !sameWords(shown.content, text.content))
      return
    put({ ...shown, content: typed.content }, { server: typed.at })
    const at = momentWords(typed.at, story.timeZone)
    tell(`What you typed here before, ${at}, is in the fields. It was not sent.`)
  }

  const begin = async () => {
    const kept = await store.texts(storyId)
    const free = await nowhereOpen(kept.map(({ postId }) => postId))
    const here = newestOf(kept.filter((text) => free.has(text.postId) && !isEmpty(text)))
    if (here && (await show(here, { here: here.changedAt }))) {
      const post = state.get().posts.find(({ id }) => id === here.postId)
      if (post && post.revision > here.base && !sameWords(post.content, here.content)) state.set({ overtaken: post })
      void lookElsewhere()
      return tell('What you were writing is here.')
    }
    // Without a line nobody waits for what would not come.
    const isAway = state.get().contact === 'away'
    const there = isAway
      ? null
      : await begunElsewhere(api, storyId, [...kept, ...state.get().outbox.queue.map(({ text }) => text)])
    if (there) {
      const text = { ...fresh(), postId: there.postId, content: there.content, base: there.revision, there: there.id }
      if (await show(text, { server: there.at })) return tell('What you began elsewhere is here. It was not sent.')
    }
    await openNew()
  }

  /** Among the autosaved versions of its post, before another text takes its place. False: it could not be, and was told. */
  const putAside = async (text: WrittenText): Promise<boolean> => {
    const { storyId: at, postId, base, content } = deps.sendable(text)
    try {
      await api.send('POST', `/stories/${at}/posts/${postId}/autosaves`, { revision: base, content })
      return true
    } catch (error) {
      tell(
        `Your text could not be put among the autosaved versions: ${asRefusal(error).message} Nothing was changed.`,
        true,
      )
      return false
    }
  }

  const lookElsewhere = async () => {
    const { text } = state.get()
    const found = await newerElsewhere(api, deps.me.id, deps.sendable(text))
    if (found && state.get().text.postId === found.postId) state.set({ elsewhere: found })
  }

  const meet: Writing['meet'] = async (choice) => {
    const { elsewhere, text } = state.get()
    if (!elsewhere) return
    const { id: there, content, at } = elsewhere
    if (choice === 'mine') {
      state.set({ elsewhere: null, text: { ...text, there } })
      return change({})
    }
    // With its photos that wait: among the autosaved versions they could not be.
    await keepBeside(text)
    await keeper.flush()
    put({ ...text, content, there }, { server: at })
    change({})
    await refreshTexts()
    tell('The text of the other device is in the fields. Yours is among the unfinished ones.')
  }

  /** Without photos that waited: they are gone from this browser. */
  const bringBack = async (text: WrittenText) => {
    // What stands on the server since is our own giving up, not another device.
    if (!(await show({ ...deps.sendable(text), there: Number.MAX_SAFE_INTEGER }))) return
    change({})
    state.set({ told: null })
  }

  /** As a text of its own in this browser. */
  const keepBeside = (text: WrittenText) =>
    store.keepText({ ...newText(storyId, deps.newId(), deps.now(), []), content: text.content, note: text.note })

  const change: Writing['change'] = (more) => {
    const { text: before, told, undo } = state.get()
    const text = { ...before, ...more, changedAt: deps.now() }
    // "Published." above words that are not would be read as if it spoke of them.
    state.set({ text, ...(isRead(told, undo?.until ?? null, deps.now()) ? { told: null } : {}) })
    keeper.change(text)
  }

  const send: Writing['send'] = async (kind, release = null) => {
    const { text, story, problems } = state.get()
    const refusal = whyNot(kind, text, story.state) ?? (kind === 'draft' ? null : (problems[0] ?? null))
    if (refusal !== null) return tell(refusal, true)
    if (kind === 'publish' && deps.askEmbargo(text)) return
    const act = { kind, text, release, key: deps.newId(), at: deps.now(), said: null, theirs: null }
    // Asked once something waits in this browser: else a full disk may take it.
    void navigator.storage?.persist?.().catch(() => false)
    const held = letGo
    if (kind !== 'draft') {
      void keeper.release()
      letGo = null
      put(fresh())
    }
    state.set({ told: null, undo: null })
    try {
      await outbox.add({ ...act, state: 'waiting' })
    } catch (error) {
      put(text)
      keeper.change(text)
      return tell(
        `This browser could not keep the text for sending: ${asRefusal(error).message}. It is still in the fields.`,
        true,
      )
    }
    if (kind === 'draft') return
    held?.()
    letGo = await holdText(state.get().text.postId)
    await refreshTexts()
  }

  const settle: Writing['settle'] = async (choice) => {
    const { overtaken, text } = state.get()
    if (!overtaken) return
    const { revision, of } = theirsOf(overtaken)
    if (choice === 'mine') {
      state.set({ overtaken: null, text: { ...text, base: revision, of } })
      return change({})
    }
    if (!(await putAside(text))) return
    if (deps.sendable(text).content !== text.content) await keepBeside(text)
    await keeper.flush()
    // A key pressed meanwhile, or a newer text of theirs: the same once more, with what stands there now.
    const later = state.get()
    if (later.text !== text || later.overtaken !== overtaken) return later.overtaken ? settle('theirs') : undefined
    put(textOfPost(overtaken, deps.now()))
    await store.dropText(text.postId)
    tell('The text of the other is in the fields. Yours is among the autosaved versions of the post.')
  }

  return {
    ...{ begin, change, openPost, openNew, send, settle, refreshTexts, lookElsewhere, meet },
    async openText(text) {
      await show(text, { here: text.changedAt })
    },
    async discard() {
      const { text } = state.get()
      const post = state.get().posts.find(({ id }) => id === text.postId)
      // The server is told as well, else it would bring the words back on another device.
      const left = { ...text, content: post?.content ?? NO_CONTENT, note: '' }
      keeper.change(left)
      await keeper.flush(true)
      await keeper.release()
      await store.dropText(text.postId)
      await openNew()
      if (isEmpty(text)) return
      const words = text.of === null ? 'Thrown away.' : 'Your changes are dropped.'
      state.set({ told: { words, bad: false, choices: [{ words: 'Bring it back', run: () => void bringBack(text) }] } })
    },
    async decide(act, choice) {
      if (!act.theirs) return
      const { revision, of, content } = act.theirs
      const mine: WrittenText = { ...act.text, base: revision, of }
      if (choice === 'mine') {
        const kind = of === 'published' && act.kind !== 'correct' ? 'revise' : act.kind
        const waiting = { state: 'waiting', said: null, theirs: null } as const
        return outbox.change({ ...act, ...waiting, kind, text: mine, key: deps.newId() })
      }
      if (choice === 'together') {
        if (!(await outbox.takeBack({ ...act, text: mine }))) return
        const post = state.get().posts.find(({ id }) => id === mine.postId)
        if ((await show(mine, { here: deps.now() })) && post) state.set({ overtaken: { ...post, revision, content } })
        return
      }
      if (!(await putAside(act.text))) return
      await outbox.drop(act.n)
      tell('The text of the other stands. Yours is among the autosaved versions of the post.')
    },
    async takeBack(act) {
      if (!(await outbox.takeBack(act))) return tell('It was sent already.')
      await show(act.text, { here: act.at })
    },
    again: (act) => outbox.change({ ...act, state: 'waiting', said: null, theirs: null, key: deps.newId() }),
    async drop(act) {
      await outbox.drop(act.n)
      tell('Given up. Nothing of it was sent.')
    },
  }
}

/** Told before anything is put into the queue; the server says the rest. */
function whyNot(kind: TextAct, text: WrittenText, story: string): string | null {
  if (kind === 'draft' ? isEmpty(text) : hasNoWords(text)) return 'A post needs a headline or some text.'
  if (kind === 'publish' && story === 'planned') return 'Start the story first. The text is kept.'
  if (kind === 'publish' && story === 'ended') return 'This story has ended. The text is kept.'
  if (kind === 'correct' && text.note.trim() === '')
    return 'A correction needs a note that tells readers what was wrong.'
  return null
}

/** What this person typed in a post last, where it was never sent and the post is still the same. */
async function autosavedOf(api: Api, me: string, post: DeskPost): Promise<{ at: number; content: PostContent } | null> {
  const path = `/stories/${post.storyId}/posts/${post.id}/autosaves`
  try {
    const { autosaves } = await api.get<{ autosaves: AutosaveLine[] }>(path)
    const [last] = autosaves
    if (!last || last.by.id !== me || last.revision !== post.revision) return null
    const { content } = await api.get<{ content: PostContent }>(`${path}/${last.id}`)
    return sameWords(content, post.content) ? null : { at: last.at, content }
  } catch {
    return null // the text as it was saved is there all the same
  }
}

async function begunElsewhere(api: Api, storyId: string, known: readonly WrittenText[]): Promise<Begun | null> {
  try {
    const { texts } = await api.get<{ texts: Begun[] }>(`/stories/${storyId}/begun`)
    return texts.find(({ postId }) => !known.some((text) => text.postId === postId)) ?? null
  } catch {
    return null
  }
}
