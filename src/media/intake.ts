// Bytes from outside → renditions in blob storage, size and metadata.
// Called by uploads and importers. Never decodes in this process and never stores the original file.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError, isAppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Blobs } from './blobs.ts'
import { runChild } from './child.ts'
import type { DecodeAnswer, Decoded } from './decode-child.ts'
import type { PhotoMetadata } from './iptc.ts'
import { MASTER, partOf, partsOf, QUICK_FORMATS } from './parts.ts'
import { type Rectangle, rectangleText } from './rectangle.ts'
import { type PictureFormat, sniffPicture } from './sniff.ts'

export const MAX_PICTURE_BYTES = 25 * 1024 * 1024
export const DECODE_MS = 10_000
export const SECOND_DECODE_MS = 30_000 // what is late the first time is mostly late because of what else the machine does
const MAX_WAITING = 50 // pictures in the queue; beyond it the sender is asked to wait

/** `bytes`: of all renditions together. */
export type TakenPicture = {
  id: string
  width: number
  height: number
  format: PictureFormat
  bytes: number
  metadata: PhotoMetadata
}
export type Intake = {
  /** `id` given: an importer that must be able to do it twice. Throws `too_large`, `invalid`, `too_many`, `unavailable`. */
  take(bytes: Uint8Array, id?: string): Promise<TakenPicture>
  /** A picture of its own, from the best that is kept of another. Throws `not_found` when nothing is, else as `take`. */
  cut(from: string, rectangle: Rectangle): Promise<TakenPicture>
}
export type IntakeParts = {
  blobs: Blobs
  random: (size: number) => Uint8Array
  decodeMs?: number
  secondMs?: number
  scratch?: string
}

/** One picture at a time: decoding takes a whole core and the most memory of anything here. */
export function createIntake(parts: IntakeParts): Intake {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    take: async (bytes, id) => {
      checkBytes(bytes)
      return queued(() => takeOne(parts, bytes, id ?? makeId(parts.random)))
    },
    cut: (from, rectangle) =>
      queued(async () => takeOne(parts, await bestOf(parts.blobs, from), makeId(parts.random), rectangle)),
  }

  async function queued(work: () => Promise<TakenPicture>): Promise<TakenPicture> {
    if (waiting >= MAX_WAITING) throw new AppError('too_many', 'Too many pictures at once. Try again in a minute.')
    waiting++
    const done = last.then(work)
    last = done.catch(() => {}).finally(() => waiting--)
    return done
  }
}

/** The master is without loss, and there until AVIF is made; then the largest rendition is the best there is. */
async function bestOf(blobs: Blobs, id: string): Promise<Buffer> {
  for (const part of [MASTER, partOf(1600, 'webp')]) {
    const bytes = await blobs.readBytes({ id, part })
    if (bytes) return bytes
  }
  throw new AppError('not_found', 'The files of this photo are gone.')
}

function checkBytes(bytes: Uint8Array): void {
  if (bytes.length > MAX_PICTURE_BYTES) throw new AppError('too_large', 'A picture has at most 25 MB.')
  if (!sniffPicture(bytes)) throw new AppError('invalid', 'This file is not a JPEG, PNG, WebP, AVIF or GIF picture.')
}

async function takeOne(parts: IntakeParts, bytes: Uint8Array, id: string, cut?: Rectangle): Promise<TakenPicture> {
  const folder = await mkdtemp(join(parts.scratch ?? tmpdir(), 'dateline-picture-'))
  try {
    const file = join(folder, 'in')
    await writeFile(file, bytes, { mode: 0o600 })
    const limits = [parts.decodeMs ?? DECODE_MS, parts.secondMs ?? SECOND_DECODE_MS]
    const decoded = await decodeApart([file, folder, ...(cut ? [rectangleText(cut)] : [])], limits)
    const total = await store(parts.blobs, folder, id)
    return { id, ...decoded, bytes: total }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The master is written too and not counted: it stays only until AVIF is made. */
async function store(blobs: Blobs, folder: string, id: string): Promise<number> {
  let total = 0
  for (const part of [MASTER, ...partsOf(QUICK_FORMATS)]) {
    const bytes = await readFile(join(folder, part))
    await blobs.write({ id, part }, bytes).catch(notKept)
    if (part !== MASTER) total += bytes.length
  }
  return total
}

/** The storage says what it lacks; the sender is told what became of the photo. */
function notKept(error: unknown): never {
  if (!isAppError(error, 'unavailable')) throw error
  throw new AppError('unavailable', `${error.message} The photo was not kept: send it again in a minute.`, {
    cause: error.cause ?? error,
  })
}

/**
 * The child may crash, hang or eat memory; here that is one refused picture. Late twice is no fault of the picture's, unless it
 * had the machine for itself.
 */
async function decodeApart(args: readonly string[], limits: readonly number[]): Promise<Decoded> {
  for (const [tries, ms] of limits.entries()) {
    const { output, failure, late, spent } = await runChild('decode-child', args, { ms })
    if (late || (spent && tries < limits.length - 1)) continue
    const answer = failure ? null : parseAnswer(output)
    if (answer?.ok) return answer.decoded
    const reason = failure ?? (answer && !answer.ok ? answer.reason : 'no answer')
    throw new AppError('invalid', 'This picture is damaged or too large to be read.', { details: { reason } })
  }
  throw new AppError(
    'unavailable',
    'The server is busy: it could not read the photo in time. The photo may be fine; send it again in a minute.',
  )
}

function parseAnswer(output: string): DecodeAnswer | null {
  try {
    return JSON.parse(output) as DecodeAnswer
  } catch {
    return null
  }
}
