// Tells the others that this window is in the story, and which post it writes.
// Made by desk.ts.
// Never tells a word of a text, and keeps nobody out: two people may write one post.

import { PRESENCE_EVERY_MS } from '../../src/domain/together.ts'
import type { Api } from './server/api.ts'
import type { State } from './state.ts'
import { isEmpty } from './text.ts'

const WRITING_MS = 8_000 // without a key for so long, somebody reads or thinks

type Deps = { api: Api; state: State; storyId: string; tab: string; now(): number }

export function tellPresence({ api, state, storyId, tab, now }: Deps): void {
  let told = ''
  let toldAt = 0
  const tell = (leaving = false) => {
    const { text, contact } = state.get()
    if (contact === 'signed-out' || contact === 'other-person') return
    const writing = !isEmpty(text) && now() - text.changedAt < WRITING_MS
    const here = { postId: isEmpty(text) && text.of === null ? null : text.postId, writing, tab }
    const same = JSON.stringify(here) === told
    if (!leaving && same && now() - toldAt < PRESENCE_EVERY_MS) return
    told = JSON.stringify(here)
    toldAt = now()
    const body = leaving ? { ...here, leaving } : here
    // A sign of life that is lost is followed by the next one.
    void api.send('POST', `/stories/${storyId}/presence`, body, { last: leaving }).catch(() => undefined)
  }
  setInterval(() => {
    if (document.visibilityState === 'visible') tell()
  }, LOOK_MS)
  addEventListener('pagehide', () => tell(true))
  tell()
}

const LOOK_MS = 1_000 // a post that is opened is told of within a second
