// Tells the schemas of domain/ not to try whether code may be made from text: the desk's policy forbids it, and reports the try.
// Imported first by composer.tsx, and by the desk's program before it: the try is made when a schema is.
// Never imported by the server, where made code is faster.

import { config } from 'zod'

config({ jitless: true })
