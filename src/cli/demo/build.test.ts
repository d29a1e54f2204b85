// The words a story is written with, and what they promise about every quotation.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { plainRuns } from '../../domain/content.ts'
import { FICTIONAL, minutes, runs } from './build.ts'
import { PHOTOS } from './photos.ts'
import { DEMO_STORY } from './story.ts'

const blocks = DEMO_STORY.acts.flatMap((act) => ('content' in act ? act.content.blocks : []))

test('bold, italic and links are marks; an underscore inside a word or an address is none', () => {
  assert.deepEqual(runs('a **b**\n  [c](https://example.org/x_y_z) _d_ e_f_g'), [
    { text: 'a ' },
    { text: 'b', bold: true },
    { text: ' ' },
    { text: 'c', link: 'https://example.org/x_y_z' },
    { text: ' ' },
    { text: 'd', italic: true },
    { text: ' e_f_g' },
  ])
})

test('a clock is minutes since the day begins', () => {
  assert.equal(minutes('06:40'), 0)
  assert.equal(minutes('23:30'), DEMO_STORY.acts.at(-1)?.at)
})

test('every speaker is said to be invented', () => {
  const quotes = blocks.filter((block) => block.type === 'quote')
  assert.ok(quotes.length >= 12, `${quotes.length} quotations`)
  for (const { speaker } of quotes) assert.ok(speaker?.role?.endsWith(`(${FICTIONAL})`), speaker?.name)
})

test('no mark of the source is left in a text', () => {
  const texts = blocks.flatMap((block) => (block.type === 'paragraph' ? [plainRuns(block.text)] : []))
  for (const text of texts) assert.doesNotMatch(text, /\*\*|\]\(|\n/)
})

test('every photo is used once, and no file lies there unused', () => {
  const used = DEMO_STORY.acts.flatMap((act) => (act.type === 'publish' ? (act.photo?.file ?? []) : []))
  const files = readdirSync(new URL('./photos/', import.meta.url)).filter((file) => file.endsWith('.jpg'))
  assert.deepEqual(used.toSorted(), files.toSorted())
  assert.equal(Object.keys(PHOTOS).length, used.length)
})
