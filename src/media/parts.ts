// The parts a picture is kept in: names of its blobs.
// Called by the makers of renditions in this room.

import { MEDIA_WIDTHS, type MediaFormat, type MediaWidth } from '../domain/address.ts'

/** Made before an upload is acknowledged; AVIF comes after, from the master. */
export const QUICK_FORMATS = ['jpg', 'webp'] as const satisfies MediaFormat[]
/** The upright picture at its largest width, without loss and without metadata. No address leads to it; it goes when AVIF is made. */
export const MASTER = 'master.png'

export const partOf = (width: MediaWidth, format: MediaFormat): string => `${width}.${format}`

export function partsOf(formats: readonly MediaFormat[]): string[] {
  return MEDIA_WIDTHS.flatMap((width) => formats.map((format) => partOf(width, format)))
}
