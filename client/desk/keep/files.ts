// Photos on their way to the server: kept in this browser before they are sent, sent once whichever tab does it.
// Made by desk.ts for the composer and the queue.
// Never lets a photo go before the server has it, and never says that one is kept which is not.

import { type Uploaded, Uploads } from '../composer/uploads.ts'
import { type Api, asRefusal, Refusal } from '../server/api.ts'
import type { QueuedAct } from '../types.ts'
import { retryDelay } from './order.ts'
import { type KeptFile, photosIn, withoutWaiting } from './photos.ts'
import type { LocalStore } from './store.ts'

export type FileDeps = {
  store: LocalStore
  api: Pick<Api, 'upload'>
  storyId: string
  now(): number
  newId(): string
  random(): number
  /** Words for the person. */
  failed(words: string): void
}

export type Files = {
  uploads: Uploads
  /** A text as the server can be sent it: without the photos that it has not got. */
  sendable<T extends Pick<QueuedAct['text'], 'content'>>(text: T): T
  /** Sends the photos of an act that wait. Gives the act with what came of them. Throws Refusal. */
  bring(act: QueuedAct): Promise<QueuedAct | null>
  /** A sign from outside that it may work again. */
  wake(): void
}

/** Throws where this browser cannot be read. */
export async function openFiles(deps: FileDeps): Promise<Files> {
  const { store, api, storyId, now, failed } = deps
  await store.sweep(now())
  const homes = new Map<string, string>() // the story of each

  const uploads = new Uploads({
    newKey: deps.newId,
    keep: async (key, file) => {
      homes.set(key, storyId)
      const trouble = await roomFor(file)
      try {
        await store.keepFile({ key, storyId, file, addedAt: now(), result: null })
        if (trouble) failed(trouble)
      } catch {
        failed(
          `This browser has no room to keep ${file.name}. It is sent while this page is open: do not close it before.`,
        )
      }
    },
    send: (file, onProgress, { key, signal }) =>
      // Another tab may be sending it: whoever comes second finds what came of it.
      navigator.locks.request(`dateline-desk-file-${key}`, async () => {
        const kept = await store.file(key)
        if (kept?.result) return kept.result
        const path = `/stories/${kept?.storyId ?? homes.get(key) ?? storyId}/media`
        const result = await api.upload<Uploaded>(path, file, { key: `photo-${key}`, onProgress, signal })
        await store.arrived(key, result)
        return result
      }),
    mends: (error) => error instanceof Refusal && error.kind !== 'no' && error.kind !== 'conflict',
    wait: (tries) => retryDelay(tries, deps.random()),
  })
  const restore = ({ key, file, result, storyId: home }: KeptFile) => {
    homes.set(key, home)
    if (file || result) uploads.restore(key, file ?? new File([], ''), result)
  }
  for (const kept of await store.files()) restore(kept)

  /** Chosen in another tab after this one began. */
  const takeUp = async (key: string) => {
    const kept = await store.file(key)
    if (kept) restore(kept)
  }

  return {
    uploads,
    sendable: (text) => ({ ...text, content: withoutWaiting(text.content, (media) => uploads.waits(media)) }),
    async bring(act) {
      const photos = photosIn(act.text.content.blocks)
      for (const key of photos) if (!uploads.get(key)) await takeUp(key)
      const keys = photos.filter((media) => uploads.get(media) !== undefined)
      if (keys.length === 0) return act
      for (const key of keys)
        await uploads.arrive(key).catch((thrown: unknown) => {
          const { kind, message, details, retryAfter } = asRefusal(thrown)
          const name = uploads.get(key)?.file.name ?? ''
          throw new Refusal(kind, kind === 'no' ? `${name}: ${message}` : message, { details, retryAfter })
        })
      // What came of them was written into the queue itself.
      const queue = await store.queue()
      return queue.find(({ n }) => n === act.n) ?? null
    },
    wake: () => uploads.wake(),
  }
}

const SPARE = 5_000_000 // bytes; the texts and the queue need room as well

/** Told before anything is lost. null: there is room, or this browser does not tell. */
async function roomFor(file: File): Promise<string | null> {
  const { quota, usage }: StorageEstimate = (await navigator.storage?.estimate?.().catch(() => null)) ?? {}
  if (quota === undefined || usage === undefined || quota - usage - file.size > SPARE) return null
  return `This browser is almost full. ${file.name} is kept, the next photo may not be: send what waits first.`
}
