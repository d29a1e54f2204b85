// Pictures for readers: served while a published post shows them, and not a moment before (laws 6, 7).
// Called through the route table. Never tells a hidden picture from an absent one.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { MEDIA_WIDTHS } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Route } from '../routes.ts'

export type MediaDeps = {
  isPublic(id: string): Promise<boolean>
  read(id: string, file: string): Promise<Buffer | null>
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

const TYPES: Record<string, string> = { jpg: 'image/jpeg', webp: 'image/webp' }
/** Caches ask again: a withdrawn photo is gone everywhere within a minute. */
const BRIEF = 'public, max-age=60, must-revalidate'

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
  const [width, format, extra] = file.split('.')
  const known = MEDIA_WIDTHS.some((one) => String(one) === width) && format !== undefined && format in TYPES && !extra
  if (!isId(id) || !known) throw absent()
  const isPublic = await deps.isPublic(id)
  if (!isPublic && !(await deps.actorOf(request))) throw absent()
  const bytes = await deps.read(id, file)
  if (!bytes) throw absent()
  reply.header('content-security-policy', "default-src 'none'; sandbox")
  reply.header('cross-origin-resource-policy', 'cross-origin')
  return reply
    .header('cache-control', isPublic ? BRIEF : 'private, no-store')
    .type(TYPES[format ?? ''] ?? 'application/octet-stream')
    .send(bytes)
}

function absent(): AppError {
  return new AppError('not_found', 'There is nothing at this address.')
}
