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

/** The folder of the server's socket; null where it listens on a port. A URL may name a folder as its `host`. */
function socketFolder(target: Connection): string | null {
  if (target.kind === 'socket') return target.socketDir
  const host = new URL(target.url).searchParams.get('host')
  return host?.startsWith('/') ? host : null
}

function reach(target: Connection): Socket {
  const folder = socketFolder(target)
  if (folder !== null) return connect(join(folder, SOCKET_FILE))
  const { hostname, port } = new URL((target as { url: string }).url)
  return connect(Number(port || 5432), hostname)
}

/** Where PostgreSQL's clients look for it: a socket file, or a port. */
function listen(
  server: ReturnType<typeof createServer>,
  target: Connection,
  folder: string,
  port: number,
): Promise<number> {
  const bySocket = socketFolder(target) !== null
  return new Promise((resolve) => {
    const ready = () => resolve(bySocket ? 0 : (server.address() as AddressInfo).port)
    if (bySocket) server.listen(join(folder, SOCKET_FILE), ready)
    else server.listen(port, '127.0.0.1', ready)
  })
}

function through(target: Connection, folder: string, port: number): Connection {
  if (target.kind === 'socket') return { ...target, socketDir: folder }
  const url = new URL(target.url)
  if (socketFolder(target) === null) {
    url.hostname = '127.0.0.1'
    url.port = String(port)
  } else url.searchParams.set('host', folder)
  return { ...target, url: url.href }
}
