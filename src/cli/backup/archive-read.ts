// Reads a backup: once to check every byte of it, a second time to hand out what it holds.
// Called by the restore and verify commands. Never hands out anything before the whole archive was checked.

import { AppError } from '../../domain/error.ts'
import { digestOf, entriesOf, hold, sha256, type TarEntry } from '../archive/tar-read.ts'
import { MANIFEST, type Manifest, parseManifest, SUMS } from './manifest.ts'

const KIND = { what: 'backup of Dateline', gzipped: true }
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
  for await (const entry of entriesOf(path, KIND)) {
    const { header, body } = entry
    const { name, size } = header
    if (header.type !== 'file' || seen.has(name)) throw damaged(`it holds ${name} in a way no backup does`)
    const table = TABLE_ENTRY.exec(name)?.[1]
    const held = name === SUMS || name === MANIFEST ? await holdPart(entry) : null
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
  for await (const entry of entriesOf(path, KIND)) {
    const { header } = entry
    const table = TABLE_ENTRY.exec(header.name)?.[1]
    const [, id = '', part = ''] = MEDIA_ENTRY.exec(header.name) ?? []
    const bytes = await holdPart(entry)
    if (table !== undefined) await contents.table(table, bytes.toString().trimEnd().replaceAll('\n', ','))
    else if (id !== '') await contents.media({ id, part }, bytes)
  }
}

async function holdPart(entry: TarEntry): Promise<Buffer> {
  const bytes = await hold(entry, MAX_HELD_BYTES)
  if (bytes === null) throw damaged('one of its parts is too large')
  return bytes
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

function damaged(what: string): AppError {
  return new AppError('invalid', `The backup is damaged: ${what}. Nothing was changed.`)
}
