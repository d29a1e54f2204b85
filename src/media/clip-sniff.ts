// Which container the first bytes of a file are.
// Called by media/clips.ts and its child. Never believes a file name or a content type.

import { open } from 'node:fs/promises'
import type { Container } from './clip-formats.ts'

const SNIFF_BYTES = 16

export async function sniffFile(file: string): Promise<Container | null> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)
    return sniffClip(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

/** null: nothing that is taken in. Matroska that is no WebM passes here and is refused by its codecs. */
function sniffClip(bytes: Uint8Array): Container | null {
  const at = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
  if (at(4, 8) === 'ftyp')
    return /avif|avis|heic|heix|mif1|msf1/.test(at(8, 12)) ? null : at(8, 12) === 'qt  ' ? 'mov' : 'mp4'
  if (/^(?:moov|mdat|wide|free|skip|pnot)$/.test(at(4, 8))) return 'mov' // older QuickTime names no kind
  if (at(0, 4) === '\u001aE\u00df\u00a3') return 'webm'
  if (at(0, 4) === 'OggS') return 'ogg'
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WAVE') return 'wav'
  if (at(0, 3) === 'ID3') return 'mp3'
  const [first = 0, second = 0] = bytes
  const isLayer3 = (second & 0b0000_0110) === 0b0000_0010
  return first === 0xff && (second & 0b1110_0000) === 0b1110_0000 && isLayer3 ? 'mp3' : null
}
