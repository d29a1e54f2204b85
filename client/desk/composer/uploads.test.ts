// Files on their way: kept first, sent once, tried again by themselves, left where nobody wants them any more.

import assert from 'node:assert/strict'
import { beforeEach, describe, it, mock } from 'node:test'
import { type Uploaded, Uploads } from './uploads.ts'

const file = new File(['x'], 'quay.jpg', { type: 'image/jpeg' })
const result: Uploaded = { id: 'media000000000000001', width: 8, height: 6 }
class Away extends Error {}

let count: number
let sent: string[]
let kept: string[]
let answer: () => Promise<Uploaded>
let signals: AbortSignal[]
let uploads: Uploads

async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve()
}

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
  count = 0
  sent = []
  kept = []
  signals = []
  answer = async () => result
  uploads = new Uploads({
    newKey: () => `key-${++count}`,
    keep: async (key) => void kept.push(key),
    send(_file, _onProgress, { key, signal }) {
      assert.ok(kept.includes(key), 'kept before it is sent')
      sent.push(key)
      signals.push(signal)
      return answer()
    },
    mends: (error) => error instanceof Away,
    wait: () => 1_000,
  })
})

describe('a file', () => {
  it('is kept, then sent, and waits no more once it is there', async () => {
    const key = uploads.add(file)
    assert.equal(uploads.waits(key), true)
    await settle()
    assert.deepEqual([sent, uploads.get(key)?.state, uploads.waits(key)], [[key], 'arrived', false])
  })

  it('is tried again by itself while the line is gone, and at once on a sign from outside', async () => {
    answer = () => Promise.reject(new Away('The server did not answer.'))
    const key = uploads.add(file)
    await settle()
    assert.deepEqual([uploads.get(key)?.state, uploads.get(key)?.problem], ['waiting', 'The server did not answer.'])
    mock.timers.tick(1_000)
    await settle()
    assert.equal(sent.length, 2)
    answer = async () => result
    uploads.wake()
    await settle()
    assert.equal(uploads.get(key)?.state, 'arrived')
  })

  it('that was refused is not sent again before somebody says so', async () => {
    answer = () => Promise.reject(new Error('Too large.'))
    const key = uploads.add(file)
    await settle()
    mock.timers.tick(60_000)
    uploads.wake()
    await settle()
    assert.deepEqual([sent.length, uploads.get(key)?.state], [1, 'failed'])
    answer = async () => result
    uploads.retry(key)
    await settle()
    assert.equal(uploads.get(key)?.state, 'arrived')
  })

  it('of an earlier visit is sent when its text is opened or its act is to go, once for both', async () => {
    kept.push('old')
    uploads.restore('old', file, null)
    await settle()
    assert.deepEqual(sent, [])
    uploads.want(new Set(['old']))
    assert.deepEqual(await uploads.arrive('old'), result)
    assert.deepEqual(await uploads.arrive('old'), result)
    assert.deepEqual(sent, ['old'])
  })

  it('that was taken out of its text is left, but not one that an act asks for', async () => {
    answer = () => new Promise(() => undefined)
    const [one, two] = [uploads.add(file), uploads.add(file)]
    await settle()
    uploads.want(new Set([one, two]))
    void uploads.arrive(two)
    uploads.want(new Set())
    mock.timers.tick(3_000)
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    )
  })
})
