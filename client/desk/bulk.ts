// One act over several posts: which of them it fits, each sent by itself with its own key, and what became of each.
// Called by tools/bulk-bar.tsx, which shows it.
// Never passes a post over in silence: what was not done is told with its reason.

import type { Action } from '../../src/domain/permission.ts'
import type { PostState, Withdrawal } from '../../src/domain/post.ts'
import { proofPath } from './proof.ts'
import { type Api, asRefusal, type Refusal } from './server/api.ts'
import type { DeskPost, Receipt } from './types.ts'
import { STATE_WORDS } from './words.ts'

export const BULK_ACTS = [
  'approve',
  'send-back',
  'submit',
  'mark',
  'unmark',
  'unpin',
  'unschedule',
  'withdraw',
  'discard',
] as const
export type BulkAct = (typeof BULK_ACTS)[number]

/** What an act is told beside the posts; each act takes what it needs of it. */
export type BulkWords = {
  note: string
  trace: Withdrawal['trace']
  reason: string
  copies: 'withdraw' | 'leave' | 'ask'
}

/** `open`: nothing more could be sent; what is left was not tried. */
export type Outcome = { post: DeskPost; why: string | null; prove: string | null; open?: true }

type Kind = {
  of: readonly PostState[]
  action: Action
  /** Why it does not fit a post in the right state; null: it does. */
  unfit?(post: DeskPost): string | null
  request(post: DeskPost, words: BulkWords): { method: 'POST' | 'PUT'; part: string; body: unknown }
}

const KINDS: Record<BulkAct, Kind> = {
  approve: {
    ...{ of: ['submitted'], action: 'post:review' },
    request: ({ revision }) => ({ method: 'POST', part: '/approve', body: { revision } }),
  },
  'send-back': {
    ...{ of: ['submitted'], action: 'post:review' },
    request: (_post, { note }) => ({ method: 'POST', part: '/send-back', body: { note } }),
  },
  submit: {
    ...{ of: ['draft'], action: 'post:draft' },
    request: ({ revision }) => ({ method: 'POST', part: '/submit', body: { revision } }),
  },
  mark: {
    ...{ of: ['published'], action: 'post:change' },
    unfit: ({ keyEvent, content }) =>
      keyEvent
        ? 'It is a key event already.'
        : content.headline === ''
          ? 'Without a headline it needs a title of its own.'
          : null,
    request: () => ({ method: 'PUT', part: '/key-event', body: { keyEvent: { title: '' } } }),
  },
  unmark: {
    ...{ of: ['published'], action: 'post:change' },
    unfit: ({ keyEvent }) => (keyEvent ? null : 'It is no key event.'),
    request: () => ({ method: 'PUT', part: '/key-event', body: { keyEvent: null } }),
  },
  unpin: {
    ...{ of: ['published'], action: 'post:change' },
    unfit: ({ pinnedAt }) => (pinnedAt === null ? 'It is not pinned.' : null),
    request: () => ({ method: 'PUT', part: '/pin', body: { pinned: false } }),
  },
  unschedule: {
    ...{ of: ['scheduled'], action: 'post:schedule' },
    request: ({ revision }) => ({ method: 'PUT', part: '/schedule', body: { revision, release: null } }),
  },
  withdraw: {
    ...{ of: ['published'], action: 'post:withdraw' },
    request: (_post, { trace, reason, copies }) => ({
      ...{ method: 'POST', part: '/withdraw' },
      body: { trace, reason, ...(copies === 'ask' ? {} : { copies }) },
    }),
  },
  discard: {
    ...{ of: ['draft', 'submitted', 'scheduled'], action: 'post:draft' },
    request: ({ revision }) => ({ method: 'POST', part: '/discard', body: { revision } }),
  },
}

type May = (action: Action, ownerId?: string) => boolean

/** Why this act is not for this post; null: it may be tried. The server asks again at the moment of effect. */
export function whyNotIn(act: BulkAct, post: DeskPost, may: May): string | null {
  const { of, action, unfit } = KINDS[act]
  if (!of.includes(post.state))
    return `It is ${post.state === 'draft' ? 'a ' : ''}${STATE_WORDS[post.state].toLowerCase()}.`
  const owner = post.createdBy.id
  const held = act === 'discard' && post.state === 'scheduled' && !may('post:schedule', owner)
  if (!may(action, owner) || held) return 'Your role does not allow it for this post.'
  return unfit?.(post) ?? null
}

export type BulkDeps = {
  api: Pick<Api, 'send'>
  storyId: string
  may: May
  newId(): string
  wait(ms: number): Promise<void>
  /** After each, how many are through. */
  told(done: number): void
}

const MAX_TRIES = 4 // of one post where the server asks to wait; then it is really too busy
const MAX_WAIT_S = 60

/** One after the other: an order of many acts at once would be nobody's. Gives one outcome for each post, in order. */
export async function runBulk(
  deps: BulkDeps,
  act: BulkAct,
  posts: readonly DeskPost[],
  words: BulkWords,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let stopped: Outcome | null = null
  for (const post of posts) {
    const unfit = whyNotIn(act, post, deps.may)
    if (stopped) outcomes.push({ post, why: 'Not tried.', prove: stopped.prove, open: true })
    else if (unfit !== null) outcomes.push({ post, why: unfit, prove: null })
    else {
      const outcome = outcomeOf(post, await sendOne(deps, act, post, words))
      outcomes.push(outcome)
      if (outcome.open) stopped = outcome
    }
    deps.told(outcomes.length)
  }
  return outcomes
}

/** null: it is done. The same key again is the same act, so a lost answer is asked for once more. */
async function sendOne(deps: BulkDeps, act: BulkAct, post: DeskPost, words: BulkWords): Promise<Refusal | null> {
  const { method, part, body } = KINDS[act].request(post, words)
  const key = deps.newId()
  let refusal: Refusal | null = null
  let lost = false
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      await deps.api.send<Receipt>(method, `/stories/${deps.storyId}/posts/${post.id}${part}`, body, { key })
      return null
    } catch (thrown) {
      refusal = asRefusal(thrown)
      if (refusal.kind === 'away' && !lost) lost = true
      else if (refusal.kind !== 'busy') return refusal
      await deps.wait(1_000 * Math.min(MAX_WAIT_S, Math.max(1, refusal.retryAfter)))
    }
  }
  return refusal
}

function outcomeOf(post: DeskPost, refusal: Refusal | null): Outcome {
  if (!refusal) return { post, why: null, prove: null }
  const prove = proofPath(refusal)
  const open = prove !== null || refusal.kind === 'away' || refusal.kind === 'signed-out' || refusal.kind === 'busy'
  const lost = refusal.kind === 'away' ? ' Whether it was done is seen when the line is back.' : ''
  return { post, why: `${refusal.message}${lost}`, prove, ...(open ? { open: true as const } : {}) }
}
