// Hostile addresses, queries and headers for every operation.

import { after, before, it } from 'node:test'
import type { Headers } from '../../../test/helpers/api.ts'
import { type HostileApi, openHostileApi } from '../../../test/helpers/api-hostile.ts'
import { type Ids, requestOf, urlOf } from '../../../test/helpers/api-requests.ts'
import { HOSTILE_TEXTS } from '../../../test/helpers/from-schema.ts'
import { API_BASE } from './operation.ts'
import { OPERATIONS } from './operations.ts'

const SOME_TEXTS = HOSTILE_TEXTS.filter((_text, at) => at % 4 === 2)

let api: HostileApi
before(async () => {
  api = await openHostileApi()
})
after(() => api.close())

it('every parameter of every address, query and header', async () => {
  // Addresses are read in one place for all: every text is tried on one operation of each kind.
  const all = new Set([
    'readStory',
    'readPost',
    'readChanges',
    'createStory',
    'publishPost',
    'listPosts',
    'getRevision',
  ])
  const [, ids] = await api.subjects()
  for (const one of OPERATIONS) {
    const { method, payload, type, url } = requestOf(one, ids)
    const names = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const queries = Object.keys(one.query?.shape ?? {})
    const headers = { ...api.token, ...(payload === undefined ? {} : { 'content-type': type }) }
    for (const text of all.has(one.name) ? HOSTILE_TEXTS : SOME_TEXTS) {
      const word = encodeURIComponent(text.toWellFormed())
      for (const name of names) {
        if (word === '' || word.length > 3_000) continue
        const path = one.path.replace(/\{(\w+)\}/g, (_all, at: keyof Ids) => (at === name ? word : (ids[at] ?? '1')))
        await api.ask(`${name}=${word}`, one, { method, url: API_BASE + path, headers, payload })
      }
      for (const name of one.method === 'GET' ? [...queries, word || 'empty'] : [])
        await api.ask(`?${name}=${word}`, one, {
          method,
          url: `${urlOf(one, ids).split('?')[0]}?${name}=${word}&${name}=1`,
          headers,
          payload,
        })
    }
    const odd: Headers[] = [
      ...[{ 'idempotency-key': '' }, { 'idempotency-key': 'x'.repeat(256) }, { 'idempotency-key': 'a b' }],
      ...[{ 'content-type': 'application/json; charset=utf-16' }, { 'content-type': 'text/html' }],
      ...[{ accept: 'text/html' }, { 'if-none-match': '*' }, { 'if-none-match': '"'.repeat(999) }],
      ...[
        { authorization: `Bearer ${'x'.repeat(5_000)}` },
        { authorization: 'Bearer dl_\u0000' },
        { cookie: 'dateline-session=%00' },
      ],
      ...[
        { 'accept-encoding': 'gzip;q=bad' },
        { 'content-encoding': 'gzip' },
        { range: 'bytes=0-0' },
        { expect: 'nothing' },
      ],
    ]
    for (const more of odd)
      await api.ask(JSON.stringify(more).slice(0, 60), one, { method, url, headers: { ...headers, ...more }, payload })
  }
})
