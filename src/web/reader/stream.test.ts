import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { it } from 'node:test'
import { storyOf } from '../../../test/helpers/public-story.ts'
import { createVirtualClock } from '../../../test/helpers/virtual-clock.ts'
import { createLog, silentLog } from '../../base/log.ts'
import { createHub } from '../../live/hub.ts'
import type { PublicReads } from '../../store/contract.ts'
import { createApp } from '../app.ts'
import { declareRoutes } from '../routes.ts'
import { streamRoutes } from './stream.ts'

it('a reader who leaves while the store is asked takes no place', async (t) => {
  const { now, setTimer } = createVirtualClock()
  const hub = createHub({
    now,
    setTimer,
    yieldTurn: () => Promise.resolve(),
    random: () => 0.5,
    replay: async (_storyId, seq) => ({ epoch: 'e', head: seq, frames: [] }),
    stub: () => new Uint8Array(),
    isHearing: () => true,
    opened: () => undefined,
    closed: () => undefined,
  })
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const reads = {
    storyNamed: async () => {
      asked.resolve()
      await answer.promise
      return { ...storyOf(), epoch: 'e' }
    },
  } as Partial<PublicReads> as PublicReads
  const app = await createApp({ log: silentLog(), secure: false, trustedProxies: [], errorPage: () => '' })
  const left = Promise.withResolvers<void>()
  const handled = Promise.withResolvers<void>()
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.once('close', () => left.resolve())
  })
  const routes = streamRoutes({ reads, hub }).map((route) => ({
    ...route,
    handler: async (...args: Parameters<typeof route.handler>) => {
      const result = await route.handler(...args)
      handled.resolve()
      return result
    },
  }))
  declareRoutes(app, routes, async () => undefined)
  t.after(async () => {
    hub.stop()
    await app.close()
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /storm/stream HTTP/1.1\r\nhost: localhost\r\n\r\n'))
  await asked.promise
  socket.destroy()
  await left.promise
  answer.resolve()
  await handled.promise
  assert.equal(hub.total(), 0)
})

it('one IPv6 customer is one client, and a full stream writes no warning', async (t) => {
  const { now, setTimer } = createVirtualClock()
  const hub = createHub({
    now,
    setTimer,
    yieldTurn: () => Promise.resolve(),
    random: () => 0.5,
    replay: async (_storyId, seq) => ({ epoch: 'e', head: seq, frames: [] }),
    stub: () => new Uint8Array(),
    limits: { perAddress: 1 },
  })
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const reads = { storyNamed: async () => ({ ...storyOf(), epoch: 'e' }) } as Partial<PublicReads> as PublicReads
  const app = await createApp({ log, secure: false, trustedProxies: ['127.0.0.1'], errorPage: () => '' })
  declareRoutes(app, streamRoutes({ reads, hub }), async () => undefined)
  const stop = new AbortController()
  t.after(async () => {
    stop.abort()
    hub.stop()
    await app.close()
  })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const statusFor = async (address: string) => {
    const headers = { 'x-forwarded-for': address }
    const answer = await fetch(`${origin}/storm/stream`, { headers, signal: stop.signal })
    return answer.status
  }
  assert.equal(await statusFor('2001:db8:0:1::1'), 200)
  assert.equal(await statusFor('2001:db8:0:1:ffff::2'), 503)
  assert.equal(await statusFor('2001:db8:0:2::1'), 200)
  assert.deepEqual(lines, [])
})
