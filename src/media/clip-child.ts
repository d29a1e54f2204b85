// A process of its own that copies the picture and the sound of one hostile file into a new file, without a word of metadata, then ends.
// Started by media/clips.ts as: node clip-child.ts <file> <out folder>; answers one line of JSON on stdout, the clip lies in `clip`.
// Never re-encodes, never copies anything but one video and one audio track: no tags, no other tracks, no attachments, no names.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputFormat,
  type InputVideoTrack,
  MP3,
  MP4,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OGG,
  OggOutputFormat,
  Output,
  type OutputFormat,
  QTFF,
  StreamTarget,
  type StreamTargetChunk,
  WAVE,
  WavOutputFormat,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny'
import {
  CLIP,
  type ClipAnswer,
  type ClipFormat,
  type ClipKind,
  CODEC_WORDS,
  CODECS,
  type Container,
  NO_CLIP,
} from './clip-formats.ts'
import { sniffFile } from './clip-sniff.ts'
import { guardMemory } from './memory-guard.ts'

export const MAX_SIDE = 4_096 // pixels; 4K, which phones make
export const MAX_SECONDS = 6 * 3_600
const MAX_TRACKS = 64 // a broadcast file has some twenty
const MAX_GROWTH = 1.05 // a copy is hardly larger than what it is made from
const ROOM_BYTES = 2 * 1024 * 1024 // for an index of our own, however small the file is
const MAX_COPY_BYTES = 250 * 1024 * 1024 // what a backup takes in one entry, with room to spare
const NICE = 5 // the server goes first
const MISSING_S = 0.3 // a copy that is shorter than its file says it is, by more than this and by a tenth
const MAX_BOXES = 100_000 // at the top of a file; a fragmented one of an hour has some thousands

const CUT_OFF = 'This file is cut off: a part of it is missing.'
const LIES = 'This file says more than it holds.'

class Refused extends Error {}

type Tracks = { video: InputVideoTrack | null; audio: InputAudioTrack | null }

const INPUTS: Record<Container, InputFormat> = { mp4: MP4, mov: QTFF, webm: WEBM, mp3: MP3, ogg: OGG, wav: WAVE }

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  guardMemory()
  setPriority(NICE)
  const answer = await copyClip(process.argv[2] ?? '', process.argv[3] ?? '').catch((error): ClipAnswer => {
    const reason = String(error?.message ?? error).slice(0, 300)
    return { ok: false, reason, words: error instanceof Refused ? reason : null }
  })
  process.stdout.write(JSON.stringify(answer), () => process.exit())
}

/** Throws on anything that is no whole clip of a listed format. */
export async function copyClip(file: string, folder: string): Promise<ClipAnswer> {
  const container = await sniffFile(file)
  if (!container) throw new Refused(NO_CLIP)
  if (container === 'mp4' || container === 'mov') await requireWholeBoxes(file)
  if (container === 'wav') await requireWholeWave(file)
  const input = new Input({ source: new FilePathSource(file), formats: [INPUTS[container]] })
  const tracks = await tracksOf(input, container)
  const shown = await measured(tracks)
  const said = await lengthOf(input, tracks)
  const format = formatOf(container, tracks)
  const limit = Math.min(Math.ceil((await stat(file)).size * MAX_GROWTH) + ROOM_BYTES, MAX_COPY_BYTES)
  const out = join(folder, CLIP)
  const end = await copyTracks(tracks, { format, out, limit })
  input.dispose()
  if (end < said - Math.max(MISSING_S, said / 10)) throw new Refused(CUT_OFF)
  const kind: ClipKind = tracks.video ? 'video' : 'audio'
  const duration = Math.max(1, Math.round(end * 1_000))
  return { ok: true, clip: { kind, format, ...shown, duration, ...(await sumOf(out)) } }
}

/** A box that reaches past the end of its file is one that was cut off, or lies. */
async function requireWholeBoxes(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const head = Buffer.alloc(16)
    let boxes = 0
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(head, 0, 16, at)
      const said = bytesRead < 8 ? 0 : head.readUInt32BE(0)
      const long = said === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : said
      if (said === 0 && bytesRead >= 8) return // the last one: to the end
      if (long < 8 || at + long > size) throw new Refused(CUT_OFF)
      at += long
      boxes += 1
      if (boxes > MAX_BOXES) throw new Refused('This file is in more pieces than a clip needs.')
    }
  } finally {
    await handle.close()
  }
}

async function requireWholeWave(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0)
    const said = buffer.readUInt32LE(4)
    const isOpen = said === 0 || said === 0xffff_ffff // recorded without knowing its end
    if (!isOpen && said + 8 > (await handle.stat()).size + 1) throw new Refused(CUT_OFF)
  } finally {
    await handle.close()
  }
}

/** The first of each kind that a browser would play. Throws `Refused` naming what it would not. */
async function tracksOf(input: Input, container: Container): Promise<Tracks> {
  const all = await input.getTracks()
  if (all.length > MAX_TRACKS) throw new Refused('This file has more tracks than a clip needs.')
  const video = await input.getPrimaryVideoTrack()
  const audio = await input.getPrimaryAudioTrack()
  if (!video && !audio) throw new Refused('This file holds neither a picture nor a sound that can be read.')
  for (const track of [video, audio]) {
    if (!track) continue
    const codec = await track.getCodec()
    const known: readonly string[] = CODECS[container][track.type === 'video' ? 'video' : 'audio']
    if (codec !== null && known.includes(codec)) continue
    const name = codec === null ? 'in a way that is not known here' : `as ${CODEC_WORDS[codec] ?? codec}`
    const instead = track.type === 'video' ? 'H.264' : 'AAC'
    throw new Refused(
      `Its ${track.type === 'video' ? 'picture' : 'sound'} is encoded ${name}, which many browsers do not play. Export it as ${instead}.`,
    )
  }
  return { video, audio }
}

async function measured({ video }: Tracks): Promise<{ width: number; height: number }> {
  if (!video) return { width: 0, height: 0 }
  const [width, height] = [Math.round(await video.getDisplayWidth()), Math.round(await video.getDisplayHeight())]
  const sides = [width, height, await video.getCodedWidth(), await video.getCodedHeight()]
  if (sides.some((side) => !(side >= 1))) throw new Refused('This video does not say how large it is.')
  if (sides.some((side) => side > MAX_SIDE)) throw new Refused(`A video has at most ${MAX_SIDE} pixels a side.`)
  return { width, height }
}

/** Seconds, as the file says it. */
async function lengthOf(input: Input, tracks: Tracks): Promise<number> {
  const said = (await input.getDurationFromMetadata()) ?? 0
  const longest = Math.max(
    said,
    ...(await Promise.all(
      [tracks.video, tracks.audio].map(async (track) => (track ? ((await track.getDurationFromMetadata()) ?? 0) : 0)),
    )),
  )
  if (longest > MAX_SECONDS) throw new Refused(`A clip lasts at most ${MAX_SECONDS / 3_600} hours.`)
  return said
}

function formatOf(container: Container, { video }: Tracks): ClipFormat {
  if (container === 'mp4' || container === 'mov') return video ? 'mp4' : 'm4a'
  if (container === 'webm') return video ? 'webm' : 'weba'
  return container
}

/** Index first, so that it plays before all of it has come. */
function outputOf(format: ClipFormat): OutputFormat {
  if (format === 'mp4' || format === 'm4a') return new Mp4OutputFormat({ fastStart: 'reserve' })
  if (format === 'webm' || format === 'weba') return new WebMOutputFormat()
  if (format === 'mp3') return new Mp3OutputFormat()
  return format === 'ogg' ? new OggOutputFormat() : new WavOutputFormat()
}

type Copy = {
  sink: EncodedPacketSink
  first: EncodedPacket
  add(packet: EncodedPacket, isFirst: boolean): Promise<void>
  close(): void
}

/** Gives where it ends, in seconds. */
async function copyTracks(
  tracks: Tracks,
  { format, out, limit }: { format: ClipFormat; out: string; limit: number },
): Promise<number> {
  const target = await boundedTarget(out, limit)
  const output = new Output({ format: outputOf(format), target })
  const copies: Copy[] = []
  if (tracks.video) copies.push(await videoCopy(output, tracks.video, limit))
  if (tracks.audio) copies.push(await audioCopy(output, tracks.audio, limit))
  await output.start()
  const start = Math.min(...copies.map(({ first }) => first.timestamp))
  const { supportsTimestampedMediaData: timed, negativeTimestampSupport: negative } = output.format
  const shift = !timed ? -start : negative === 'full' ? 0 : Math.max(0, -start)
  const ends = await Promise.all(copies.map((copy) => copyPackets(copy, shift)))
  await output.finalize()
  return Math.max(...ends)
}

async function copyPackets({ sink, first, add, close }: Copy, shift: number): Promise<number> {
  let end = 0
  let isFirst = true
  let latest = Number.NEGATIVE_INFINITY
  for await (const packet of sink.packets(first)) {
    const timestamp = packet.timestamp + shift
    // A key frame that stands before what was shown already is none for a player.
    const type = packet.type === 'key' && timestamp < latest ? 'delta' : packet.type
    latest = Math.max(latest, timestamp)
    end = Math.max(end, timestamp + packet.duration)
    if (end > MAX_SECONDS) throw new Refused(`A clip lasts at most ${MAX_SECONDS / 3_600} hours.`)
    await add(packet.clone({ timestamp, type, sideData: {} }), isFirst)
    isFirst = false
  }
  close()
  return end
}

/** What was cut away before its beginning, and only lies in the file, is left out up to the key frame that is needed. */
async function videoCopy(output: Output, track: InputVideoTrack, limit: number): Promise<Copy> {
  const sink = new EncodedPacketSink(track)
  const exact = { verifyKeyPackets: true }
  const first = (await sink.getKeyPacket(0, exact)) ?? (await sink.getFirstKeyPacket(exact))
  const decoderConfig = await track.getDecoderConfig()
  const codec = await track.getCodec()
  if (!first || !decoderConfig || !codec) throw new Refused('The picture of this video cannot be read.')
  const source = new EncodedVideoPacketSource(codec)
  const matrix = await track.getTransformationMatrix()
  output.addVideoTrack(source, {
    transformationMatrix: matrix,
    maximumPacketCount: await countFrom(sink, first, limit),
  })
  const add = (packet: EncodedPacket, isFirst: boolean) => source.add(packet, isFirst ? { decoderConfig } : undefined)
  return { sink, first, add, close: () => source.close() }
}

async function audioCopy(output: Output, track: InputAudioTrack, limit: number): Promise<Copy> {
  const sink = new EncodedPacketSink(track)
  const first = (await sink.getPacket(0)) ?? (await sink.getFirstPacket())
  const decoderConfig = await track.getDecoderConfig()
  const codec = await track.getCodec()
  if (!first || !decoderConfig || !codec) throw new Refused('The sound of this file cannot be read.')
  const source = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(source, { maximumPacketCount: await countFrom(sink, first, limit) })
  const add = (packet: EncodedPacket, isFirst: boolean) => source.add(packet, isFirst ? { decoderConfig } : undefined)
  return { sink, first, add, close: () => source.close() }
}

/** An index may name four billion pieces in five kilobytes: counting them would take days. */
async function countFrom(sink: EncodedPacketSink, first: EncodedPacket, limit: number): Promise<number> {
  let count = 0
  let bytes = 0
  for await (const { byteLength } of sink.packets(first, undefined, { metadataOnly: true })) {
    count += 1
    bytes += Math.max(1, byteLength)
    if (bytes > limit) throw new Refused(LIES)
  }
  return count
}

/** An index may name the same bytes a thousand times over: the copy would fill the disk. */
async function boundedTarget(out: string, limit: number): Promise<StreamTarget> {
  const file = await open(out, 'wx', 0o600)
  const writable = new WritableStream<StreamTargetChunk>({
    write: async ({ data, position }) => {
      if (position + data.length > limit) throw new Refused(LIES)
      await file.write(data, 0, data.length, position)
    },
    close: () => file.close(),
  })
  return new StreamTarget(writable, { chunked: true })
}

async function sumOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
