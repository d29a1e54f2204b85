// The order of the queue and the waits between tries.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_CONTENT } from '../text.ts'
import type { QueuedAct, WrittenText } from '../types.ts'
import { goneOn, MAX_TRIES, nextToSend, retryDelay } from './order.ts'

const textOf = (postId: string, base = 0): WrittenText => ({
  ...{
    postId,
    storyId: 'story',
    content: NO_CONTENT,
    keyEvent: null,
    note: '',
    base,
    of: null,
    begunAt: 0,
    changedAt: 0,
  },
})
const act = (n: number, postId: string, state: QueuedAct['state'] = 'waiting'): QueuedAct => ({
  ...{
    n,
    kind: 'publish',
    text: textOf(postId),
    key: `key-${n}`,
    at: 0,
    release: null,
    state,
    said: null,
    theirs: null,
  },
})

describe('the next act to be sent', () => {
  it('is the one that was queued first, wherever it stands', () => {
    assert.equal(nextToSend([act(7, 'b'), act(3, 'a'), act(9, 'c')])?.n, 3)
    assert.equal(nextToSend([]), undefined)
  })

  it('is never one whose post has an earlier act that asks or was refused', () => {
    assert.equal(nextToSend([act(1, 'a', 'asks'), act(2, 'a'), act(3, 'b')])?.n, 3)
    assert.equal(nextToSend([act(1, 'a', 'refused'), act(2, 'a')]), undefined)
  })

  it('empties any queue in order, each act once, but for what stands behind a question of its own post', () => {
    const states = fc.constantFrom('waiting', 'waiting', 'asks', 'refused') as fc.Arbitrary<QueuedAct['state']>
    const acts = fc.array(fc.record({ post: fc.constantFrom('a', 'b', 'c'), state: states }), { maxLength: 30 })
    fc.assert(
      fc.property(acts, (drawn) => {
        let queue = drawn.map(({ post, state }, index) => act(index + 1, post, state))
        const sent: QueuedAct[] = []
        for (let next = nextToSend(queue); next; next = nextToSend(queue)) {
          const { n } = next
          sent.push(next)
          queue = queue.filter((one) => one.n !== n)
        }
        assert.deepEqual(
          sent.map(({ n }) => n),
          sent.map(({ n }) => n).sort((one, other) => one - other),
        )
        for (const left of queue) {
          const held = queue.some(
            ({ n, text, state }) => n <= left.n && text.postId === left.text.postId && state !== 'waiting',
          )
          assert.ok(held)
        }
      }),
    )
  })
})

describe('a text that was typed on while its act was on its way', () => {
  it('goes on from the revision that came of it', () => {
    const sent = { ...act(1, 'a'), kind: 'draft' as const }
    assert.deepEqual(goneOn(textOf('a'), sent, 1), { ...textOf('a', 1), of: 'draft', markWas: null })
  })

  it('stays as it is where it was made from another revision, or is another post’s', () => {
    const other = textOf('a', 4)
    assert.equal(goneOn(other, act(1, 'a'), 1), other)
    const foreign = textOf('b')
    assert.equal(goneOn(foreign, act(1, 'a'), 1), foreign)
  })
})

describe('the wait after a try without an answer', () => {
  it('doubles up to half a minute, spread by chance', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 60].map((tries) => retryDelay(tries, 0.5)),
      [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
    )
    assert.deepEqual([retryDelay(1, 0), retryDelay(1, 1)], [750, 1_250])
  })

  it('is as long as the server asks for, but never longer than its bound', () => {
    assert.equal(retryDelay(1, 0.5, 5), 5_000)
    assert.equal(retryDelay(1, 0.5, 3_600), 30_000)
  })

  it('ends after a bounded number of tries', () => {
    assert.notEqual(retryDelay(MAX_TRIES - 1, 0.5), null)
    assert.equal(retryDelay(MAX_TRIES, 0.5), null)
  })
})
