// AVIF of a picture that is in already: master → renditions in blob storage, in a child that gives way to everything else.
// Called by wires/media-work.ts. Never touches the renditions that readers have meanwhile.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../domain/error.ts'
import type { Blobs } from './blobs.ts'
import { runChild } from './child.ts'
import { MASTER, partsOf } from './parts.ts'

export const AVIF_MS = 120_000 // a tall picture on a busy machine; most take two seconds

/** `none`: the master is gone, so nothing can be made (any more). */
export type AvifOutcome = { outcome: 'made'; bytes: number } | { outcome: 'none' }
export type AvifParts = { blobs: Blobs; ms?: number; scratch?: string }

/** Twice is as once. Throws `internal` when the encoder fails or is stopped. */
export async function makeAvif(parts: AvifParts, id: string, signal?: AbortSignal): Promise<AvifOutcome> {
  const master = await parts.blobs.readBytes({ id, part: MASTER })
  if (!master) return { outcome: 'none' }
  const folder = await mkdtemp(join(parts.scratch ?? tmpdir(), 'dateline-avif-'))
  try {
    await writeFile(join(folder, MASTER), master, { mode: 0o600 })
    const args = [join(folder, MASTER), folder]
    const { output, failure } = await runChild('avif-child', args, { ms: parts.ms ?? AVIF_MS, gentle: true, signal })
    if (failure) throw new AppError('internal', 'AVIF could not be made.', { cause: new Error(output || failure) })
    return { outcome: 'made', bytes: await store(parts.blobs, folder, id) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each part is whole or absent; the address of an absent one answers with WebP. */
async function store(blobs: Blobs, folder: string, id: string): Promise<number> {
  let total = 0
  for (const part of partsOf(['avif'])) {
    const bytes = await readFile(join(folder, part))
    await blobs.write({ id, part }, bytes)
    total += bytes.length
  }
  return total
}
