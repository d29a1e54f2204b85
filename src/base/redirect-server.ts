// A port of plain HTTP that says one thing: the site is at https.
// Called by cli/serve.ts, beside a node that speaks HTTPS itself.
// Never sends anybody to a host that a request names.

import { createServer, type Server } from 'node:http'
import { AppError } from '../domain/error.ts'

const HEADERS_MS = 5_000 // nothing but a line and some headers is expected

/** `origin`: the https one, without a slash at the end. Throws `conflict` where the port cannot be had. */
export async function startRedirects(
  origin: string,
  host: string,
  port: number,
): Promise<{ close(): void; port: number }> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS }, (request, reply) => {
    const path = request.url?.startsWith('/') ? request.url : '/'
    reply.writeHead(308, { location: `${origin}${path}`, 'content-length': '0', connection: 'close' }).end()
  })
  try {
    await listening(server, host, port)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('conflict', `Port ${port} of HTTP_REDIRECT_PORT cannot be listened on (${code ?? 'error'}).`, {
      cause,
    })
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => resolve())
  })
}
