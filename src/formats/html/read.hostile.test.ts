// Every payload of the hostile corpus must come out as a valid, passive post.
// The corpus is not part of the project: TEST_CORPUS_DIR names the folder that holds it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { contentSchema, parseContent } from '../../domain/content.ts'
import { readBody, readHtml, readText } from './read.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'

function payloads(): string[] {
  const folder = join(corpus ?? '', 'hostile-input')
  const purify = JSON.parse(readFileSync(join(folder, 'xss-dompurify-expect.json'), 'utf8')) as { payload: string }[]
  const box = gunzipSync(readFileSync(join(folder, 'xss-payloadbox.jsonl.gz')))
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
  const naughty = JSON.parse(readFileSync(join(folder, 'big-list-of-naughty-strings.json'), 'utf8')) as string[]
  return [
    ...purify.map((item) => item.payload),
    ...box.map((line) => (JSON.parse(line) as { payload: string }).payload),
    ...naughty,
  ]
}

/** Every address anywhere in the tree. */
function addressesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(addressesOf)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && ['link', 'url', 'source'].includes(key) ? [inner] : addressesOf(inner),
  )
}

test('every hostile payload becomes a valid post without an active address', { skip }, () => {
  const all = payloads()
  assert.ok(all.length > 2_700, `only ${all.length} payloads were found`)
  for (const payload of all) {
    for (const read of [readHtml, readText, readBody]) {
      const { blocks } = read(payload, { base: 'https://example.org/story' })
      assert.ok(contentSchema.safeParse({ headline: '', blocks }).success, payload)
      assert.deepEqual(parseContent({ headline: '', blocks }).blocks, blocks, payload)
      for (const address of addressesOf(blocks)) {
        const { protocol } = new URL(address)
        assert.ok(['https:', 'http:', 'mailto:'].includes(protocol), `${payload} → ${address}`)
      }
    }
  }
})
