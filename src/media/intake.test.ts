// Pictures taken in for real: child process, real decoder, real disk.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { MEDIA_WIDTHS } from '../domain/address.ts'
import { isAppError } from '../domain/error.ts'
import { createDiskBlobs } from './blobs.ts'
import { createIntake, MAX_PICTURE_BYTES } from './intake.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'

async function studio(context: TestContext, limits: { decodeMs?: number; secondMs?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'intake-test-'))
  context.after(() => rm(folder, { recursive: true }))
  const blobs = createDiskBlobs(join(folder, 'media'), randomBytes)
  return { folder, blobs, intake: createIntake({ blobs, random: randomBytes, scratch: folder, ...limits }) }
}
const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#345' } })

test('a photo becomes renditions of each width in both formats, upright and without any metadata', async (context) => {
  const { folder, blobs, intake } = await studio(context)
  const exif = {
    IFD0: { ImageDescription: 'Secret place', Artist: 'Jane Doe' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
  }
  const photo = await flat(1200, 900).withExif(exif).withMetadata({ orientation: 6, exif }).jpeg().toBuffer()
  const taken = await intake.take(photo)
  assert.deepEqual([taken.format, taken.width, taken.height], ['jpeg', 900, 1200])
  assert.equal(taken.metadata.byline, 'Jane Doe')
  for (const width of MEDIA_WIDTHS) {
    for (const [part, format] of [
      [`${width}.jpg`, 'jpeg'],
      [`${width}.webp`, 'webp'],
    ] as const) {
      const bytes = await blobs.readBytes({ id: taken.id, part })
      assert.ok(bytes)
      const found = await sharp(bytes).metadata()
      assert.deepEqual([found.format, found.width], [format, Math.min(width, 900)], part)
      assert.ok(Math.abs((found.height ?? 0) / (found.width ?? 1) - 4 / 3) < 0.01)
      assert.deepEqual(
        [found.exif, found.iptc, found.xmp, found.orientation],
        [undefined, undefined, undefined, undefined],
      )
      assert.ok(!bytes.includes('Jane Doe'))
    }
  }
  assert.deepEqual(await readdir(folder), ['media'], 'no temporary file stays')
})

test('every listed format is taken in; transparency becomes white in JPEG', async (context) => {
  const { blobs, intake } = await studio(context)
  for (const format of ['png', 'webp', 'avif', 'gif'] as const) {
    const clear = sharp({ create: { width: 20, height: 10, channels: 4, background: '#00000000' } })
    const taken = await intake.take(await clear.toFormat(format).toBuffer())
    assert.deepEqual([taken.format, taken.width, taken.height], [format, 20, 10])
    const jpeg = await blobs.readBytes({ id: taken.id, part: '400.jpg' })
    const { data } = await sharp(jpeg ?? undefined)
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.ok((data[0] ?? 0) > 250, format)
  }
})

test('what is no listed picture, or too large, is refused before anything is decoded', async (context) => {
  const { intake } = await studio(context)
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  )
  const tiff = await flat(9, 9).tiff().toBuffer()
  for (const bytes of [Buffer.alloc(0), Buffer.from('GIF'), svg, tiff, Buffer.from('%PDF-1.7')]) {
    await assert.rejects(intake.take(bytes), { code: 'invalid' })
  }
  const large = Buffer.alloc(MAX_PICTURE_BYTES + 1)
  large.set([0xff, 0xd8, 0xff])
  await assert.rejects(intake.take(large), { code: 'too_large' })
})

test('a bomb of pixels, a half picture and a disguised one are refused', async (context) => {
  const { folder, intake } = await studio(context)
  const jpeg = await flat(600, 600).jpeg().toBuffer()
  const disguised = Buffer.concat([Buffer.from('GIF89a'), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')])
  for (const bytes of [pngBomb(20_000, 20_000), jpeg.subarray(0, jpeg.length / 2), disguised]) {
    await assert.rejects(intake.take(bytes), { code: 'invalid' })
  }
  assert.ok((await intake.take(jpeg)).id, 'the next picture is taken in')
  assert.deepEqual(await readdir(folder), ['media'])
})

test('a decoder that is late twice is the server’s fault, not the picture’s; the next picture is taken in', async (context) => {
  const { folder, intake } = await studio(context, { decodeMs: 5, secondMs: 5 })
  await assert.rejects(intake.take(await flat(50, 50).jpeg().toBuffer()), {
    code: 'unavailable',
    message: /^The server is busy.*The photo may be fine/,
  })
  assert.deepEqual(await readdir(folder), [], 'no temporary file stays')
  const patient = await studio(context)
  assert.ok(await patient.intake.take(await flat(50, 50).jpeg().toBuffer()))
})

test('a decoder that is late once is given more time, without the photo being sent again', async (context) => {
  const { intake } = await studio(context, { decodeMs: 1, secondMs: 60_000 })
  assert.ok(await intake.take(await flat(50, 50).jpeg().toBuffer()))
})

test('an importer may take the same picture twice under the same id', async (context) => {
  const { intake } = await studio(context)
  const id = 'abcdefghjkmnpqrstvwx'
  const photo = await flat(50, 50).jpeg().toBuffer()
  assert.deepEqual(await intake.take(photo, id), await intake.take(photo, id))
})

test('damaged pictures of the corpus are refused or made new; none ends this process', { skip }, async (context) => {
  const { intake, blobs } = await studio(context)
  const folder = join(corpus ?? '', 'hostile-input', 'images-malformed')
  const names = readdirSync(folder)
  assert.ok(names.length >= 11)
  for (const name of names) {
    const outcome = await intake.take(readFileSync(join(folder, name))).catch((error: unknown) => error)
    if (outcome instanceof Error) assert.ok(isAppError(outcome, 'invalid'), name)
    else assert.ok(await blobs.readBytes({ id: (outcome as { id: string }).id, part: '400.jpg' }), name)
  }
})

/** A PNG whose header promises many pixels that cost a few kilobytes. */
function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(Math.ceil(width / 8 + 1) * height))
  const parts = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
