// Acts on posts of the timeline beside their text: pin, key event, withdraw, approve, send back, undo, discard.
// Made by desk.ts; called by the views.
// Never queues: what is done to a post that others see too is done now, or it is said that it was not.

import type { Withdrawal } from '../../src/domain/post.ts'
import { type Api, asRefusal } from './server/api.ts'
import type { State } from './state.ts'
import type { DeskPost, Receipt } from './types.ts'

export type Rows = {
  pin(post: DeskPost): Promise<boolean>
  /** '' = the headline's words; null: no key event. */
  mark(post: DeskPost, title: string | null): Promise<boolean>
  withdraw(post: DeskPost, trace: Withdrawal['trace'], reason: string): Promise<boolean>
  approve(post: DeskPost): Promise<boolean>
  submit(post: DeskPost): Promise<boolean>
  sendBack(post: DeskPost, note: string): Promise<boolean>
  unschedule(post: DeskPost): Promise<boolean>
  discard(post: DeskPost): Promise<boolean>
  undo(postId: string): Promise<boolean>
}

type Deps = { state: State; api: Api; storyId: string; newId(): string; refresh(): void; signedOut(): void }
type Asked = { postId: string; method: 'POST' | 'PUT'; part: string; body: unknown; done: string }

export function createRows({ state, api, storyId, newId, refresh, signedOut }: Deps): Rows {
  const busy = (postId: string, is: boolean) => {
    const next = new Set(state.get().busy)
    if (is) next.add(postId)
    else next.delete(postId)
    state.set({ busy: next })
  }

  /** True when it was done. */
  const act = async ({ postId, method, part, body, done }: Asked): Promise<boolean> => {
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
      state.set({ told: { words: `${refusal.message} ${kept}`, bad: true } })
      return false
    } finally {
      busy(postId, false)
      refresh()
    }
  }

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
    withdraw: ({ id }, trace, reason) =>
      act({ postId: id, method: 'POST', part: '/withdraw', body: { trace, reason }, done: 'Withdrawn.' }),
    approve: ({ id, revision }) =>
      act({ postId: id, method: 'POST', part: '/approve', body: { revision }, done: 'Approved and published.' }),
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
