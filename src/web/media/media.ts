// Pictures for readers: served while a published post shows them, and not a moment before or after (laws 6, 7).
// Called through the route table. Never tells a hidden picture from an absent one.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MEDIA_FORMATS, MEDIA_WIDTHS, type MediaFormat } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Route } from '../routes.ts'

export type MediaDeps = {
  isPublic(id: string): Promise<boolean>
  /** What staff may see although the public may not (yet). */
  isKept(id: string): Promise<boolean>
  read(id: string, file: string): Promise<Buffer | null>
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

const TYPES: Record<MediaFormat, string> = { jpg: 'image/jpeg', webp: 'image/webp', avif: 'image/avif' }
/** Caches ask again: a withdrawn photo is gone everywhere within a minute. */
const BRIEF = 'public, max-age=60, must-revalidate'
/** WebP in place of an AVIF that is being made, for some seconds as a rule. */
const BRIEFER = 'public, max-age=5, must-revalidate'

export function mediaRoutes(deps: MediaDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/media/:id/:file',
      access: 'public',
      object: 'media',
      surface: 'media',
      handler: (request, reply) => serve(deps, request, reply),
    },
  ]
}

async function serve(deps: MediaDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { id, file } = request.params as { id: string; file: string }
  const [, width = '', format = ''] = /^(\d+)\.(\w+)$/.exec(file) ?? []
  if (!isId(id) || !isWidth(width) || !isFormat(format)) throw absent()
  const isPublic = await deps.isPublic(id)
  if (!isPublic && !(await mayStaffSee(deps, request, id))) throw absent()
  const found = await readRendition(deps, id, width, format)
  if (!found) throw absent()
  const etag = `"${createHash('sha256').update(found.bytes).digest('base64url').slice(0, 22)}"`
  const cache = found.format === format ? BRIEF : BRIEFER
  reply.header('content-security-policy', "default-src 'none'; sandbox")
  reply.header('cross-origin-resource-policy', 'cross-origin')
  reply.header('cache-control', isPublic ? cache : 'private, no-store').header('etag', etag)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type(TYPES[found.format]).send(found.bytes)
}

async function mayStaffSee(deps: MediaDeps, request: FastifyRequest, id: string): Promise<boolean> {
  return (await deps.actorOf(request)) !== null && (await deps.isKept(id))
}

/** Browsers look at the bytes, so one that chose AVIF shows the WebP as well. */
async function readRendition(
  deps: MediaDeps,
  id: string,
  width: string,
  format: MediaFormat,
): Promise<{ bytes: Buffer; format: MediaFormat } | null> {
  const formats: MediaFormat[] = format === 'avif' ? ['avif', 'webp'] : [format]
  for (const one of formats) {
    const bytes = await deps.read(id, `${width}.${one}`)
    if (bytes) return { bytes, format: one }
  }
  return null
}

function isWidth(text: string): boolean {
  return MEDIA_WIDTHS.some((width) => String(width) === text)
}

function isFormat(text: string): text is MediaFormat {
  return MEDIA_FORMATS.some((format) => format === text)
}

function absent(): AppError {
  return new AppError('not_found', 'There is nothing at this address.')
}
