// What a photo says about itself: caption, names, credit, rights, place, date, from XMP, IPTC and EXIF.
// Called by media/decode-child.ts. Never throws: unreadable metadata is no metadata.
// Never hands a position (GPS) on: only whether the file has one.

import exifr from 'exifr'

/** '' = not said. `takenAt`: "2026-01-31T14:32:00" with an offset if the file names one, or only the day. */
export type PhotoMetadata = {
  caption: string
  headline: string
  alt: string // what it shows, in a sentence, for people who cannot see it
  description: string // the same at length
  byline: string
  credit: string
  source: string
  copyright: string
  terms: string // how it may be used
  city: string
  country: string
  takenAt: string
  gps: boolean // whether the file says where it was taken; the place itself is never read
}

export const NO_METADATA: PhotoMetadata = {
  caption: '',
  headline: '',
  alt: '',
  description: '',
  byline: '',
  credit: '',
  source: '',
  copyright: '',
  terms: '',
  city: '',
  country: '',
  takenAt: '',
  gps: false,
}
const MAX_FIELD = 5_000 // characters; IPTC ends at 2,000 bytes, XMP nowhere

type Tags = { [name: string]: unknown }
type Segments = { [segment: string]: Tags | undefined }
/** Raw segments, for formats whose container exifr does not know (WebP). */
export type RawSegments = { exif?: Buffer | undefined; xmp?: Buffer | undefined; iptc?: Buffer | undefined }

const OPTIONS = {
  tiff: true,
  ifd0: {},
  exif: true,
  gps: true,
  interop: false,
  iptc: true,
  xmp: true,
  icc: false,
  jfif: false,
  ihdr: false,
  mergeOutput: false,
  reviveValues: false, // dates stay text: exifr would read them in the zone of this machine
  translateValues: false,
}

/** Prefers XMP, then IPTC, then EXIF, each field on its own. */
export async function readPhotoMetadata(bytes: Uint8Array, raw: RawSegments = {}): Promise<PhotoMetadata> {
  const whole = await quietly(() => exifr.parse(bytes, OPTIONS))
  const segments: Segments = whole ?? { ...(await exifSegments(raw.exif)), ...(await xmpSegments(raw.xmp)) }
  const { dc = {}, photoshop = {}, iptc = {}, ifd0 = {}, exif = {} } = segments
  const core = segments.Iptc4xmpCore ?? {}
  const rights = segments.xmpRights ?? {}
  const xmp = (value: unknown) => xmpText(value)
  const latin = (value: unknown) => utf8Repaired(plainText(value))
  return {
    caption: first(xmp(dc.description), latin(iptc.Caption), plainText(ifd0.ImageDescription)),
    headline: first(xmp(photoshop.Headline), latin(iptc.Headline), xmp(dc.title), latin(iptc.ObjectName)),
    alt: xmp(core.AltTextAccessibility),
    description: xmp(core.ExtDescrAccessibility),
    byline: first(xmp(dc.creator), latin(iptc.Byline), plainText(ifd0.Artist)),
    credit: first(xmp(photoshop.Credit), latin(iptc.Credit)),
    source: first(xmp(photoshop.Source), latin(iptc.Source)),
    copyright: first(xmp(dc.rights), latin(iptc.CopyrightNotice), plainText(ifd0.Copyright)),
    terms: first(xmp(rights.UsageTerms), xmp(photoshop.Instructions), latin(iptc.SpecialInstructions)),
    city: first(xmp(photoshop.City), latin(iptc.City)),
    country: first(xmp(photoshop.Country), latin(iptc.Country)),
    takenAt: first(
      dateText(xmp(photoshop.DateCreated), ''),
      dateText(latin(iptc.DateCreated), latin(iptc.TimeCreated)),
      dateText(plainText(exif.DateTimeOriginal), plainText(exif.OffsetTimeOriginal)),
    ),
    gps: hasPosition(segments.gps) || [bytes, raw.xmp].some(namesPosition),
  }
}

function hasPosition(gps: Tags | undefined): boolean {
  return Object.keys(gps ?? {}).some((name) => /latitude|longitude|processingmethod|areainformation/i.test(name))
}

/** XMP stands in clear text, in whatever namespace. */
function namesPosition(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('GPSLatitude')
}

/** exifr decodes IPTC as Latin-1 even where the file says UTF-8; valid UTF-8 is practically never Latin-1 by chance. */
export function utf8Repaired(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes) // typographic quotes of programs for Windows; else Latin-1
  }
}

async function quietly(read: () => Promise<unknown>): Promise<Segments | null> {
  try {
    const found = await read()
    return typeof found === 'object' && found !== null ? (found as Segments) : null
  } catch {
    return null
  }
}

async function exifSegments(exif: Buffer | undefined): Promise<Segments | null> {
  if (!exif) return null
  const tiff = exif.subarray(0, 4).toString('latin1') === 'Exif' ? exif.subarray(6) : exif
  return quietly(() => exifr.parse(tiff, OPTIONS))
}

async function xmpSegments(xmp: Buffer | undefined): Promise<Segments | null> {
  if (!xmp || xmp.length > 1_000_000) return null
  return quietly(() => exifr.sidecar(xmp, OPTIONS, 'xmp') as Promise<unknown>)
}

/** Text, a list of texts, or language alternatives `{lang, value}`: x-default first, else English, else the first. */
function xmpText(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.some((entry) => isAlternative(entry))) return xmpText(bestAlternative(value.filter(isAlternative)))
    return value.map(xmpText).filter(Boolean).join(', ')
  }
  if (isAlternative(value)) return xmpText(value.value)
  return decodedXml(plainText(value))
}

type Alternative = { lang?: unknown; value: unknown }

function isAlternative(value: unknown): value is Alternative {
  return typeof value === 'object' && value !== null && 'value' in value
}

function bestAlternative(all: Alternative[]): Alternative | undefined {
  const wanted = (language: RegExp) => all.find((entry) => language.test(String(entry.lang)))
  return wanted(/^x-default$/i) ?? wanted(/^en\b/i) ?? all[0]
}

/** exifr leaves XML entities as they stand. */
function decodedXml(text: string): string {
  const named: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name) return named[String(name).toLowerCase()] ?? whole
    const code = Number.parseInt(hex ?? decimal, hex ? 16 : 10)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

// A text field ends at its first control character: what follows is another field read by mistake.
const AFTER_END = /[\u0000-\u0008\u000b\u000c\u000e-\u001f][^]*$/

function plainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainText).filter(Boolean).join(', ')
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  const text = String(value).replace(AFTER_END, '').replaceAll('\ufffd', '').replace(/\r\n?/g, '\n')
  return text.trim().slice(0, MAX_FIELD).toWellFormed()
}

function first(...texts: string[]): string {
  return texts.find((text) => text !== '') ?? ''
}

/** "20260131" + "143200+0100", "2026:01:31 14:32:00" + "+01:00", "2026-01-31T14:32:00Z" → ISO 8601; '' when it is no date. */
function dateText(date: string, rest: string): string {
  const day = /^(\d{4})[-:]?(\d\d)[-:]?(\d\d)/.exec(date)
  if (!day || Number(day[2]) < 1 || Number(day[2]) > 12 || Number(day[3]) < 1 || Number(day[3]) > 31) return ''
  const clock = /^[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?/.exec(
    date.slice(day[0].length) || rest,
  )
  const isoDay = `${day[1]}-${day[2]}-${day[3]}`
  if (!clock) return isoDay
  const zone = clock[4] ?? /^(?:Z|[+-]\d\d:?\d\d)$/.exec(rest)?.[0] ?? ''
  return `${isoDay}T${clock[1]}:${clock[2]}:${clock[3] ?? '00'}${zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`
}
