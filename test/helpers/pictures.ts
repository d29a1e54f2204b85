// Files that call themselves pictures: whole ones in every format, and hostile ones made from them.
// Called by tests of the intake. Never holds anything of anybody else: everything is drawn here.

import { crc32, deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'

export const CANARY = 'zebrafinch-canary'

export const flat = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 52, g: 100, b: 150, alpha: 0.5 } } })

/** Name → bytes that must be refused. */
export async function refusedFiles(): Promise<Map<string, Buffer>> {
  const whole = await wholeFiles()
  const files = new Map<string, Buffer>([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(100_000)],
    ['an SVG', Buffer.from(SVG)],
    ['an SVG with a prologue', Buffer.from(`<?xml version="1.0"?>\n<!DOCTYPE svg>\n${SVG}`)],
    ['an SVG, gzipped', gzipSync(SVG)],
    ['an SVG that says GIF', Buffer.from(`GIF89a${SVG}`)],
    ['an SVG that says PNG', Buffer.concat([PNG_SIGNATURE, Buffer.from(SVG)])],
    [
      'HTML that says JPEG',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(`<script>${CANARY}</script>`)]),
    ],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj')],
    ['a TIFF', await flat(9, 9).tiff().toBuffer()],
    ['a BMP head', Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0', 'latin1')],
    ['HEIC by its brand', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['a PNG bomb of 400 megapixels', pngOf(20_000, 20_000, 1, 0)],
    ['a PNG one pixel high and two thousand million wide', pngOf(0x7fffffff, 1, 1, 0, 100)],
    ['a PNG of 41 megapixels', pngOf(41_000, 1_000, 1, 0)],
    ['a PNG of 40 megapixels, 64 bits each, interlaced', pngOf(7_300, 5_400, 16, 6, 1_000, 1)],
    ['a PNG that promises more rows than it has', pngOf(600, 600, 8, 2, 1_000)],
    ['a JPEG of 65,535 by 65,535', jpegSized(whole.get('jpeg') as Buffer, 65_535, 65_535)],
    ['a GIF of 65,535 by 65,535', gifSized(whole.get('gif') as Buffer, 65_535, 65_535)],
    ['a WebP cut in its middle', half(whole.get('webp'))],
    ['a PNG cut in its middle', half(whole.get('png'))],
    ['a JPEG cut in its middle', half(whole.get('jpeg'))],
    ['an AVIF cut in its middle', half(whole.get('avif'))],
    ['a PNG called JPEG inside', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), whole.get('png') as Buffer])],
  ])
  for (const name of ['gif', 'avif'])
    files.set(`the first 40 bytes of a ${name}`, (whole.get(name) as Buffer).subarray(0, 40))
  return files
}

/** Name → bytes that hold a picture and something else, or are unusual; they come out as plain pictures. */
export async function remadeFiles(): Promise<Map<string, Buffer>> {
  const whole = await wholeFiles()
  const jpeg = whole.get('jpeg') as Buffer
  const png = whole.get('png') as Buffer
  const script = Buffer.from(`<script>alert("${CANARY}")</script><?php echo '${CANARY}' ?>PK\x03\x04`)
  const frames = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      flat(200, 150)
        .tint({ r: n * 4, g: 0, b: 0 })
        .png()
        .toBuffer(),
    ),
  )
  return new Map<string, Buffer>([
    ...whole,
    ['a JPEG with a page behind it', Buffer.concat([jpeg, script])],
    ['a GIF with a page behind it', Buffer.concat([whole.get('gif') as Buffer, script])],
    ['a JPEG with a script as its comment', withSegment(jpeg, 0xfe, script)],
    [
      'a JPEG with 60 KB of broken EXIF',
      withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0II*\0'), Buffer.alloc(60_000, 0xff)])),
    ],
    [
      'a JPEG with XMP that never ends',
      withSegment(jpeg, 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${'<rdf:li>'.repeat(7_000)}`)),
    ],
    [
      'a JPEG with IPTC of wrong lengths',
      withSegment(
        jpeg,
        0xed,
        Buffer.concat([
          Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\x7f\xff\xff\xff', 'latin1'),
          Buffer.alloc(500, 0x1c),
        ]),
      ),
    ],
    [
      'a JPEG that is turned nine times',
      await flat(60, 40)
        .withMetadata({ orientation: 6 })
        .withExif({ IFD0: { Artist: CANARY } })
        .jpeg()
        .toBuffer(),
    ],
    ['a PNG with a page as its text', withChunk(png, 'tEXt', Buffer.concat([Buffer.from('Comment\0'), script]))],
    [
      'a PNG whose text unpacks to 50 MB',
      withChunk(png, 'zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(50_000_000))])),
    ],
    [
      'a PNG whose colour profile unpacks to 50 MB',
      withChunk(png, 'iCCP', Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(50_000_000))])),
    ],
    [
      'a GIF of 60 frames',
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    ],
    [
      'a WebP of 60 frames',
      await sharp(frames, { join: { animated: true } })
        .webp({ effort: 0 })
        .toBuffer(),
    ],
    ['a CMYK JPEG', await flat(80, 60).toColourspace('cmyk').jpeg().toBuffer()],
    ['a PNG of 16 bits', await flat(80, 60, 4).toColourspace('rgb16').png().toBuffer()],
    ['a grey PNG', await flat(80, 60).toColourspace('b-w').png().toBuffer()],
    ['one pixel', await flat(1, 1).png().toBuffer()],
    ['a line 12,000 pixels high', await flat(1, 12_000).png().toBuffer()],
    ['a line 12,000 pixels wide', await flat(12_000, 1).png().toBuffer()],
    ['a PNG of 39 megapixels in a few kilobytes', pngOf(39_000, 1_000, 1, 0)],
  ])
}

/** Every format that is taken in. */
export async function wholeFiles(): Promise<Map<string, Buffer>> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  const picture = sharp(
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer(),
  )
  const formats = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const
  const files = await Promise.all(
    formats.map(async (format) => [format, await picture.clone().toFormat(format).toBuffer()] as const),
  )
  return new Map<string, Buffer>(files)
}

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000" onload="${CANARY}"><rect width="9" height="9"/></svg>`
const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function half(bytes: Buffer = Buffer.alloc(0)): Buffer {
  return bytes.subarray(0, bytes.length >> 1)
}

/** A PNG of zeros; `bytes` of them instead of as many as its size needs. */
function pngOf(width: number, height: number, depth: number, colour: number, bytes?: number, interlaced = 0): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, interlaced], 8)
  const rows = deflateSync(Buffer.alloc(bytes ?? Math.ceil((width * depth) / 8 + 1) * height))
  const parts = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([PNG_SIGNATURE, ...parts])
}

function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const afterHeader = PNG_SIGNATURE.length + 25
  return Buffer.concat([png.subarray(0, afterHeader), chunk(type, data), png.subarray(afterHeader)])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

function withSegment(jpeg: Buffer, marker: number, body: Buffer): Buffer {
  const length = body.length + 2
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, marker, length >> 8, length & 255]),
    body,
    jpeg.subarray(2),
  ])
}

/** The frame header says another size. */
function jpegSized(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg)
  const at = copy.findIndex((byte, index) => byte === 0xff && (copy[index + 1] === 0xc0 || copy[index + 1] === 0xc2))
  copy.writeUInt16BE(height, at + 5)
  copy.writeUInt16BE(width, at + 7)
  return copy
}

function gifSized(gif: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(gif)
  const frame = copy.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]))
  for (const at of [6, frame + 5]) {
    copy.writeUInt16LE(width, at)
    copy.writeUInt16LE(height, at + 2)
  }
  return copy
}
