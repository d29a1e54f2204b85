// Publishing a text whose post is under embargo: asked for a second time, and then done at once or not at all.
// Made by desk.ts; asked by writing.ts before a publication is queued.
// Never queues: an embargo is not broken by a browser that comes back to the line later.

import type { Action } from '../../src/domain/permission.ts'
import type { Rows } from './rows.ts'
import type { State } from './state.ts'
import type { WrittenText } from './types.ts'
import { momentWords } from './words.ts'

type Deps = {
  state: State
  rows: Pick<Rows, 'publishNow'>
  may(action: Action, ownerId?: string): boolean
  /** ms UTC by the server's clock. */
  now(): number
  /** The text stands on the server now. */
  published(text: WrittenText): Promise<void>
}

/** True: it is under embargo, and the person was asked. */
export function askEmbargo({ state, rows, may, now, published }: Deps, text: WrittenText): boolean {
  const { posts, story } = state.get()
  const post = posts.find(({ id }) => id === text.postId)
  if (!post?.embargo || post.embargo.until <= now()) return false
  const until = `This post is under embargo until ${momentWords(post.embargo.until, story.timeZone)} (${story.timeZone}).`
  if (!may('post:break-embargo', post.createdBy.id)) {
    state.set({ told: { words: `${until} Your role does not let you break it. The text is kept.`, bad: true } })
    return true
  }
  const publish = async () => {
    if (await rows.publishNow(text)) await published(text)
  }
  const choices = [{ words: 'Break the embargo and publish', run: () => void publish() }]
  state.set({ told: { words: `${until} Nothing was published yet.`, bad: true, choices }, tab: 'write' })
  return true
}
