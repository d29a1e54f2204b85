// `dateline config`: every option, its value, where it came from.

import type { Parsed } from '../options.ts'
import { printOptions } from '../options-print.ts'
import { placeOf } from '../place.ts'

export async function config({ options, sources }: Parsed): Promise<void> {
  process.stdout.write(printOptions({ ...options, dataDir: placeOf(options).dataDir }, sources))
}
