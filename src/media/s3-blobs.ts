// Blob storage in a bucket: the shape of media/blobs.ts over S3.
// Called by cli/pictures.ts where S3 is configured. Never hands out an address of the bucket: readers come through Dateline.

import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type BlobName, type Blobs, type ByteRange, placeOfBlob, placeOfId, SAFE_PART } from './blobs.ts'
import { MASTER } from './parts.ts'
import type { S3Client } from './s3-client.ts'

const MAX_RENDITION_BYTES = 32 * 1024 * 1024 // a 1600 × 16,000 JPEG of noise stays below
const MAX_MASTER_BYTES = 256 * 1024 * 1024 // without loss, and as much as a backup takes in one entry

const PIECE_BYTES = 512 * 1024 // of a clip: two of them are held in memory for each reader
const LEAST_BYTES = 64 * 1024 // players ask for two bytes first, and some storages answer that with everything
const CLIP_NAME = /^clip\./

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
    writeFile: async (name, path) => client.putFile(placeOfBlob(name), () => createReadStream(path)),
    read: async (name, range) => {
      if (CLIP_NAME.test(name.part)) return readPieces(client, placeOfBlob(name), range)
      const bytes = await get(name) // whole before the first byte goes out: a damaged one is never half a picture
      return bytes && { stream: Readable.from(bytes), size: bytes.length }
    },
    readBytes: async (name) => {
      if (!CLIP_NAME.test(name.part)) return get(name)
      const found = await readPieces(client, placeOfBlob(name))
      return found && buffer(found.stream) // of commands only: the server never holds a clip
    },
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

/** A clip is too large to be held: it comes in pieces, each asked for when the one before has gone out. */
async function readPieces(
  client: S3Client,
  key: string,
  { start, end }: ByteRange = { start: 0, end: Number.MAX_SAFE_INTEGER },
): Promise<{ stream: Readable; size: number } | null> {
  const pieceAt = (at: number) => {
    const wanted = Math.min(at + PIECE_BYTES - 1, end)
    return client.getRange(key, { start: at, end: Math.max(wanted, at + LEAST_BYTES - 1) })
  }
  const first = await pieceAt(start)
  if (!first) return null
  const { size } = first
  const last = Math.min(end, size - 1)
  async function* pieces(piece: Buffer) {
    for (let at = start; ; ) {
      yield piece.subarray(0, last - at + 1)
      at += piece.length
      if (at > last) return
      const next = await pieceAt(at)
      if (next?.size !== size) throw new Error('the clip changed while it was read')
      piece = next.bytes
    }
  }
  return { stream: Readable.from(pieces(first.bytes), { objectMode: false }), size }
}
