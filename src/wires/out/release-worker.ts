// Releases scheduled posts at their moment: looks at what is due, by the database's clock, and lets the newsroom's act do it.
// Started by cli/serve.ts on every node; the story's lock lets one of them through.
// Never compares a post's time with this machine's clock, and never releases while the database's clock is in doubt.

import type { Log } from '../../base/log.ts'
import type { Released } from '../../newsroom/release-post.ts'
import type { DuePost, Releases } from '../../store/releases.ts'
import { createClockGuard } from './clock-guard.ts'

export const LOOK_MS = 250 // a quarter of the second that is promised
const MAX_DUE = 500 // posts of one look; the next one follows at once
const MAX_STORIES_AT_ONCE = 4 // of ten connections: publishing by hand keeps its own
const MAX_ANSWER_MS = 1_000 // a clock read more slowly than this tells nothing
const FIRST_PAUSE_MS = 1_000 // after a story failed; then twice as long each time
const MAX_PAUSE_MS = 60_000

export type ReleaseWorkerParts = {
  releases: Releases
  /** The newsroom's act, for all due posts of one story. */
  release(storyId: string, postIds: string[]): Promise<Released[]>
  /** ms; goes on while the machine sleeps, set by nobody. */
  steady(): number
  setTimer(ms: number, work: () => void): () => void
  log: Log
}

export type ReleaseWorker = {
  /** Why nothing is released at the moment; null when all is well. */
  trouble(): string | null
  /** Resolves when a release under way has ended. */
  stop(): Promise<void>
}

type Failing = { pause: number; until: number }

export function startReleaseWorker(parts: ReleaseWorkerParts): ReleaseWorker {
  const guard = createClockGuard()
  const failing = new Map<string, Failing>()
  let trouble: string | null = null
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  const say = (next: string | null) => {
    if (next === trouble) return
    trouble = next
    if (next) parts.log.error(next)
    else parts.log.info('Scheduled posts are released again')
  }

  const look = async (): Promise<boolean> => {
    const asked = parts.steady()
    const { now, posts } = await parts.releases.due(MAX_DUE)
    const answered = parts.steady()
    if (answered - asked > MAX_ANSWER_MS) return false
    const verdict = guard({ wall: now, steady: (asked + answered) / 2 })
    if (verdict === 'held') {
      say(
        'The clock of the database jumped forward. Scheduled posts are held back for ten minutes, or until it is right.',
      )
      return false
    }
    say(null)
    await releaseAll(
      parts,
      posts.filter((post) => (failing.get(post.storyId)?.until ?? 0) <= answered),
      failing,
    )
    return posts.length === MAX_DUE
  }

  const turn = () => {
    running = look()
      .catch(() => false) // the database is away: the pump says so, and the next look tries again
      .then((more) => {
        if (!stopped) cancel = parts.setTimer(more ? 0 : LOOK_MS, turn)
      })
  }
  turn()
  return {
    trouble: () => trouble,
    stop: () => {
      stopped = true
      cancel()
      return running
    },
  }
}

async function releaseAll(parts: ReleaseWorkerParts, due: DuePost[], failing: Map<string, Failing>): Promise<void> {
  const byStory = Map.groupBy(due, (post) => post.storyId)
  const queue = [...byStory]
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [storyId, posts] = next
      await releaseStory(
        parts,
        storyId,
        posts.map((post) => post.postId),
        failing,
      )
    }
  }
  await Promise.all(Array.from({ length: MAX_STORIES_AT_ONCE }, work))
}

/** A story that fails does not hold up the others; it is tried again after a pause that grows. */
async function releaseStory(
  { release, steady, log }: ReleaseWorkerParts,
  story: string,
  postIds: string[],
  failing: Map<string, Failing>,
): Promise<void> {
  try {
    for (const { postId, outcome } of await release(story, postIds)) {
      if (outcome === 'released') log.info({ story, post: postId }, 'A scheduled post was released')
      if (outcome === 'held-back')
        log.warn({ story, post: postId }, 'A scheduled post could not be released; it is back at the desk')
    }
    failing.delete(story)
  } catch (error) {
    const pause = Math.min(MAX_PAUSE_MS, (failing.get(story)?.pause ?? FIRST_PAUSE_MS / 2) * 2)
    failing.set(story, { pause, until: steady() + pause })
    log.error({ err: error as Error, story }, 'Scheduled posts could not be released; trying again')
  }
}
