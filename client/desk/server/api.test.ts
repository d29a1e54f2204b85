// What an answer settles: ours does; one that broke off, or a page of somebody on the way to the server, does not.

import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createOutbox, type OutboxState } from '../keep/outbox.ts'
import type { LocalStore } from '../keep/store.ts'
import { newText } from '../text.ts'
import type { QueuedAct } from '../types.ts'
import { type Api, createApi, kindOf } from './api.ts'

type Say = (answer: ServerResponse) => void
const json =
  (status: number, body: unknown): Say =>
  (answer) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const page =
  (status: number): Say =>
  (answer) =>
    answer.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Welcome to the hotel</h1>')
/** It was done, and the line went in the middle of the answer. */
const half: Say = (answer) => {
  answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
  answer.write('{"storyId":"s","revision":', () => answer.socket?.destroy())
}

let put: Say
let me: Say
const server = createServer((request, answer) => {
  request.resume().on('end', () => (request.url === '/api/v1/me' ? me : put)(answer))
})
const ours = globalThis.fetch

before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  // A browser knows which server an address without a host means.
  globalThis.fetch = (path, init) => ours(new URL(String(path), `http://127.0.0.1:${port}`), init)
})
after(() => {
  globalThis.fetch = ours
  server.closeAllConnections()
  server.close()
})

const ada: Api = createApi({ id: 'ada', csrf: 'one' }, Date.now)

describe('an answer', () => {
  it('that broke off or is not ours settles nothing, whatever its status', async () => {
    const answers = [half, page(200), page(403), page(404), page(407), json(200, null), json(404, [])]
    for (const [index, answer] of answers.entries()) {
      put = answer
      await assert.rejects(ada.send('PUT', '/posts/p', {}), { kind: 'away' }, String(index))
      await assert.rejects(ada.get('/posts/p'), { kind: 'away' }, String(index))
    }
  })

  it('of ours settles it; that a file is too large may be said by anybody', async () => {
    put = json(403, { code: 'forbidden', detail: 'Not yours.' })
    await assert.rejects(ada.send('PUT', '/posts/p', {}), { kind: 'no', message: 'Not yours.' })
    put = page(413)
    await assert.rejects(ada.send('PUT', '/posts/p', {}), { kind: 'no' })
    assert.deepEqual(
      [401, 409, 429, 500, 404].map((status) => kindOf(status)),
      ['signed-out', 'conflict', 'busy', 'away', 'no'],
    )
  })
})

const none = () => undefined

describe('the queue', () => {
  const act = (): QueuedAct => {
    const of = { n: 1, kind: 'publish', key: 'k', at: 0, release: null, state: 'waiting', said: null, theirs: null }
    return { ...of, text: newText('story', 'post', 0, []) } as QueuedAct
  }

  /** What becomes of the one act in it once it was tried. */
  async function tried(): Promise<{ queue: QueuedAct[]; held: OutboxState['held']; settled: number[] }> {
    let queue = [act()]
    const settled: number[] = []
    let held: OutboxState['held'] = null
    const store: Partial<LocalStore> = {
      queue: async () => queue,
      change: async (changed) => void (queue = [changed]),
      settle: async (_act, revision) => {
        settled.push(revision)
        queue = []
      },
    }
    const outbox = createOutbox({
      ...{ store: store as LocalStore, api: ada, accountId: 'ada', now: Date.now, random: () => 0 },
      ...{ changed: (state) => (held = state.held), bring: async (one) => one, done: none, doneElsewhere: none },
    })
    await outbox.drain()
    outbox.stop()
    return { queue, held, settled }
  }

  it('keeps an act whose answer broke off or was not ours, to be sent again', async () => {
    for (const answer of [half, page(200), page(403), json(200, {})]) {
      put = answer
      const { queue, held, settled } = await tried()
      assert.deepEqual([queue[0]?.state, held, settled], ['waiting', 'away', []])
    }
    put = json(200, { revision: 3 })
    assert.deepEqual(await tried(), { queue: [], held: null, settled: [3] })
  })

  it('tells the other tabs of the same person what was sent: a text goes on there from the revision that came of it', async () => {
    put = json(200, { revision: 7 })
    const store: Partial<LocalStore> = { queue: async () => [] }
    const told = Promise.withResolvers<[string, number]>()
    const other = createOutbox({
      ...{ store: store as LocalStore, api: ada, accountId: 'ada', now: Date.now, random: () => 0, changed: none },
      ...{ bring: async (one) => one, done: none },
      doneElsewhere: (one, revision) => told.resolve([one.text.postId, revision]),
    })
    await tried()
    assert.deepEqual(await told.promise, ['post', 7])
    other.stop()
  })

  it('waits for its own person while another one is signed in', async () => {
    put = json(409, { code: 'conflict', detail: 'You signed in anew.' })
    me = json(200, { id: 'bo', csrf: 'two' })
    const { queue, held } = await tried()
    assert.deepEqual([queue[0]?.state, queue[0]?.said, held], ['waiting', null, 'signed-out'])
  })
})
