// `dateline config`: every option, its value, where it came from.

import type { CommandContext } from '../main.ts'
import { printOptions } from '../options-print.ts'

export async function config({ options, sources }: CommandContext): Promise<void> {
  process.stdout.write(printOptions(options, sources))
}
