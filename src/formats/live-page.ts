// Which foreign shape a text has: recognised by what it holds, never by its name or type.
// Called by the import command. The one place that knows all readers of live coverage.

import { readGuardian } from './guardian/read.ts'
import type { ImportedStory } from './imported.ts'
import { readJsonLd } from './jsonld/read.ts'

/** `url`: where the text was found. `readAt`: ms UTC, the time of posts in a page that names none at all. */
export type LivePageOptions = { url?: string; readAt?: number }

/** For people: what `readLivePage` understands. */
export const LIVE_PAGE_SHAPES = 'a schema.org LiveBlogPosting (JSON-LD) or the blocks of a Guardian live blog (JSON)'

/** The richer shape first: a Guardian page's data carries a thinner LiveBlogPosting too. null = none of them. */
export function readLivePage(text: string, options: LivePageOptions = {}): ImportedStory | null {
  return readGuardian(text, options) ?? readJsonLd(text, options)
}

/** The archive of a story begins as every tar does. `head`: the first 512 bytes of a file, or fewer. */
export function isArchive(head: Uint8Array): boolean {
  return hasBytes(head, 257, [0x75, 0x73, 0x74, 0x61, 0x72]) // "ustar"
}

/** A backup, or an archive that somebody has compressed. */
export function isGzip(head: Uint8Array): boolean {
  return hasBytes(head, 0, [0x1f, 0x8b])
}

function hasBytes(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[at + index] === byte)
}
