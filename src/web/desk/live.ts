// The door of a desk's stream: a signed-in editor's request becomes a stream of the desk's hub.
// Called through the route table. Never frames or asks the store: that is the hub's and the pump's work.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { requireNotForeign } from '../auth/csrf.ts'
import type { Route } from '../routes.ts'
import { STREAM_HEADERS, sinkOf } from '../stream-sink.ts'
import { type DeskDeps, signedIn, storyOf } from './deps.ts'
import type { DeskPump } from './live-pump.ts'

export type LiveDeps = Pick<DeskDeps, 'sessions' | 'reads'> & { pump: DeskPump; publicUrl: string | null }

export function liveRoutes(deps: LiveDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/desk/stories/:storyId/live',
      access: 'desk:read',
      object: 'story',
      handler: (request, reply) => live(deps, request, reply),
    },
  ]
}

async function live(deps: LiveDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { origin, 'sec-fetch-site': fetchSite } = request.headers
  const hosts = [...(deps.publicUrl === null ? [] : [new URL(deps.publicUrl).host]), request.host]
  requireNotForeign({ origin, fetchSite: fetchSite === undefined ? undefined : String(fetchSite) }, hosts)
  const { actor, token } = await signedIn(deps, request)
  const story = await storyOf(deps, request)
  if (request.method === 'HEAD') return reply.headers(STREAM_HEADERS).send()
  const raw = reply.raw
  if (raw.destroyed) return reply.hijack() // left while the store was asked: its 'close' will not come again
  const sink = sinkOf(raw, () => {
    reply.hijack()
    raw.writeHead(200, STREAM_HEADERS)
    raw.flushHeaders()
  })
  const stream = deps.pump.join(story.id, { actor, token }, sink)
  if (stream === 'full')
    throw new AppError('too_many', 'Too many windows of the desk are open. Close some, then load the page again.')
  sink.open()
  raw.on('drain', () => stream.drained())
  raw.on('close', () => stream.leave())
  raw.on('error', () => stream.leave())
  return reply
}
