// `dateline start --demo`: the demonstration story, played on this installation by the newsroom's own acts.
// Called by the start command. Never holds up the server: it runs beside it and ends with it.

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { correctPost } from '../../newsroom/correct-post.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { systemActor } from '../../store/accounts.ts'
import { createDeskReads } from '../../store/desk-reads.ts'
import type { Store } from '../open-store.ts'
import type { Options } from '../options.ts'
import { createPictures, mediaDirOf, type Pictures, photoStorage } from '../pictures.ts'
import type { Place } from '../place.ts'
import type { Node } from '../serve.ts'
import { DEMO_STORY_ID, type DemoDesk, photoUrl, playDemo } from './play.ts'
import { DEMO_STORY } from './story.ts'

export type DemoStage = { options: Options; place: Place; store: Store; node: Node }

/** Resolves as soon as the story is there; the play goes on by itself until the last act or the first signal. */
export async function startDemo({ options, place, store, node }: DemoStage): Promise<void> {
  const { title, slug, standfirst, language, timeZone } = DEMO_STORY
  const desk = { acts: store.acts }
  const isThere = (await createDeskReads(store.db).story(DEMO_STORY_ID)) !== null // perhaps changed since
  if (!isThere) await createStory(desk, ACTOR, DEMO_STORY_ID, { title, slug, standfirst, language, timeZone })
  await startStory(desk, ACTOR, DEMO_STORY_ID)
  process.stdout.write(`  Demo  ${node.origin}/${slug}\n\n`)
  const stop = new AbortController()
  const pictures = createPictures(photoStorage(options, mediaDirOf(place.dataDir)).blobs, store.media)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  playDemo(stageDesk(pictures, store, stop.signal), { signal: stop.signal }).catch((error: Error) => {
    if (!stop.signal.aborted) place.log.error({ err: error }, 'The demo stopped; start again to go on')
  })
}

const ACTOR = systemActor('demo')

function stageDesk(pictures: Pictures, store: Store, signal: AbortSignal): DemoDesk {
  const desk = { acts: store.acts }
  const reads = createDeskReads(store.db)
  const id = DEMO_STORY_ID
  return {
    find: (postId) => reads.post(id, postId),
    // The hours before the start are imported; everything after is published now.
    publish: ({ postId, content, keyEvent, publishedAt }) =>
      publishPost(desk, ACTOR, id, {
        postId,
        content,
        keyEvent,
        at: publishedAt === null ? undefined : { publishedAt, updatedAt: null },
      }),
    revise: ({ postId, ...input }) => revisePost(desk, ACTOR, id, postId, input),
    correct: ({ postId, ...input }) => correctPost(desk, ACTOR, id, postId, input),
    withdraw: ({ postId, ...input }) => withdrawPost(desk, ACTOR, id, postId, input),
    pin: ({ postId }) => pinPost(desk, ACTOR, id, postId, true),
    addPhoto: async ({ mediaId, photo }) => pictures.take(await readFile(photoUrl(photo)), ACTOR, mediaId),
    sleep: (ms) =>
      sleep(ms, undefined, { signal, ref: false }).then(
        () => undefined,
        () => undefined,
      ),
    now: Date.now,
  }
}
