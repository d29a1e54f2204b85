// Renditions kept in memory for some minutes, where reading them costs a request to another machine.
// Called by cli/pictures.ts over S3. Never decides who may see a picture: that is asked anew for every request.

import type { BlobName, Blobs } from './blobs.ts'
import { MASTER } from './parts.ts'

export const MEMORY_BYTES = 64 * 1024 * 1024 // some hundred pictures at one width each
export const KEPT_MS = 10 * 60_000
export const ABSENT_MS = 5_000 // an AVIF may have been made by another node

type Kept = { bytes: Buffer | null; until: number }
export type BlobMemory = { maxBytes?: number; now: () => number }

/** Many readers of one picture are one request to the storage. Only `readBytes` remembers. */
export function withMemory(blobs: Blobs, { maxBytes = MEMORY_BYTES, now }: BlobMemory): Blobs {
  const kept = new Map<string, Kept>() // oldest use first
  const under = new Map<string, Promise<Buffer | null>>()
  let size = 0
  const nameOf = ({ id, part }: BlobName) => `${id}/${part}`
  const forget = (key: string) => {
    size -= kept.get(key)?.bytes?.length ?? 0
    kept.delete(key)
    under.delete(key) // what is on its way may be older than what was written meanwhile
  }
  const keep = (key: string, bytes: Buffer | null) => {
    if ((bytes?.length ?? 0) > maxBytes / 8) return
    forget(key)
    kept.set(key, { bytes, until: now() + (bytes ? KEPT_MS : ABSENT_MS) })
    size += bytes?.length ?? 0
    for (const oldest of kept.keys()) {
      if (size <= maxBytes && kept.size <= 10_000) break
      forget(oldest)
    }
  }
  const ask = (name: BlobName, key: string): Promise<Buffer | null> => {
    const work: Promise<Buffer | null> = blobs.readBytes(name).then(
      (bytes) => {
        if (under.get(key) === work) keep(key, bytes)
        return bytes
      },
      (error) => {
        if (under.get(key) === work) under.delete(key)
        throw error
      },
    )
    under.set(key, work)
    return work
  }
  const forgetAll = (id: string) => {
    for (const key of [...kept.keys(), ...under.keys()]) if (key.startsWith(`${id}/`)) forget(key)
  }
  return {
    ...blobs,
    write: async (name, bytes) => {
      forget(nameOf(name))
      await blobs.write(name, bytes).finally(() => forget(nameOf(name)))
    },
    writeFile: async (name, path) => {
      forget(nameOf(name))
      await blobs.writeFile(name, path).finally(() => forget(nameOf(name)))
    },
    readBytes: async (name) => {
      if (name.part === MASTER) return blobs.readBytes(name)
      const key = nameOf(name)
      const found = kept.get(key)
      if (!found || found.until <= now()) return under.get(key) ?? ask(name, key)
      kept.delete(key) // used last goes last
      kept.set(key, found)
      return found.bytes
    },
    remove: async (name) => {
      forget(nameOf(name))
      await blobs.remove(name).finally(() => forget(nameOf(name)))
    },
    removeAll: async (id) => {
      forgetAll(id)
      await blobs.removeAll(id).finally(() => forgetAll(id))
    },
  }
}
