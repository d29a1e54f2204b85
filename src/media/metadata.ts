// What was kept of a photo's metadata, read back: rows of earlier versions have fewer fields, and a format beside them.
// Called by web for the record of a photo. Pure.

import { NO_METADATA, type PhotoMetadata } from './iptc.ts'

export function readMetadata(kept: { readonly [name: string]: unknown }): PhotoMetadata {
  const known = Object.entries(NO_METADATA).map(([name, empty]) => [
    name,
    typeof kept[name] === typeof empty ? kept[name] : empty,
  ])
  return Object.fromEntries(known) as PhotoMetadata
}
