// A page as ready bytes: built once, compressed once, named by a hash of its exact bytes (DESIGN §4).
// Called by web/reader and web/desk/assets. Never renders.

import { createHash } from 'node:crypto'
import { constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Ready = { type: string; etag: string; identity: Buffer; gzip: Buffer; cacheControl: string }

const MAX_CODINGS = 20 // of one accept-encoding; browsers name about four
const SMALLEST_WORTH_COMPRESSING = 1_000 // bytes; below, the header costs what the compression gains

export function makeReady(body: string | Buffer, type: string, cacheControl: string): Ready {
  const identity = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`
  const gzip =
    identity.length < SMALLEST_WORTH_COMPRESSING ? identity : gzipSync(identity, { level: constants.Z_BEST_SPEED + 5 })
  return { type, etag, identity, gzip, cacheControl }
}

export function sendReady(request: FastifyRequest, reply: FastifyReply, ready: Ready): FastifyReply {
  reply.header('etag', ready.etag).header('cache-control', ready.cacheControl).header('vary', 'accept-encoding')
  if (namesEtag(request.headers['if-none-match'], ready.etag)) return reply.code(304).send()
  reply.type(ready.type)
  if (ready.gzip !== ready.identity && acceptsGzip(request.headers['accept-encoding'])) {
    return reply.header('content-encoding', 'gzip').send(ready.gzip)
  }
  return reply.send(ready.identity)
}

/** Whether an if-none-match names it; weak or strong, or `*`. */
export function namesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => part.trim().replace(/^W\//, '') === etag || part.trim() === '*')
}

/** `gzip;q=0` refuses it, whatever `*` says. Split and compared, never matched: the header is anybody's. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',', MAX_CODINGS)
    .map((coding) => coding.split(';', 2).map((part) => part.trim()))
  const own = codings.find(([name]) => name === 'gzip') ?? codings.find(([name]) => name === '*')
  return own !== undefined && weightOf(own[1]) > 0
}

/** 0 for what is no weight. */
function weightOf(parameter: string | undefined): number {
  if (parameter === undefined) return 1
  const weight = parameter.startsWith('q=') ? Number(parameter.slice(2)) : 0
  return weight > 0 && weight <= 1 ? weight : 0
}
