// Sends a page of the desk with the headers that every such page has.
// Called by web/auth and web/desk. Never lets a page of the desk be kept by a cache or shown in a frame.

import type { FastifyReply } from 'fastify'
import type { SafeHtml } from '../../kit/html.ts'
import { RETRY_AFTER_SECONDS } from '../errors.ts'

const FORMS = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "manifest-src 'self'",
]

/** No script at all: these pages are the way that always works. */
export const DESK_CSP = FORMS.join('; ')

/** For the pages of passkeys: our own script and what it asks of us. */
export const SCRIPT_CSP = [...FORMS, "script-src 'self'", "connect-src 'self'"].join('; ')

/** The program of the live desk: ours alone, talking to us alone, and never a string turned into markup. */
export const LIVE_DESK_CSP = [
  ...FORMS,
  "script-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types dateline-worker', // one address; nothing else makes a script
].join('; ')

export function sendDeskPage(reply: FastifyReply, page: SafeHtml, status = 200, csp = DESK_CSP): FastifyReply {
  return send(reply, page, status, csp)
}

/** For a page that brings the program of the live desk. */
export function sendLiveDesk(reply: FastifyReply, page: SafeHtml): FastifyReply {
  return send(reply, page, 200, LIVE_DESK_CSP)
}

function send(reply: FastifyReply, page: SafeHtml, status: number, csp: string): FastifyReply {
  if (status === 429 || status === 503) reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  return reply
    .code(status)
    .header('content-security-policy', csp)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'same-origin') // no-referrer would blank the Origin of our own forms
    .header('x-robots-tag', 'noindex')
    .header('cross-origin-resource-policy', 'same-origin')
    .type('text/html; charset=utf-8')
    .send(String(page))
}
