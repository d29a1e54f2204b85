// Simulated editors: random acts through the newsroom, sent twice, late, with stale revisions, and again after a lost answer.
// Called by the world. Every text they write carries a token of its own, so that it can be found wherever it travels.

import type { Receipt } from '../../src/domain/decision.ts'
import { isAppError } from '../../src/domain/error.ts'
import type { Actor } from '../../src/domain/permission.ts'
import type { Post } from '../../src/domain/post.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import type { Desk } from '../../src/newsroom/desk.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import type { Chance } from './random.ts'

export const ACTOR: Actor = { id: 'editor', name: 'Ada', role: 'editor', credential: 'simulation' }
const MAX_TRIES = 4

export type Outcome = 'done' | 'refused' | 'unknown'
/** One request with everything it will ever send. */
export type Request = { what: string; token: string; send: () => Promise<Receipt> }

export class SimulatedEditors {
  private readonly desk: Desk
  private readonly clock: VirtualClock
  private readonly chance: Chance
  private readonly storyId: string
  private readonly posts: () => Post[]
  private tokens = 0

  constructor(desk: Desk, clock: VirtualClock, chance: Chance, storyId: string, posts: () => Post[]) {
    this.desk = desk
    this.clock = clock
    this.chance = chance
    this.storyId = storyId
    this.posts = posts
  }

  /** A live story with `posts` posts in it. */
  async open(desk: Desk, posts: number): Promise<void> {
    await createStory(desk, ACTOR, this.storyId, { title: 'Simulated' })
    await startStory(desk, ACTOR, this.storyId)
    for (let n = 0; n < posts; n++) {
      await publishPost(desk, ACTOR, this.storyId, { postId: this.newPostId(), content: words(this.newToken()) })
    }
  }

  next(): Request {
    const post = this.chance.is(0.3) ? undefined : this.chance.pick(this.posts())
    if (!post) return this.publish()
    const { chance, desk, storyId } = this
    const token = this.newToken()
    const revision = chance.is(0.2) ? Math.max(1, post.revision - 1) : post.revision
    const content = words(token)
    const request = (what: string, send: () => Promise<Receipt>): Request => ({
      what: `${what} ${post.id}`,
      token,
      send,
    })
    const dice = chance.next()
    if (dice < 0.25) return request('revise', () => revisePost(desk, ACTOR, storyId, post.id, { revision, content }))
    if (dice < 0.45) {
      const note = 'We erred.'
      return request('correct', () => correctPost(desk, ACTOR, storyId, post.id, { revision, content, note }))
    }
    if (dice < 0.65) {
      const trace = chance.is(0.5) ? 'line' : 'none'
      return request('withdraw', () => withdrawPost(desk, ACTOR, storyId, post.id, { trace, reason: 'Wrong.' }))
    }
    if (dice < 0.85) {
      const mark = chance.is(0.7) ? { title: token } : null
      return request('mark', () => markKeyEvent(desk, ACTOR, storyId, post.id, mark))
    }
    const pin = chance.is(0.7)
    return request('pin', () => pinPost(desk, ACTOR, storyId, post.id, pin))
  }

  /** Sends until the answer is known or patience ends; at times twice at once. */
  async send(request: Request, told: (receipt: Receipt) => void): Promise<Outcome> {
    const doubled = this.chance.is(0.15)
    const first = this.sendOne(request, told)
    const second = doubled ? this.sendOne(request, told) : null
    const outcomes = [await first, ...(second ? [await second] : [])]
    if (outcomes.includes('done')) return 'done'
    return outcomes.includes('unknown') ? 'unknown' : 'refused'
  }

  private async sendOne(request: Request, told: (receipt: Receipt) => void): Promise<Outcome> {
    let mayHaveHappened = false
    for (let n = 0; n < MAX_TRIES; n++) {
      try {
        const receipt = await request.send()
        told(receipt)
        return 'done'
      } catch (error) {
        if (!isAppError(error)) throw error
        if (error.code !== 'unavailable') return mayHaveHappened ? 'unknown' : 'refused'
        mayHaveHappened = true
        await this.clock.sleep(this.chance.int(50, 500))
      }
    }
    return 'unknown'
  }

  private publish(): Request {
    const { chance, desk, storyId } = this
    const [postId, token] = [this.newPostId(), this.newToken()]
    const keyEvent = chance.is(0.15) ? { title: `turn ${token}` } : null
    const send = () => publishPost(desk, ACTOR, storyId, { postId, content: words(token), keyEvent })
    return { what: `publish ${postId}`, token, send }
  }

  private newToken(): string {
    return `tok${String(++this.tokens).padStart(6, '0')}z`
  }

  private newPostId(): string {
    return `post${String(this.tokens).padStart(6, '0')}${String(this.chance.int(0, 999_999)).padStart(6, '0')}`
  }
}

function words(token: string) {
  return { headline: token, blocks: [] }
}
