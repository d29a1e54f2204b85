// Find and revise over a story: what was found in every post, what the chosen hits come to, and sending each post by itself.
// Called by tools/find.tsx.
// Never overwrites: each post goes out with the revision that was searched, and a stale one is told.

import type { PostContent } from '../../src/domain/content.ts'
import { markOf } from '../../src/domain/decide-post.ts'
import {
  findInContent,
  findInLine,
  type Hit,
  replaceInContent,
  replaceInLine,
  type Wanted,
} from '../../src/domain/find-in-content.ts'
import type { Action } from '../../src/domain/permission.ts'
import { proofPath } from './proof.ts'
import { type Api, asRefusal } from './server/api.ts'
import type { DeskPost, Receipt } from './types.ts'

/** `id` is unique within the answer. A key event's own title is a place beside those of the content. */
export type FoundHit = Omit<Hit, 'place' | 'passage'> & {
  id: string
  place: Hit['place'] | 'key event'
  passage: number
}
export type FoundPost = { post: DeskPost; hits: readonly FoundHit[] }
type Answer = { posts: DeskPost[]; searched: number; next: string | null }

const BASE = '/api/v1' // addresses of the server come whole; the API's client puts it before them itself
const MAX_ANSWERS = 200 // 100,000 posts; no story has as many

/** Every post of the story. `told`: how many were searched so far. Throws Refusal. */
export async function findEverywhere(
  api: Pick<Api, 'get'>,
  storyId: string,
  wanted: Wanted,
  told: (searched: number) => void,
): Promise<FoundPost[]> {
  const { words, whole, exact } = wanted
  let path: string | null =
    `/stories/${storyId}/find?${new URLSearchParams({ words, whole: `${whole}`, exact: `${exact}` })}`
  const found: FoundPost[] = []
  let searched = 0
  for (let n = 0; path !== null && n < MAX_ANSWERS; n++) {
    const answer: Answer = await api.get<Answer>(path)
    found.push(...answer.posts.map((post) => ({ post, hits: hitsIn(post, wanted) })))
    searched += answer.searched
    told(searched)
    path = answer.next === null ? null : answer.next.slice(BASE.length)
  }
  return found.filter(({ hits }) => hits.length > 0)
}

export function hitsIn(post: DeskPost, wanted: Wanted): FoundHit[] {
  const inText = findInContent(post.content, wanted).map((hit) => ({
    ...hit,
    id: `${post.id} ${hit.passage} ${hit.at}`,
  }))
  const title = ownTitle(post)
  const inTitle = findInLine(title, wanted).map(({ at, length }) => ({
    ...{ id: `${post.id} key ${at}`, place: 'key event' as const, passage: -1, at, length },
    ...{ before: title.slice(0, at), found: title.slice(at, at + length), after: title.slice(at + length) },
  }))
  return [...inText, ...inTitle]
}

/** '' where it is none, or has the headline's words: those follow the headline. */
function ownTitle(post: DeskPost): string {
  return markOf(post)?.title ?? ''
}

/** What the chosen hits make of a post; null: nothing of it was chosen. `keyEvent` absent: as it is. */
export function changedBy(
  { post, hits }: FoundPost,
  chosen: ReadonlySet<string>,
  put: string,
): { content: PostContent; keyEvent?: { title: string } } | null {
  const own = hits.filter(({ id }) => chosen.has(id))
  if (own.length === 0) return null
  const inTitle = own.filter(({ place }) => place === 'key event')
  const content = replaceInContent(
    post.content,
    own.filter(({ place }) => place !== 'key event'),
    put,
  )
  return {
    content,
    ...(inTitle.length > 0 ? { keyEvent: { title: replaceInLine(ownTitle(post), inTitle, put) } } : {}),
  }
}

/** Why this person cannot change it; null: they can. */
export function whyKept(post: DeskPost, may: (action: Action, ownerId?: string) => boolean): string | null {
  const owner = post.createdBy.id
  const action = post.state === 'published' ? 'post:change' : 'post:draft'
  const held = post.state === 'scheduled' && !may('post:schedule', owner)
  return may(action, owner) && !held ? null : 'Your role does not let you change this post.'
}

export type Revised = { post: DeskPost; why: string | null; prove: string | null; open?: true }
type Deps = { api: Pick<Api, 'send'>; storyId: string; newId(): string; told(done: number): void }

/** `note` null: revised without one. Gives one outcome for each post with something chosen, in order. */
export async function reviseAll(
  { api, storyId, newId, told }: Deps,
  found: readonly FoundPost[],
  chosen: ReadonlySet<string>,
  put: string,
  note: string | null,
): Promise<Revised[]> {
  const outcomes: Revised[] = []
  let stopped: string | null | undefined
  for (const one of found) {
    const changed = changedBy(one, chosen, put)
    if (!changed) continue
    const { post } = one
    if (stopped !== undefined) outcomes.push({ post, why: 'Not tried.', prove: stopped, open: true })
    else {
      const outcome = await reviseOne(api, `/stories/${storyId}/posts/${post.id}`, post, changed, note, newId())
      outcomes.push(outcome)
      if (outcome.open) stopped = outcome.prove
    }
    told(outcomes.length)
  }
  return outcomes
}

async function reviseOne(
  api: Pick<Api, 'send'>,
  at: string,
  post: DeskPost,
  changed: NonNullable<ReturnType<typeof changedBy>>,
  note: string | null,
  key: string,
): Promise<Revised> {
  const { content, keyEvent } = changed
  const { revision } = post
  let textStands = false
  try {
    if (post.state !== 'published')
      await api.send<Receipt>('PUT', `${at}/draft`, { revision, content, ...(keyEvent ? { keyEvent } : {}) })
    else {
      const how = note === null ? 'revise' : 'correct'
      const body = { revision, content, ...(note === null ? {} : { note }) }
      await api.send<Receipt>('POST', `${at}/${how}`, body, { key })
      textStands = true
      if (keyEvent) await api.send<Receipt>('PUT', `${at}/key-event`, { keyEvent })
    }
    return { post, why: null, prove: null }
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const prove = proofPath(refusal)
    const open = prove !== null || ['away', 'signed-out', 'busy'].includes(refusal.kind)
    const half = textStands ? ' The text was changed; the title of the key event was not.' : ''
    const lost = refusal.kind === 'away' ? ' Whether it was done is seen when the line is back: search again.' : ''
    return { post, why: `${refusal.message}${half}${lost}`, prove, ...(open ? { open: true as const } : {}) }
  }
}
