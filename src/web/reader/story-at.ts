// The story at an address. Called by every reader route that has a story in its path.
// Never tells a hidden story from an absent one.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { mayNameStory } from '../../domain/story.ts'
import type { NamedStory, PublicReads } from '../../store/contract.ts'

/** The path at which the story itself stands, without a query. */
export type Elsewhere = { elsewhere: string }

/** `pathOf`: the address asked for, under a story's own name. Throws `not_found`. */
export async function storyAt(
  reads: PublicReads,
  name: string,
  pathOf: (name: string) => string,
): Promise<NamedStory | Elsewhere> {
  const found = mayNameStory(name) ? await reads.storyNamed(name) : null
  if (!found) throw new AppError('not_found', 'There is nothing at this address.')
  return found.name === name ? found : { elsewhere: pathOf(found.name) }
}

/** The path is made of decoded parts: the one that was asked may be written in many ways. */
export function sendOn(request: FastifyRequest, reply: FastifyReply, { elsewhere }: Elsewhere): FastifyReply {
  const query = request.url.indexOf('?')
  const rest = query < 0 ? '' : request.url.slice(query)
  return reply
    .code(308)
    .header('cache-control', 'public, no-cache')
    .header('location', elsewhere + rest)
    .send()
}
