// Hostile bodies for every operation, made from the OpenAPI document: right, nearly right and spoilt.
// Seeded: FUZZ_SEED and FUZZ_ROUNDS make other and longer runs.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { newId } from '../../../test/helpers/acts.ts'
import { type HostileApi, openHostileApi } from '../../../test/helpers/api-hostile.ts'
import { urlOf } from '../../../test/helpers/api-requests.ts'
import { createMaker, type Schema } from '../../../test/helpers/from-schema.ts'
import { createRandom } from '../../../test/helpers/random.ts'
import { openApiDocument } from './openapi.ts'
import { OPERATIONS } from './operations.ts'

const SEED = Number(process.env.FUZZ_SEED ?? 20_261)
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 8) // bodies of each kind for each operation

type Described = {
  requestBody?: { content: Record<string, { schema: Schema }> }
}
const document = openApiDocument() as unknown as {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}

let api: HostileApi
before(async () => {
  api = await openHostileApi()
})
after(() => api.close())

const headersOf = (at: number) => (at % 5 === 0 ? api.admin.session : api.token)

it('bodies made from the document, right, nearly right and hostile', async (test) => {
  const random = createRandom(SEED)
  const { right, spoilt, pick } = createMaker(random, document.components.schemas)
  const seen: Record<number, number> = {}
  for (const one of OPERATIONS) {
    const schema =
      document.paths[one.path]?.[one.method.toLowerCase()]?.requestBody?.content['application/json']?.schema
    if (!schema) continue
    const all = await api.subjects()
    for (let round = 0; round < ROUNDS * 2; round++) {
      let body = right(schema)
      if (round >= ROUNDS) for (let n = 0; n <= random() * 3; n++) body = spoilt(body)
      const fresh = one.name === 'createStory' ? { story: newId() } : {}
      const url = urlOf(one, { ...pick(all), ...fresh })
      const payload = JSON.stringify(body)
      const headers = { ...headersOf(round), 'content-type': 'application/json' }
      const status = await api.ask(`seed ${SEED}, ` + payload.slice(0, 300), one, {
        method: one.method,
        url,
        headers,
        payload,
      })
      seen[status] = (seen[status] ?? 0) + 1
    }
  }
  test.diagnostic(JSON.stringify(seen))
  assert.ok((seen[200] ?? 0) > ROUNDS * 2 && (seen[400] ?? 0) > ROUNDS * 2, 'both kinds of body were made')
})

it('bodies that are no JSON, or JSON to choke on', async () => {
  const deep = (open: string, close: string, n: number) => open.repeat(n) + close.repeat(n)
  const payloads: (string | Buffer)[] = [
    ...['', ' ', 'null', '[]', '"a"', '1', '{', '{"a":}', '{"revision":1,"revision":2}', "{'a':1}", '\ufeff{}', '{}{}'],
    ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"a":1}}}', '{"revision":1e999}'],
    ...[deep('[', ']', 100_000), deep('{"a":', '}', 50_000), `{"content":${deep('[', ']', 50_000)}}`],
    ...[`{"${'x'.repeat(500_000)}":1}`, `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`],
    ...[
      Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
      Buffer.from('{"note":"\xc3\x28"}', 'latin1'),
      'x'.repeat(1024 * 1024 + 1),
    ],
  ]
  const [, ids] = await api.subjects()
  for (const one of OPERATIONS.filter(({ method }) => method !== 'GET')) {
    for (const payload of payloads) {
      // An act that takes no body is right to take none.
      if (!one.body || one.name === 'startStory' || one.name.endsWith('Story')) continue
      const headers = { ...api.token, 'content-type': one.body === 'media' ? 'image/png' : 'application/json' }
      await api.ask(String(payload).slice(0, 60), one, { method: one.method, url: urlOf(one, ids), headers, payload })
    }
  }
})
