// Acts on posts of the timeline beside their text: pin, key event, withdraw, approve, send back, undo, discard.
// Made by desk.ts; called by the views.
// Never queues: what is done to a post that others see too is done now, or it is said that it was not.

import type { Withdrawal } from '../../src/domain/post.ts'
import { copiesAsked, embargoAsked, proofPath } from './proof.ts'
import { type Api, asRefusal, type Refusal } from './server/api.ts'
import type { State } from './state.ts'
import type { DeskPost, Receipt, Told, WrittenText } from './types.ts'

export type Rows = {
  pin(post: DeskPost): Promise<boolean>
  /** '' = the headline's words; null: no key event. */
  mark(post: DeskPost, title: string | null): Promise<boolean>
  /** Asks where there are copies and nobody said what becomes of them. */
  withdraw(post: DeskPost, trace: Withdrawal['trace'], reason: string, copies?: 'withdraw' | 'leave'): Promise<boolean>
  /** Asks where an embargo holds and nobody said that it is to be broken. */
  approve(post: DeskPost, breakEmbargo?: true): Promise<boolean>
  /** Breaks the embargo on it. */
  publishNow(text: WrittenText): Promise<boolean>
  submit(post: DeskPost): Promise<boolean>
  sendBack(post: DeskPost, note: string): Promise<boolean>
  unschedule(post: DeskPost): Promise<boolean>
  discard(post: DeskPost): Promise<boolean>
  undo(postId: string): Promise<boolean>
}

type Deps = { state: State; api: Api; storyId: string; newId(): string; refresh(): void; signedOut(): void }
type Asked = {
  postId: string
  method: 'POST' | 'PUT'
  part: string
  body: unknown
  done: string
  choices?: (refusal: Refusal) => Told['choices']
}

export function createRows({ state, api, storyId, newId, refresh, signedOut }: Deps): Rows {
  const busy = (postId: string, is: boolean) => {
    const next = new Set(state.get().busy)
    if (is) next.add(postId)
    else next.delete(postId)
    state.set({ busy: next })
  }

  /** True when it was done. */
  const act = async ({ postId, method, part, body, done, choices }: Asked): Promise<boolean> => {
    if (state.get().busy.has(postId)) return false
    busy(postId, true)
    try {
      await api.send<Receipt>(method, `/stories/${storyId}/posts/${postId}${part}`, body, { key: newId() })
      state.set({ told: { words: done, bad: false } })
      return true
    } catch (thrown) {
      const refusal = asRefusal(thrown)
      if (refusal.kind === 'signed-out') signedOut()
      const kept =
        refusal.kind === 'away' ? 'Nothing was done; press it again when the line is back.' : 'Nothing was changed.'
      const next = choices?.(refusal)
      const told = { words: `${refusal.message} ${kept}`, bad: true, prove: proofPath(refusal) }
      // Where a choice is asked for it is seen: on a phone that is another tab.
      state.set(next ? { told: { ...told, choices: next }, tab: 'write' } : { told })
      return false
    } finally {
      busy(postId, false)
      refresh()
    }
  }

  const withdraw: Rows['withdraw'] = (post, trace, reason, copies) =>
    act({
      ...{ postId: post.id, method: 'POST', part: '/withdraw', done: 'Withdrawn.' },
      body: { trace, reason, ...(copies ? { copies } : {}) },
      choices: (refusal) =>
        copiesAsked(refusal)
          ? [
              { words: 'Withdraw the copies too', run: () => void withdraw(post, trace, reason, 'withdraw') },
              { words: 'Withdraw this one, leave the copies', run: () => void withdraw(post, trace, reason, 'leave') },
            ]
          : undefined,
    })
  const approve: Rows['approve'] = (post, breakEmbargo) =>
    act({
      ...{ postId: post.id, method: 'POST', part: '/approve', done: 'Approved and published.' },
      body: { revision: post.revision, ...(breakEmbargo ? { breakEmbargo } : {}) },
      choices: (refusal) =>
        embargoAsked(refusal)
          ? [{ words: 'Break the embargo and publish', run: () => void approve(post, true) }]
          : undefined,
    })

  return {
    pin: ({ id, pinnedAt }) =>
      act({
        ...{ postId: id, method: 'PUT', part: '/pin', body: { pinned: pinnedAt === null } },
        done: pinnedAt === null ? 'Pinned at the top of the story.' : 'No longer pinned.',
      }),
    mark: ({ id }, title) =>
      act({
        ...{ postId: id, method: 'PUT', part: '/key-event', body: { keyEvent: title === null ? null : { title } } },
        done: title === null ? 'No longer a key event.' : 'This is a key event now.',
      }),
    withdraw,
    approve,
    publishNow: ({ postId, content, keyEvent, base }) =>
      act({
        ...{ postId, method: 'PUT', part: '', done: 'Published. The embargo was broken.' },
        body: { content, keyEvent, revision: base, breakEmbargo: true },
      }),
    submit: ({ id, revision }) =>
      act({
        postId: id,
        method: 'POST',
        part: '/submit',
        body: { revision },
        done: 'Submitted: an editor will read it.',
      }),
    sendBack: ({ id }, note) =>
      act({ postId: id, method: 'POST', part: '/send-back', body: { note }, done: 'Sent back to its author.' }),
    unschedule: ({ id, revision }) =>
      act({
        ...{ postId: id, method: 'PUT', part: '/schedule', body: { revision, release: null } },
        done: 'No longer scheduled.',
      }),
    discard: ({ id, revision }) =>
      act({ postId: id, method: 'POST', part: '/discard', body: { revision }, done: 'The draft was discarded.' }),
    async undo(postId) {
      state.set({ undo: null })
      return act({
        ...{ postId, method: 'POST', part: '/undo', body: {} },
        done: 'Undone: the post is a draft again, and nothing of it is on any page.',
      })
    },
  }
}
