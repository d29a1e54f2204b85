// A process of its own that turns a master into AVIF at each width, then ends.
// Started by media/avif.ts as: node avif-child.ts <master> <out folder>. Says what failed on stdout, nothing when all went well.
// Never opens anything but that master, which a decoder of ours wrote.

import { join } from 'node:path'
import sharp from 'sharp'
import { eachWidth } from './each-width.ts'
import { guardMemory } from './memory-guard.ts'
import { partOf } from './parts.ts'

const AVIF = { quality: 50, effort: 2 } // effort 4 saves 6 % and costs five times as much
const [, , file = '', folder = ''] = process.argv

guardMemory()
sharp.cache(false)
sharp.concurrency(1)
try {
  const { width = 0 } = await sharp(file).metadata()
  await eachWidth(width, ['avif'], folder, async (wanted) => {
    await sharp(file)
      .resize({ width: wanted, withoutEnlargement: true })
      .avif(AVIF)
      .toFile(join(folder, partOf(wanted, 'avif')))
  })
} catch (error) {
  process.stdout.write(String((error as Error)?.message ?? error).slice(0, 300))
  process.exitCode = 1
}
