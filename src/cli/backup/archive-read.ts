// Reads a backup: once to check every byte of it, a second time to hand out what it holds.
// Called by the restore and verify commands. Never hands out anything before the whole archive was checked.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar'
import { AppError, isAppError } from '../../domain/error.ts'
import { MANIFEST, type Manifest, parseManifest, SUMS } from './manifest.ts'

const MAX_HELD_BYTES = 256 * 1024 * 1024 // one entry in memory: a table's chunk, a picture, the sums of two million files

const TABLE_ENTRY = /^tables\/([^/]{1,63})\.\d{5}\.jsonl$/
const MEDIA_ENTRY = /^media\/([0-9a-z]{16,32})\/([0-9a-z][0-9a-z.-]{0,60})$/

export type Contents = {
  /** `lines`: JSON objects joined by commas. */
  table(name: string, lines: string): Promise<void>
  media(name: { id: string; part: string }, bytes: Buffer): Promise<void>
}

/** Throws `invalid` when anything is damaged, missing, too much or foreign; `unavailable` when it is of a newer program. */
export async function checkArchive(path: string, knownMigrations: readonly string[]): Promise<Manifest> {
  const seen = new Map<string, string>() // name → SHA-256
  const rows = new Map<string, number>()
  const media = { files: 0, bytes: 0 }
  let sums = ''
  let manifest: Manifest | null = null
  for await (const { header, body } of entriesOf(path)) {
    const { name, size } = header
    if (header.type !== 'file' || seen.has(name)) throw damaged(`it holds ${name} in a way no backup does`)
    const table = TABLE_ENTRY.exec(name)?.[1]
    const held = name === SUMS || name === MANIFEST ? await hold(body, size) : null
    const { digest, lines } = held ? { digest: sha256(held), lines: 0 } : await digestOf(body)
    seen.set(name, digest)
    if (table !== undefined) rows.set(table, (rows.get(table) ?? 0) + lines)
    else if (MEDIA_ENTRY.test(name)) {
      media.files += 1
      media.bytes += size
    } else if (held && name === SUMS) sums = held.toString()
    else if (held) manifest = parseManifest(held.toString(), knownMigrations)
    else throw damaged(`it holds ${name}, which is no part of a backup`)
  }
  if (manifest === null) throw damaged('its end is missing')
  checkSums(seen, sums, manifest)
  checkCounts(manifest, rows, media)
  return manifest
}

/** Only after `checkArchive` of the same file. */
export async function readContents(path: string, contents: Contents): Promise<void> {
  for await (const { header, body } of entriesOf(path)) {
    const table = TABLE_ENTRY.exec(header.name)?.[1]
    const [, id = '', part = ''] = MEDIA_ENTRY.exec(header.name) ?? []
    const bytes = await hold(body, header.size)
    if (table !== undefined) await contents.table(table, bytes.toString().trimEnd().replaceAll('\n', ','))
    else if (id !== '') await contents.media({ id, part }, bytes)
  }
}

type Entry = { header: ParsedTarEntry['header']; body: AsyncIterable<Uint8Array> }

async function* entriesOf(path: string): AsyncGenerator<Entry> {
  const gunzip = createGunzip()
  const file = createReadStream(path)
  file.on('error', (error) => gunzip.destroy(error))
  const bytes = Readable.toWeb(file.pipe(gunzip)) as unknown as ReadableStream<Uint8Array>
  try {
    const entries: ReadableStream<ParsedTarEntry> = bytes.pipeThrough(createTarDecoder({ strict: true }) as never)
    for await (const { header, body } of readable(path, entries)) yield { header, body: readable(path, body) }
  } finally {
    file.destroy()
    gunzip.destroy()
  }
}

/** The same, with what goes wrong in our words. The DOM's typings do not know that a stream can be iterated over. */
async function* readable<T>(path: string, stream: ReadableStream<T>): AsyncGenerator<T> {
  try {
    yield* stream as unknown as NodeReadableStream<T>
  } catch (cause) {
    if (isAppError(cause)) throw cause
    // The web stream wraps what zlib said.
    const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException
    if (code !== undefined && /^(ENOENT|EACCES|EISDIR)$/.test(code))
      throw new AppError('invalid', `The file ${path} cannot be read (${code}).`, { cause })
    throw new AppError('invalid', `This is no backup of Dateline, or it is damaged or cut off: ${message}`, { cause })
  }
}

async function digestOf(body: Entry['body']): Promise<{ digest: string; lines: number }> {
  const hash = createHash('sha256')
  let lines = 0
  for await (const part of body) {
    hash.update(part)
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines += 1
  }
  return { digest: hash.digest('hex'), lines }
}

async function hold(body: Entry['body'], size: number): Promise<Buffer> {
  if (size > MAX_HELD_BYTES) throw damaged('one of its parts is too large')
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

function checkSums(seen: Map<string, string>, sums: string, manifest: Manifest): void {
  if (seen.get(SUMS) !== manifest.sums) throw damaged(`${SUMS} is not the one its manifest names`)
  const left = new Map([...seen].filter(([name]) => name !== SUMS && name !== MANIFEST))
  for (const line of sums.split('\n').filter((one) => one !== '')) {
    const [digest = '', name = ''] = line.split(/ {2}(.*)/s)
    if (!left.has(name)) throw damaged(`${name} is missing`)
    if (left.get(name) !== digest) throw damaged(`${name} is not what was written`)
    left.delete(name)
  }
  const [extra] = left.keys()
  if (extra !== undefined) throw damaged(`${extra} was added`)
}

function checkCounts(manifest: Manifest, rows: Map<string, number>, media: { files: number; bytes: number }): void {
  for (const name of new Set([...Object.keys(manifest.tables), ...rows.keys()])) {
    const said = manifest.tables[name]?.rows
    const found = rows.get(name) ?? 0
    if (said !== found) throw damaged(`table ${name} has ${found} rows, its manifest says ${said ?? 'none'}`)
  }
  if (manifest.media.files !== media.files || manifest.media.bytes !== media.bytes)
    throw damaged(`it holds ${media.files} media files, its manifest says ${manifest.media.files}`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damaged(what: string): AppError {
  return new AppError('invalid', `The backup is damaged: ${what}. Nothing was changed.`)
}
