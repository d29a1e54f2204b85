// Which picture format the first bytes are.
// Called by media/intake.ts and its decoder. Never believes a file name or a content type.

export const PICTURE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const
export type PictureFormat = (typeof PICTURE_FORMATS)[number]

/** null: nothing that we take in (SVG, TIFF, HEIC, BMP, PDF and everything else). */
export function sniffPicture(bytes: Uint8Array): PictureFormat | null {
  const at = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
  if (at(0, 3) === '\u00ff\u00d8\u00ff') return 'jpeg'
  if (at(0, 8) === '\u0089PNG\r\n\u001a\n') return 'png'
  if (at(0, 6) === 'GIF87a' || at(0, 6) === 'GIF89a') return 'gif'
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'webp'
  if (at(4, 8) === 'ftyp' && /avif|avis/.test(at(8, 64))) return 'avif'
  return null
}
