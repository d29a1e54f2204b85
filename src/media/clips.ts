// A video or a sound from outside → one file of ours in blob storage, without metadata, and what is to be known of it.
// Called by uploads. Never reads the file in this process and never stores the original.

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError, isAppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Blobs } from './blobs.ts'
import { runChild } from './child.ts'
import { CLIP, type ClipAnswer, type ClipFormat, type CopiedClip, NO_CLIP } from './clip-formats.ts'
import { sniffFile } from './clip-sniff.ts'

const COPY_MS = 20_000 // however small; most take a second
const COPY_MS_PER_MB = 400 // 250 MB from a slow disk, on a busy machine, in two minutes
const MAX_WAITING = 20 // clips in the queue; beyond it the sender is asked to wait

export type TakenClip = CopiedClip & { id: string }
export type ClipIntake = {
  /** `file`: on this machine; it stays. Throws `invalid` naming what is wrong with it, `too_many`, `unavailable`. */
  take(file: string): Promise<TakenClip>
}
export type ClipIntakeParts = {
  blobs: Blobs
  random: (size: number) => Uint8Array
  ms?: number
  scratch?: string
}

/** The one blob of a clip. */
export const clipPart = (format: ClipFormat): string => `clip.${format}`

/** One at a time: each reads and writes the disk as fast as it can. */
export function createClipIntake(parts: ClipIntakeParts): ClipIntake {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    take: async (file) => {
      if (waiting >= MAX_WAITING) throw new AppError('too_many', 'Too many clips at once. Try again in a minute.')
      waiting++
      const done = last.then(() => takeOne(parts, file))
      last = done.catch(() => {}).finally(() => waiting--)
      return done
    },
  }
}

async function takeOne(parts: ClipIntakeParts, file: string): Promise<TakenClip> {
  if (!(await sniffFile(file))) throw new AppError('invalid', NO_CLIP)
  const folder = await mkdtemp(join(parts.scratch ?? tmpdir(), 'dateline-clip-'))
  try {
    const megabytes = (await stat(file)).size / (1024 * 1024)
    const clip = await copyApart(file, folder, parts.ms ?? COPY_MS + megabytes * COPY_MS_PER_MB)
    const id = makeId(parts.random)
    await parts.blobs.writeFile({ id, part: clipPart(clip.format) }, join(folder, CLIP)).catch(notKept)
    return { id, ...clip }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The child may crash, hang or eat memory; here that is one refused clip. */
async function copyApart(file: string, folder: string, ms: number): Promise<CopiedClip> {
  const { output, failure, late } = await runChild('clip-child', [file, folder], { ms })
  if (late)
    throw new AppError(
      'unavailable',
      'The server could not read the clip in time. It may be busy, or the file damaged; send it again in a minute.',
    )
  const answer = failure ? null : parseAnswer(output)
  if (answer?.ok) return answer.clip
  const words = answer?.words ?? 'This clip is damaged, or not what its beginning says.'
  throw new AppError('invalid', words, { details: { reason: failure ?? answer?.reason ?? 'no answer' } })
}

function parseAnswer(output: string): ClipAnswer | null {
  try {
    return JSON.parse(output) as ClipAnswer
  } catch {
    return null
  }
}

function notKept(error: unknown): never {
  if (!isAppError(error, 'unavailable')) throw error
  throw new AppError('unavailable', `${error.message} The clip was not kept: send it again in a minute.`, {
    cause: error.cause ?? error,
  })
}
