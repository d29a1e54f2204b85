// What was kept of a photo's metadata, read back: rows of earlier versions have fewer fields, and a format beside them.
// Called by web and cli for the record of a photo. Pure.

import { NO_METADATA, type PhotoMetadata } from './iptc.ts'
import { type PhotoWords, wordsOfPhoto } from './words.ts'

type Kept = { readonly [name: string]: unknown }

export function readMetadata(kept: Kept): PhotoMetadata {
  const known = Object.entries(NO_METADATA).map(([name, empty]) => [
    name,
    typeof kept[name] === typeof empty ? kept[name] : empty,
  ])
  return Object.fromEntries(known) as PhotoMetadata
}

/** What the desk said of a photo, else what its file did. */
export function wordsOfRecord({ words, metadata }: { words: PhotoWords | null; metadata: Kept }): PhotoWords {
  return words ?? wordsOfPhoto(readMetadata(metadata))
}
