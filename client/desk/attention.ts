// Asks now and then what readers' browsers told of the story's posts, and keeps it as words beside each of them.
// Made by desk.ts.
// Never a reason to read the posts again: a count is no change of the story.

import { type Attention, attentionWords } from '../../src/domain/seen.ts'
import type { Api } from './server/api.ts'
import type { State } from './state.ts'

const EVERY_MS = 5_000 // a node adds its counts every two seconds
const ENDED_EVERY_MS = 60_000 // readers of a story that is over come one by one
const MAX_TOLD = 1_000 // as the server's

type Deps = { api: Api; state: State; storyId: string }

export function followAttention({ api, state, storyId }: Deps): void {
  const ask = async (): Promise<void> => {
    const { contact, posts } = state.get()
    if (document.visibilityState !== 'visible' || contact !== 'ok' || posts.length === 0) return
    const limit = Math.min(MAX_TOLD, Math.ceil(posts.length / 100) * 100) // an address that seldom changes
    const { posts: told } = await api.follow<{ posts: Attention[] }>(`/stories/${storyId}/attention?limit=${limit}`)
    state.set({ attention: new Map(told.map((one) => [one.postId, attentionWords(one)])) })
  }
  const turn = (): void => {
    const again = () => setTimeout(turn, state.get().story.state === 'ended' ? ENDED_EVERY_MS : EVERY_MS)
    // What is not told now is told the next time; that the line is gone is said elsewhere.
    void ask().then(again, again)
  }
  turn()
}
