// Blob storage: bytes under a name, written whole or not at all; here on disk, in media/s3-blobs.ts in a bucket.
// Called by media/intake.ts and by the edge that serves pictures. Never takes a name that could leave its folder.

import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, writeFile as writeToFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { syncFolder } from '../base/sync-folder.ts'
import { AppError } from '../domain/error.ts'

/**
 * `read`: null when there is no such blob. `write` over an existing name replaces it. `remove` of a missing one is done.
 * `parts`: the names of an id's blobs, sorted; none for an unknown id.
 */
export type Blobs = {
  write(name: BlobName, bytes: Uint8Array): Promise<void>
  /** As `write`, from a file on this machine, a piece at a time. */
  writeFile(name: BlobName, path: string): Promise<void>
  /** `range`: from its first byte to its last, both of them in the file; `size` is that of the whole blob. */
  read(name: BlobName, range?: ByteRange): Promise<{ stream: Readable; size: number } | null>
  readBytes(name: BlobName): Promise<Buffer | null>
  remove(name: BlobName): Promise<void>
  parts(id: string): Promise<string[]>
  /** Every part of `id`, half-written ones too. */
  removeAll(id: string): Promise<void>
}
export type ByteRange = { start: number; end: number }
/** `id` as in domain/id.ts; `part` like "800.jpg". */
export type BlobName = { id: string; part: string }

const SAFE_ID = /^[0-9a-z]{16,32}$/
export const SAFE_PART = /^[0-9a-z]{1,16}\.[0-9a-z]{1,8}$/

/** As "ab/cdef…", so that no folder grows large; the same on disk and in a bucket, so that a tool can copy one to the other. */
export function placeOfId(id: string): string {
  if (!SAFE_ID.test(id)) throw new AppError('not_found', 'There is no such file.')
  return `${id.slice(0, 2)}/${id.slice(2)}`
}

export function placeOfBlob({ id, part }: BlobName): string {
  if (!SAFE_PART.test(part)) throw new AppError('not_found', 'There is no such file.')
  return `${placeOfId(id)}/${part}`
}

/** Files lie under `folder`/ab/cdef…/part. */
export function createDiskBlobs(folder: string, random: (size: number) => Uint8Array): Blobs {
  const folderOf = (id: string): string => join(folder, placeOfId(id))
  const pathOf = (name: BlobName): string => join(folder, placeOfBlob(name))
  const suffix = () => Buffer.from(random(8)).toString('hex')
  return {
    write: (name, bytes) => writeWhole(pathOf(name), suffix(), (file) => writeBytes(file, bytes)),
    writeFile: (name, path) => writeWhole(pathOf(name), suffix(), (file) => copyFile(path, file)),
    read: async (name, range) => {
      const file = await openOrNull(pathOf(name))
      if (!file) return null
      const { size } = await file.stat()
      return { stream: createReadStream('', { fd: file, autoClose: true, ...range }), size }
    },
    readBytes: async (name) => {
      const file = await openOrNull(pathOf(name))
      if (!file) return null
      try {
        return await file.readFile()
      } finally {
        await file.close()
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    parts: async (id) => {
      const names = await namesIn(join(pathOf({ id, part: 'any.part' }), '..'))
      return names.filter((name) => SAFE_PART.test(name)).sort() // a file still being written has another name
    },
    removeAll: (id) => rm(folderOf(id), { force: true, recursive: true }),
  }
}

/** Bytes reach the disk before the name does: a crash leaves the old file or the new one, never half of one. */
async function writeWhole(path: string, suffix: string, make: (file: string) => Promise<void>): Promise<void> {
  const folder = join(path, '..')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${suffix}.tmp`
  try {
    await make(temporary)
    const file = await open(temporary, 'r+')
    try {
      await file.chmod(0o600)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

const writeBytes = (file: string, bytes: Uint8Array) => writeToFile(file, bytes, { flag: 'wx', mode: 0o600 })

async function openOrNull(path: string) {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
