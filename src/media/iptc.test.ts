// Metadata of photos: own files with IPTC and XMP put in, and the corpus against what exiftool reads.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { NO_METADATA, readPhotoMetadata, utf8Repaired } from './iptc.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'

const plainJpeg = () =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer()

function segment(marker: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])
}

/** [record, dataset, text] of IPTC-IIM, as UTF-8, in a Photoshop block. */
function iptcSegment(fields: [number, number, Buffer | string][]): Buffer {
  const data = Buffer.concat(
    fields.map(([record, dataset, value]) => {
      const bytes = Buffer.from(value as string)
      return Buffer.concat([Buffer.from([0x1c, record, dataset, bytes.length >> 8, bytes.length & 255]), bytes])
    }),
  )
  const head = Buffer.from('Photoshop 3.0\0' + '8BIM\x04\x04\0\0', 'latin1')
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  return segment(0xed, Buffer.concat([head, size, data, Buffer.alloc(data.length % 2)]))
}

function xmpSegment(inner: string): Buffer {
  const xml = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`
  return segment(0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(xml)]))
}

async function jpegWith(...segments: Buffer[]): Promise<Buffer> {
  const jpeg = await plainJpeg()
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
}

test('IPTC in UTF-8 is read as UTF-8, IPTC in Latin-1 as Latin-1', async () => {
  const photo = await jpegWith(
    iptcSegment([
      [1, 90, '\x1b%G'],
      [2, 120, 'Der Zürichsee, früh – “still”'],
      [2, 80, 'Jürg Öz'],
      [2, 110, Buffer.from('Agence Économie', 'latin1')],
      [2, 90, 'Zürich'],
      [2, 55, '20260131'],
      [2, 60, '143200+0100'],
    ]),
  )
  const found = await readPhotoMetadata(photo)
  assert.equal(found.caption, 'Der Zürichsee, früh – “still”')
  assert.equal(found.byline, 'Jürg Öz')
  assert.equal(found.credit, 'Agence Économie')
  assert.equal(found.city, 'Zürich')
  assert.equal(found.takenAt, '2026-01-31T14:32:00+01:00')
})

test('XMP wins over IPTC, field by field; of language alternatives x-default wins; entities are decoded', async () => {
  const alternatives = ['de', 'en', 'x-default'].map(
    (lang) => `<rdf:li xml:lang="${lang}">Caption ${lang} &amp; more</rdf:li>`,
  )
  const photo = await jpegWith(
    xmpSegment(`<dc:description><rdf:Alt>${alternatives.join('')}</rdf:Alt></dc:description>
      <dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li><rdf:li>Ann Lee</rdf:li></rdf:Seq></dc:creator>
      <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A lake</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
      <Iptc4xmpCore:ExtDescrAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A lake at dawn, two boats.</rdf:li></rdf:Alt></Iptc4xmpCore:ExtDescrAccessibility>
      <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">No archive</rdf:li></rdf:Alt></xmpRights:UsageTerms>
      <photoshop:DateCreated>2026-01-31T14:32:00Z</photoshop:DateCreated>`),
    iptcSegment([
      [2, 120, 'IPTC caption'],
      [2, 110, 'IPTC credit'],
    ]),
  )
  const found = await readPhotoMetadata(photo)
  assert.equal(found.caption, 'Caption x-default & more')
  assert.equal(found.byline, 'Jane Doe, Ann Lee')
  assert.equal(found.alt, 'A lake')
  assert.equal(found.description, 'A lake at dawn, two boats.')
  assert.equal(found.terms, 'No archive')
  assert.equal(found.credit, 'IPTC credit')
  assert.equal(found.takenAt, '2026-01-31T14:32:00Z')
})

test('a picture without metadata, and no picture at all, say nothing', async () => {
  assert.deepEqual(await readPhotoMetadata(await plainJpeg()), NO_METADATA)
  for (const bytes of [Buffer.alloc(0), Buffer.from('no picture'), Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff])]) {
    assert.deepEqual(await readPhotoMetadata(bytes), NO_METADATA)
  }
})

test('EXIF of a WebP is read from its own segment', async () => {
  const exif = { IFD0: { ImageDescription: 'A lake', Artist: 'Jane Doe', Copyright: 'Example' } }
  const webp = await sharp(await plainJpeg())
    .withExif(exif)
    .webp()
    .toBuffer()
  const found = await readPhotoMetadata(webp, await sharp(webp).metadata())
  assert.deepEqual([found.caption, found.byline, found.copyright], ['A lake', 'Jane Doe', 'Example'])
})

test('text that only looks like broken UTF-8 stays', () => {
  assert.equal(utf8Repaired('Zürich'), 'Zürich')
  assert.equal(utf8Repaired('ZÃ¼rich'), 'Zürich')
  assert.equal(utf8Repaired('日本 é'), '日本 é')
})

test('the corpus reads as exiftool reads it', { skip }, async () => {
  const folder = join(corpus ?? '', 'photo-metadata')
  const expected = JSON.parse(readFileSync(join(folder, 'expected-exiftool.json'), 'utf8')) as {
    [tag: string]: unknown
  }[]
  assert.ok(expected.length >= 8)
  for (const tags of expected) {
    const bytes = readFileSync(join(folder, String(tags.SourceFile)))
    const found = await readPhotoMetadata(bytes, await sharp(bytes).metadata())
    const want = (...names: string[]) =>
      String(names.map((name) => tags[name] ?? '').find((value) => String(value).trim()) ?? '').trim()
    const name = String(tags.SourceFile)
    assert.equal(found.byline, want('XMP-dc:Creator', 'IPTC:By-line', 'IFD0:Artist'), name)
    assert.equal(found.credit, want('XMP-photoshop:Credit', 'IPTC:Credit'), name)
    assert.equal(found.source, want('XMP-photoshop:Source', 'IPTC:Source'), name)
    assert.equal(found.copyright, want('XMP-dc:Rights', 'IPTC:CopyrightNotice', 'IFD0:Copyright'), name)
    assert.equal(found.city, want('XMP-photoshop:City', 'IPTC:City'), name)
    assert.equal(found.country, want('XMP-photoshop:Country', 'IPTC:Country-PrimaryLocationName'), name)
    const taken = want('XMP-photoshop:DateCreated', 'IPTC:DateCreated', 'ExifIFD:DateTimeOriginal')
    assert.equal(found.takenAt, taken.replace(/^(\d{4}):(\d\d):(\d\d)/, '$1-$2-$3').replace(' ', 'T'), name)
    // One file splits its EXIF over two segments: exiftool joins "first" and "second", we read the first.
    const caption = want('XMP-dc:Description', 'IPTC:Caption-Abstract', 'IFD0:ImageDescription')
    assert.equal(found.caption, caption === 'firstsecond' ? 'first' : caption, name)
  }
})
