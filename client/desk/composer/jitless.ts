// Tells the schemas of domain/ not to try whether code may be made from text: the desk's policy forbids it, and reports the try.
// Called by composer.tsx, before anything else of its own.
// Never imported by the server, where made code is faster.

import { config } from 'zod'

config({ jitless: true })
