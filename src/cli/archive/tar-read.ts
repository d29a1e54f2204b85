// Reads a tar of ours, gzipped or not, entry by entry, and says in our words what is wrong with it.
// Called by backup/archive-read.ts and story-archive/read.ts. Never holds more of an entry than its caller allows.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar'
import { AppError, isAppError } from '../../domain/error.ts'

/** `what`: what the file should be, as in "a backup of Dateline". */
export type TarKind = { what: string; gzipped: boolean }
export type TarEntry = { header: ParsedTarEntry['header']; body: AsyncIterable<Uint8Array> }

/** Each body is read before the next entry is asked for. Throws `invalid`. */
export async function* entriesOf(path: string, { what, gzipped }: TarKind): AsyncGenerator<TarEntry> {
  const file = createReadStream(path)
  const gunzip = gzipped ? createGunzip() : null
  if (gunzip) file.on('error', (error) => gunzip.destroy(error))
  const source = gunzip ? file.pipe(gunzip) : file
  const bytes = Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>
  try {
    const entries: ReadableStream<ParsedTarEntry> = bytes.pipeThrough(createTarDecoder({ strict: true }) as never)
    for await (const { header, body } of readable(path, what, entries))
      yield { header, body: readable(path, what, body) }
  } finally {
    file.destroy()
    source.destroy()
  }
}

/** The same, with what goes wrong in our words. The DOM's typings do not know that a stream can be iterated over. */
async function* readable<T>(path: string, what: string, stream: ReadableStream<T>): AsyncGenerator<T> {
  try {
    yield* stream as unknown as NodeReadableStream<T>
  } catch (cause) {
    if (isAppError(cause)) throw cause
    // The web stream wraps what zlib said.
    const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException
    if (code !== undefined && /^(ENOENT|EACCES|EISDIR)$/.test(code))
      throw new AppError('invalid', `The file ${path} cannot be read (${code}).`, { cause })
    throw new AppError('invalid', `This is no ${what}, or it is damaged or cut off: ${message}`, { cause })
  }
}

/** SHA-256 as hex, and how many line breaks there are. */
export async function digestOf(body: TarEntry['body']): Promise<{ digest: string; lines: number }> {
  const hash = createHash('sha256')
  let lines = 0
  for await (const part of body) {
    hash.update(part)
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines += 1
  }
  return { digest: hash.digest('hex'), lines }
}

/** null: it is larger than `max` bytes, and was not read. */
export async function hold({ header, body }: TarEntry, max: number): Promise<Buffer | null> {
  if (header.size > max) return null
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
