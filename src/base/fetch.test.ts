// The guarded fetch against real servers on the loopback address.

import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ErrorCode } from '../domain/error.ts'
import { type FetchOptions, guardedFetch, MAX_REDIRECTS } from './fetch.ts'

async function serving<T>(handler: RequestListener, work: (host: string) => Promise<T>): Promise<T> {
  const server = createServer(handler)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const refused = (address: string, code: ErrorCode, options?: FetchOptions) =>
  assert.rejects(guardedFetch(address, options), { name: 'AppError', code }, address)

test('an address on a private network is refused however it is written, before any connection', async () => {
  let calls = 0
  await serving(
    (_request, response) => {
      calls++
      response.end()
    },
    async (host) => {
      const port = host.split(':')[1]
      const hosts = `127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0x7f.1 127.0.0.1. localhost LOCALHOST [::1] [::ffff:127.0.0.1]
        [::ffff:7f00:1] [0:0:0:0:0:0:0:1] ①②⑦.⓪.⓪.① 0 0.0.0.0 [::] 169.254.169.254 10.1.2.3 [fd00:ec2::254]`
      for (const name of hosts.split(/\s+/)) await refused(`http://${name}:${port}/`, 'invalid')
    },
  )
  assert.equal(calls, 0)
})

test('only https and http without credentials are addresses', async () => {
  const addresses = [
    'file:///etc/passwd',
    'ftp://example.org/',
    'data:text/plain,x',
    'gopher://1.1.1.1/',
    'http://a:b@1.1.1.1/',
    'x',
    '',
  ]
  for (const address of addresses) await refused(address, 'invalid')
})

test('a public name that resolves to a private address is refused, even if only one of its addresses is', async () => {
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::ffff:127.0.0.1'], ['fe80::1']]) {
    const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    await refused('http://news.example/', 'invalid', { resolve })
  }
})

test('the connection goes to the address that was checked, resolved once', async () => {
  let lookups = 0
  const answer = await serving(
    (request, response) => response.end(request.headers.host),
    (host) => {
      const name = `news.example:${host.split(':')[1]}`
      const resolve = async () => {
        lookups++
        return [{ address: '127.0.0.1', family: 4 }]
      }
      return guardedFetch(`http://${name}/`, { resolve, allowHosts: [name] })
    },
  )
  assert.match(answer.body.toString(), /^news\.example:/)
  assert.equal(lookups, 1)
})

test('a redirect to a private address is refused, one to an allowed host is followed', async () => {
  await serving(
    (request, response) => {
      if (request.url === '/end') return response.writeHead(404, { 'x-a': 'b' }).end('gone')
      response.writeHead(302, { location: request.url === '/in' ? 'http://localhost:9/' : '/end' }).end()
    },
    async (host) => {
      await refused(`http://${host}/in`, 'invalid', { allowHosts: [host] })
      const answer = await guardedFetch(`http://${host}/out`, { allowHosts: [host] })
      assert.deepEqual([answer.status, answer.body.toString(), answer.finalUrl], [404, 'gone', `http://${host}/end`])
      assert.equal(answer.headers['x-a'], 'b')
    },
  )
})

test(`at most ${MAX_REDIRECTS} redirects are followed`, async () => {
  let calls = 0
  await serving(
    (_request, response) => {
      calls++
      response.writeHead(302, { location: `/${calls}` }).end()
    },
    (host) => refused(`http://${host}/`, 'unavailable', { allowHosts: [host] }),
  )
  assert.equal(calls, MAX_REDIRECTS + 1)
})

test('secrets are not carried to another origin, and a POST becomes a GET after 303', async () => {
  const seen: (string | undefined)[] = []
  const note: RequestListener = (request, response) => {
    seen.push(request.method, request.headers.authorization, request.headers['x-plain'] as string)
    response.end()
  }
  await serving(note, (other) =>
    serving(
      (_request, response) => void response.writeHead(303, { location: `http://${other}/` }).end(),
      (host) => {
        const headers = { authorization: 'Bearer x', 'x-plain': 'y' }
        return guardedFetch(`http://${host}/`, { method: 'POST', body: 'b', headers, allowHosts: [host, other] })
      },
    ),
  )
  assert.deepEqual(seen, ['GET', undefined, 'y'])
})

test('bodies are decompressed', async () => {
  for (const [encoding, body] of [
    ['gzip', gzipSync('words')],
    ['br', brotliCompressSync('words')],
    ['identity', 'words'],
  ] as const) {
    const answer = await serving(
      (_request, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body),
      (host) => guardedFetch(`http://${host}/`, { allowHosts: [host] }),
    )
    assert.equal(answer.body.toString(), 'words')
  }
})

test('a body beyond the bound is refused: announced, streamed without end, or only large once decompressed', async () => {
  const endless: RequestListener = (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    }
    response.on('drain', more)
    more()
  }
  const announced: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-length': '9999999' }).flushHeaders()
  const bomb: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)))
  for (const handler of [endless, announced, bomb]) {
    await serving(handler, (host) => refused(`http://${host}/`, 'too_large', { allowHosts: [host], maxBytes: 100_000 }))
  }
})

test('a server that never answers, or never ends, is given up in time', async () => {
  const slow: RequestListener = (_request, response) => void response.writeHead(200).write('x')
  for (const handler of [() => {}, slow] as RequestListener[]) {
    await serving(handler, (host) => refused(`http://${host}/`, 'unavailable', { allowHosts: [host], totalMs: 100 }))
  }
  const never = () => new Promise<never>(() => {})
  await refused('http://news.example/', 'unavailable', { resolve: never, totalMs: 50 })
})

test('broken answers are an error of theirs, not a crash of ours', async () => {
  const cut: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('x')
    setImmediate(() => response.destroy())
  }
  const noise: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
  const cutZip: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(1000)).subarray(0, 12))
  for (const handler of [cut, noise, cutZip, (request) => request.socket.destroy()] as RequestListener[]) {
    await serving(handler, (host) => refused(`http://${host}/`, 'unavailable', { allowHosts: [host] }))
  }
  await refused('http://127.0.0.1:1/', 'unavailable', { allowHosts: ['127.0.0.1:1'] })
})

test('a host that was allowed may be private, but never an address where machines keep their keys, nor another port', async () => {
  await serving(
    (_request, response) => response.end('ok'),
    async (host) => {
      const port = host.split(':')[1]
      const named = { allowHosts: [`minio.lan:${port}`] }
      const at = (address: string) => ({ resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }] })
      const answer = await guardedFetch(`http://minio.lan:${port}/`, { ...named, ...at('127.0.0.1') })
      assert.equal(String(answer.body), 'ok')
      for (const address of ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254'])
        await refused(`http://minio.lan:${port}/`, 'invalid', { ...named, ...at(address) })
      await refused(`http://minio.lan:1/`, 'invalid', { ...named, ...at('127.0.0.1') })
      await refused(`http://other.lan:${port}/`, 'invalid', { ...named, ...at('127.0.0.1') })
    },
  )
})

test('where redirects are refused, one is an answer like any other', async () => {
  let calls = 0
  await serving(
    (_request, response) => {
      calls++
      response.writeHead(307, { location: '/there' }).end()
    },
    async (host) => {
      const answer = await guardedFetch(`http://${host}/`, { allowHosts: [host], redirects: 0, method: 'PUT' })
      assert.equal(answer.status, 307)
    },
  )
  assert.equal(calls, 1)
})
