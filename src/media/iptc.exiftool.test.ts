// Photos of our own making, with metadata as agencies, cameras and old programs write it, read by us and by exiftool.
// What is left of it in any rendition, byte for byte: nothing, and least of all where a photo was taken.

import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { decodePicture } from './decode-child.ts'
import { type PhotoMetadata, readPhotoMetadata } from './iptc.ts'
import { MASTER, partsOf, QUICK_FORMATS } from './parts.ts'

const skip = spawnSync('exiftool', ['-ver']).status === 0 ? false : 'skipped: exiftool is not installed'
const run = promisify(execFile)

const LONG = 'Die Menge wartet vor dem Rathaus; um 12 Uhr beginnt die Sitzung. '.repeat(30).trim() // 1,949 bytes
const GPS = ['-GPSLatitude=47.3771', '-GPSLatitudeRef=N', '-GPSLongitude=8.5419', '-GPSLongitudeRef=E']
const XMP_GPS = ['-XMP-exif:GPSLatitude=47.3771 N', '-XMP-exif:GPSLongitude=8.5419 E']
const UTF8 = '-IPTC:CodedCharacterSet=UTF8'

/** Name → what exiftool is told to write. */
const PHOTOS: Record<string, string[]> = {
  'utf8.jpg': [
    UTF8,
    '-IPTC:Caption-Abstract=Zürich früh – “still”, ليل 😀',
    '-IPTC:By-line=Jürg Öz',
    '-IPTC:City=Zürich',
    ...GPS,
  ],
  'latin1.jpg': ['-IPTC:Caption-Abstract=Zürich früh', '-IPTC:By-line=José Peña', '-IPTC:Credit=Agence Économie'],
  'windows.jpg': [
    '-IPTC:Caption-Abstract=He said “still” – at 5 €…',
    '-IPTC:By-line=Šárka Ž',
    '-IPTC:Headline=‘One’ • two',
  ],
  'macroman.jpg': ['-charset', 'iptc=MacRoman', '-IPTC:Caption-Abstract=Zürich früh', '-IPTC:By-line=José Peña'],
  'other-set.jpg': ['-IPTC:CodedCharacterSet=\u001b.A', '-IPTC:Caption-Abstract=Zürich früh', '-IPTC:By-line=José'],
  'long.jpg': [UTF8, `-IPTC:Caption-Abstract=${LONG}`, `-XMP-dc:Description=${LONG} ${LONG}`, '-IPTC:Headline=Kurz'],
  'long-iptc.jpg': [
    UTF8,
    `-IPTC:Caption-Abstract=${LONG}`,
    `-IPTC:SpecialInstructions=${'No archive. '.repeat(20).trim()}`,
  ],
  'pool.jpg': [
    '-IPTC:By-line=Ann Lee',
    '-IPTC:Credit=Pool Photo via AP',
    '-IPTC:Source=Pool AP',
    '-IPTC:CopyrightNotice=2026 The Associated Press',
  ],
  'bylines.jpg': [UTF8, '-IPTC:By-line=Ann Lee', '-IPTC:By-line=Bo Öst', '-XMP-photoshop:Credit=AFP/Getty'],
  'creators.jpg': ['-XMP-dc:Creator=Ann Lee', '-XMP-dc:Creator=Bo Öst', '-XMP-dc:Rights=© 2026 Ann & Bo <all>'],
  'languages.jpg': [
    '-XMP-dc:Description-de=Der See',
    '-XMP-dc:Description-en=The lake',
    '-XMP-dc:Description=Le lac',
    '-XMP-xmpRights:UsageTerms-de=Kein Archiv',
    '-XMP-xmpRights:UsageTerms=No archive',
  ],
  'xmp-over-iptc.jpg': [
    '-XMP-dc:Description=From XMP',
    '-IPTC:Caption-Abstract=From IPTC',
    '-EXIF:ImageDescription=From EXIF',
    '-IPTC:Credit=Only IPTC',
  ],
  'iptc-over-exif.jpg': [
    '-IPTC:Caption-Abstract=From IPTC',
    '-EXIF:ImageDescription=From EXIF',
    '-EXIF:Artist=Ann Lee',
    '-EXIF:Copyright=2026 Ann',
  ],
  'exif-only.jpg': [
    '-EXIF:ImageDescription=Only EXIF',
    '-EXIF:Artist=Ann Lee',
    '-EXIF:DateTimeOriginal=2026:01:31 14:32:00',
    '-EXIF:OffsetTimeOriginal=+01:00',
    ...GPS,
  ],
  'dates.jpg': [
    '-IPTC:DateCreated=2026:01:31',
    '-IPTC:TimeCreated=14:32:00+01:00',
    '-EXIF:DateTimeOriginal=2020:01:01 00:00:00',
  ],
  'xmp-date.jpg': ['-XMP-photoshop:DateCreated=2026:01:31 14:32:00+02:00', ...XMP_GPS],
  'breaks.jpg': [UTF8, '-XMP-dc:Description=Line one&#xa;Line two', '-E', '-IPTC:Headline=Head'],
  'entities.jpg': ['-XMP-dc:Description=Fish & chips <b>"5" > 3</b>', '-XMP-photoshop:Headline=A &amp; B'],
  'nothing.jpg': [],
  'photoshop.jpg': [
    '-Photoshop:XResolution=300',
    '-Photoshop:URL=https://example.org/',
    '-IPTC:Caption-Abstract=After another resource',
    '-IPTC:By-line=Ann',
  ],
  'thumbnail.jpg': [
    '-IPTC:Caption-Abstract=With a preview',
    '-EXIF:Make=Canon',
    '-EXIF:Model=R5',
    '-EXIF:SerialNumber=CANARY-SERIAL',
    ...GPS,
  ],
  'places.jpg': [UTF8, '-IPTC:City=Łódź', '-IPTC:Country-PrimaryLocationName=Türkiye', '-XMP-photoshop:City=Kraków'],
  'photo.png': ['-XMP-dc:Description=In a PNG, früh', '-XMP-photoshop:Credit=AFP', ...XMP_GPS],
  'photo.webp': ['-XMP-dc:Description=In a WebP, früh', '-XMP-dc:Creator=Ann Lee', '-EXIF:Copyright=2026 Ann', ...GPS],
  'rotated.jpg': ['-n', '-Orientation=6', '-IPTC:Caption-Abstract=Upright', ...GPS],
}
const WITH_POSITION = [
  'utf8.jpg',
  'exif-only.jpg',
  'xmp-date.jpg',
  'thumbnail.jpg',
  'photo.png',
  'photo.webp',
  'rotated.jpg',
]

/** Ours → where exiftool finds it, the first that is there. */
const FIELDS: Partial<Record<keyof PhotoMetadata, string[]>> = {
  caption: ['XMP-dc:Description', 'IPTC:Caption-Abstract', 'IFD0:ImageDescription'],
  headline: ['XMP-photoshop:Headline', 'IPTC:Headline'],
  byline: ['XMP-dc:Creator', 'IPTC:By-line', 'IFD0:Artist'],
  credit: ['XMP-photoshop:Credit', 'IPTC:Credit'],
  source: ['XMP-photoshop:Source', 'IPTC:Source'],
  copyright: ['XMP-dc:Rights', 'IPTC:CopyrightNotice', 'IFD0:Copyright'],
  terms: ['XMP-xmpRights:UsageTerms', 'XMP-photoshop:Instructions', 'IPTC:SpecialInstructions'],
  city: ['XMP-photoshop:City', 'IPTC:City'],
  country: ['XMP-photoshop:Country', 'IPTC:Country-PrimaryLocationName'],
}

let folder: string
const said = new Map<string, { [tag: string]: unknown }>()

before(async () => {
  if (skip) return
  folder = mkdtempSync(join(tmpdir(), 'dateline-exiftool-'))
  const orders: string[] = []
  for (const [name, tags] of Object.entries(PHOTOS)) {
    const file = join(folder, name)
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
    const picture = sharp({ create: { width: 120, height: 80, channels: 3, background: '#888', noise } })
    const format = name.endsWith('.png') ? 'png' : name.endsWith('.webp') ? 'webp' : 'jpeg'
    writeFileSync(file, await picture.toFormat(format).toBuffer())
    if (tags.length > 0) orders.push('-q', '-overwrite_original', ...tags, file, '-execute')
  }
  writeFileSync(join(folder, 'orders'), orders.join('\n')) // one program for all: each start takes a second
  await run('exiftool', ['-@', join(folder, 'orders')])
  const { stdout } = await run('exiftool', ['-j', '-G1', '-n', '-ext', 'jpg', '-ext', 'png', '-ext', 'webp', folder], {
    maxBuffer: 16_000_000,
  })
  for (const tags of JSON.parse(stdout)) said.set(String(tags.SourceFile).split('/').at(-1) ?? '', tags)
})
after(() => folder && rmSync(folder, { recursive: true }))

const read = async (name: string) => {
  const bytes = readFileSync(join(folder, name))
  return readPhotoMetadata(bytes, await sharp(bytes).metadata())
}

it('every field of every photo is what exiftool reads', { skip }, async () => {
  assert.equal(said.size, Object.keys(PHOTOS).length)
  let compared = 0
  for (const [name, tags] of said) {
    const found = await read(name)
    for (const [field, places] of Object.entries(FIELDS)) {
      const value = places.map((place) => tags[place]).find((one) => one !== undefined && one !== '') ?? ''
      const text = (Array.isArray(value) ? value.join(', ') : String(value)).trim()
      assert.equal(found[field as keyof PhotoMetadata], text, `${name}: ${field}`)
      if (text) compared += 1
    }
  }
  assert.ok(compared >= 45, `${compared} fields compared`)
})

it('dates are those of exiftool, with their zone', { skip }, async () => {
  assert.equal((await read('dates.jpg')).takenAt, '2026-01-31T14:32:00+01:00')
  assert.equal((await read('xmp-date.jpg')).takenAt, '2026-01-31T14:32:00+02:00')
  assert.equal((await read('exif-only.jpg')).takenAt, '2026-01-31T14:32:00+01:00')
})

it('whether a photo says where it was taken is told, and never where', { skip }, async () => {
  for (const name of Object.keys(PHOTOS)) {
    const found = await read(name)
    assert.equal(found.gps, WITH_POSITION.includes(name), name)
    assert.doesNotMatch(JSON.stringify(found), /47\.37|8\.54|22\.6/, name)
  }
})

it('no rendition and no master holds a byte of metadata: no place, no camera, no words', { skip }, async () => {
  const traces = [
    'GPS',
    'Exif',
    '<x:xmpmeta',
    'Photoshop',
    '8BIM',
    'CANARY',
    'Canon',
    'Ann Lee',
    '47.37',
    'http://ns.adobe.com',
  ]
  for (const name of Object.keys(PHOTOS)) {
    const out = join(folder, 'out', name)
    mkdirSync(out, { recursive: true })
    const answer = await decodePicture(join(folder, name), out)
    assert.ok(answer.ok, name)
    if (name === 'rotated.jpg') assert.deepEqual([answer.decoded.width, answer.decoded.height], [80, 120])
    for (const part of [MASTER, ...partsOf(QUICK_FORMATS)]) {
      const bytes = readFileSync(join(out, part))
      for (const trace of traces) assert.equal(bytes.includes(trace), false, `${name} ${part}: ${trace}`)
    }
  }
  const { stdout } = await run('exiftool', ['-j', '-G1', '-n', '-r', join(folder, 'out')], { maxBuffer: 16_000_000 })
  const found = JSON.parse(stdout)
  assert.equal(found.length, Object.keys(PHOTOS).length * 7)
  for (const tags of found) {
    const names = Object.keys(tags).filter(
      (tag) => /^(GPS|IFD|Exif|XMP|IPTC|Photoshop|MakerNotes|ICC)[\w-]*:/i.test(tag) && !tag.startsWith('ExifTool:'),
    )
    assert.deepEqual(names, [], String(tags.SourceFile))
  }
})
