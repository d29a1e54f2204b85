// Videos and sounds for readers: in ranges, while a published post shows them, and not a moment before or after (laws 6, 7).
// Called through the route table. Never tells a hidden clip from an absent one.

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { CLIP_TYPES, type ClipFormat } from '../../media/clip-formats.ts'
import { clipPart } from '../../media/clips.ts'
import type { ClipFile } from '../../store/media-records.ts'
import type { Route } from '../routes.ts'

type Range = { start: number; end: number }
export type ClipDeps = {
  clip(id: string, viewer: 'public' | 'staff'): Promise<ClipFile | null>
  read(name: { id: string; part: string }, range?: Range): Promise<{ stream: Readable; size: number } | null>
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

/** Caches ask again: a withdrawn clip is gone everywhere within a minute. */
const BRIEF = 'public, max-age=60, must-revalidate'

export function clipRoutes(deps: ClipDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/media/:id/clip',
      access: 'public',
      object: 'media',
      surface: 'clip',
      handler: (request, reply) => serve(deps, request, reply),
    },
  ]
}

async function serve(deps: ClipDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { id } = request.params as { id: string }
  if (!isId(id)) throw absent()
  const shown = await deps.clip(id, 'public')
  const clip = shown ?? (await forStaff(deps, request, id))
  if (!clip) throw absent()
  const { bytes: size } = clip
  const etag = `"${clip.sha256.slice(0, 22)}"`
  reply.header('content-security-policy', "default-src 'none'; media-src 'self'; sandbox")
  reply.header('cross-origin-resource-policy', 'cross-origin')
  reply.header('cache-control', shown ? BRIEF : 'private, no-store').header('etag', etag)
  reply.header('accept-ranges', 'bytes')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const isOther = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag
  const range = isOther ? null : rangeOf(request.headers.range, size)
  if (range === 'none') return reply.code(416).header('content-range', `bytes */${size}`).send()
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  const length = range ? range.end - range.start + 1 : size
  reply.type(CLIP_TYPES[clip.format as ClipFormat]).header('content-length', length)
  if (request.method === 'HEAD') return reply.send(Readable.from([])) // of nothing at all Fastify says that it is empty
  const found = await deps.read({ id, part: clipPart(clip.format as ClipFormat) }, range ?? undefined)
  if (!found) throw absent()
  return reply.send(found.stream)
}

async function forStaff(deps: ClipDeps, request: FastifyRequest, id: string): Promise<ClipFile | null> {
  return (await deps.actorOf(request)) === null ? null : deps.clip(id, 'staff')
}

/** null: the whole of it, also where several are asked for or the words are none. 'none': it lies outside. */
function rangeOf(header: string | undefined, size: number): Range | 'none' | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return null
  if (from === '') return Number(to) === 0 ? 'none' : { start: Math.max(0, size - Number(to)), end: size - 1 }
  const [start, end] = [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)]
  if (to !== '' && Number(to) < start) return null
  return start >= size ? 'none' : { start, end }
}

function absent(): AppError {
  return new AppError('not_found', 'There is nothing at this address.')
}
