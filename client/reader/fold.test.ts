// Tests of the fold: whatever comes twice, late or in pieces, the page ends as if each entry had come once, in order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ORDER_GAP } from '../../src/domain/post.ts'
import type { WireCatchUp, WireChange } from '../../src/domain/wire.ts'
import {
  blockFloor,
  type Folded,
  fold,
  foldCatchUp,
  foldSnapshot,
  isWireChange,
  type Op,
  type PageState,
  type Snapshot,
  startState,
} from './fold.ts'

const STORY: WireChange['story'] = { state: 'live', posts: 1, count: '1 post', updatedAt: 1 }
const key = (ordinal: number): number => ordinal * ORDER_GAP
const base = (seq: number): WireChange => ({ seq, kind: 'post-published', at: seq, story: STORY })
const posted = (seq: number, id: string, ordinal: number, version = seq): WireChange => {
  return { ...base(seq), post: { id, version, orderKey: key(ordinal), html: `<p>${id} v${version}</p>` } }
}
const gone = (seq: number, id: string): WireChange => ({ ...base(seq), kind: 'post-withdrawn', gone: id })
const shown = (id: string, version: number, ordinal: number) => {
  return { id, version, orderKey: key(ordinal), html: `<p>${id} v${version}</p>` }
}
const page = (seq: number, posts: Snapshot['posts'] = [], openEnd = true): Snapshot => {
  return { epoch: 'e', seq, openEnd, posts, regions: {} }
}
const answer = (head: number, changes: WireChange[], epoch = 'e'): WireCatchUp => {
  return { position: 'e.0', head: `${epoch}.${head}`, changes }
}

/** What a screen that carries out the ops holds. */
function paint(screen: Map<string, string>, ops: readonly Op[]): Map<string, string> {
  const next = new Map(screen)
  for (const op of ops) {
    if (op.op === 'upsert') next.set(op.id, `${op.orderKey} ${op.html}`)
    if (op.op === 'remove') next.delete(op.id)
  }
  return next
}

test('the next entry brings its post in and moves the position', () => {
  const { state, ops, status } = fold(startState(page(0)), posted(1, 'a', 1))
  assert.equal(status, 'applied')
  assert.equal(state.seq, 1)
  assert.deepEqual(state.posts.get('a'), { version: 1, orderKey: key(1) })
  assert.deepEqual(
    ops.map((op) => op.op),
    ['upsert', 'story'],
  )
  assert.ok(ops[0]?.op === 'upsert' && ops[0].isNew)
})

test('an entry that came before changes nothing', () => {
  const { state } = fold(startState(page(0)), posted(1, 'a', 1))
  const again = fold(state, posted(1, 'a', 1))
  assert.deepEqual(again, { state, ops: [], status: 'ignored' })
})

test('a hole is told of and nothing behind it is taken', () => {
  const state = startState(page(3))
  assert.deepEqual(fold(state, posted(5, 'a', 1)), { state, ops: [], status: 'gap' })
})

test('the old state stays as it was', () => {
  const before = startState(page(0, [shown('a', 1, 1)]))
  fold(before, gone(1, 'a'))
  assert.ok(before.posts.has('a'))
  assert.equal(before.seq, 0)
})

test('a revision replaces the post and is not new', () => {
  const { ops } = fold(startState(page(4, [shown('a', 1, 1)])), posted(5, 'a', 1))
  assert.ok(ops[0]?.op === 'upsert' && !ops[0].isNew && ops[0].version === 5)
})

test('an older version never overwrites a newer one', () => {
  const { state, ops } = fold(startState(page(4, [shown('a', 9, 1)])), posted(5, 'a', 1))
  assert.equal(state.posts.get('a')?.version, 9)
  assert.deepEqual(
    ops.map((op) => op.op),
    ['story'],
  )
})

test('a post that went without a trace is removed and an older text of it stays away', () => {
  const first = fold(startState(page(4, [shown('a', 1, 1)])), gone(5, 'a'))
  assert.deepEqual(first.ops[0], { op: 'remove', id: 'a' })
  const second = fold(first.state, posted(6, 'a', 1, 3))
  assert.equal(second.state.posts.has('a'), false)
})

test('the withdrawal of a post that is not on the page only moves the position', () => {
  const { state, ops } = fold(startState(page(4)), gone(5, 'a'))
  assert.equal(state.seq, 5)
  assert.deepEqual(
    ops.map((op) => op.op),
    ['story'],
  )
})

test('an older page takes changes of its posts and no others', () => {
  const closed = startState(page(4, [shown('a', 1, 1)], false))
  assert.equal(fold(closed, posted(5, 'b', 30)).state.posts.has('b'), false)
  assert.equal(fold(closed, posted(5, 'b', 2)).state.posts.has('b'), false)
  assert.equal(fold(closed, posted(5, 'a', 1)).state.posts.get('a')?.version, 5)
})

test('an older page is told of a new post elsewhere, and of nothing else', () => {
  const isTold = (state: PageState, change: WireChange) => fold(state, change).ops.some((op) => op.op === 'elsewhere')
  const closed = startState(page(4, [shown('a', 1, 1)], false))
  assert.ok(isTold(closed, posted(5, 'b', 30)))
  assert.equal(isTold(closed, { ...posted(5, 'b', 30), kind: 'post-revised' }), false)
  assert.equal(isTold(closed, { ...base(5), superseded: 'b' }), false)
  assert.equal(isTold(closed, gone(5, 'b')), false)
  assert.equal(isTold(startState(page(4)), posted(5, 'b', 30)), false)
})

test('a revised post of an older page does not appear on the first page', () => {
  const first = startState(page(4, [shown('a', 1, 23), shown('b', 2, 30)]))
  assert.equal(first.floor, key(21))
  assert.equal(fold(first, posted(5, 'old', 20)).state.posts.has('old'), false)
  assert.equal(fold(first, posted(5, 'between', 22)).state.posts.has('between'), true)
})

test('a page of posts begins where the server lets pages begin', () => {
  assert.equal(blockFloor(key(1)), 0)
  assert.equal(blockFloor(key(0.5)), 0)
  assert.equal(blockFloor(key(20)), 0)
  assert.equal(blockFloor(key(20.5)), 0)
  assert.equal(blockFloor(key(21)), key(21))
  assert.equal(blockFloor(key(47)), key(41))
})

test('a superseded entry counts, and its later one brings the post in', () => {
  const catchUp = answer(3, [{ ...base(1), superseded: 'a' }, base(2), { ...posted(3, 'a', 1), kind: 'post-revised' }])
  const { state, ops, status } = foldCatchUp(startState(page(0)), catchUp)
  assert.equal(status, 'applied')
  assert.equal(state.seq, 3)
  assert.ok(ops.some((op) => op.op === 'upsert' && op.version === 3 && op.isNew))
})

test('a catch-up that overlaps with what came by stream is taken once', () => {
  const { state } = fold(startState(page(0)), posted(1, 'a', 1))
  const caught = foldCatchUp(state, answer(2, [posted(1, 'a', 1), posted(2, 'b', 2)]))
  assert.deepEqual([...caught.state.posts.keys()], ['a', 'b'])
  assert.equal(caught.ops.filter((op) => op.op === 'upsert').length, 1)
})

test('a catch-up of another epoch, or one that says so, asks for the page', () => {
  const state = startState(page(3))
  assert.equal(foldCatchUp(state, answer(3, [], 'f')).status, 'refetch')
  assert.equal(foldCatchUp(state, { ...answer(3, []), refetch: true }).status, 'refetch')
})

test('a catch-up with a hole, or short of its head, is a gap; an old answer is nothing', () => {
  const state = startState(page(3))
  assert.equal(foldCatchUp(state, answer(5, [posted(5, 'a', 1)])).status, 'gap')
  assert.equal(foldCatchUp(state, answer(5, [posted(4, 'a', 1)])).status, 'gap')
  assert.equal(foldCatchUp(state, answer(2, [])).status, 'ignored')
})

test('the page loaded again removes what it lacks and keeps what is as it was', () => {
  const state = startState(page(9, [shown('a', 1, 1), shown('b', 2, 2), shown('c', 3, 3)]))
  const { ops, state: next } = foldSnapshot(state, page(12, [shown('a', 1, 1), shown('b', 11, 2), shown('d', 12, 4)]))
  assert.deepEqual(
    ops.map((op) => (op.op === 'upsert' ? `${op.id} ${op.isNew}` : op.op === 'remove' ? `-${op.id}` : op.op)),
    ['-c', 'b false', 'd true', 'regions'],
  )
  assert.equal(next.seq, 12)
})

test('a page loaded again that is older than what is shown is ignored; in another epoch it is not', () => {
  const state = startState(page(9, [shown('a', 5, 1)]))
  assert.equal(foldSnapshot(state, page(8)).status, 'ignored')
  const restored = foldSnapshot(state, { ...page(2, [shown('a', 2, 1)]), epoch: 'f' })
  assert.equal(restored.state.posts.get('a')?.version, 2)
  assert.ok(restored.ops.some((op) => op.op === 'upsert' && op.id === 'a'))
})

test('only a change looks like a change', () => {
  assert.ok(isWireChange(posted(1, 'a', 1)))
  const wrong = [
    null,
    1,
    'x',
    {},
    { seq: 1 },
    { ...base(1), seq: 1.5 },
    { ...base(1), gone: 7 },
    { ...base(1), regions: 'x' },
  ]
  for (const value of [...wrong, { ...base(1), post: { id: 'a' } }]) assert.equal(isWireChange(value), false)
})

// A story's log as it would be sent entry by entry, and the same folded at its head (law 8).
const acts = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), gone: fc.boolean() }), { maxLength: 20 })

function logOf(list: { id: string; gone: boolean }[]): WireChange[] {
  const removed = new Set<string>()
  const ids = ['a', 'b', 'c', 'd']
  return list.map(({ id, gone: isGone }, index) => {
    const seq = index + 1
    if (removed.has(id)) return base(seq)
    if (isGone) removed.add(id)
    return isGone ? gone(seq, id) : posted(seq, id, ids.indexOf(id) + 1)
  })
}

function foldedLog(log: WireChange[], head: number): WireChange[] {
  const concerns = (change: WireChange): string | undefined => change.post?.id ?? change.gone
  return log.slice(0, head).map((change, index) => {
    const id = concerns(change)
    const isLast = !log.slice(index + 1, head).some((later) => id !== undefined && concerns(later) === id)
    return isLast || id === undefined ? change : { ...base(change.seq), superseded: id }
  })
}

test('any mix of stream, replays and catch-ups ends as the log applied in order', () => {
  const steps = fc.array(fc.record({ catchUp: fc.boolean(), from: fc.nat(20), to: fc.nat(20) }), { maxLength: 25 })
  fc.assert(
    fc.property(acts, steps, fc.boolean(), (list, mix, openEnd) => {
      const log = logOf(list)
      const start = startState(page(0, openEnd ? [] : [shown('a', 0.5, 1)], openEnd))
      const inOrder = log.reduce<PageState>((state, change) => fold(state, change).state, start)
      let state = start
      let screen = new Map(openEnd ? [] : [['a', `${key(1)} <p>a v0.5</p>`]])
      const take = (folded: Folded): void => {
        state = folded.state
        screen = paint(screen, folded.ops)
      }
      for (const { catchUp, from, to } of mix) {
        const head = Math.min(log.length, Math.max(to, state.seq))
        const since = Math.min(from, head)
        if (catchUp) take(foldCatchUp(state, answer(head, foldedLog(log, head).slice(since))))
        else for (const change of foldedLog(log, head).slice(from, to)) take(fold(state, change))
        assert.ok(screen.size === state.posts.size && [...screen.keys()].every((id) => state.posts.has(id)))
      }
      take(foldCatchUp(state, answer(log.length, foldedLog(log, log.length).slice(state.seq))))
      assert.deepEqual(new Map([...state.posts].sort()), new Map([...inOrder.posts].sort()))
      assert.equal(state.seq, log.length)
      const versions = [...state.posts].map(([id, mark]) => [id, `${mark.orderKey} <p>${id} v${mark.version}</p>`])
      assert.deepEqual([...screen].sort(), versions.sort())
    }),
    { numRuns: 300 },
  )
})
