// What stands under a photo and in its place for those who cannot see it, from its own metadata.
// Called by the desk's form and the importer. Pure.
// Never says one thing twice: a credit at the end of a caption, or an agency in the credit, is taken out there.

import { MAX_CAPTION, MAX_SHORT } from '../domain/content.ts'
import { captionWithoutCredit, splitCredit } from './credit.ts'
import type { PhotoMetadata } from './iptc.ts'

/** '' = not said. `credit`: who took it. `agency`: through whom it came. */
export type PhotoWords = { caption: string; credit: string; agency: string; alt: string }

export function wordsOfPhoto(metadata: PhotoMetadata): PhotoWords {
  const line = splitCredit(metadata.credit)
  const named = splitCredit(metadata.byline)
  const credit = named.photographer || line.photographer || (line.agency ? '' : metadata.credit)
  const agency = agencyOf(metadata, credit)
  const joined = credit && agency ? [`${agency}/${credit}`, `${agency} Photo/${credit}`, `${credit}/${agency}`] : []
  const said = [...joined, metadata.credit, metadata.byline, metadata.source, credit]
  const caption = captionWithoutCredit(metadata.caption, said) || metadata.headline
  const alt = metadata.alt || metadata.description
  return {
    caption: cut(caption, MAX_CAPTION),
    credit: cut(credit, MAX_SHORT),
    agency: cut(agency, MAX_SHORT),
    alt: cut(alt === metadata.caption ? '' : alt, MAX_CAPTION),
  }
}

/** "Pool via AP": a pool photo is lent, and readers are told so as agencies do. */
function agencyOf({ credit: line, byline, source }: PhotoMetadata, credit: string): string {
  const parts = [splitCredit(line), splitCredit(byline)]
  const pool = parts.some((part) => part.pool)
  // A credit line that is one name, other than the byline's, is where the photo came through.
  const lone = parts[0]?.photographer !== credit ? parts[0]?.photographer : ''
  const through = [parts[0]?.agency, parts[1]?.agency, lone, source].find((name) => name && name !== credit) ?? ''
  if (!pool || /\bpool\b/i.test(through)) return through
  return through ? `Pool via ${through}` : 'Pool'
}

function cut(text: string, max: number): string {
  return text.length > max ? text.slice(0, max).toWellFormed() : text
}
