// When a text is kept here and on the server, with the clock in hand.

import assert from 'node:assert/strict'
import { beforeEach, describe, it, mock } from 'node:test'
import { type Api, Refusal } from '../server/api.ts'
import { newText } from '../text.ts'
import type { WrittenText } from '../types.ts'
import { createKeeper, type Keeper, type KeptState, NOT_KEPT } from './keeper.ts'
import type { LocalStore } from './store.ts'

const HERE_MS = 300 // what may be lost at most

let keeper: Keeper
let state: KeptState
let here: string[]
let there: string[]
let refusal: Refusal | null
let looked: number
const text: WrittenText = newText('story', 'post', 0, [])
const typed = (headline: string): WrittenText => ({ ...text, content: { ...text.content, headline } })

/** Lets `ms` pass and whatever was waiting for it happen. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms)
  for (let n = 0; n < 20; n++) await Promise.resolve()
}

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
  here = []
  there = []
  refusal = null
  looked = 0
  state = NOT_KEPT
  const store: Pick<LocalStore, 'keepText' | 'dropText'> = {
    keepText: async ({ content }) => void here.push(content.headline),
    dropText: async () => void here.push('(dropped)'),
  }
  const api: Pick<Api, 'send'> = {
    async send<T>(_method: string, _path: string, body: unknown) {
      if (refusal) throw refusal
      there.push((body as { content: { headline: string } }).content.headline)
      return {} as T
    },
  }
  keeper = createKeeper({
    ...{ store: store as LocalStore, api: api as Api, now: Date.now },
    changed: (next) => {
      state = next
    },
    failed: assert.fail,
    sendable: (whole) => whole,
    look: async () => void looked++,
    reached: (_postId, id) => keeper.goOn({ ...text, there: id }),
  })
  keeper.open(text)
})

describe('a text being typed', () => {
  it('is kept here within a third of a second, however fast the keys come', async () => {
    for (let n = 1; n <= 20; n++) {
      keeper.change(typed(`key ${n}`))
      await pass(50)
    }
    assert.ok(here.length >= Math.floor(1_000 / HERE_MS), `${here.length} times in a second`)
    await pass(HERE_MS)
    assert.equal(here.at(-1), 'key 20')
    assert.equal(state.here !== null, true)
  })

  it('goes to the server after two seconds of rest, and every ten where there is no rest', async () => {
    keeper.change(typed('one'))
    await pass(1_900)
    assert.deepEqual(there, [])
    await pass(200)
    assert.deepEqual(there, ['one'])
    assert.equal(state.unsaved, false)
    for (let n = 0; n < 100; n++) {
      keeper.change(typed(`more ${n}`))
      await pass(200)
    }
    assert.ok(there.length >= 2 && there.length <= 4, `${there.length} times in twenty seconds of typing`)
  })

  it('is not said to be on the server while the server is away, and gets there later', async () => {
    refusal = new Refusal('away', 'The server did not answer.')
    keeper.change(typed('one'))
    await pass(2_100)
    assert.deepEqual([state.server, state.unsaved, state.trouble?.kind], [null, true, 'away'])
    refusal = null
    await pass(10_100)
    assert.deepEqual([there, state.unsaved, state.trouble], [['one'], false, null])
    assert.equal(looked, 2, 'once at first, once after the time without a line')
  })

  it('is not sent again where the server will never take it', async () => {
    refusal = new Refusal('no', 'Too long.')
    keeper.change(typed('one'))
    await pass(2_100)
    refusal = null
    await pass(60_000)
    assert.deepEqual(there, [])
    assert.equal(state.trouble?.message, 'Too long.')
  })

  it('is written at once when the page goes away', async () => {
    keeper.change(typed('half a sen'))
    await keeper.flush(true)
    assert.deepEqual([here, there], [['half a sen'], ['half a sen']])
  })

  it('leaves nothing here once everything in it was deleted, and is never sent empty before it held a word', async () => {
    keeper.change(typed(''))
    await pass(3_000)
    assert.deepEqual([here, there], [['(dropped)'], []])
  })
})
