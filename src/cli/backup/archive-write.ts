// Writes a snapshot and its media as one tar, gzipped: tables/<name>.<n>.jsonl, media/<id>/<part>, SHA256SUMS, manifest.json.
// Called by the backup command. Never finishes an archive that lacks something: the manifest comes last.

import { createHash } from 'node:crypto'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createGzip } from 'node:zlib'
import { createTarPacker } from 'modern-tar'
import type { Blobs } from '../../media/blobs.ts'
import { NOT_CARRIED } from '../../store/catalogue.ts'
import type { Snapshot } from '../../store/dump.ts'
import { FORMAT, FORMAT_VERSION, MANIFEST, type Manifest, SUMS } from './manifest.ts'

const CHUNK_BYTES = 4 * 1024 * 1024 // rows are gathered to entries of about this size: one statement when restoring

export type ArchiveParts = {
  snapshot: Snapshot
  blobs: Pick<Blobs, 'parts' | 'read'>
  program: string
  now: () => number // ms
  signal?: AbortSignal
}

/** Ends `out`. What it throws leaves `out` without a manifest. */
export async function writeArchive(out: Writable, parts: ArchiveParts): Promise<Manifest> {
  const { readable, controller } = createTarPacker()
  const packed = Readable.fromWeb(readable as NodeReadableStream)
  const written = pipeline(packed, createGzip(), out, { signal: parts.signal })
  written.catch(() => undefined) // awaited below; must not be an unhandled rejection meanwhile
  const tar = createEntries(controller, new Date(parts.now()))
  try {
    const manifest = await writeAll(tar, parts)
    controller.finalize()
    await written
    return manifest
  } catch (error) {
    controller.error(error)
    await written.catch(() => undefined)
    throw error
  }
}

async function writeAll(tar: Entries, { snapshot, blobs, program, now }: ArchiveParts): Promise<Manifest> {
  const madeAt = new Date(now()).toISOString()
  const tables: Manifest['tables'] = {}
  for (const { name, columns } of snapshot.tables) {
    tables[name] = { rows: await writeTable(tar, name, snapshot.rows(name)), columns }
  }
  const media = await writeMedia(tar, snapshot.mediaIds, blobs)
  const sums = await tar.add(SUMS, Buffer.from(tar.lines.join('')))
  const { server, epoch, migrations, sequences } = snapshot
  const manifest: Manifest = {
    ...{ format: FORMAT, formatVersion: FORMAT_VERSION, program, madeAt, server, epoch },
    ...{ migrations, tables, sequences, media, notCarried: NOT_CARRIED, sums },
  }
  await tar.add(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
  return manifest
}

async function writeTable(tar: Entries, name: string, batches: AsyncIterable<string[]>): Promise<number> {
  let rows = 0
  let chunk: Buffer[] = []
  let size = 0
  let chunks = 0
  const flush = async () => {
    chunks += 1
    await tar.add(`tables/${name}.${String(chunks).padStart(5, '0')}.jsonl`, Buffer.concat(chunk))
    chunk = []
    size = 0
  }
  for await (const lines of batches) {
    for (const line of lines) {
      const bytes = Buffer.from(`${line}\n`) // PostgreSQL escapes line breaks inside JSON: one line is one row
      chunk.push(bytes)
      size += bytes.length
      rows += 1
      if (size >= CHUNK_BYTES) await flush()
    }
  }
  if (size > 0) await flush()
  return rows
}

async function writeMedia(tar: Entries, ids: string[], blobs: ArchiveParts['blobs']): Promise<Manifest['media']> {
  const media: Manifest['media'] = { ids: ids.length, files: 0, bytes: 0, missing: [] }
  for (const id of ids) {
    const parts = await blobs.parts(id)
    if (parts.length === 0) media.missing.push(id) // taken away since the snapshot, or lost: the rest is still worth keeping
    for (const part of parts) {
      const blob = await blobs.read({ id, part })
      if (!blob) continue
      await tar.addStream(`media/${id}/${part}`, blob.size, blob.stream)
      media.files += 1
      media.bytes += blob.size
    }
  }
  return media
}

type Entries = ReturnType<typeof createEntries>

function createEntries(controller: ReturnType<typeof createTarPacker>['controller'], mtime: Date) {
  const lines: string[] = []
  const addStream = async (name: string, size: number, body: AsyncIterable<Uint8Array>): Promise<string> => {
    const hash = createHash('sha256')
    const writer = controller.add({ name, size, mtime, mode: 0o600, type: 'file' }).getWriter()
    for await (const part of body) {
      hash.update(part)
      await writer.write(part)
    }
    await writer.close()
    const digest = hash.digest('hex')
    lines.push(`${digest}  ${name}\n`) // as sha256sum writes and checks it
    return digest
  }
  const add = (name: string, bytes: Uint8Array) => addStream(name, bytes.length, Readable.from([bytes]))
  return { lines, add, addStream }
}
