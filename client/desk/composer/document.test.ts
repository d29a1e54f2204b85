// The composer's document against the content it stands for: arbitrary valid content goes in and comes out the same.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getSchema } from '@tiptap/core'
import { Node } from '@tiptap/pm/model'
import fc from 'fast-check'
import { z } from 'zod'
import { type Block, contentSchema, MAX_TEXT, parseContent, type Run } from '../../../src/domain/content.ts'
import { normaliseRuns } from '../../../src/domain/plain-runs.ts'
import { createMaker, type Schema } from '../../../test/helpers/from-schema.ts'
import { everyBlock } from '../../../test/helpers/public-story.ts'
import { createRandom } from '../../../test/helpers/random.ts'
import { blocksFrom, documentFrom, withoutEmptyEnd } from './document.ts'
import { SCHEMA_EXTENSIONS } from './schema.ts'

const schema = getSchema(SCHEMA_EXTENSIONS)

/** Through the document itself, which checks every node against the schema. */
function through(blocks: readonly Block[]): Block[] {
  const document = Node.fromJSON(schema, documentFrom(blocks))
  document.check()
  return blocksFrom(document.toJSON())
}

function same(blocks: readonly Block[]): void {
  const back = through(blocks)
  assert.deepEqual(parseContent({ headline: 'x', blocks: back }).blocks, back, 'it is valid as it comes')
  assert.deepEqual(joined(back), joined(blocks))
}

/** What reads the same is the same: runs joined; one empty paragraph is nothing. */
function joined(blocks: readonly Block[]): Block[] {
  const cell = (runs: readonly Run[]) => normaliseRuns(runs)
  const all = blocks.map((block): Block => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return { ...block, text: cell(block.text) }
      case 'list':
        return { ...block, items: block.items.map(cell) }
      case 'quote':
        return { ...block, text: block.text.map(cell) }
      case 'table':
        return { ...block, header: block.header.map(cell), rows: block.rows.map((row) => row.map(cell)) }
      default:
        return block
    }
  })
  return all.length === 1 && all[0]?.type === 'paragraph' && all[0].text.length === 0 ? [] : all
}

test('one of every block comes back as it was', () => {
  const blocks = everyBlock('Line one\nline two', 'https://example.org/a', 'abcdefghjkmnpqrstvwx')
  same(parseContent({ headline: 'x', blocks }).blocks)
})

test('arbitrary valid content comes back as it was', () => {
  const shape = z.toJSONSchema(contentSchema, { io: 'input' }) as Schema
  const kinds = new Set<string>()
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const maker = createMaker(createRandom(seed), {})
      const parsed = contentSchema.safeParse(maker.right(shape))
      if (!parsed.success) return
      for (const block of parsed.data.blocks) kinds.add(block.type)
      same(parsed.data.blocks)
    }),
    { numRuns: 3_000 },
  )
  assert.ok(kinds.size >= 9, `only ${[...kinds]} were made`)
})

const run = fc.record(
  {
    text: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom('\n', 'a\n\nb', '\t', 'مرحبا', 'שלום', '👩‍👩‍👧', ' ', '\u2067x\u2069', '> - 1. **'),
    ),
    bold: fc.constant(true as const),
    italic: fc.constant(true as const),
    code: fc.constant(true as const),
    strike: fc.constant(true as const),
    link: fc.constantFrom('https://example.org/a?b=c#d', 'mailto:a@example.org', 'http://example.org'),
  },
  { requiredKeys: ['text'] },
)
const runs = fc.array(run, { maxLength: 6 })
const block = fc.oneof(
  fc.record({ type: fc.constant('paragraph' as const), text: runs }),
  fc.record({ type: fc.constant('heading' as const), level: fc.constantFrom(3 as const, 4 as const), text: runs }),
  fc.record({
    type: fc.constant('list' as const),
    ordered: fc.boolean(),
    items: fc.array(runs, { minLength: 1, maxLength: 4 }),
  }),
  fc.record(
    {
      type: fc.constant('quote' as const),
      text: fc.array(runs, { minLength: 1, maxLength: 3 }),
      speaker: fc.record({ name: fc.string(), role: fc.string() }, { requiredKeys: ['name'] }),
      source: fc.constant('https://example.org/source'),
    },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    {
      type: fc.constant('table' as const),
      caption: fc.string(),
      header: fc.array(runs, { maxLength: 3 }),
      rows: fc.array(fc.array(runs, { maxLength: 3 }), { maxLength: 3 }),
    },
    { requiredKeys: ['type', 'header', 'rows'] },
  ),
  fc.constantFrom(...everyBlock('Words', 'https://example.org/x', 'abcdefghjkmnpqrstvwx')),
)

test('runs of every mark, line breaks, ragged tables and all scripts come back as they were', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
      const content = parseContent({ headline: 'x', blocks })
      same(content.blocks)
    }),
    { numRuns: 500 },
  )
})

test('text longer than one run goes on in the next, and no character is cut in two', () => {
  const text = `${'a'.repeat(MAX_TEXT - 1)}👩${'b'.repeat(50)}`
  const [whole] = blocksFrom({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })
  assert.ok(whole?.type === 'paragraph' && whole.text.length === 2)
  assert.equal(whole.text.map((one) => one.text).join(''), text)
  parseContent({ headline: '', blocks: [whole] })
})

test('a photo on its way stands in the content by its key; the empty end is no part of it', () => {
  const media = 'waiting0000000000001'
  const picture = { type: 'image', media, alt: '', caption: '', credit: '' } as const
  const document = {
    type: 'doc',
    content: [
      { type: 'paragraph', content: [{ type: 'text', text: 'a' }] },
      { type: 'held', attrs: { block: picture } },
      { type: 'paragraph' },
    ],
  }
  const blocks = blocksFrom(document)
  assert.deepEqual(withoutEmptyEnd(blocks), [{ type: 'paragraph', text: [{ text: 'a' }] }, picture])
})
