// The story at an address. Called by every reader route that has a story in its path.
// Never tells a hidden story from an absent one.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { storyPath } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import type { PublicStory } from '../../domain/view.ts'
import type { PublicReads } from '../../store/contract.ts'

/** null when the reader was sent on to the story's own address. Throws `not_found`. */
export async function storyAt(
  reads: PublicReads,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
): Promise<PublicStory | null> {
  const found = await reads.storyNamed(name)
  if (!found) throw new AppError('not_found', 'There is nothing at this address.')
  if (found.name === name) return found
  const rest = request.url.slice(storyPath(name).length)
  await reply
    .code(308)
    .header('cache-control', 'public, no-cache')
    .header('location', storyPath(found.name) + rest)
    .send()
  return null
}
