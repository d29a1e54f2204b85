// Bytes of a page or a file → text, by the encoding that they, their sender or the page itself name.
// Called by importers. Pure. Never throws: bytes that fit no encoding become replacement characters.

const HEAD_BYTES = 1_024 // where a page names its encoding; the HTML standard looks no further
const BYTE_ORDER_MARKS: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
]

/**
 * `contentType`: the header as it came. In the order of the HTML standard: byte order mark, header, the page's own word, then
 * UTF-8 where the bytes are UTF-8, else windows-1252.
 */
export function decodePage(bytes: Uint8Array, contentType = ''): string {
  const mark = BYTE_ORDER_MARKS.find(([, start]) => start.every((byte, index) => bytes[index] === byte))
  const named = mark?.[0] ?? knownLabel(charsetOf(contentType)) ?? knownLabel(ownWord(bytes))
  if (named) return new TextDecoder(named).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function charsetOf(contentType: string): string {
  return /;\s*charset\s*=\s*["']?([^"';\s]{1,40})/i.exec(contentType)?.[1] ?? ''
}

/** Of markup only: in JSON such words are text. A page that was read so far as ASCII is no UTF-16, whatever it says. */
function ownWord(bytes: Uint8Array): string {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, HEAD_BYTES))
  if (!head.trimStart().startsWith('<')) return ''
  const meta = /<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([^"'\s/>;]{1,40})/i.exec(head)?.[1]
  const xml = /^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([^"']{1,40})/i.exec(head)?.[1]
  const said = meta ?? xml ?? ''
  return /^utf-?16/i.test(said) ? 'utf-8' : said
}

function knownLabel(label: string): string | null {
  if (label === '') return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
