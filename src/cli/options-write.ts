// Writes docs/configuration.md from the option table.
// Run by hand after a change of the table: node bin/dateline.mjs run src/cli/options-write.ts
// Must never be needed at run time.

import { writeFileSync } from 'node:fs'
import { optionsMarkdown } from './options-print.ts'

writeFileSync(new URL('../../docs/configuration.md', import.meta.url), optionsMarkdown())
