// The containers and codecs that browsers play without help, and what a file of each becomes.
// Called by media/clips.ts, its child and the edge that serves clips. Pure.

export const CLIP_FORMATS = ['mp4', 'm4a', 'webm', 'weba', 'mp3', 'ogg', 'wav'] as const
export type ClipFormat = (typeof CLIP_FORMATS)[number]
export type ClipKind = 'video' | 'audio'

export const CLIP = 'clip' // the file that the child leaves in its folder
export const MAX_CLIP_MB = 250 // a backup takes no larger file in one entry

/** `width`, `height`: as it is shown, 0 without a picture. `duration` ms. `sha256` of the copy. */
export type CopiedClip = {
  kind: ClipKind
  format: ClipFormat
  width: number
  height: number
  duration: number
  bytes: number
  sha256: string
}
/** `words`: for the sender, where there is something they can do. */
export type ClipAnswer = { ok: true; clip: CopiedClip } | { ok: false; reason: string; words: string | null }

export const CLIP_TYPES: Record<ClipFormat, string> = {
  mp4: 'video/mp4',
  m4a: 'audio/mp4',
  webm: 'video/webm',
  weba: 'audio/webm',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
}

export type Container = 'mp4' | 'mov' | 'webm' | 'mp3' | 'ogg' | 'wav'

/** What every browser of the last years plays in it, by the names of WebCodecs. */
export const CODECS: Record<Container, { video: readonly string[]; audio: readonly string[] }> = {
  mp4: { video: ['avc', 'vp9', 'av1'], audio: ['aac', 'mp3', 'opus', 'flac'] },
  mov: { video: ['avc'], audio: ['aac', 'mp3'] },
  webm: { video: ['vp8', 'vp9', 'av1'], audio: ['opus', 'vorbis'] },
  mp3: { video: [], audio: ['mp3'] },
  ogg: { video: [], audio: ['opus', 'vorbis'] },
  wav: { video: [], audio: ['pcm-u8', 'pcm-s16', 'pcm-s24', 'pcm-s32', 'pcm-f32'] },
}

/** As readers know them. */
export const CODEC_WORDS: Record<string, string> = {
  avc: 'H.264',
  hevc: 'H.265 (HEVC)',
  prores: 'ProRes',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  aac: 'AAC',
  mp3: 'MP3',
  alac: 'Apple Lossless',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
}

export const NO_CLIP = 'This file is no MP4, MOV, WebM, MP3, Ogg or WAV.'
