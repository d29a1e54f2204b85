// Pages fetched for real, from a server on the loopback address.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serveLoopback } from '../../../test/helpers/loopback.ts'
import { fetchPage } from './fetch-page.ts'

async function pageOf(context: TestContext, headers: Record<string, string>, body: string | Uint8Array) {
  const host = await serveLoopback(context, (_request, response) => void response.writeHead(200, headers).end(body))
  return fetchPage(`http://${host}/live#latest`, { allowHosts: [host] })
}

test('a page comes as text with the address it was found at in the end, without its place marker', async (context) => {
  const host = await serveLoopback(context, (request, response) => {
    if (request.url === '/old') return void response.writeHead(301, { location: '/news/live?p=1#top' }).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`page ${request.url}`)
  })
  assert.deepEqual(await fetchPage(`http://${host}/old`, { allowHosts: [host] }), {
    text: 'page /news/live?p=1',
    url: `http://${host}/news/live?p=1`,
  })
})

test('the encoding is the one that the server names, else the page’s own', async (context) => {
  const latin = Uint8Array.from([0x52, 0xe9, 0x6f])
  assert.equal((await pageOf(context, { 'content-type': 'text/html; charset=iso-8859-1' }, latin)).text, 'Réo')
  const marked = Buffer.concat([Buffer.from('<meta charset=windows-1251>'), Uint8Array.from([0xf0])])
  assert.match((await pageOf(context, { 'content-type': 'text/html' }, marked)).text, /р$/)
})

test('every textual type is taken, also none and one that says nothing', async (context) => {
  const types = ['application/json', 'application/ld+json; charset=utf-8', 'application/xhtml+xml', 'text/plain']
  for (const type of [...types, 'application/octet-stream', 'application/activity+json', 'TEXT/HTML'])
    assert.equal((await pageOf(context, { 'content-type': type }, 'x')).text, 'x', type)
  assert.equal((await pageOf(context, {}, 'x')).text, 'x')
})

test('what is no page is refused by its type', async (context) => {
  for (const type of ['image/jpeg', 'application/pdf', 'video/mp4', 'application/zip', 'multipart/mixed'])
    await assert.rejects(pageOf(context, { 'content-type': type }, 'x'), { code: 'invalid' }, type)
})

test('any answer but 200 is told with its number', async (context) => {
  for (const status of [204, 403, 404, 410, 500, 503]) {
    const host = await serveLoopback(context, (_request, response) => void response.writeHead(status).end())
    await assert.rejects(fetchPage(`http://${host}/`, { allowHosts: [host] }), {
      code: 'unavailable',
      message: `The server answered ${status} for http://${host}/.`,
    })
  }
})

test('a large page comes whole, compressed or not', async (context) => {
  const body = Buffer.alloc(20_000_000, 'a')
  assert.equal((await pageOf(context, { 'content-type': 'text/html' }, body)).text.length, body.length)
  const zipped = { 'content-type': 'text/html', 'content-encoding': 'gzip' }
  assert.equal((await pageOf(context, zipped, gzipSync(body))).text.length, body.length)
})
