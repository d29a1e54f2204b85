// A process of its own that turns one hostile file into renditions and metadata, then ends.
// Started by media/intake.ts as: node decode-child.ts <file> <out folder>; answers one line of JSON on stdout.
// Never opens anything but that file and never keeps metadata in a rendition.

import { copyFile, readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp, { type Sharp } from 'sharp'
import { MEDIA_WIDTHS } from '../domain/address.ts'
import { type PhotoMetadata, readPhotoMetadata } from './iptc.ts'
import { type PictureFormat, sniffPicture } from './sniff.ts'

export const MAX_PIXELS = 40_000_000 // a camera of 2026 makes 24 to 60 million; agencies send far less
const NICE = 5 // the server goes first, yet a busy machine still lets this one get on
const MAX_SIDE = 16_000 // pixels; WebP ends at 16,383
const JPEG = { quality: 78, mozjpeg: true }
const WEBP = { quality: 75 }

/** Size of the picture as it stands upright, pixels. */
export type Decoded = { format: PictureFormat; width: number; height: number; metadata: PhotoMetadata }
export type DecodeAnswer = { ok: true; decoded: Decoded } | { ok: false; reason: string }

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  setPriority(NICE)
  const answer = await decodePicture(process.argv[2] ?? '', process.argv[3] ?? '').catch(
    (error): DecodeAnswer => ({ ok: false, reason: String(error?.message ?? error).slice(0, 300) }),
  )
  process.stdout.write(JSON.stringify(answer))
}

/** Writes `400.jpg`, `400.webp` … into the folder. Throws on anything that is no whole picture of a listed format. */
export async function decodePicture(file: string, folder: string): Promise<DecodeAnswer> {
  sharp.block({ operation: ['VipsForeignLoadSvg', 'VipsForeignLoadPdf', 'VipsForeignLoadMagick'] })
  sharp.cache(false)
  sharp.concurrency(1)
  const bytes = await readFile(file)
  const format = sniffPicture(bytes)
  if (!format) return { ok: false, reason: 'no picture of a known format' }
  const input = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, sequentialRead: true })
  const found = await input().metadata()
  const loader = found.format === 'heif' && found.compression === 'av1' ? 'avif' : found.format
  if (loader !== format) return { ok: false, reason: `says ${format} and is ${loader}` }
  const { width, height } = found.autoOrient
  if (width * height > MAX_PIXELS) return { ok: false, reason: 'more pixels than a picture may have' }
  await writeRenditions(input, width, folder)
  const raw = { exif: found.exif, xmp: found.xmp, iptc: found.iptc }
  const metadata = await readPhotoMetadata(bytes, raw)
  return { ok: true, decoded: { format, width, height, metadata } }
}

/** Never enlarged: a small original gives its own size under every width it does not reach. */
async function writeRenditions(input: () => Sharp, width: number, folder: string): Promise<void> {
  let own: number | null = null
  for (const wanted of MEDIA_WIDTHS) {
    if (own !== null) {
      for (const format of ['jpg', 'webp'])
        await copyFile(join(folder, `${own}.${format}`), join(folder, `${wanted}.${format}`))
      continue
    }
    if (wanted >= width) own = wanted
    const box = { width: wanted, height: MAX_SIDE, fit: 'inside' as const, withoutEnlargement: true }
    const resized = await input().autoOrient().resize(box).toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer()
    await sharp(resized)
      .flatten({ background: '#fff' })
      .jpeg(JPEG)
      .toFile(join(folder, `${wanted}.jpg`))
    await sharp(resized)
      .webp(WEBP)
      .toFile(join(folder, `${wanted}.webp`))
  }
}
