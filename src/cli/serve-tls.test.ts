// A node that speaks HTTPS itself: pages, the stream and a sign-in come over it; a renewed certificate is taken up while
// readers are connected, a broken one is not.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { type ClientRequest, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { after, before, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { liveStory, publish, words } from '../../test/helpers/acts.ts'
import { makeCertificate, NO_OPENSSL } from '../../test/helpers/certificate.ts'
import { dateline } from '../../test/helpers/command.ts'
import { startTestNode, type TestNode, temporaryFolder } from '../../test/helpers/node.ts'
import { createLog } from '../base/log.ts'
import { readTlsPair, watchTlsFiles } from '../base/tls-files.ts'
import { isAppError } from '../domain/error.ts'

const skip = NO_OPENSSL
const PASSWORD = 'correct horse battery'
let node: TestNode
let files: ReturnType<typeof makeCertificate>

before(async () => {
  if (skip) return
  files = makeCertificate('first')
  const flags = ['--tls-cert', files.certFile, '--tls-key', files.keyFile]
  node = await startTestNode([...flags, '--public-url', 'https://localhost', '--http-redirect-port', '0'])
})
after(() => node?.close())

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

function ask(path: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = requestHttps({
      host: '127.0.0.1',
      port: node.port,
      path,
      rejectUnauthorized: false,
      agent: false,
      ...options,
    })
    sent.on('error', fail)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.end(body)
  })
}

function nameShown(
  options: { ALPNProtocols?: string[] } = {},
): Promise<{ name: string; protocol: string | false | null }> {
  return new Promise((done, fail) => {
    const socket: TLSSocket = connect(
      { host: '127.0.0.1', port: node.port, rejectUnauthorized: false, ...options },
      () => {
        done({ name: String(socket.getPeerCertificate().subject.CN), protocol: socket.alpnProtocol })
        socket.destroy()
      },
    )
    socket.on('error', fail)
  })
}

test('pages come over https with HSTS, and their own addresses are https', { skip }, async () => {
  const story = await liveStory(node.store, { title: 'Over TLS' })
  await publish(node.store, story.id, words('Update'))
  const page = await ask(`/${story.name}`)
  assert.equal(page.status, 200)
  assert.equal(page.headers['strict-transport-security'], 'max-age=31536000')
  assert.match(page.body, /Over TLS/)
  assert.equal(node.origin, 'https://localhost')
})

test('the session cookie is bound to the host and to https, also without PUBLIC_URL', { skip }, async () => {
  const bare = await startTestNode(['--tls-cert', files.certFile, '--tls-key', files.keyFile])
  try {
    assert.equal(bare.origin, `https://localhost:${bare.port}`)
    const { createAccounts } = await import('../store/accounts.ts')
    const { randomBytes } = await import('node:crypto')
    const accounts = createAccounts({ db: bare.store.db, now: Date.now, random: randomBytes })
    await accounts.createAccount({ name: 'Ada', email: 'ada@example.org', password: PASSWORD }, 'admin')
    const signedIn = await ask(
      '/desk/sign-in',
      {
        port: bare.port,
        method: 'POST',
        headers: {
          host: `localhost:${bare.port}`,
          origin: `https://localhost:${bare.port}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      new URLSearchParams({ email: 'ada@example.org', password: PASSWORD, next: '/desk' }).toString(),
    )
    assert.equal(signedIn.status, 303)
    const [cookie = ''] = [signedIn.headers['set-cookie'] ?? []].flat()
    assert.match(cookie, /^__Host-dateline=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/)
    const desk = await ask('/desk', { port: bare.port, headers: { cookie: cookie.split(';')[0] } })
    assert.equal(desk.status, 200)
    assert.equal(desk.headers['strict-transport-security'], 'max-age=31536000')
  } finally {
    await bare.close()
  }
})

test('who speaks plain HTTP to the port, or offers HTTP/2, harms nobody: HTTP/1.1 is what is spoken', {
  skip,
}, async () => {
  await assert.rejects(
    new Promise((done, fail) =>
      requestHttp({ host: '127.0.0.1', port: node.port, agent: false }, done).on('error', fail).end(),
    ),
  )
  assert.equal((await nameShown({ ALPNProtocols: ['h2', 'http/1.1'] })).protocol, 'http/1.1')
  assert.equal((await ask('/healthz')).status, 200)
})

test('plain HTTP on its own port leads to PUBLIC_URL, whatever host a request names', { skip }, async () => {
  const locationOf = (path: string, host: string): Promise<[number, string]> =>
    new Promise((done, fail) => {
      const sent: ClientRequest = requestHttp({
        ...{ host: '127.0.0.1', port: node.redirectPort ?? 0, path, agent: false },
        headers: { host },
      })
      sent.on('error', fail)
      sent.on('response', (answer) => done([answer.resume().statusCode ?? 0, String(answer.headers.location)]))
      sent.end()
    })
  assert.deepEqual(await locationOf('/a/b?c=d', 'localhost'), [308, 'https://localhost/a/b?c=d'])
  assert.deepEqual(await locationOf('/', 'evil.example'), [308, 'https://localhost/'])
  assert.deepEqual(await locationOf('//evil.example', 'localhost'), [308, 'https://localhost//evil.example'])
  assert.deepEqual(await locationOf('http://evil.example/x', 'localhost'), [308, 'https://localhost/'])
})

test('a renewed certificate is taken up while a reader stays on the stream, and a broken one is not', {
  skip,
}, async () => {
  const lines: { level: string; msg: string; reason?: string }[] = []
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) })
  const pair = { cert: files.certFile, key: files.keyFile }
  const watch = watchTlsFiles(node.app.server as never, pair, readTlsPair(pair), log)
  const story = await liveStory(node.store, { title: 'Renewed' })
  const stream = requestHttps({
    ...{ host: '127.0.0.1', port: node.port, path: `/${story.name}/stream`, agent: false, rejectUnauthorized: false },
  })
  try {
    const heard = new Promise<string>((done, fail) => {
      let text = ''
      stream.on('error', fail).on('response', (response) => {
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
          if (text.includes('After the renewal')) done(text)
        })
      })
    })
    const opened = new Promise<void>((done) => stream.on('response', () => done()))
    stream.end()
    await opened
    assert.equal((await nameShown()).name, 'first')

    const second = makeCertificate('second')
    writeFileSync(files.certFile, second.cert)
    watch.check()
    watch.check()
    assert.equal((await nameShown()).name, 'first', 'the key is still the old one')
    assert.deepEqual(
      lines.map(({ level, reason }) => [level, reason]),
      [['error', `The key in ${files.keyFile} is not the one of the certificate in ${files.certFile}.`]],
    )
    writeFileSync(files.keyFile, second.key)
    watch.check()
    assert.equal((await nameShown()).name, 'second')

    writeFileSync(files.certFile, 'no certificate')
    watch.check()
    assert.equal((await nameShown()).name, 'second')
    writeFileSync(files.certFile, second.cert)
    watch.check()
    assert.equal(
      lines.some((line) => JSON.stringify(line).includes('PRIVATE KEY')),
      false,
    )

    await publish(node.store, story.id, words('After the renewal'))
    assert.match(await heard, /After the renewal/)
  } finally {
    stream.destroy()
    watch.stop()
  }
})

test('files that cannot be used are one sentence', { skip }, () => {
  const other = makeCertificate('other')
  const folder = temporaryFolder()
  try {
    const junk = `${folder.path}/junk.pem`
    writeFileSync(junk, 'junk')
    const cases: [string, string, RegExp][] = [
      ['/none.pem', other.keyFile, /^The certificate \/none\.pem cannot be read \(ENOENT\)\.$/],
      [other.certFile, '/none.pem', /^The key \/none\.pem cannot be read \(ENOENT\)\.$/],
      [junk, other.keyFile, /is not a certificate in PEM form\.$/],
      [other.certFile, junk, /is not a private key in PEM form without a passphrase\.$/],
      [other.certFile, makeCertificate('third').keyFile, /is not the one of the certificate/],
    ]
    for (const [cert, key, said] of cases)
      assert.throws(
        () => readTlsPair({ cert, key }),
        (error) => isAppError(error, 'invalid') && said.test(error.message),
      )
  } finally {
    folder.remove()
  }
})

test('a start with wrong files ends with that sentence and nothing else', { skip }, async () => {
  const folder = temporaryFolder()
  try {
    const ran = await dateline(
      'start',
      '--port',
      '0',
      '--data-dir',
      folder.path,
      '--tls-cert',
      '/none.pem',
      '--tls-key',
      '/none.pem',
    )
    assert.equal(ran.code, 1)
    assert.equal(ran.err.trim().split('\n').at(-1), 'The certificate /none.pem cannot be read (ENOENT).')
    assert.doesNotMatch(ran.out, /Readers/)
  } finally {
    folder.remove()
  }
})
