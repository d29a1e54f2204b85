// Work shared by many at the same moment.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createFlights } from './flights.ts'

it('many who come at once share one work, and the next one begins anew', async () => {
  let begun = 0
  const flights = createFlights(() => 0)
  const work = async () => ++begun
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => flights.share('page', work))), [1, 1, 1])
  assert.equal(await flights.share('page', work), 2)
  assert.deepEqual(await Promise.all([flights.share('page', work), flights.share('other', work)]), [3, 4])
})

it('nobody joins work that began before something moved', async () => {
  let turn = 0
  const flights = createFlights(() => turn)
  const old = Promise.withResolvers<string>()
  const first = flights.share('page', () => old.promise)
  turn++
  assert.equal(await flights.share('page', async () => 'new'), 'new')
  old.resolve('old')
  assert.equal(await first, 'old')
})

it('work that fails fails for all who share it, once', async () => {
  const flights = createFlights(() => 0)
  const shared = [1, 2].map(() => flights.share('page', () => Promise.reject(new Error('no'))))
  for (const one of shared) await assert.rejects(one, /no/)
  assert.equal(await flights.share('page', async () => 'yes'), 'yes')
})
