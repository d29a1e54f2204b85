// Wards off changes that another site makes a signed-in browser send: where the request says it comes from, and a token in the form.
// Called by web/auth/guard.ts for every route that changes something, and by every handler of a form.
// Never trusts a request that does not say where it comes from.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../domain/error.ts'

/** `hosts`: hosts (with port) that are ours. */
export type Came = { origin: string | undefined; fetchSite: string | undefined }

/**
 * For reading: browsers need not say where a page of our own asks from, so only what says that it comes from elsewhere is refused.
 * Throws `forbidden`.
 */
export function requireNotForeign(came: Came, hosts: readonly string[]): void {
  const foreign = came.fetchSite !== undefined && came.fetchSite !== 'same-origin'
  if (!foreign && (came.origin === undefined || isOwn(came.origin, hosts))) return
  throw new AppError('forbidden', 'This may be read by pages of this site only.')
}

/** Throws `forbidden` unless the request was made by a page of ours. */
export function requireSameOrigin(came: Came, hosts: readonly string[]): void {
  const foreign = came.fetchSite !== undefined && came.fetchSite !== 'same-origin'
  if (foreign || came.origin === undefined || !isOwn(came.origin, hosts)) {
    throw new AppError('forbidden', 'This form was not sent from a page of this site. Nothing was changed.')
  }
}

function isOwn(text: string, hosts: readonly string[]): boolean {
  const origin = URL.parse(text)
  // Read with the origin's own scheme, so that `:80` and nothing are the same port.
  return origin !== null && hosts.some((host) => URL.parse(`${origin.protocol}//${host}`)?.host === origin.host)
}

/** Bound to one session; made from the cookie's secret, so it needs no key that nodes would have to share. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('dateline form').digest('base64url')
}

export function isCsrfToken(sessionToken: string, given: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionToken))
  const actual = Buffer.from(given)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

/** Throws `conflict`: most often somebody signed in anew in another window. */
export function requireCsrfToken(sessionToken: string, given: string): void {
  if (!isCsrfToken(sessionToken, given)) {
    throw new AppError(
      'conflict',
      'You signed in anew since this page was opened. Nothing was saved; send it again from here.',
    )
  }
}
