// A TCP way to a server with the rate, the delay and the lost segments of a bad 3G line, which can also be cut.
// Called by bench/desk-line.ts.
// Never loses a byte of a connection that stands: what a real line loses, TCP sends again, and what is felt of it is the wait.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const SEGMENT = 1_400 // bytes of a packet

export type Line = {
  /** Bytes per second in each direction, shared by all connections. */
  rate: number
  /** ms there and back. */
  roundTrip: number
  /** Of the segments, 0 to 1. */
  loss: number
}

/** What a bad mobile line gives. A lost segment holds its connection up for one and a half round trips: with that, one
 * connection gets what the usual estimate for TCP at this loss says (segment / round trip × 1.22 / √loss, 26 kB/s). */
export const BAD_3G: Line = { rate: 50_000, roundTrip: 300, loss: 0.05 }
const HELD_ROUND_TRIPS = 1.5

export type SlowLine = {
  origin: string
  /** null: as fast as the machine. */
  is(line: Line | null): void
  /** Every connection is gone and none is taken, until `mend`. */
  cut(): void
  mend(): Promise<void>
  close(): void
}

export async function openSlowLine(target: string, random: () => number): Promise<SlowLine> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<Socket>()
  const state: { line: Line | null } = { line: null }
  const [up, down] = [oneWay(state, random), oneWay(state, random)]
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true })
    for (const [from, to, way] of [
      [near, far, up],
      [far, near, down],
    ] as const) {
      pairs.add(from)
      const pass = way()
      from.on('data', (bytes) => {
        from.pause()
        void pass(bytes, to).then(() => from.resume())
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(from)
        to.destroy()
      })
    }
  })
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const own = (server.address() as AddressInfo).port
  const cut = () => {
    if (server.listening) server.close()
    for (const socket of pairs) socket.destroy()
  }
  return {
    origin: `http://localhost:${own}`,
    is: (line) => {
      state.line = line
    },
    cut,
    mend: () => listen(own),
    close: cut,
  }
}

/** One direction: the rate is everybody's, the wait for a lost segment its connection's own. */
function oneWay(state: { line: Line | null }, random: () => number) {
  let free = 0 // when the line has sent what it was given so far
  return () => {
    let isNew = true
    return async (bytes: Buffer, to: Socket): Promise<void> => {
      const { line } = state
      if (!line) return void to.write(bytes)
      if (isNew) await sleep(line.roundTrip) // the handshake, which a proxy on this machine does not wait for
      isNew = false
      for (let at = 0; at < bytes.length; at += SEGMENT) {
        const part = bytes.subarray(at, at + SEGMENT)
        free = Math.max(free, performance.now()) + (part.length / line.rate) * 1_000
        for (let held = HELD_ROUND_TRIPS; random() < line.loss; held *= 2) await sleep(held * line.roundTrip)
        const wait = free - performance.now()
        if (wait > 1) await sleep(wait)
        setTimeout(() => to.writable && to.write(part), line.roundTrip / 2)
      }
    }
  }
}
