// Brings the pictures of an imported story home: fetched, taken in, recorded.
// Called by wires/in/import-story.ts. Never loses what a picture is: caption, credit and address stay when it cannot be had.

import { type FetchOptions, guardedFetch } from '../../base/fetch.ts'
import type { ImageBlock } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { captionWithoutCredit, splitCredit } from '../../media/credit.ts'
import { MAX_PICTURE_BYTES, type TakenPicture } from '../../media/intake.ts'
import { wordsOfPhoto } from '../../media/words.ts'

const MAX_PICTURES = 500 // of one import; beyond it, addresses stay
const MAX_FAILURES = 20 // from one host; then the host is not asked again

/** `mended`: those of `kept` that an earlier import could not have. */
export type PictureTally = { kept: number; mended: number; missing: number }

export type PictureWays = {
  /** Renditions stored and the record saved under this id; twice is as once. */
  takePicture: (bytes: Uint8Array, id: string) => Promise<TakenPicture>
  /** Absent = pictures stay where they are. */
  fetchPicture?: (address: string) => Promise<Uint8Array>
}
type Notes = { pictures: PictureTally; problems: string[] }

/** Throws `unavailable` on any answer but 200, and as guardedFetch does. */
export async function fetchPicture(address: string, options: FetchOptions = {}): Promise<Uint8Array> {
  const headers = { accept: 'image/avif,image/webp,image/jpeg,image/png,image/gif', ...options.headers }
  const { status, body } = await guardedFetch(address, { maxBytes: MAX_PICTURE_BYTES, ...options, headers })
  if (status !== 200) throw new AppError('unavailable', `The server answered ${status}.`)
  return body
}

/** The returned function gives the block with its media id, or as it was. The same address is fetched once. */
export function bringPictures(
  ways: PictureWays,
  idOf: (address: string) => string,
  notes: Notes,
): (image: ImageBlock) => Promise<ImageBlock> {
  const known = new Map<string, TakenPicture | null>()
  const failures = new Map<string, number>()
  const closed = new Set<string>() // addresses in private networks: no reader can go there

  const bring = async (address: string): Promise<TakenPicture | null> => {
    const host = URL.parse(address)?.host ?? ''
    if (!ways.fetchPicture || known.size >= MAX_PICTURES || (failures.get(host) ?? 0) >= MAX_FAILURES) return null
    const bytes = await ways.fetchPicture(address).catch(theirFault)
    const taken = bytes instanceof AppError ? bytes : await ways.takePicture(bytes, idOf(address)).catch(theirFault)
    if (!(taken instanceof AppError)) return taken
    // A database out of reach is not the picture's fault: the import stops and can be done again.
    if (taken.code === 'unavailable' && !(bytes instanceof AppError)) throw taken
    failures.set(host, (failures.get(host) ?? 0) + 1)
    notes.problems.push(`The picture ${address} could not be had: ${taken.message}`)
    if (bytes instanceof AppError && bytes.code === 'invalid') closed.add(address)
    return null
  }

  return async (image) => {
    if (!image.source || image.media) return image
    const found = known.get(image.source) ?? (known.has(image.source) ? null : await bring(image.source))
    known.set(image.source, found)
    if (found) notes.pictures.kept++
    else notes.pictures.missing++
    if (found) return withTaken(image, found)
    return closed.has(image.source) ? { ...image, source: undefined } : image
  }
}

function theirFault(error: unknown): AppError {
  if (isAppError(error)) return error
  throw error
}

/** What the source said wins; what it left open is taken from the photo's own metadata. */
function withTaken(image: ImageBlock, taken: TakenPicture): ImageBlock {
  const words = wordsOfPhoto(taken.metadata)
  const told = splitCredit(image.credit)
  const credit = image.credit || words.credit || words.agency
  const agency = image.agency ?? (told.agency || words.agency)
  const { media: _media, agency: _agency, ...rest } = image
  return {
    ...rest,
    media: taken.id,
    width: taken.width,
    height: taken.height,
    alt: image.alt || words.alt,
    caption: captionWithoutCredit(image.caption || words.caption, [credit, taken.metadata.credit]),
    credit,
    ...(agency && !credit.includes(agency) ? { agency } : {}),
  }
}
