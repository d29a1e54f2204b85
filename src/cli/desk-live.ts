// The part of the composition in which editors hear of one another: the desk's pump and its stream.
// Called by serve.ts.

import { randomBytes } from 'node:crypto'
import type { Log } from '../base/log.ts'
import { makeId } from '../domain/id.ts'
import type { Hub } from '../live/hub.ts'
import { createDeskReads } from '../store/desk-reads.ts'
import { createTogether } from '../store/together.ts'
import type { Sessions } from '../web/auth/session.ts'
import { liveRoutes } from '../web/desk/live.ts'
import { createDeskPump, type DeskPump } from '../web/desk/live-pump.ts'
import type { Route } from '../web/routes.ts'
import { accountsOf } from './desk.ts'
import type { Store } from './open-store.ts'

export type DeskLiveParts = { store: Store; sessions: Sessions; hub: Hub; publicUrl: string | null; log: Log }

export function connectDeskLive(parts: DeskLiveParts): { pump: DeskPump; routes: Route[] } {
  const { store, sessions, hub, publicUrl, log } = parts
  const pump = createDeskPump({
    together: createTogether(store.db),
    doorbell: store.doorbell,
    accounts: accountsOf(store),
    readersOf: (storyId) => hub.counts(storyId),
    readers: () => hub.countsByStory(),
    node: makeId(randomBytes),
    now: () => performance.now(),
    log,
  })
  return { pump, routes: liveRoutes({ sessions, reads: createDeskReads(store.db), pump, publicUrl }) }
}
