// The API's part of the composition: tokens, kept answers, rates, lists for programs.
// Called by serve.ts.

import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../base/log.ts'
import { makeId } from '../domain/id.ts'
import { createAttention } from '../store/attention.ts'
import { createAutosaves } from '../store/autosaves.ts'
import { createDeskLists } from '../store/desk-lists.ts'
import { createNotes } from '../store/desk-notes.ts'
import { createDeskReads } from '../store/desk-reads.ts'
import { createAnswers } from '../store/idempotency.ts'
import { createPhotoRecords } from '../store/photo-records.ts'
import { createSnippets } from '../store/snippets.ts'
import { createTogether } from '../store/together.ts'
import { createTokens } from '../store/tokens.ts'
import { declareApi } from '../web/api/declare.ts'
import { createApiGuard } from '../web/api/guard.ts'
import { createLimits, LIMITS } from '../web/api/rate-limit.ts'
import { apiRoutes } from '../web/api/routes.ts'
import type { Sessions } from '../web/auth/session.ts'
import type { Route } from '../web/routes.ts'
import type { Store } from './open-store.ts'
import { createPhotoIntake } from './photo-intake.ts'
import type { Pictures } from './pictures.ts'

export type ApiParts = {
  store: Store
  pictures: Pictures
  mediaChanged(): void
  sessions: Sessions
  publicUrl: string | null
  style: string
  /** Of one video or audio file. */
  maxClipMb: number
  log: Log
  /** Tests of many requests widen them. */
  limits?: typeof LIMITS
}

/** The routes it declared. */
export async function connectApi(app: FastifyInstance, parts: ApiParts): Promise<Route[]> {
  const { store, pictures, mediaChanged, sessions, publicUrl, style, maxClipMb, log } = parts
  const photos = createPhotoRecords(store.db)
  const intake = createPhotoIntake({ pictures, photos, mediaChanged })
  const tokens = createTokens({ db: store.db, now: Date.now, random: randomBytes })
  // Monotonic, so that a clock that is set back gives nobody a long wait.
  const limits = createLimits(() => performance.now(), parts.limits ?? LIMITS)
  const routes = apiRoutes({
    desk: { acts: store.acts, photos: store.media },
    publicReads: store.reads,
    reads: createDeskReads(store.db),
    lists: createDeskLists(store.db),
    autosaves: createAutosaves(store.db),
    notes: createNotes(store.db),
    together: createTogether(store.db),
    attention: createAttention(store.db),
    ringDesk: (storyId) => store.ringDesk(storyId),
    answers: createAnswers(store.db, Date.now),
    tokens,
    sessions,
    limits,
    publicUrl,
    takeMedia: intake.take,
    maxClipBytes: maxClipMb * 1024 * 1024,
    cutMedia: intake.cut,
    photos,
    snippets: createSnippets(store.db),
    now: Date.now,
    mediaChanged,
    newId: () => makeId(randomBytes),
    style,
  })
  await declareApi(app, { routes, guard: createApiGuard({ tokens, sessions, limits, publicUrl }), log })
  return routes
}
