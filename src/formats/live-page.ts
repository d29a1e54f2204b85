// Which foreign shape a text has: recognised by what it holds, never by its name or type.
// Called by the import command. The one place that knows all readers of live coverage.

import { readGuardian } from './guardian/read.ts'
import type { ImportedStory } from './imported.ts'
import { readJsonLd } from './jsonld/read.ts'

/** `url`: where the text was found. `readAt`: ms UTC, the time of posts in a page that names none at all. */
export type LivePageOptions = { url?: string; readAt?: number }

/** For people: what `readLivePage` understands. */
export const LIVE_PAGE_SHAPES = "a schema.org LiveBlogPosting (JSON-LD) or a Guardian live blog's blocks (JSON)"

/** The richer shape first: a Guardian page's data carries a thinner LiveBlogPosting too. null = none of them. */
export function readLivePage(text: string, options: LivePageOptions = {}): ImportedStory | null {
  return readGuardian(text, options) ?? readJsonLd(text, options)
}
