// Bytes that are no request: each gets a problem in JSON on its own connection, which is then closed. Bodies that never end are cut.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, it } from 'node:test'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { silentLog } from '../base/log.ts'
import { createApp } from './app.ts'
import { readForm } from './form-body.ts'
import { declareRoutes, type Route } from './routes.ts'

let app: FastifyInstance
let port = 0
before(async () => {
  app = await createApp({
    ...{ log: silentLog(), trustedProxies: [], secure: false, errorPage: (error) => error.message },
    patience: { bodyMs: 300, answeredMs: 200 },
  })
  const handler = async (request: FastifyRequest) => ({ held: (await readForm(request)).photo?.length ?? 0 })
  const table: Route[] = (['public', 'session'] as const).map((access) => ({
    ...{ method: 'POST', url: `/${access}`, access, object: 'site', handler },
  }))
  declareRoutes(app, table, async () => undefined)
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
})
after(() => app.close())

function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      said += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(said))
  })
}

const head = 'GET /api/v1/me HTTP/1.1\r\nHost: a\r\n'
const CASES: Record<string, [bytes: string, status: number, code: string]> = {
  'a malformed header': [`${head}Bad Header\r\n\r\n`, 400, 'invalid'],
  'headers of 20 KB': [`${head}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'too_large'],
  'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\r\n\r\n', 400, 'invalid'],
  'two lengths': [`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'invalid'],
}

for (const [what, [bytes, status, code]] of Object.entries(CASES)) {
  it(`${what} is refused as a problem`, async () => {
    const [headers = '', body = ''] = (await send(bytes)).split('\r\n\r\n')
    assert.match(headers, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(headers, /^content-type: application\/problem\+json$/im)
    assert.match(headers, /^cache-control: no-store$/im)
    const problem = JSON.parse(body)
    assert.deepEqual([problem.status, problem.code, problem.type], [status, code, `/api/v1/docs#${code}`])
  })
}

it('a body that never ends is cut, and so is one that goes on after its answer', async () => {
  const post = (type: string) =>
    `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 9999\r\n\r\n`
  assert.equal(await send(`${post('application/json')}{`), '', 'no answer: the body was waited for')
  assert.equal(await send(`${post('multipart/form-data; boundary=x').replace('/nowhere', '/public')}--x\r\n`), '')
  const answered = await send(`${post('multipart/form-data; boundary=x')}--x\r\n`)
  assert.match(answered, /^HTTP\/1\.1 404 /)
})

it('a file is held only where somebody is signed in', async () => {
  const body = '--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n12345\r\n--x--\r\n'
  const held = async (path: string) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x`
    return (await send(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)).split('\r\n\r\n')[1]
  }
  assert.deepEqual([await held('/public'), await held('/session')], ['{"held":0}', '{"held":5}'])
})
