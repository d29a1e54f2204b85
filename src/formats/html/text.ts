// Foreign text that is not markup: entities, leftover tags, white space.
// Called by formats that get headlines, names and bodies from other systems.
// Never drops a word: a "<" that opens no known tag stays a "<".

import { Parser } from 'htmlparser2'

const TAG_NAMES =
  'a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code|dd|del|details|div|dl|dt|em|' +
  'embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|li|main|mark|math|' +
  'object|ol|p|picture|pre|q|s|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|' +
  'tfoot|th|thead|time|tr|tt|u|ul|video'
// At most 4,000 characters of attributes are looked at, so that "<a <a <a …" stays cheap.
const KNOWN_TAG = new RegExp(`<(?:/?(?:${TAG_NAMES})(?:\\s[^<>]{0,4000}|/)?)>`, 'i')
const KNOWN_TAGS = new RegExp(KNOWN_TAG.source, 'gi')
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i
const BARE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});)/gi
const CDATA = /^\s*<!\[CDATA\[([^]*?)\]\]>\s*$/

/** True when the text holds at least one tag of HTML; "5 < 6" and "<name withheld>" are text. */
export function looksLikeHtml(text: string): boolean {
  return KNOWN_TAG.test(text)
}

/** Only entities that end in ";" count, so that "R&D" and "?a=1&copy=2" stay. Unknown ones stay as written. */
export function decodeEntities(text: string): string {
  if (!ENTITY.test(text)) return text
  let decoded = ''
  const parser = new Parser({
    ontext: (part) => {
      decoded += part
    },
  })
  parser.end(text.replace(BARE_AMPERSAND, '&amp;').replaceAll('<', '&lt;'))
  return decoded
}

/** The same, for text that was escaped once too often ("&amp;#39;"). */
export function decodeTwice(text: string): string {
  return decodeEntities(decodeEntities(text))
}

export function withoutCdata(text: string): string {
  return CDATA.exec(text)?.[1] ?? text
}

/** One line of text: a headline, a name. Tags out, entities decoded, white space single. */
export function plainLine(text: string): string {
  const decoded = decodeTwice(withoutCdata(text).replace(KNOWN_TAGS, partOf))
  return decoded.replace(KNOWN_TAGS, partOf).replace(/\s+/g, ' ').trim()
}

/** Marks may stand inside a word; what breaks a line parts words. */
function partOf(tag: string): string {
  return /^<\/?(?:br|p|div|li|tr|td|h[1-6])\b/i.test(tag) ? ' ' : ''
}
