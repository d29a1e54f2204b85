// The signer that Dateline uses, and the check of the test server, against the examples that AWS publishes for S3.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsV4Signer } from 'aws4fetch'
import { isSigned } from './signature.ts'

const KEY = 'AKIAIOSFODNN7EXAMPLE'
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Path and query, further headers, the signature of "Examples: Signature Calculations in AWS Signature Version 4". */
const EXAMPLES = [
  ['/test.txt', { range: 'bytes=0-9' }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  ['/?lifecycle', {}, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['/?max-keys=2&prefix=J', {}, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
] as const

test('both agree with the published examples, and a changed request is not signed', async () => {
  for (const [path, further, expected] of EXAMPLES) {
    const signer = new AwsV4Signer({
      ...{
        method: 'GET',
        url: `https://examplebucket.s3.amazonaws.com${path}`,
        accessKeyId: KEY,
        secretAccessKey: SECRET,
      },
      ...{ service: 's3', region: 'us-east-1', datetime: '20130524T000000Z', allHeaders: true },
      headers: { ...further, 'x-amz-content-sha256': EMPTY },
    })
    const { headers } = await signer.sign()
    assert.match(headers.get('authorization') ?? '', new RegExp(`Signature=${expected}$`))
    const received = {
      method: 'GET',
      url: path,
      headers: { host: 'examplebucket.s3.amazonaws.com', ...Object.fromEntries(headers) },
    }
    assert.equal(isSigned(received, KEY, SECRET), true, path)
    assert.equal(isSigned({ ...received, method: 'DELETE' }, KEY, SECRET), false)
    assert.equal(isSigned({ ...received, url: '/other' }, KEY, SECRET), false)
    assert.equal(isSigned(received, KEY, 'wrong'), false)
    assert.equal(
      isSigned({ ...received, headers: { ...received.headers, authorization: undefined } }, KEY, SECRET),
      false,
    )
  }
})
