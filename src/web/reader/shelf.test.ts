// What the shelf gives out, and what it refuses once a text was taken back.

import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { makeReady } from '../ready.ts'
import { createShelf, type Shelf, WARM_MS } from './shelf.ts'

const UTC = Date.UTC(2026, 0, 31, 14, 32)
const page = makeReady('page', 'text/html', 'no-cache')
const at = (seq: number, id = 'a') => ({ stamp: `e.${seq}`, stories: [{ id, seq }] })

let clock = 0
let shelf: Shelf
beforeEach(() => {
  clock = 1_000
  shelf = createShelf(
    () => UTC,
    () => clock,
  )
})

describe('a warm page', () => {
  it('is given out without asking for a moment, and anew once it was found good', () => {
    shelf.keep('page', at(3), page, shelf.turn())
    clock += WARM_MS - 1
    assert.equal(shelf.warm('page'), page)
    clock += 1
    assert.equal(shelf.warm('page'), null)
    assert.equal(shelf.fresh('page', 'e.3', shelf.turn()), page)
    assert.equal(shelf.warm('page'), page)
  })

  it('is asked about as soon as anything moved, also when that came while it was being made', () => {
    shelf.keep('page', at(3), page, shelf.turn())
    shelf.moved()
    assert.equal(shelf.warm('page'), null)
    const asked = shelf.turn()
    shelf.moved()
    shelf.keep('page', at(3), page, asked)
    assert.equal(shelf.warm('page'), null)
    assert.equal(shelf.fresh('page', 'e.3', shelf.turn()), page)
  })

  it('is never given out unasked where no doorbell rings', () => {
    const asking = createShelf(
      () => UTC,
      () => clock,
      0,
    )
    asking.keep('page', at(3), page, asking.turn())
    assert.equal(asking.warm('page'), null)
  })
})

describe('a text that was taken back', () => {
  it('takes every page that shows its story, and no other', () => {
    const front = { stamp: 'front', stories: [...at(3, 'a').stories, ...at(9, 'b').stories] }
    for (const [key, origin] of [
      ['own', at(3, 'a')],
      ['front', front],
      ['other', at(9, 'b')],
    ] as const)
      shelf.keep(key, origin, page, shelf.turn())
    shelf.takeBack('a', 4)
    assert.deepEqual(
      ['own', 'front', 'other'].map((key) => shelf.last(key) !== null),
      [false, false, true],
    )
  })

  it('refuses a page that was read before and comes to the shelf after', () => {
    const asked = shelf.turn()
    shelf.takeBack('a', 4)
    shelf.keep('page', at(3), page, asked)
    assert.equal(shelf.last('page'), null)
    shelf.keep('page', at(4), page, asked)
    assert.equal(shelf.last('page')?.madeAt, UTC)
  })

  it('leaves pages made after it, however often it is told', () => {
    shelf.takeBack('a', 4)
    shelf.keep('page', at(5), page, shelf.turn())
    shelf.takeBack('a', 4)
    shelf.takeBack('a', 2)
    assert.notEqual(shelf.last('page'), null)
    shelf.keep('old', at(3), page, shelf.turn())
    assert.equal(shelf.last('old'), null)
  })
})

describe('a history that may differ', () => {
  it('empties the shelf, forgets positions, and refuses what was asked for before', () => {
    const asked = shelf.turn()
    shelf.keep('page', at(9), page, asked)
    shelf.takeBack('a', 8)
    shelf.clear()
    assert.equal(shelf.last('page'), null)
    shelf.keep('page', at(9), page, asked)
    assert.equal(shelf.last('page'), null)
    shelf.keep('page', at(2), page, shelf.turn())
    assert.notEqual(shelf.last('page'), null)
  })
})
