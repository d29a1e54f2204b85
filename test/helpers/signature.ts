// AWS Signature Version 4 as a server checks it, written from the received request alone; the test server for S3 has none.
// Called by helpers/s3.ts. A test holds it, and the signer we use, to the examples that AWS publishes.

import { createHash, createHmac } from 'node:crypto'

/** `url`: path and query as they came. Header names in lower case. */
export type Received = { method: string; url: string; headers: { [name: string]: string | string[] | undefined } }

export function isSigned({ method, url, headers }: Received, keyId: string, secret: string): boolean {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      String(headers.authorization ?? ''),
    )
  const [, id = '', day = '', region = '', names = '', signature = ''] = said ?? []
  const signedNames = names.split(';')
  if (id !== keyId || !['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signedNames.includes(name)))
    return false
  const [path = '', query = ''] = url.split('?')
  const canonical = [
    method,
    path,
    query
      .split('&')
      .filter(Boolean)
      .sort()
      .map((one) => (one.includes('=') ? one : `${one}=`))
      .join('&'),
    ...signedNames.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n')
  const sum = createHash('sha256').update(canonical).digest('hex')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${day}/${region}/s3/aws4_request`, sum].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    `AWS4${secret}`,
  )
  return createHmac('sha256', key).update(text).digest('hex') === signature
}
