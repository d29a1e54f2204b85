// What anybody may send is read in linear time: eight times the length may not cost much more than eight times the work.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from '../base/internet-address.ts'
import { silentLog } from '../base/log.ts'
import { isId } from '../domain/id.ts'
import { parsePosition } from '../domain/position.ts'
import { parsePageRange } from '../domain/post.ts'
import { mayNameStory } from '../domain/story.ts'
import { createApp } from './app.ts'
import { acceptsGzip, namesEtag } from './ready.ts'

const SHORT = 2_000 // characters
const LONG = 16_000 // about what one header can hold
const WIDE = 30 // times as long; linear is 8, quadratic 64
const FLOOR_MS = 0.05 // below, the clock and the collector are measured

const app = await createApp({ log: silentLog(), secure: false, trustedProxies: [], errorPage: () => '' })

const READERS: Record<string, (text: string) => unknown> = {
  'accept-encoding': acceptsGzip,
  'if-none-match': (text) => namesEtag(text, '"etag"'),
  position: (text) => orNull(() => parsePosition(text)),
  'page range': parsePageRange,
  id: isId,
  'name of a story': mayNameStory,
  address: networkOf,
  cookie: (text) => app.parseCookie(text),
}

/** `n` characters that a careless pattern tries again from every place. */
const SHAPES: Record<string, (n: number) => string> = {
  digits: (n) => `gzip;q=.${'1'.repeat(n)}x`,
  zeros: (n) => `gzip;q=0.${'0'.repeat(n)}x`,
  spaces: (n) => `gzip${' '.repeat(n)}x`,
  'spaces before': (n) => `${' '.repeat(n)}gzip x`,
  commas: (n) => ','.repeat(n),
  semicolons: (n) => ';'.repeat(n),
  'spaced commas': (n) => ' ,'.repeat(n / 2),
  'weak tags': (n) => 'W/"a",'.repeat(n / 6),
  letters: (n) => 'a'.repeat(n),
  hyphens: (n) => 'a-'.repeat(n / 2),
  percents: (n) => `${'%'.repeat(n)}\n`,
  colons: (n) => ':'.repeat(n),
  'pairs of colons': (n) => 'a::'.repeat(n / 3),
  equals: (n) => 'a=b;'.repeat(n / 4),
  dotted: (n) => `e.${'1'.repeat(n)}`,
  range: (n) => `${'1'.repeat(n)}-${'2'.repeat(n)}`,
}

describe('input of anybody', () => {
  for (const [name, read] of Object.entries(READERS)) {
    it(`${name}: the work grows no faster than the text`, () => {
      for (const [shape, make] of Object.entries(SHAPES)) {
        const short = Math.max(FLOOR_MS, fastest(read, make(SHORT)))
        const long = fastest(read, make(LONG))
        assert.ok(long < short * WIDE, `${shape}: ${short.toFixed(3)} ms, then ${long.toFixed(3)} ms`)
      }
    })
  }
})

describe('acceptsGzip', () => {
  it('takes what clients write', () => {
    for (const header of ['gzip', 'gzip, deflate, br, zstd', 'br;q=1.0, gzip;q=0.8, *;q=0.1', '*', 'GZIP', 'gzip;q=.5'])
      assert.equal(acceptsGzip(header), true, header)
  })

  it('refuses what refuses it, and what it cannot read', () => {
    for (const header of [
      undefined,
      '',
      'br',
      'gzip;q=0',
      'gzip;q=0.000, *',
      '*;q=0',
      'gzip;q=x',
      'gzip;q=-1',
      'xgzip',
    ])
      assert.equal(acceptsGzip(header), false, String(header))
  })

  it('reads no more than some codings', () => {
    assert.equal(acceptsGzip(`${'x,'.repeat(100)}gzip`), false)
  })
})

/** ms of the fastest of five: the others were held up by something else. */
function fastest(read: (text: string) => unknown, text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    read(text)
    return performance.now() - began
  })
  return Math.min(...times)
}

function orNull(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return null
  }
}
