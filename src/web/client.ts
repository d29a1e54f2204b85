// Who is calling: address, scheme and host from one function, trusting proxies only where the operator said so.
// Called by every part of web. Never reads a forwarded header by itself: Fastify does, within trustedProxies.

import type { FastifyRequest } from 'fastify'

export type Client = { address: string; origin: string }

/** `publicUrl` is the operator's word and wins over anything a request claims. */
export function clientOf(request: FastifyRequest, publicUrl: string | null): Client {
  return { address: request.ip, origin: publicUrl ?? `${request.protocol}://${request.host}` }
}
