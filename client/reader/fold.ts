// What a reader's page knows of its story, and how an entry of the public log changes it. Pure and deterministic.
// Called by main.ts and by test/simulation. Never touches the DOM, a clock or the network; never keeps a post's text.
//
//   startState(snapshot)          → state of a freshly loaded page
//   fold(state, change)           → one entry of the stream
//   foldCatchUp(state, catchUp)   → an answer of /{story}/since/{position}
//   foldSnapshot(state, snapshot) → the page, loaded again
// Each of the last three gives {state, ops, status}; states are values, the old one stays as it was. `ops` are carried out in
// order and bring a screen from the old state to the new one. Status:
//   applied  the state moved on          ignored  nothing new (a double, a replay)
//   gap      entries are missing: nothing after the hole was taken; catch up from state.seq
//   refetch  continuity cannot be proven: load the page again and foldSnapshot it

import { ORDER_GAP, PAGE_SIZE } from '../../src/domain/post.ts'
import type { Region, WireCatchUp, WireChange } from '../../src/domain/wire.ts'

export type Mark = { readonly version: number; readonly orderKey: number }
export type ShownPost = Mark & { id: string; html: string }

/** `openEnd`: the newest posts belong on this page. `floor`: order keys below it belong on older pages. */
export type PageState = {
  readonly epoch: string
  readonly seq: number
  readonly openEnd: boolean
  readonly floor: number
  readonly posts: ReadonlyMap<string, Mark>
  readonly gone: ReadonlyMap<string, number> // id → seq of the entry that removed it
}

/** A page as the server rendered it. */
export type Snapshot = {
  epoch: string
  seq: number
  openEnd: boolean
  posts: readonly ShownPost[]
  regions: Partial<Record<Region, string>>
}

/** `isNew`: not on the page before, so it may have to wait (law 9). */
export type Op =
  | { op: 'upsert'; id: string; version: number; orderKey: number; html: string; isNew: boolean }
  | { op: 'remove'; id: string }
  | { op: 'regions'; regions: Partial<Record<Region, string>> }
  | { op: 'story'; story: WireChange['story'] }
  | { op: 'elsewhere' } // a new post that stands on the newest page, which this is not

export type Status = 'applied' | 'ignored' | 'gap' | 'refetch'
export type Folded = { state: PageState; ops: Op[]; status: Status }

export function startState(snapshot: Omit<Snapshot, 'regions'>): PageState {
  const { epoch, seq, openEnd, posts } = snapshot
  const marks = posts.map(({ id, version, orderKey }) => [id, { version, orderKey }] as const)
  return { epoch, seq, openEnd, floor: floorOf(posts), posts: new Map(marks), gone: new Map() }
}

export function fold(state: PageState, change: WireChange): Folded {
  if (change.seq <= state.seq) return { state, ops: [], status: 'ignored' }
  if (change.seq !== state.seq + 1) return { state, ops: [], status: 'gap' }
  const posts = new Map(state.posts)
  const gone = new Map(state.gone)
  const ops: Op[] = []
  const { post } = change
  if (post && belongs(state, post)) {
    const isNew = !posts.has(post.id)
    posts.set(post.id, { version: post.version, orderKey: post.orderKey })
    const { id, version, orderKey, html } = post
    ops.push({ op: 'upsert', id, version, orderKey, html, isNew })
  } else if (post && !state.openEnd && change.kind === 'post-published') ops.push({ op: 'elsewhere' })
  if (change.gone !== undefined) {
    gone.set(change.gone, change.seq)
    if (posts.delete(change.gone)) ops.push({ op: 'remove', id: change.gone })
  }
  if (change.regions) ops.push({ op: 'regions', regions: change.regions })
  ops.push({ op: 'story', story: change.story })
  return { state: { ...state, seq: change.seq, posts, gone }, ops, status: 'applied' }
}

/** Entries that were already taken are skipped. `gap` also when the answer tells of a head it does not reach. */
export function foldCatchUp(state: PageState, catchUp: WireCatchUp): Folded {
  const [epoch, head] = catchUp.head.split('.')
  if (catchUp.refetch || epoch !== state.epoch) return { state, ops: [], status: 'refetch' }
  const ops: Op[] = []
  let now = state
  for (const change of catchUp.changes) {
    const folded = fold(now, change)
    if (folded.status === 'gap') return { state: now, ops, status: 'gap' }
    now = folded.state
    ops.push(...folded.ops)
  }
  if (Number(head) > now.seq) return { state: now, ops, status: 'gap' }
  return { state: now, ops, status: now === state ? 'ignored' : 'applied' }
}

/**
 * The page loaded again: what it does not hold is removed, whatever the reader has of it. An older page than the one shown
 * (a cache answered) is ignored. In another epoch versions mean nothing: every post is put in anew.
 */
export function foldSnapshot(state: PageState, snapshot: Snapshot): Folded {
  const sameEpoch = snapshot.epoch === state.epoch
  if (sameEpoch && snapshot.seq < state.seq) return { state, ops: [], status: 'ignored' }
  const next = startState(snapshot)
  const ops: Op[] = []
  for (const id of state.posts.keys()) if (!next.posts.has(id)) ops.push({ op: 'remove', id })
  for (const post of snapshot.posts) {
    const mark = state.posts.get(post.id)
    if (!mark || !sameEpoch || mark.version !== post.version) ops.push({ op: 'upsert', ...post, isNew: !mark })
  }
  ops.push({ op: 'regions', regions: snapshot.regions })
  return { state: next, ops, status: 'applied' }
}

/** Tells a change from anything else that may come over a wire or a channel. */
export function isWireChange(value: unknown): value is WireChange {
  const change = value as WireChange | null
  if (typeof change !== 'object' || !change || !Number.isSafeInteger(change.seq)) return false
  const { post, gone, regions, story } = change
  if (typeof story !== 'object' || !story) return false
  if (post && !(typeof post.id === 'string' && typeof post.html === 'string' && post.version > 0 && post.orderKey >= 0))
    return false
  return (gone === undefined || typeof gone === 'string') && (regions === undefined || typeof regions === 'object')
}

/** Order keys from `floor` on: where the block of pages begins that the key stands in. */
export function blockFloor(orderKey: number): number {
  const ordinal = Math.max(1, Math.floor(orderKey / ORDER_GAP))
  const first = Math.floor((ordinal - 1) / PAGE_SIZE) * PAGE_SIZE + 1
  return first === 1 ? 0 : first * ORDER_GAP
}

/** A page begins where a block of pages begins, even when the post that stood there is gone. */
function floorOf(posts: readonly Mark[]): number {
  return posts.length === 0 ? 0 : blockFloor(Math.min(...posts.map((post) => post.orderKey)))
}

/** Newer than what is shown; and either shown already, or in the range of a page that is open at its newest end. */
function belongs(state: PageState, post: Mark & { id: string }): boolean {
  const shown = state.posts.get(post.id)
  if (shown) return post.version > shown.version
  return state.openEnd && post.orderKey >= state.floor && post.version > (state.gone.get(post.id) ?? 0)
}
