// Web addresses as people type them into a text: where one begins, and where it ends.
// Called by domain/plain-runs.ts. Pure.
// Never takes the full stop of the sentence, or the bracket around the address, for a part of it.

import { isSafeLink, MAX_URL } from './content.ts'

/** In text that is no link this stands in place of ://, so that the address stays text. */
const NO_ADDRESS = ':\\//'
const SCHEME = /https?:\/\//gi
/** Up to white space, a sign of the text's own format, a quotation mark, or a stop of another script. */
const ADDRESS =
  /^https?:\/\/[^\s/?#<>"“”„«»\\*`[\]。，、；：！？「」『』（）《》،؛؟](?:(?!~~)[^\s<>"“”„«»\\*`[\]。，、；：！？「」『』（）《》،؛؟])*/i
const TRAILING = ".,;:!?'’‘…~|{}"

/** Length of the address that begins at `at`; 0 when none does. */
export function addressAt(text: string, at: number): number {
  if (isWord(text[at - 1])) return 0
  const address = withoutTrailing(ADDRESS.exec(text.slice(at, at + MAX_URL + 1))?.[0] ?? '')
  return address.length <= MAX_URL && address.length > 'https://'.length && isSafeLink(address) ? address.length : 0
}

/** Where the next address may begin after the first character; -1 when nowhere. */
export function nextScheme(text: string): number {
  return text.slice(1).search(/https?:\/\//i) + 1 || -1
}

/** Text that must not become a link when it is read again. */
export function holdBack(text: string): string {
  return text.replace(SCHEME, (scheme) => scheme.replace('://', NO_ADDRESS))
}

/** Half of a pair counts as no letter: then the address is linked all the same. */
function isWord(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}]/u.test(sign)
}

/** A closing bracket belongs to the address when it was opened there. */
function withoutTrailing(address: string): string {
  let closing = address.split(')').length - address.split('(').length
  let end = address.length
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? ''
    if (last === ')' && closing > 0) closing -= 1
    else if (!TRAILING.includes(last)) break
  }
  return address.slice(0, end)
}
