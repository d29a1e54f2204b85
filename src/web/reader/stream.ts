// The stream's door: a request becomes a reader of the hub.
// Called through the route table. Never frames, queues or renders: that is the hub's and the pump's work.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../base/internet-address.ts'
import { AppError } from '../../domain/error.ts'
import { type Position, parsePosition } from '../../domain/position.ts'
import type { Hub, ReaderHandle } from '../../live/hub.ts'
import type { NamedStory, PublicReads } from '../../store/contract.ts'
import type { Route } from '../routes.ts'
import { STREAM_HEADERS, sinkOf } from '../stream-sink.ts'
import { sendOn, storyAt } from './story-at.ts'

export type StreamDeps = { reads: PublicReads; hub: Hub }

export function streamRoutes(deps: StreamDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/:story/stream',
      access: 'public',
      object: 'story',
      surface: 'stream',
      handler: (request, reply) => stream(deps, request, reply),
    },
  ]
}

async function stream(deps: StreamDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const found = await storyAt(deps.reads, (request.params as { story: string }).story, (own) => `/${own}/stream`)
  if ('elsewhere' in found) return sendOn(request, reply, found)
  if (request.method === 'HEAD') return reply.headers(STREAM_HEADERS).send()
  const position = positionOf(request, found)
  const raw = reply.raw
  if (raw.destroyed) return reply.hijack() // left while the store was asked: its 'close' will not come again
  let handle: ReaderHandle | 'full' = 'full'
  const sink = sinkOf(raw, () => {
    reply.hijack()
    raw.writeHead(200, STREAM_HEADERS)
    raw.flushHeaders()
  })
  handle = deps.hub.join(found.id, position, sink, networkOf(request.ip))
  if (handle === 'full')
    throw new AppError('unavailable', 'All places at the stream are taken; ask for what is new instead.')
  sink.open()
  const reader = handle
  raw.on('drain', () => reader.drained())
  raw.on('close', () => reader.leave())
  raw.on('error', () => reader.leave())
  return reply
}

/** Last-Event-ID wins: a browser that comes back sends both. Absent: from now on. Throws `invalid`. */
function positionOf(request: FastifyRequest, found: NamedStory): Position {
  const lastId = request.headers['last-event-id']
  const since = (request.query as { since?: unknown }).since
  const text = typeof lastId === 'string' && lastId !== '' ? lastId : since
  if (text === undefined) return { epoch: found.epoch, seq: found.seq }
  if (typeof text !== 'string') throw new AppError('invalid', 'A position looks like "epoch.seq".')
  return parsePosition(text)
}
