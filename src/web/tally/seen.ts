// Where readers' browsers tell what was seen. The same answer for every post, whether it is there or not.
// Called through the route table.
// Never looks into the database, and never sees a cookie as anything: nobody is known here.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../base/internet-address.ts'
import { seenPath } from '../../domain/address.ts'
import { seenSchema } from '../../domain/attention.ts'
import { AppError } from '../../domain/error.ts'
import { mayNameStory } from '../../domain/story.ts'
import type { Limits } from '../api/rate-limit.ts'
import { tooMany } from '../api/rate-limit.ts'
import type { Route } from '../routes.ts'
import type { Tally } from './tally.ts'

const MAX_BYTES = 4 * 1024 // of a batch; a full one has about 1.5 KB

export type SeenDeps = { tally: Tally; limits: Limits }

export function seenRoutes(deps: SeenDeps): Route[] {
  return [
    {
      method: 'POST',
      url: seenPath(':story'),
      access: 'public',
      object: 'site', // nothing of a story can be seen here
      bodyLimit: MAX_BYTES,
      handler: (request, reply) => seen(deps, request, reply),
    },
  ]
}

async function seen({ tally, limits }: SeenDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const network = networkOf(request.ip)
  const { retryAfter } = limits.take('address', network)
  if (retryAfter > 0) {
    reply.header('retry-after', retryAfter)
    throw tooMany()
  }
  const batch = seenSchema.safeParse(request.body)
  if (!batch.success)
    throw new AppError('invalid', 'A batch is {"read": [ids], "shown": [[id, milliseconds]]}, 20 of each at most.')
  const { story } = request.params as { story: string }
  const { 'sec-gpc': gpc, dnt, 'user-agent': browser = '' } = request.headers
  if (mayNameStory(story) && gpc !== '1' && dnt !== '1') tally.take({ network, browser }, batch.data)
  return reply.header('cache-control', 'no-store').send({ now: tally.serverNow(), wait: tally.wait() })
}
