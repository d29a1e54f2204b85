// The part of the composition that counts what readers' browsers tell.
// Called by serve.ts.

import { randomBytes } from 'node:crypto'
import type { Log } from '../base/log.ts'
import { createAttention } from '../store/attention.ts'
import { createLimits, LIMITS } from '../web/api/rate-limit.ts'
import type { Route } from '../web/routes.ts'
import { seenRoutes } from '../web/tally/seen.ts'
import { createTally, type Tally } from '../web/tally/tally.ts'
import type { Store } from './open-store.ts'

export function connectAttention(store: Store, readers: () => number, log: Log): { tally: Tally; routes: Route[] } {
  const tally = createTally({
    attention: createAttention(store.db),
    now: Date.now,
    newSalt: () => randomBytes(16),
    readers,
    log,
  })
  // Apart from the API's: a reader's page must not use up what a program of the same address may ask.
  return { tally, routes: seenRoutes({ tally, limits: createLimits(() => performance.now(), LIMITS) }) }
}
