// Is it alive, is it ready. Called by process managers and proxies. Never tells anything about stories.

import type { Route } from '../routes.ts'

export type Health = { ready: boolean; reasons: string[] }

export function healthRoutes(check: () => Promise<Health>): Route[] {
  return [
    {
      method: 'GET',
      url: '/healthz',
      access: 'public',
      object: 'site',
      handler: async (_request, reply) => reply.header('cache-control', 'no-store').send({ ok: true }),
    },
    {
      method: 'GET',
      url: '/readyz',
      access: 'public',
      object: 'site',
      handler: async (_request, reply) => {
        const health = await check()
        return reply
          .code(health.ready ? 200 : 503)
          .header('cache-control', 'no-store')
          .send(health)
      },
    },
  ]
}
