// A real S3-speaking server for tests: on a port of its own, in a folder of its own, with one bucket. Signatures are checked
// in front of it (helpers/signature.ts), for it does not know those of version 4.
// Called by the tests of the photo storage. Never reached by anything else: it listens on the loopback address.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Settings } from '../../src/media/s3-client.ts'
import { isSigned, type Received } from './signature.ts'

export type TestS3 = {
  settings: S3Settings
  /** For `dateline`, and for a node in this process. */
  flags: string[]
  folder: string
  close(): Promise<void>
}

export const BUCKET = 'photos'

/** `port`: the one a closed one had, to come back at. */
export async function startS3(port = 0, folder = mkdtempSync(join(tmpdir(), 'dateline-s3-'))): Promise<TestS3> {
  const server = new S3rver({
    ...{ port, address: '127.0.0.1', silent: true, directory: folder, resetOnClose: false },
    configureBuckets: [{ name: BUCKET }],
  })
  server.middleware.unshift(async (context, next) => {
    if (isSigned(context.req as Received, 'S3RVER', 'S3RVER')) return next()
    context.status = 403
    context.body = '<Error><Code>SignatureDoesNotMatch</Code></Error>'
  })
  const { port: taken } = await server.run()
  return { ...s3At(`http://127.0.0.1:${taken}`), folder, close: () => server.close() }
}

/** Settings and flags for whatever answers at `endpoint`. */
export function s3At(endpoint: string): Pick<TestS3, 'settings' | 'flags'> {
  const settings: S3Settings = {
    ...{ endpoint, bucket: BUCKET, region: 'us-east-1', keyId: 'S3RVER', secret: 'S3RVER', pathStyle: true },
    prefix: 'live/',
  }
  const flags = [
    ...['--s3-endpoint', endpoint, '--s3-bucket', BUCKET, '--s3-access-key-id', 'S3RVER'],
    ...['--s3-secret-access-key', 'S3RVER', '--s3-prefix', 'live'],
  ]
  return { settings, flags }
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** A server that answers as a broken or hostile storage would. */
export async function hostileS3(answer: RequestListener): Promise<{ settings: S3Settings; close(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { settings } = s3At(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { settings, close }
}
