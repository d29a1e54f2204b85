// An intake put to the test with hostile files: what became of each, how long it took, how long the server was held up.
// Called by the hostile tests of src/media.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { isAppError } from '../../src/domain/error.ts'
import { createDiskBlobs } from '../../src/media/blobs.ts'
import { createIntake, type TakenPicture } from '../../src/media/intake.ts'
import { partsOf, QUICK_FORMATS } from '../../src/media/parts.ts'
import { type LoopDelay, watchLoop } from './loop-delay.ts'
import { CANARY } from './pictures.ts'

const MAX_MS = 1_000 // of one file
const MAX_BLOCKED_MS = 20

export type Outcome = { name: string; ms: number; delay: LoopDelay; taken: TakenPicture | null }
export type Trial = {
  /** Asserts that a refusal is `invalid` and that what was taken is plain. */
  take(name: string, bytes: Buffer): Promise<Outcome>
  close(): Promise<void>
}

export async function openTrial(): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'intake-trial-'))
  const blobs = createDiskBlobs(join(folder, 'media'), randomBytes)
  const intake = createIntake({ blobs, random: randomBytes, scratch: folder })
  return {
    take: async (name, bytes) => {
      const start = performance.now()
      const { result, delay } = await watchLoop(() => intake.take(bytes).catch((error: unknown) => error))
      const ms = performance.now() - start
      if (result instanceof Error) assert.ok(isAppError(result, 'invalid'), `${name}: ${result}`)
      const taken = result instanceof Error ? null : (result as TakenPicture)
      if (taken) await checkPlain(name, taken, (part) => blobs.readBytes({ id: taken.id, part }))
      return { name, ms, delay, taken }
    },
    close: async () => {
      const left = (await readdir(folder)).filter((name) => name !== 'media')
      await rm(folder, { recursive: true })
      assert.deepEqual(left, [], 'no temporary file stays')
    },
  }
}

/** One sentence of figures. Throws when a file took too long or the event loop was held up. */
export function checkQuick(outcomes: readonly Outcome[]): string {
  // A machine with more work than cores makes everybody wait as often as there is work for each core.
  const busy = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
  const times = sorted(outcomes.map((one) => one.ms))
  const walls = sorted(outcomes.map((one) => one.delay.wall))
  const cpu = Math.max(...outcomes.map((one) => one.delay.cpu))
  const middle = outcomes.length >> 1
  const figures =
    `median ${Math.round(times[middle] ?? 0)} ms, slowest ${Math.round(times.at(-1) ?? 0)} ms; loop held up ` +
    `${walls[middle]?.toFixed(1)} ms at the median, ${walls.at(-1)?.toFixed(1)} ms at most, computing ${cpu.toFixed(1)} ms; ` +
    `${busy.toFixed(1)} processes a core`
  assert.ok((times.at(-1) ?? 0) <= MAX_MS * busy, figures)
  assert.ok(cpu <= MAX_BLOCKED_MS, figures)
  // What the intake does to the loop, it does with every file; a single long pause is the machine's.
  assert.ok((walls[middle] ?? 0) <= MAX_BLOCKED_MS * busy, figures)
  return figures
}

async function checkPlain(
  name: string,
  { width, height }: TakenPicture,
  read: (part: string) => Promise<Buffer | null>,
): Promise<void> {
  for (const part of partsOf(QUICK_FORMATS)) {
    const bytes = await read(part)
    assert.ok(bytes, `${name} ${part}`)
    assert.ok(!bytes.includes(CANARY), `${name} ${part} carries what was hidden in it`)
    const found = await sharp(bytes).metadata()
    const hidden = [found.exif, found.xmp, found.iptc, found.icc, found.orientation]
    assert.deepEqual(hidden, Array(5).fill(undefined), `${name} ${part}`)
    assert.ok((found.pages ?? 1) === 1 && found.width <= width && found.height <= height, `${name} ${part}`)
  }
}

function sorted(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b)
}
