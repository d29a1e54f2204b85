// Addresses and servers that mean harm: nothing private is reached, and nothing lasts or grows without bound.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serveLoopback } from '../../../test/helpers/loopback.ts'
import { fetchPage, MAX_PAGE_BYTES } from './fetch-page.ts'

test('private, loopback, link-local, mapped and metadata addresses are refused, however they are written', async (context) => {
  let calls = 0
  const host = await serveLoopback(context, (_request, response) => {
    calls++
    response.end('secret')
  })
  const port = host.split(':')[1]
  const names = `127.0.0.1 localhost localhost. LOCALHOST 127.1 2130706433 0x7f000001 017700000001 [::1] [::ffff:127.0.0.1]
    [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] 0.0.0.0 [::] 10.0.0.1 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254
    [fe80::1] [fd00::1] [fd00:ec2::254] 168.63.129.16 metadata.google.internal 224.0.0.1 255.255.255.255`
  for (const name of names.split(/\s+/)) {
    const resolve = async () => [{ address: '169.254.169.254', family: 4 }]
    await assert.rejects(fetchPage(`http://${name}:${port}/`, { resolve }), { code: 'invalid' }, name)
  }
  assert.equal(calls, 0)
})

test('a page cannot lead the fetch to a private address by a redirect, nor by a name that resolves to one', async (context) => {
  let calls = 0
  const inner = await serveLoopback(context, (_request, response) => {
    calls++
    response.end('secret')
  })
  for (const location of [`http://${inner}/`, `//${inner}/`, 'http://[::ffff:169.254.169.254]/latest/meta-data/']) {
    const host = await serveLoopback(context, (_request, response) => void response.writeHead(302, { location }).end())
    await assert.rejects(fetchPage(`http://${host}/`, { allowHosts: [host] }), { code: 'invalid' }, location)
  }
  for (const location of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'javascript:1', 'http://a:b@1.1.1.1/']) {
    const host = await serveLoopback(context, (_request, response) => void response.writeHead(302, { location }).end())
    await assert.rejects(fetchPage(`http://${host}/`, { allowHosts: [host] }), { code: 'invalid' }, location)
  }
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  await assert.rejects(fetchPage(`http://news.example:${inner.split(':')[1]}/`, { resolve }), { code: 'invalid' })
  assert.equal(calls, 0)
})

test('a page beyond the bound is refused: announced, sent without end, or large only once decompressed', async (context) => {
  const bomb = gzipSync(Buffer.alloc(MAX_PAGE_BYTES + 1))
  assert.ok(bomb.length < 100_000)
  const announced = await serveLoopback(
    context,
    (_request, response) => void response.writeHead(200, { 'content-length': MAX_PAGE_BYTES + 1 }).flushHeaders(),
  )
  const unpacked = await serveLoopback(
    context,
    (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  )
  const endless = await serveLoopback(context, (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(262_144, 'a')));
    }
    response.on('drain', more)
    more()
  })
  for (const host of [announced, unpacked, endless])
    await assert.rejects(fetchPage(`http://${host}/`, { allowHosts: [host] }), { code: 'too_large' })
})

test('a server that sends a byte now and then is given up in time', async (context) => {
  const host = await serveLoopback(context, (_request, response) => {
    const timer = setInterval(() => response.write('x'), 5)
    response.on('close', () => clearInterval(timer))
  })
  await assert.rejects(fetchPage(`http://${host}/`, { allowHosts: [host], totalMs: 100 }), { code: 'unavailable' })
})
