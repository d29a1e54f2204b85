// A file that has its name only when every byte of it is on the disk, and what is said about it.
// Called by the backup and export commands. Never overwrites what is there.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { syncFolder } from '../../base/sync-folder.ts'
import { AppError } from '../../domain/error.ts'
import { counted } from '../../kit/counted.ts'

/** `what`: who says it, as in "A backup". Throws `conflict` for a name that is taken, `invalid` without its folder. */
export function refuseTarget(target: string, what: string): void {
  if (existsSync(target)) throw taken(target, what)
  if (!existsSync(dirname(resolve(target)))) throw new AppError('invalid', `There is no folder ${dirname(target)}.`)
}

/** Under another name until every byte is on the disk: what has the name is whole. Mode 600. */
export async function writeWhole<T>(path: string, what: string, write: (out: Writable) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.partial`
  try {
    const file = await open(temporary, 'wx', 0o600) // it holds unpublished text, a backup password hashes too
    try {
      const result = await write(sinkOf(file))
      await file.sync()
      if (existsSync(path)) throw taken(path, what) // it came meanwhile
      await rename(temporary, path)
      await syncFolder(dirname(path))
      return result
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** What a report calls it: the file with its size, or standard output. */
export async function placeOfFile(target: string): Promise<string> {
  if (target === '-') return 'standard output'
  return `${target}  (${(await stat(target)).size.toLocaleString('en')} bytes)`
}

/** For a report: pictures that should have files and have none. */
export function withoutFiles(pictures: number): string {
  return `${counted(pictures, 'picture has', 'pictures have')} no file here: is DATA_DIR right?`
}

/** Aborted by the first signal that would end the process: what was begun is then taken away again. */
export function stopBySignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  return stop.signal
}

/**
 * What the operator is told. A full disk, a closed pipe, a file of a picture that cannot be read are their affair, no fault
 * of ours. `outcome`: as in "No backup was written".
 */
export function writeFailure(error: unknown, stop: AbortSignal, outcome: string): unknown {
  if (stop.aborted) return new AppError('conflict', `Stopped. ${outcome}.`, { cause: error })
  return isSystemError(error) ? new AppError('unavailable', `${outcome}: ${error.message}`) : error
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')
}

// A stream of the file itself would close it before it can be synced.
function sinkOf(file: FileHandle): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      file.writeFile(chunk).then(() => done(), done)
    },
  })
}

function taken(target: string, what: string): AppError {
  return new AppError('conflict', `${target} exists. ${what} overwrites nothing.`)
}
