// Blob storage in a bucket: the shape of media/blobs.ts over S3.
// Called by cli/pictures.ts where S3 is configured. Never hands out an address of the bucket: readers come through Dateline.

import { Readable } from 'node:stream'
import { type BlobName, type Blobs, placeOfBlob, placeOfId, SAFE_PART } from './blobs.ts'
import { MASTER } from './parts.ts'
import type { S3Client } from './s3-client.ts'

const MAX_RENDITION_BYTES = 32 * 1024 * 1024 // a 1600 × 16,000 JPEG of noise stays below
const MAX_MASTER_BYTES = 256 * 1024 * 1024 // without loss, and as much as a backup takes in one entry

/** An object appears whole or not at all: that is S3's own promise for one put. */
export function createS3Blobs(client: S3Client): Blobs {
  const get = (name: BlobName) =>
    client.get(placeOfBlob(name), name.part === MASTER ? MAX_MASTER_BYTES : MAX_RENDITION_BYTES)
  const below = async (id: string): Promise<string[]> => {
    const start = `${placeOfId(id)}/`
    const keys = await client.list(start)
    return keys.filter((key) => key.startsWith(start)) // whatever the storage answers, nothing else is touched
  }
  return {
    write: async (name, bytes) => client.put(placeOfBlob(name), bytes),
    read: async (name) => {
      const bytes = await get(name) // whole before the first byte goes out: a damaged one is never half a picture
      return bytes && { stream: Readable.from(bytes), size: bytes.length }
    },
    readBytes: async (name) => get(name),
    remove: async (name) => client.remove(placeOfBlob(name)),
    parts: async (id) => {
      const keys = await below(id)
      const names = keys.map((key) => key.slice(placeOfId(id).length + 1))
      return names.filter((name) => SAFE_PART.test(name)).sort()
    },
    removeAll: async (id) => {
      for (const key of await below(id)) await client.remove(key)
    },
  }
}
