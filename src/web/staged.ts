// A body too large to be held: on this machine's disk while it is looked at.
// Called by the API and by the desk's forms, for clips.
// Never keeps what broke off, and never takes more than it was told.

import { createHash, randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '../domain/error.ts'

const STALLED_MS = 30_000 // not a byte more: the line is gone

/** `remove`: twice is as once. */
export type StagedFile = { path: string; size: number; sha256: string; remove(): Promise<void> }

/** `length`: as the sender said it; NaN = not said. Throws `too_large`, `invalid` for a body that broke off or is empty. */
export async function stageBody(body: Readable, length: number, maxBytes: number): Promise<StagedFile> {
  if (length > maxBytes) throw clipTooLarge(maxBytes)
  const path = join(tmpdir(), `dateline-upload-${randomBytes(12).toString('hex')}`)
  const remove = () => rm(path, { force: true })
  const hash = createHash('sha256')
  let size = 0
  const stalled = setTimeout(() => body.destroy(new Error('stalled')), STALLED_MS)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        stalled.refresh()
        size += chunk.length
        if (size > maxBytes) throw clipTooLarge(maxBytes)
        hash.update(chunk)
        await file.writeFile(chunk)
      }
    } finally {
      await file.close()
    }
    if (size === 0) throw new AppError('invalid', 'This file is empty.')
    return { path, size, sha256: hash.digest('hex'), remove }
  } catch (error) {
    await remove()
    if (error instanceof AppError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AppError('unavailable', 'This machine has no room for the file. Tell its operator.', { cause: error })
    throw new AppError('invalid', 'The file broke off. Send it again.', { cause: error })
  } finally {
    clearTimeout(stalled)
  }
}

export function clipTooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `A clip has at most ${Math.floor(maxBytes / 1024 / 1024)} MB.`)
}
