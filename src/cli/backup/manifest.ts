// The manifest of a backup: what it is, who made it, what must be in it.
// Written last by archive-write.ts, so that a half-written archive has none; read by archive-read.ts.
// Never trusted before it was checked: a backup may come from anywhere.

import { AppError } from '../../domain/error.ts'
import { isRecord, isWhole, type JsonRecord, parseRecord } from '../archive/json-record.ts'

export const FORMAT = 'dateline-backup'
export const FORMAT_VERSION = 1
export const MANIFEST = 'manifest.json'
export const SUMS = 'SHA256SUMS'

export type Manifest = {
  format: typeof FORMAT
  formatVersion: number
  /** Version of Dateline that wrote it. */
  program: string
  /** ISO 8601, UTC. */
  madeAt: string
  /** Version of PostgreSQL it was read from. */
  server: string
  epoch: string
  migrations: string[]
  tables: { [name: string]: { rows: number; columns: string[] } }
  sequences: { [name: string]: string }
  media: { ids: number; files: number; bytes: number; missing: string[] }
  /** Table → why it is not here. */
  notCarried: { [name: string]: string }
  /** SHA-256 of the entry SHA256SUMS, which names every other entry. */
  sums: string
}

/** Throws `invalid` for what is no manifest of ours, `unavailable` for one of a newer program. */
export function parseManifest(text: string, knownMigrations: readonly string[]): Manifest {
  const found = parseRecord(text)
  if (found.format !== FORMAT || !isWhole(found.formatVersion)) throw foreign()
  const program = typeof found.program === 'string' ? found.program : 'unknown'
  if (found.formatVersion > FORMAT_VERSION) throw newer(program)
  if (!isManifest(found)) throw foreign()
  if (found.migrations.some((name) => !knownMigrations.includes(name))) throw newer(program)
  return found
}

function isManifest(found: JsonRecord): found is Manifest {
  const { tables, sequences, media, notCarried } = found
  return (
    ['program', 'madeAt', 'server', 'epoch', 'sums'].every((key) => typeof found[key] === 'string') &&
    isTexts(found.migrations) &&
    isRecord(tables) &&
    Object.values(tables).every((table) => isRecord(table) && isWhole(table.rows) && isTexts(table.columns)) &&
    isRecord(sequences) &&
    Object.values(sequences).every((last) => typeof last === 'string' && /^\d{1,19}$/.test(last)) &&
    isRecord(media) &&
    [media.ids, media.files, media.bytes].every(isWhole) &&
    isTexts(media.missing) &&
    isRecord(notCarried)
  )
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

function foreign(): AppError {
  return new AppError('invalid', 'This is no backup of Dateline, or its manifest is damaged.')
}

function newer(program: string): AppError {
  return new AppError(
    'unavailable',
    `This backup was made by a newer Dateline (${program}). Restore it with that version.`,
  )
}
