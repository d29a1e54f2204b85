// A photo storage that lies, stalls, breaks off, or leads elsewhere.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { hostileS3 } from '../../test/helpers/s3.ts'
import { createS3Blobs } from './s3-blobs.ts'
import { createS3Client } from './s3-client.ts'

const NAME = { id: 'abcdefghjkmnpqrstvwx', part: '400.jpg' }
const BYTES = Buffer.from('the bytes of a picture')
const sum = createHash('sha256').update(BYTES).digest('hex')

async function against(answer: RequestListener, work: (blobs: ReturnType<typeof createS3Blobs>) => Promise<void>) {
  const { settings, close } = await hostileS3(answer)
  try {
    await work(createS3Blobs(createS3Client(settings, { readMs: 400, writeMs: 400 })))
  } finally {
    await close()
  }
}

const unavailable = (message: RegExp) => ({ name: 'AppError', code: 'unavailable', message })

test('a body that breaks off, is shorter or longer than it says, or is other bytes is never taken for a photo', async () => {
  const answers: RequestListener[] = [
    (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write(BYTES)
      setTimeout(() => response.destroy(), 20)
    },
    (_request, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nx-amz-meta-sha256: ${sum}\r\ncontent-length: 5\r\n\r\n${BYTES}`)
    },
    (_request, response) => response.writeHead(200, { 'x-amz-meta-sha256': sum }).end(BYTES.subarray(3)),
    (_request, response) => response.writeHead(206, { 'x-amz-meta-sha256': sum }).end(BYTES),
    (_request, response) => response.writeHead(204).end(),
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(BYTES),
    (_request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' })
      response.write(BYTES)
      setTimeout(() => response.destroy(), 20)
    },
  ]
  for (const [index, answer] of answers.entries())
    await against(answer, async (blobs) => {
      await assert.rejects(blobs.readBytes(NAME), unavailable(/photo storage/), `answer ${index}`)
    })
})

test('an endless body ends at its bound', async () => {
  await against(
    (_request, response) => {
      response.writeHead(200)
      const more = () => {
        while (response.write(Buffer.alloc(1024 * 1024)));
        response.once('drain', more)
      }
      more()
    },
    (blobs) => assert.rejects(blobs.readBytes(NAME), unavailable(/out of reach/)),
  )
})

test('a slow storage answers no later than its time, attempts together', async () => {
  for (const answer of [
    () => {},
    (_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      setInterval(() => response.write('x'), 50).unref()
    },
  ] satisfies RequestListener[])
    await against(answer, async (blobs) => {
      const start = performance.now()
      await assert.rejects(blobs.readBytes(NAME), unavailable(/out of reach/))
      assert.ok(performance.now() - start < 2_000)
    })
})

test('500 is tried once more; 403 and a missing bucket are not, and are no missing photo', async () => {
  let calls = 0
  const status =
    (code: number, body = ''): RequestListener =>
    (_request, response) => {
      calls++
      response.writeHead(code).end(body)
    }
  await against(status(500), (blobs) => assert.rejects(blobs.readBytes(NAME), unavailable(/answered 500/)))
  assert.equal(calls, 2)
  calls = 0
  await against(status(403), (blobs) =>
    assert.rejects(blobs.readBytes(NAME), unavailable(/answered 403\. Check its key/)),
  )
  assert.equal(calls, 1)
  const gone = '<Error><Code>NoSuchBucket</Code></Error>'
  await against(status(404, gone), (blobs) => assert.rejects(blobs.readBytes(NAME), unavailable(/Check its bucket/)))
  await against(status(404, gone), (blobs) => assert.rejects(blobs.parts(NAME.id), unavailable(/Check its bucket/)))
  await against(status(404), async (blobs) => assert.equal(await blobs.readBytes(NAME), null))
  await against(status(404), (blobs) => assert.rejects(blobs.write(NAME, BYTES), unavailable(/answered 404/)))
})

test('a storage that fails once and then answers is not noticed', async () => {
  let calls = 0
  await against(
    (_request, response) => {
      calls++
      response.writeHead(calls === 1 ? 503 : 200, { 'x-amz-meta-sha256': sum }).end(calls === 1 ? '' : BYTES)
    },
    async (blobs) => assert.ok((await blobs.readBytes(NAME))?.equals(BYTES)),
  )
})

test('no redirect is followed: neither to a metadata address nor to another private host, and no key is sent there', async () => {
  let reached = 0
  const other = await hostileS3((_request, response) => {
    reached++
    response.end()
  })
  for (const location of ['http://169.254.169.254/latest/meta-data/', `${other.settings.endpoint}/photos/x`])
    for (const code of [301, 302, 303, 307, 308])
      await against(
        (_request, response) => response.writeHead(code, { location }).end(),
        async (blobs) => {
          await assert.rejects(blobs.readBytes(NAME), unavailable(new RegExp(`answered ${code}`)))
          await assert.rejects(blobs.write(NAME, BYTES), unavailable(new RegExp(`answered ${code}`)))
        },
      )
  await other.close()
  assert.equal(reached, 0)
})

test('an endpoint at a metadata address is not reached, however it is written', async () => {
  const { settings, close } = await hostileS3((_request, response) => response.end())
  await close()
  for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '[fe80::1]', '[fd00:ec2::254]', '2852039166']) {
    const client = createS3Client({ ...settings, endpoint: `http://${host}` }, { readMs: 400 })
    await assert.rejects(client.get('x', 10), (error: Error) => {
      assert.match(String(error.cause), /private network/, host)
      return true
    })
  }
})

test('a list names nothing outside the picture asked for', async () => {
  const keys = [
    'live/ab/cdefghjkmnpqrstvwx/400.jpg',
    'live/ab/other/800.jpg',
    '../../etc/passwd',
    'live/ab/cdefghjkmnpqrstvwx/../x.jpg',
  ]
  await against(
    (_request, response) =>
      response.end(
        `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
      ),
    async (blobs) => assert.deepEqual(await blobs.parts(NAME.id), ['400.jpg']),
  )
})
