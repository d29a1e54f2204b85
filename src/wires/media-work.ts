// What is done about pictures in the background: withdrawals finished, files erased, AVIF made; one thing at a time.
// Started by cli/serve.ts on every node. Never loses work: what a dead node left is found in the rows and done again.

import type { Log } from '../base/log.ts'
import { AVIF_MS, makeAvif } from '../media/avif.ts'
import type { Blobs } from '../media/blobs.ts'
import { MASTER, partsOf } from '../media/parts.ts'
import { finishPhotoWithdrawal, type PhotoDesk } from '../newsroom/withdraw-photo.ts'
import type { MediaJobs } from '../store/media-jobs.ts'

const POLL_MS = 10_000 // for what other nodes left or an import brought; our own node wakes us
const CLAIM_MS = 2 * AVIF_MS // longer than the child may live, so that no two nodes work on one picture
const RETRY_MS = 1_000 // after a failure, doubled each time up to the poll

export type MediaWorkOptions = {
  jobs: MediaJobs
  blobs: Blobs
  desk: PhotoDesk
  log: Log
  pollMs?: number
  scratch?: string
}
export type MediaWork = {
  /** There may be something to do. */
  wake(): void
  /** Resolves when nothing runs any more; a child under way is killed and its work done again later. */
  stop(): Promise<void>
}

export function startMediaWork(options: MediaWorkOptions): MediaWork {
  const stopping = new AbortController()
  const { signal } = stopping
  let wakeUp = () => {}
  let awake = false
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      if (awake || signal.aborted) return resolve()
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async () => {
    const pollMs = options.pollMs ?? POLL_MS
    let failures = 0
    while (!signal.aborted) {
      awake = false
      const outcome = await turn(options, signal)
      failures = outcome === 'failed' ? failures + 1 : 0
      if (outcome === 'idle') await rest(pollMs)
      if (outcome === 'failed') await rest(Math.min(RETRY_MS * 2 ** failures, pollMs))
    }
  }
  const running = run()
  return {
    wake: () => {
      awake = true
      wakeUp()
    },
    stop: async () => {
      stopping.abort()
      wakeUp()
      await running
    },
  }
}

/** Taking back goes before making: each step on its own, so that one that fails holds up no other. */
async function turn(options: MediaWorkOptions, signal: AbortSignal): Promise<'did' | 'idle' | 'failed'> {
  let outcome: 'did' | 'idle' | 'failed' = 'idle'
  for (const step of [finishWithdrawals, eraseWithdrawn, makeNextAvif]) {
    if (signal.aborted) break
    try {
      if ((await step(options, signal)) && outcome === 'idle') outcome = 'did'
    } catch (error) {
      if (!signal.aborted) options.log.warn({ err: String((error as Error).cause ?? error) }, 'work on pictures failed')
      outcome = 'failed'
    }
  }
  return outcome
}

async function finishWithdrawals({ jobs, desk }: MediaWorkOptions): Promise<boolean> {
  const ids = await jobs.unfinishedWithdrawals()
  for (const id of ids) await finishPhotoWithdrawal(desk, id)
  return ids.length > 0
}

async function eraseWithdrawn({ jobs, blobs }: MediaWorkOptions): Promise<boolean> {
  let erased = false
  for (const id of await jobs.toErase()) {
    await blobs.removeAll(id)
    erased = (await jobs.erased(id)) || erased
  }
  return erased
}

async function makeNextAvif(options: MediaWorkOptions, signal: AbortSignal): Promise<boolean> {
  const { jobs, blobs } = options
  const id = await jobs.claimAvif(CLAIM_MS)
  if (id === null) return false
  try {
    const { outcome } = await makeAvif({ blobs, scratch: options.scratch }, id, signal)
    // Without a master it was made before and only not written down, or never can be.
    const made = outcome === 'made' || (await hasAvif(blobs, id))
    const kept = await jobs.avifDone(id, made ? 'made' : 'without')
    await (kept ? blobs.remove({ id, part: MASTER }) : blobs.removeAll(id))
    return true
  } catch (error) {
    await jobs.avifFailed(id, signal.aborted)
    throw error
  }
}

async function hasAvif(blobs: Blobs, id: string): Promise<boolean> {
  for (const part of partsOf(['avif'])) {
    const found = await blobs.read({ id, part })
    found?.stream.destroy()
    if (!found) return false
  }
  return true
}
