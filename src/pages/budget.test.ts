import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { contentOf, faceOf, itemOf, paragraph, storyOf } from '../../test/helpers/public-story.ts'
import type { Block } from '../domain/content.ts'
import { renderStoryPage } from './story-page.ts'

const MAX_PAGE = 25 * 1024 // bytes, gzip: the reference page of 30 posts
const MAX_STYLE = 10 * 1024 // bytes, gzip
const PARTS = 'ba co di fer gal hu in jor ka lem mi nor op per qui ras sto tan ur ven wil xan yo zel'.split(' ')

/** Words nobody has written, with about the entropy of news: no compressor gets them for nothing. */
function makeText(seed: number, length: number): string {
  let state = seed
  const next = (n: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 12) % n
  }
  let text = ''
  while (text.length < length) {
    const common = next(10) < 5
    const word = common
      ? ['the', 'of', 'and', 'to', 'in', 'a', 'said', 'was'][next(8)]
      : Array.from({ length: 1 + next(3) }, () => PARTS[next(24)]).join('')
    text += `${word} `
  }
  return text.slice(0, length)
}

function referenceItem(n: number) {
  const photo: Block = {
    type: 'image',
    media: `media${String(n * 7919).padStart(15, '0')}`,
    alt: makeText(n + 50, 60),
    caption: makeText(n + 90, 90),
    credit: makeText(n, 16),
    width: 1600,
    height: 1067,
  }
  const quote: Block = {
    type: 'quote',
    text: [[{ text: makeText(n + 70, 140) }]],
    speaker: { name: makeText(n, 14), role: 'minister' },
  }
  const blocks = [paragraph(makeText(n, 400)), paragraph(makeText(n + 1000, 300))]
  if (n % 5 === 0) blocks.push(photo)
  if (n % 7 === 0) blocks.push(quote)
  const content = contentOf({ headline: makeText(n + 200, 60), blocks, bylines: [{ name: makeText(n % 4, 14) }] })
  return itemOf(n, { content, keyEvent: n % 6 === 0 ? { title: makeText(n + 300, 40) } : null })
}

describe('the budget', () => {
  it('holds the reference page: 30 posts of 700 characters, 6 photos, 4 quotes', (t) => {
    const items = Array.from({ length: 30 }, (_, index) => referenceItem(30 - index))
    const face = faceOf({ story: storyOf({ ordinal: 30 }) })
    const site = { name: 'The Harbour Times', origin: 'https://live.example', language: 'en' }
    const assets = { script: '/assets/reader.js', style: '/assets/reader.css' }
    const page = String(
      renderStoryPage({ page: { epoch: 'e', face, items }, order: 'newest', range: null, site, assets }),
    )
    const size = gzipSync(page, { level: 6 }).length
    t.diagnostic(`${size} bytes of ${MAX_PAGE}`)
    assert.ok(size <= MAX_PAGE, `${size} bytes`)
    assert.ok(size > 8_000, 'the text of the reference page compresses like no text does')
  })

  it('holds the style sheet', (t) => {
    const size = gzipSync(readFileSync(new URL('../../client/reader/reader.css', import.meta.url))).length
    t.diagnostic(`${size} bytes of ${MAX_STYLE}`)
    assert.ok(size <= MAX_STYLE, `${size} bytes`)
  })
})
