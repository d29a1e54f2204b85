// Clips as they come from outside: each kind copied without a word of metadata, each lie refused, nothing left behind.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isAppError } from '../domain/error.ts'
import { createDiskBlobs } from './blobs.ts'
import { copyClip } from './clip-child.ts'
import { CLIP } from './clip-formats.ts'
import { clipPart, createClipIntake } from './clips.ts'

const FIXTURES = new URL('../../test/fixtures/clips/', import.meta.url)
const fixture = (name: string): Buffer => readFileSync(new URL(name, FIXTURES))
const folder = mkdtempSync(join(tmpdir(), 'dateline-clips-'))
const scratch = mkdtempSync(join(tmpdir(), 'dateline-clips-scratch-'))
const blobs = createDiskBlobs(folder, randomBytes)
const intake = createClipIntake({ blobs, random: randomBytes, scratch, ms: 30_000 })
after(() => [folder, scratch].forEach((one) => rmSync(one, { recursive: true, force: true })))

async function take(bytes: Uint8Array) {
  const file = join(folder, `in-${randomBytes(6).toString('hex')}`)
  writeFileSync(file, bytes)
  return intake.take(file)
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const taken = await take(bytes).catch((error) => error)
  assert.ok(isAppError(taken, 'invalid'), `taken: ${JSON.stringify(taken)}`)
  assert.deepEqual(readdirSync(scratch), [], 'nothing is left')
  return taken.message
}

/** What the child does, without a process for each. */
async function copied(bytes: Uint8Array) {
  const at = mkdtempSync(join(folder, 'copy-'))
  writeFileSync(join(at, 'in'), bytes)
  const answer = await copyClip(join(at, 'in'), at).catch((error) => ({ ok: false as const, reason: error.message }))
  return { answer, kept: answer.ok ? readFileSync(join(at, CLIP)).toString('latin1') : '' }
}

async function lie(bytes: Uint8Array): Promise<string> {
  const { answer } = await copied(bytes)
  assert.ok(!answer.ok, JSON.stringify(answer))
  return answer.reason
}

/** What must never come through: words of ours in every tag, and the Eiffel Tower. */
const SECRETS = /CANARY|48\.85|2\.29|\u00a9xyz|loci|xmpmeta/

const COPIED: [file: string, kind: string, format: string, size: string][] = [
  ['h264-aac.mp4', 'video', 'mp4', '96x64'],
  ['h264-aac.mov', 'video', 'mp4', '96x64'],
  ['fragmented.mp4', 'video', 'mp4', '96x64'],
  ['vp8-opus.webm', 'video', 'webm', '96x64'],
  ['aac.m4a', 'audio', 'm4a', '0x0'],
  ['opus.ogg', 'audio', 'ogg', '0x0'],
  ['silence.mp3', 'audio', 'mp3', '0x0'],
  ['tone.wav', 'audio', 'wav', '0x0'],
]

const exiftool = spawnSync('exiftool', ['-ver']).status === 0

test('each kind is copied whole, and not a word of its metadata, place or cover comes through', async () => {
  for (const [name, kind, format, size] of COPIED) {
    const bytes = fixture(name)
    if (name !== 'fragmented.mp4') assert.match(bytes.toString('latin1'), SECRETS, `${name} holds what is looked for`)
    const { answer, kept } = await copied(bytes)
    assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`)
    const { clip } = answer
    assert.deepEqual([clip.kind, clip.format, `${clip.width}x${clip.height}`], [kind, format, size], name)
    assert.ok(clip.duration > 900 && clip.duration < 1_100, `${name}: ${clip.duration} ms`)
    assert.equal(kept.length, clip.bytes)
    assert.doesNotMatch(kept, SECRETS, name)
    const again = await copied(Buffer.from(kept, 'latin1'))
    assert.ok(again.answer.ok && again.answer.clip.duration === clip.duration, `${name}: a copy of the copy`)
  }
})

test('exiftool finds no place, name or text in what is kept', {
  skip: exiftool ? false : 'skipped: no exiftool',
}, async () => {
  for (const name of ['h264-aac.mp4', 'h264-aac.mov']) {
    const file = join(folder, name)
    writeFileSync(file, fixture(name))
    const clip = await intake.take(file)
    writeFileSync(`${file}.kept`, (await blobs.readBytes({ id: clip.id, part: clipPart(clip.format) })) ?? '')
    const said = (path: string) => execFileSync('exiftool', ['-G1', '-a', path]).toString()
    assert.match(said(file), /GPS|CANARY/)
    assert.doesNotMatch(said(`${file}.kept`), /GPS|CANARY|Title|Artist|Comment|XMP|ID3/i)
  }
})

test('what is no clip, or calls itself one, is refused', async () => {
  const junk = randomBytes(4_000)
  for (const bytes of [Buffer.from('<svg/>'), junk, Buffer.alloc(0), Buffer.from('%PDF-1.7')])
    assert.match(await refusal(bytes), /no MP4, MOV, WebM/)
  const starts = ['h264-aac.mp4', 'vp8-opus.webm', 'opus.ogg', 'tone.wav'].map((name) => fixture(name).subarray(0, 40))
  for (const start of starts) await lie(Buffer.concat([start, junk]))
})

test('a file that is cut off is refused wherever its index says how long it should be', async () => {
  const mp4 = fixture('h264-aac.mp4')
  const moovLast = mp4.indexOf('moov') > mp4.indexOf('mdat')
  const cuts = moovLast ? [mp4.length - 200] : [mp4.indexOf('mdat') + 300]
  for (const at of [...cuts, Math.floor(mp4.length / 2), 100]) await lie(mp4.subarray(0, at))
  const wav = fixture('tone.wav')
  assert.match(await lie(wav.subarray(0, 2_000)), /cut off/)
})

test('an index that names the same bytes over and over fills neither disk nor memory', async () => {
  const bytes = stretched(fixture('h264-aac.mp4'), 3_000_000)
  await refusal(bytes)
})

test('dimensions of a billboard are refused before anything is copied', async () => {
  const bytes = Buffer.from(fixture('h264-aac.mp4'))
  const entry = bytes.indexOf('avc1', bytes.indexOf('stsd'))
  bytes.writeUInt16BE(60_000, entry + 28)
  bytes.writeUInt16BE(60_000, entry + 30)
  assert.match(await lie(bytes), /at most 4096 pixels/)
})

test('what many browsers do not play is told by its name, with what to do', async () => {
  const bytes = Buffer.from(
    fixture('h264-aac.mp4').toString('latin1').replaceAll('avc1', 'hvc1').replaceAll('avcC', 'hvcC'),
    'latin1',
  )
  assert.match(await lie(bytes), /H\.265 \(HEVC\).+Export it as H\.264/)
})

test('boxes that nest or repeat without end take no longer than they may, and are refused', async () => {
  const start = performance.now()
  const head = fixture('h264-aac.mp4').subarray(0, fixture('h264-aac.mp4').indexOf('moov') - 4)
  await refusal(Buffer.concat([head, nested('moov', 'udta', 20_000)]))
  await lie(Buffer.concat([head, ...Array.from({ length: 50_000 }, () => box('moof', box('mfhd', Buffer.alloc(8))))]))
  await lie(Buffer.concat([head, lying('moov', 0xffff_fff0)]))
  assert.ok(performance.now() - start < 60_000)
})

function box(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

function nested(outer: string, inner: string, depth: number): Buffer {
  const all = Buffer.alloc(8 * (depth + 1))
  for (let n = 0; n <= depth; n += 1) {
    all.writeUInt32BE(all.length - 8 * n, 8 * n)
    all.write(n === 0 ? outer : inner, 8 * n + 4, 'latin1')
  }
  return all
}

function lying(type: string, size: number): Buffer {
  const bytes = box(type, Buffer.alloc(100))
  bytes.writeUInt32BE(size)
  return bytes
}

/** The video's tables say that its first chunk holds `count` samples of one size, all in the same place. */
function stretched(original: Buffer, count: number): Buffer {
  const bytes = Buffer.from(original)
  const stts = bytes.indexOf('stts')
  bytes.writeUInt32BE(1, stts + 8)
  bytes.writeUInt32BE(count, stts + 12)
  const stsz = bytes.indexOf('stsz')
  bytes.writeUInt32BE(1_000, stsz + 8)
  bytes.writeUInt32BE(count, stsz + 12)
  const stsc = bytes.indexOf('stsc')
  bytes.writeUInt32BE(count, stsc + 16)
  return bytes
}

test('a table of times for four billion pieces is seen through before they are counted', async () => {
  const bytes = Buffer.from(fixture('h264-aac.mp4'))
  for (let at = bytes.indexOf('stts'); at > 0; at = bytes.indexOf('stts', at + 4))
    bytes.writeUInt32BE(0xffffffff, at + 12)
  assert.equal(await lie(bytes), 'This file says more than it holds.')
})
