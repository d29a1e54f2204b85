// Hostile input to the framing: line breaks of every kind, NUL, breaking out of a field.
// Run by node --test.
// Never trusts the encoder to judge itself: frames are read back by the rules of the HTML standard.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isAppError } from '../domain/error.ts'
import { encodeFrame } from './sse.ts'

type Heard = { id: string; event: string; data: string }

/** The event stream interpretation of the HTML standard, for one whole stream. */
function readStream(bytes: Uint8Array): Heard[] {
  const heard: Heard[] = []
  let [id, event, data, any] = ['', '', '', false]
  for (const line of new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (any) heard.push({ id, event: event || 'message', data: data.slice(0, -1) })
      ;[event, data, any] = ['', '', false]
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') [data, any] = [`${data}${value}\n`, true]
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return heard
}

test('every kind of line break in the data stays inside the event', () => {
  const frame = encodeFrame({ id: 'e.1', event: 'change', data: 'a\r\nb\rc\n\nid: e.9\n\nevent: refetch\ndata: x' })
  assert.deepEqual(readStream(frame), [
    { id: 'e.1', event: 'change', data: 'a\nb\nc\n\nid: e.9\n\nevent: refetch\ndata: x' },
  ])
})

test('CR, LF and NUL in id or event are refused', () => {
  for (const evil of ['a\rb', 'a\nb', 'a\r\ndata: x', 'a\0b', '\n', '']) {
    assert.throws(
      () => encodeFrame({ id: evil, event: 'change', data: '' }),
      (error) => isAppError(error, 'invalid'),
    )
    assert.throws(
      () => encodeFrame({ event: evil, data: '' }),
      (error) => isAppError(error, 'invalid'),
    )
  }
})

test('any text comes back as one event, its line breaks read as LF', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r', '\n', '\r\n', '\n\n', 'data: ', 'id: x', ':', '\u2028', '\u0085', '\ufeff', '\0', ' '),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const data = pieces.join('').toWellFormed()
      const expected = [{ id: 'e.7', event: 'change', data: data.replace(/\r\n|\r/g, '\n') }]
      assert.deepEqual(readStream(encodeFrame({ id: 'e.7', event: 'change', data })), expected)
    }),
    { numRuns: 500 },
  )
})

test('an event without an id leaves the last id as it was', () => {
  const first = encodeFrame({ id: 'e.3', event: 'change', data: '{}' })
  const beat = encodeFrame({ event: 'beat', data: '{"head":"e.3"}' })
  const heard = readStream(Buffer.concat([first, beat]))
  assert.deepEqual(heard[1], { id: 'e.3', event: 'beat', data: '{"head":"e.3"}' })
})
