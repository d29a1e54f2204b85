// The release worker of a node: the store's due posts, the newsroom's act, a clock that nobody sets.
// Called by serve.ts.

import { uptime } from 'node:os'
import type { Log } from '../base/log.ts'
import { releasePosts } from '../newsroom/release-post.ts'
import { systemActor } from '../store/accounts.ts'
import { createReleases } from '../store/releases.ts'
import { type ReleaseWorker, startReleaseWorker } from '../wires/out/release-worker.ts'
import type { Store } from './open-store.ts'

export function startReleases({ acts, db }: Pick<Store, 'acts' | 'db'>, log: Log): ReleaseWorker {
  const actor = systemActor('release')
  return startReleaseWorker({
    releases: createReleases(db),
    release: (storyId, postIds) => releasePosts({ acts }, actor, storyId, postIds),
    steady: () => uptime() * 1_000, // unlike performance.now() it goes on while a laptop sleeps
    setTimer: (ms, work) => {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
    log,
  })
}
