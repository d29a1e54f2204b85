// A live page from the open internet, as text.
// Called by the import command. Never reaches a private address (base/fetch.ts), and never takes a picture for a page.

import { type FetchOptions, guardedFetch } from '../../base/fetch.ts'
import { AppError } from '../../domain/error.ts'
import { decodePage } from '../../kit/charset.ts'

export const MAX_PAGE_BYTES = 30 * 1024 * 1024 // as received and as decompressed; what formats/jsonld/read.ts reads at most
const PAGE_MS = 60_000 // the whole exchange; a page of the largest size over a slow line
const ACCEPT = 'text/html,application/xhtml+xml,application/ld+json,application/json;q=0.9,*/*;q=0.1'
// "application/octet-stream" and no type at all are what careless servers say of pages.
const TEXTUAL = /^(?:text\/|application\/(?:octet-stream|javascript)\b|application\/(?:[\w.+-]+\+)?(?:json|xml)\b)/i

/** `url`: where the page was found in the end, after redirects: what relative addresses in it are resolved against. */
export type FetchedPage = { text: string; url: string }

/** Throws `unavailable` on any answer but 200, `invalid` for what is no page, and as guardedFetch does. */
export async function fetchPage(address: string, options: FetchOptions = {}): Promise<FetchedPage> {
  const headers = { accept: ACCEPT, ...options.headers }
  const bounds = { maxBytes: MAX_PAGE_BYTES, totalMs: PAGE_MS }
  const { status, headers: said, body, finalUrl } = await guardedFetch(address, { ...bounds, ...options, headers })
  if (status !== 200) throw new AppError('unavailable', `The server answered ${status} for ${finalUrl}.`)
  const type = said['content-type'] ?? ''
  if (type !== '' && !TEXTUAL.test(type.trim()))
    throw new AppError('invalid', `${finalUrl} is no page but "${type.slice(0, 100)}".`)
  const url = new URL(finalUrl)
  url.hash = '' // a place in the page, not another page
  return { text: decodePage(body, type), url: url.href }
}
