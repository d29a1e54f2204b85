// The whole API in one list. Routes, OpenAPI, documentation and the tests of rights are made from it.
// Called by routes.ts, openapi.ts and docs-page.ts.

import { AUTOSAVES } from './autosaves.ts'
import { FIND } from './find.ts'
import { MEDIA_ACTS } from './media-acts.ts'
import type { Operation } from './operation.ts'
import { POST_ACTS } from './post-acts.ts'
import { PUBLIC_READS } from './public-reads.ts'
import { SNIPPETS } from './snippets.ts'
import { STAFF_READS } from './staff-reads.ts'
import { STORY_ACTS } from './story-acts.ts'
import { TOGETHER } from './together.ts'

export const OPERATIONS: readonly Operation[] = [
  ...PUBLIC_READS,
  ...STORY_ACTS,
  ...POST_ACTS,
  ...MEDIA_ACTS,
  ...STAFF_READS,
  ...FIND,
  ...AUTOSAVES,
  ...TOGETHER,
  ...SNIPPETS,
]
