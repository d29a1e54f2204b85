// Pictures taken in for real: child process, real decoder, real disk.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import sharp from 'sharp'
import { MEDIA_WIDTHS } from '../domain/address.ts'
import { createDiskBlobs } from './blobs.ts'
import { createIntake, MAX_PICTURE_BYTES } from './intake.ts'

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

test('a master for AVIF is kept beside them: the largest width, without loss and without metadata', async (context) => {
  const { blobs, intake } = await studio(context)
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
  const picture = sharp({ create: { width: 2000, height: 100, channels: 3, background: '#000', noise } })
  const { id } = await intake.take(
    await picture
      .withExif({ IFD0: { Artist: 'Jane Doe' } })
      .png()
      .toBuffer(),
  )
  const master = await blobs.readBytes({ id, part: 'master.png' })
  assert.ok(master && !master.includes('Jane Doe'))
  const { format, width, exif } = await sharp(master).metadata()
  assert.deepEqual([format, width, exif], ['png', 1600, undefined])
})

test('colours come out as sRGB, whatever the file was made in', async (context) => {
  const { blobs, intake } = await studio(context)
  const pixel = async (bytes: Buffer | null) => [
    ...(
      await sharp(bytes ?? undefined)
        .removeAlpha()
        .raw()
        .toBuffer()
    ).subarray(0, 3),
  ]
  const patch = sharp({ create: { width: 40, height: 40, channels: 3, background: { r: 200, g: 100, b: 60 } } })
  // Name → file and how far a value may be from the original: inks do not hold every colour.
  const files: Record<string, [Buffer, number]> = {
    'Display P3': [await patch.clone().withIccProfile('p3').png().toBuffer(), 6],
    CMYK: [await patch.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(), 30],
    '16 bits': [await patch.clone().toColourspace('rgb16').png().toBuffer(), 6],
  }
  for (const [name, [bytes, tolerance]] of Object.entries(files)) {
    const { id } = await intake.take(bytes)
    for (const part of ['400.jpg', '400.webp', 'master.png']) {
      const made = await blobs.readBytes({ id, part })
      const { icc, space, depth, channels } = await sharp(made ?? undefined).metadata()
      assert.deepEqual([icc, space, depth, channels], [undefined, 'srgb', 'uchar', 3], `${name} ${part}`)
      const found = await pixel(made)
      const far = Math.max(...found.map((value, at) => Math.abs(value - ([200, 100, 60][at] ?? 0))))
      assert.ok(far <= tolerance, `${name} ${part}: ${found}`)
    }
  }
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
