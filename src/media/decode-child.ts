// A process of its own that turns one hostile file into renditions, a master for AVIF and metadata, then ends.
// Started by media/intake.ts as: node decode-child.ts <file> <out folder> [x,y,width,height]; answers one line of JSON on stdout.
// Never opens anything but that file and never keeps metadata in a rendition.

import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { MEDIA_WIDTHS } from '../domain/address.ts'
import { eachWidth } from './each-width.ts'
import { type PhotoMetadata, readPhotoMetadata } from './iptc.ts'
import { guardMemory, MAX_DECODED_BYTES } from './memory-guard.ts'
import { MASTER, QUICK_FORMATS } from './parts.ts'
import { parseRectangle, pixelsOf } from './rectangle.ts'
import { type PictureFormat, sniffPicture } from './sniff.ts'

export const MAX_PIXELS = 40_000_000 // a camera of 2026 makes 24 to 60 million; agencies send far less
const NICE = 5 // the server goes first, yet a busy machine still lets this one get on
const MAX_SIDE = 16_000 // pixels; WebP ends at 16,383
const JPEG = { quality: 78, progressive: true, optimiseCoding: true } // mozjpeg saves 8 % and costs three times as much
const WEBP = { quality: 75, effort: 2 } // the default effort saves 5 to 8 % and costs half as much again or more
const SAMPLE_BYTES: { [depth: string]: number } = { uchar: 1, char: 1, ushort: 2, short: 2 } // others: 4, or 8

/** Size of the picture as it stands upright, pixels. */
export type Decoded = { format: PictureFormat; width: number; height: number; metadata: PhotoMetadata }
export type DecodeAnswer = { ok: true; decoded: Decoded } | { ok: false; reason: string }

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  guardMemory()
  setPriority(NICE)
  const answer = await decodePicture(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4]).catch(
    (error): DecodeAnswer => ({ ok: false, reason: String(error?.message ?? error).slice(0, 300) }),
  )
  process.stdout.write(JSON.stringify(answer))
}

/** Writes `400.jpg`, `400.webp` … and the master into the folder. Throws on anything that is no whole picture of a listed format. */
export async function decodePicture(file: string, folder: string, cut?: string): Promise<DecodeAnswer> {
  sharp.block({ operation: ['VipsForeignLoadSvg', 'VipsForeignLoadPdf', 'VipsForeignLoadMagick'] })
  sharp.cache(false)
  sharp.concurrency(1)
  const bytes = await readFile(file)
  const format = sniffPicture(bytes)
  if (!format) return { ok: false, reason: 'no picture of a known format' }
  const input = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, sequentialRead: true })
  const found = await input.metadata()
  const refused = refusalOf(found, format)
  if (refused) return { ok: false, reason: refused }
  const rectangle = cut === undefined ? null : parseRectangle(cut)
  const area = rectangle && pixelsOf(rectangle, found.autoOrient)
  if (cut !== undefined && !area) return { ok: false, reason: 'nothing of the picture would be left' }
  const { width, height } = area ?? found.autoOrient
  await writeRenditions(area ? input.autoOrient().extract(area) : input.autoOrient(), width, folder)
  const raw = { exif: found.exif, xmp: found.xmp, iptc: found.iptc }
  const metadata = await readPhotoMetadata(bytes, raw)
  return { ok: true, decoded: { format, width, height, metadata } }
}

/** What the header alone tells: nothing is decoded yet. */
function refusalOf(found: Metadata, format: PictureFormat): string | null {
  const loader = found.format === 'heif' && found.compression === 'av1' ? 'avif' : found.format
  if (loader !== format) return `says ${format} and is ${loader}`
  const pixels = found.width * found.height
  if (pixels > MAX_PIXELS) return 'more pixels than a picture may have'
  const sample = SAMPLE_BYTES[found.depth] ?? (found.depth === 'double' ? 8 : 4)
  return pixels * found.channels * sample > MAX_DECODED_BYTES ? 'more bytes than a decoded picture may have' : null
}

/** `input`: upright. Decoded once, at the largest width; the smaller ones are made from that. Never enlarged. */
async function writeRenditions(input: Sharp, width: number, folder: string): Promise<void> {
  const largest = Math.min(MEDIA_WIDTHS[MEDIA_WIDTHS.length - 1] ?? 0, width)
  const box = { width: largest, height: MAX_SIDE, fit: 'inside' as const, withoutEnlargement: true }
  const { data, info } = await input.resize(box).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const { channels } = info
  const master = () => sharp(data, { raw: { width: info.width, height: info.height, channels } })
  await master().png({ compressionLevel: 1, adaptiveFiltering: false }).toFile(join(folder, MASTER))
  await eachWidth(width, QUICK_FORMATS, folder, async (wanted) => {
    const resized = () => master().resize({ width: Math.min(wanted, info.width) })
    await resized()
      .flatten({ background: '#fff' })
      .jpeg(JPEG)
      .toFile(join(folder, `${wanted}.jpg`))
    await resized()
      .webp(WEBP)
      .toFile(join(folder, `${wanted}.webp`))
  })
}
