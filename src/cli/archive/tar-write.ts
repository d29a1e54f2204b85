// Writes a tar as a stream: each entry with its SHA-256, all with one time and mode 600.
// Called by backup/archive-write.ts and story-archive/write.ts. Never ends a tar that lacks something.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createTarPacker } from 'modern-tar'

export type TarEntries = {
  /** `sha256  name` for each entry so far, as sha256sum writes and checks it. */
  readonly lines: readonly string[]
  /** Both return the SHA-256 of the entry. */
  add(name: string, bytes: Uint8Array): Promise<string>
  addStream(name: string, size: number, body: AsyncIterable<Uint8Array>): Promise<string>
}

export type TarOptions = { mtime: Date; signal?: AbortSignal }

/** `through`: what the bytes run through, the last one their end, which is ended. What `work` throws leaves the tar without its end. */
export async function writeTar<T>(
  through: readonly [...NodeJS.ReadWriteStream[], NodeJS.WritableStream],
  { mtime, signal }: TarOptions,
  work: (tar: TarEntries) => Promise<T>,
): Promise<T> {
  const { readable, controller } = createTarPacker()
  const packed = Readable.fromWeb(readable as NodeReadableStream)
  const written = pipeline([packed, ...through], { signal })
  written.catch(() => undefined) // awaited below; must not be an unhandled rejection meanwhile
  try {
    const result = await work(createEntries(controller, mtime))
    controller.finalize()
    await written
    return result
  } catch (error) {
    controller.error(error)
    await written.catch(() => undefined)
    throw error
  }
}

function createEntries(controller: ReturnType<typeof createTarPacker>['controller'], mtime: Date): TarEntries {
  const lines: string[] = []
  const addStream: TarEntries['addStream'] = async (name, size, body) => {
    const hash = createHash('sha256')
    const writer = controller.add({ name, size, mtime, mode: 0o600, type: 'file' }).getWriter()
    for await (const part of body) {
      hash.update(part)
      await writer.write(part)
    }
    await writer.close()
    const digest = hash.digest('hex')
    lines.push(`${digest}  ${name}\n`)
    return digest
  }
  return { lines, addStream, add: (name, bytes) => addStream(name, bytes.length, Readable.from([bytes])) }
}
