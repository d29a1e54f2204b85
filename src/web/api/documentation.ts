// The API's description of itself: the OpenAPI document for programs, a page for people.
// Called by routes.ts. Both are made once, when the first one asks.

import { cookieNameOf } from '../auth/session.ts'
import { DESK_CSP } from '../desk/send.ts'
import { makeReady, type Ready, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './openapi.ts'
import { API_BASE } from './operation.ts'

const ASK_FIRST = 'public, no-cache'

export function documentationRoutes(style: string, publicUrl: string | null): Route[] {
  const document = once(() =>
    makeReady(JSON.stringify(openApiDocument(cookieNameOf(publicUrl))), 'application/json; charset=utf-8', ASK_FIRST),
  )
  const page = once(() => makeReady(String(docsPage(style)), 'text/html; charset=utf-8', ASK_FIRST))
  return [
    {
      method: 'GET',
      url: `${API_BASE}/openapi.json`,
      access: 'public',
      object: 'site',
      handler: async (request, reply) => sendReady(request, reply, document()),
    },
    {
      method: 'GET',
      url: `${API_BASE}/docs`,
      access: 'public',
      object: 'site',
      handler: async (request, reply) =>
        sendReady(request, reply.header('content-security-policy', DESK_CSP).header('x-robots-tag', 'noindex'), page()),
    },
  ]
}

function once(make: () => Ready): () => Ready {
  let made: Ready | null = null
  return () => {
    made ??= make()
    return made
  }
}
