// A way to the test database that can be stopped: frozen (taken, never answered, as a hung server) or cut (as a killed one).
// Called by tests of what readers see while the database is away. The database behind it is the real one.

import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from '../../src/store/database.ts'

const SOCKET_FILE = '.s.PGSQL.5432'

export type DatabaseProxy = {
  connection: Connection
  freeze(): void
  /** What was held back goes on. */
  thaw(): void
  /** Every connection is gone and none is taken, until `mend`. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function openDatabaseProxy(target: Connection): Promise<DatabaseProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-proxy-'))
  const pairs = new Set<[Socket, Socket]>()
  let frozen = false
  const server = createServer((near) => {
    const far = reach(target)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('data', (bytes) => other.write(bytes))
      one.on('error', () => undefined)
      one.on('close', () => {
        other.destroy()
        pairs.delete(pair)
      })
      if (frozen) one.pause()
    }
  })
  const port = await listen(server, target, folder, 0)
  const each = (work: (socket: Socket) => void) => {
    for (const pair of pairs) pair.forEach(work)
  }
  const cut = async () => {
    if (server.listening) server.close()
    each((socket) => socket.destroy())
  }
  return {
    connection: through(target, folder, port),
    freeze() {
      frozen = true
      each((socket) => socket.pause())
    },
    thaw() {
      frozen = false
      each((socket) => socket.resume())
    },
    cut,
    mend: async () => void (await listen(server, target, folder, port)),
    close: async () => {
      await cut()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function reach(target: Connection): Socket {
  if (target.kind === 'socket') return connect(join(target.socketDir, SOCKET_FILE))
  const { hostname, port } = new URL(target.url)
  return connect(Number(port || 5432), hostname)
}

/** Where PostgreSQL's clients look for it: a socket file, or a port. */
function listen(
  server: ReturnType<typeof createServer>,
  target: Connection,
  folder: string,
  port: number,
): Promise<number> {
  return new Promise((resolve) => {
    const ready = () => resolve(target.kind === 'socket' ? 0 : (server.address() as AddressInfo).port)
    if (target.kind === 'socket') server.listen(join(folder, SOCKET_FILE), ready)
    else server.listen(port, '127.0.0.1', ready)
  })
}

function through(target: Connection, folder: string, port: number): Connection {
  if (target.kind === 'socket') return { ...target, socketDir: folder }
  const url = new URL(target.url)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return { ...target, url: url.href }
}
