// Everything the live desk shows, as one value that changes, and who is told of a change.
// Made by desk.ts; read by the views through views/use-desk.ts.
// Never holds what is not shown: texts and acts themselves stand in keep/.

import type { ShiftNote } from '../../src/domain/note.ts'
import type { PostState } from '../../src/domain/post.ts'
import type { Snippet } from '../../src/domain/snippet.ts'
import type { Presence, Readers } from '../../src/domain/together.ts'
import type { CutOut } from './composer/context.ts'
import type { Elsewhere } from './elsewhere.ts'
import { type KeptState, NOT_KEPT } from './keep/keeper.ts'
import type { OutboxState } from './keep/outbox.ts'
import type { DeskPost, DeskStory, Told, WrittenText } from './types.ts'

export type Contact = 'ok' | 'away' | 'signed-out' | 'other-person'
export type Tab = 'write' | 'timeline' | 'story'
export type Shown = PostState | 'all'

export type DeskState = {
  story: DeskStory
  /** Unpublished ones first, then as readers see them, newest first. */
  posts: readonly DeskPost[]
  /** What the editor before wrote for this one. */
  shift: ShiftNote | null
  /** Whether the server has older ones. */
  more: boolean
  contact: Contact
  /** ms UTC of the last answer; 0 = none yet. */
  heardAt: number
  outbox: OutboxState
  /** The text in the composer. */
  text: WrittenText
  /** Why the text cannot be sent as it is, told by the composer. */
  problems: readonly string[]
  /** Changes when another text is opened, so that the fields begin anew. */
  opening: number
  kept: KeptState
  /** Texts that wait for somebody to go on, apart from the one in the composer. */
  texts: readonly WrittenText[]
  /** The post under the text, where somebody else changed it meanwhile. */
  overtaken: DeskPost | null
  /** What its author typed in it on another device meanwhile. */
  elsewhere: Elsewhere | null
  /** Everybody who is in the story, one entry for each of their windows. */
  presence: readonly Presence[]
  /** null: not heard yet. */
  readers: Readers | null
  /** What readers' browsers told, in words, by post; absent where nothing was told. */
  attention: ReadonlyMap<string, string>
  told: Told | null
  /** A post that was published a moment ago. `until`: ms UTC of this machine's clock. */
  undo: { postId: string; until: number } | null
  /** Posts with an act on its way. */
  busy: ReadonlySet<string>
  tab: Tab
  shown: Shown
  find: string
  open: 'palette' | 'keys' | Tool | null
  /** Posts chosen for one act over all of them; null: nobody is choosing. */
  chosen: ReadonlySet<string> | null
  /** null: not heard yet. */
  snippets: readonly Snippet[] | null
}

/** `away`: to another story. */
export type PostTool =
  | 'preview'
  | 'history'
  | 'notes'
  | 'place'
  | 'copy'
  | 'away'
  | 'discard'
  | 'embargo'
  | 'schedule'
  | 'flags'

/** A dialog that is loaded when it is opened. */
export type Tool =
  | { tool: 'find' }
  | { tool: 'snippets' }
  | { tool: 'media'; media: string; put(cut: CutOut): void }
  | { tool: PostTool; postId: string }

export type State = {
  get(): DeskState
  set(more: Partial<DeskState>): void
  subscribe(listener: () => void): () => void
}

type First = Pick<DeskState, 'story' | 'posts' | 'shift' | 'more' | 'heardAt' | 'text' | 'contact'>

export function createState(first: First): State {
  const listeners = new Set<() => void>()
  let state: DeskState = {
    ...first,
    outbox: { queue: [], sending: null, held: null },
    problems: [],
    opening: 0,
    kept: NOT_KEPT,
    texts: [],
    overtaken: null,
    elsewhere: null,
    presence: [],
    readers: null,
    attention: new Map(),
    told: null,
    undo: null,
    busy: new Set(),
    tab: 'write',
    shown: 'all',
    find: '',
    open: null,
    chosen: null,
    snippets: null,
  }
  return {
    get: () => state,
    set(more) {
      state = { ...state, ...more }
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
