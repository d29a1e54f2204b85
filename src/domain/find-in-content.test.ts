// Finding and replacing in the content tree: marks and links stay, addresses and everything beside the words are never touched.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { contentOf } from '../../test/helpers/public-story.ts'
import { type Block, type PostContent, parseContent, type Run } from './content.ts'
import { findInContent, findInLine, replaceInContent, replaceInLine, type Wanted } from './find-in-content.ts'

const RUNS = 200 // contents per property

const wanted = (words: string, more: Partial<Wanted> = {}): Wanted => ({ words, whole: true, exact: false, ...more })
const paragraph = (...text: Run[]): Block => ({ type: 'paragraph', text })
const found = (content: PostContent, what: Wanted) =>
  findInContent(content, what).map(({ place, found }) => `${place}: ${found}`)
const all = (content: PostContent, what: Wanted, put: string) =>
  replaceInContent(content, findInContent(content, what), put)

describe('finding', () => {
  it('looks into headline, text, lists, quotes, speakers, captions, alt texts, tables, data and tags, in reading order', () => {
    const image = { type: 'image', alt: 'Jansen at sea', caption: 'Jansen, left', credit: 'Jansen/AP' } as const
    const content = contentOf({
      headline: 'Jansen speaks',
      place: 'JANSENVILLE',
      tags: ['Jansen'],
      blocks: [
        paragraph({ text: 'On Monday Jansen came.' }),
        { type: 'heading', level: 3, text: [{ text: 'Jansen' }] },
        { type: 'list', ordered: false, items: [[{ text: 'one' }], [{ text: 'Jansen' }]] },
        { type: 'quote', text: [[{ text: 'I am Jansen' }]], speaker: { name: 'P. Jansen', role: 'Mayor' } },
        image,
        { type: 'gallery', images: [image] },
        { type: 'video', title: 'Jansen', caption: '', credit: '' },
        { type: 'embed', url: 'https://example.org/Jansen', text: 'Jansen said' },
        { type: 'table', header: [[{ text: 'Jansen' }]], rows: [[[{ text: 'x' }], [{ text: 'Jansen' }]]] },
        { type: 'data', title: 'Votes', items: [{ label: 'Jansen', value: '12', note: 'Jansen' }] },
      ],
    })
    assert.deepEqual(found(content, wanted('jansen')), [
      'headline: Jansen',
      ...['text: Jansen', 'text: Jansen', 'text: Jansen', 'quote: Jansen', 'speaker: Jansen'],
      ...[
        'caption: Jansen',
        'alt text: Jansen',
        'credit: Jansen',
        'caption: Jansen',
        'alt text: Jansen',
        'credit: Jansen',
      ],
      ...['title: Jansen', 'table: Jansen', 'table: Jansen', 'data: Jansen', 'data: Jansen', 'tags: Jansen'],
    ])
  })

  it('takes whole words and capitals as it is told, in every script', () => {
    const text = (line: string) => contentOf({ headline: '', blocks: [paragraph({ text: line })] })
    assert.equal(found(text('Petrov, Petrova and petrov'), wanted('petrov')).length, 2)
    assert.equal(found(text('Petrov, Petrova and petrov'), wanted('petrov', { whole: false })).length, 3)
    assert.equal(found(text('Petrov, Petrova and petrov'), wanted('Petrov', { exact: true })).length, 1)
    assert.equal(found(text('ראש הממשלה נתניהו אמר'), wanted('נתניהו')).length, 1)
    assert.equal(found(text('ברנתניהו'), wanted('נתניהו')).length, 0)
    assert.equal(found(text('Prime  Minister\nSmith'), wanted('minister smith')).length, 1)
    assert.equal(found(text('a+b (c) [d]'), wanted('(c)', { whole: false })).length, 1)
    assert.deepEqual(found(text('anything'), wanted('  ')), [])
  })

  it('finds a name that bold begins in the middle of', () => {
    const content = contentOf({
      headline: '',
      blocks: [paragraph({ text: 'Mr Jan' }, { text: 'sen came', bold: true })],
    })
    const [hit] = findInContent(content, wanted('Jansen'))
    assert.deepEqual([hit?.before, hit?.found, hit?.after], ['Mr ', 'Jansen', ' came'])
  })

  it('leaves addresses alone that are written out', () => {
    const line = 'See https://x.org/jansen, www.jansen.nl, (jansen@x.org) and @jansen or Jansen.'
    assert.deepEqual(
      findInLine(line, wanted('jansen')).map(({ at }) => at),
      [line.indexOf('@jansen or') + 1, line.lastIndexOf('Jansen')],
    )
  })

  it('shows the sentence, and no more of it than one needs', () => {
    const content = contentOf({
      headline: '',
      blocks: [paragraph({ text: 'It rained. Mr Jansen came. It rained on.' })],
    })
    const [hit] = findInContent(content, wanted('Jansen'))
    assert.deepEqual([hit?.before, hit?.after], ['Mr ', ' came.'])
    const long = contentOf({
      headline: '',
      blocks: [paragraph({ text: `${'word '.repeat(40)}Jansen${' word'.repeat(40)}` })],
    })
    const [cut] = findInContent(long, wanted('Jansen'))
    assert.match(`${cut?.before}|${cut?.after}`, /^….{80}\|.{80}…$/)
  })

  it('is quick in text made to be slow', () => {
    for (const line of [
      'a.'.repeat(60_000),
      `${'x'.repeat(120_000)}@`,
      `jansen ${' '.repeat(60_000)}`,
      'www.'.repeat(30_000),
    ]) {
      const began = performance.now()
      findInLine(`jansen ${line}`, wanted('jansen van'))
      findInLine(`jansen ${line}`, wanted('jansen'))
      assert.ok(performance.now() - began < 1_000)
    }
  })
})

describe('replacing', () => {
  it('keeps the marks and the link of where the old words began', () => {
    const link = 'https://example.org/jansen'
    const content = contentOf({
      headline: 'Jansen came',
      blocks: [paragraph({ text: 'Mr ' }, { text: 'Jan', bold: true, link }, { text: 'sen', link }, { text: ' came' })],
    })
    const { headline, blocks } = all(content, wanted('Jansen'), 'Janssen')
    assert.equal(headline, 'Janssen came')
    assert.deepEqual(blocks, [paragraph({ text: 'Mr ' }, { text: 'Janssen', bold: true, link }, { text: ' came' })])
  })

  it('replaces only what was chosen', () => {
    const content = contentOf({ headline: '', blocks: [paragraph({ text: 'Jansen and Jansen' })] })
    const [, second] = findInContent(content, wanted('Jansen'))
    assert.ok(second)
    assert.deepEqual(replaceInContent(content, [second], 'Janssen').blocks, [paragraph({ text: 'Jansen and Janssen' })])
  })

  it('replaces in a line', () => {
    assert.equal(replaceInLine('Jansen, Jansen', findInLine('Jansen, Jansen', wanted('jansen')), 'X'), 'X, X')
  })

  it('changes what was chosen and not one character, mark or address beside it', () => {
    fc.assert(
      fc.property(
        contents,
        fc.constantFrom('ab', 'a', 'b a'),
        fc.boolean(),
        words,
        fc.nat(),
        (content, words, whole, put, seed) => {
          const hits = findInContent(content, { words, whole, exact: false })
          const chosen = hits.filter((_hit, index) => ((seed >> (index % 30)) & 1) === 1)
          const after = replaceInContent(content, chosen, put)
          assert.deepEqual(
            passages(after).map(letters),
            passages(content).map((runs, n) =>
              expected(
                runs,
                chosen.filter(({ passage }) => passage === n),
                put,
              ),
            ),
          )
          assert.deepEqual(skeleton(after), skeleton(content))
          parseContent(after)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('gives the same content back where nothing was chosen', () => {
    fc.assert(
      fc.property(contents, (content) => assert.deepEqual(replaceInContent(content, [], 'other'), content)),
      { numRuns: RUNS },
    )
  })

  it('finds nothing any more once everything was replaced by something else', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const what = wanted('ab', { whole: false })
        assert.deepEqual(findInContent(all(content, what, 'z'), what), [])
      }),
      { numRuns: RUNS },
    )
  })
})

/** One letter and what is said of it beside. */
type Letter = { letter: string; marks: string }

const lettersOf = ({ text, ...marks }: Run): Letter[] =>
  [...Array(text.length).keys()].map((n) => ({ letter: text[n] ?? '', marks: JSON.stringify(marks) }))
const letters = (runs: readonly Run[]) => runs.flatMap(lettersOf)

/** The same on letters one by one: the slow way, and plain to see. */
function expected(runs: readonly Run[], hits: readonly { at: number; length: number }[], put: string): Letter[] {
  return letters(runs).flatMap((one, n) => {
    if (hits.some(({ at }) => at === n)) return [...put].map((letter) => ({ ...one, letter }))
    return hits.some(({ at, length }) => n > at && n < at + length) ? [] : [one]
  })
}

/** The words of the blocks these tests make, in reading order. */
function passages({ headline, place, blocks, tags }: PostContent): Run[][] {
  const line = (text: string): Run[] => [{ text }]
  const ofBlocks = blocks.flatMap((block): Run[][] => {
    if (block.type === 'paragraph') return [block.text]
    if (block.type === 'list') return block.items
    if (block.type === 'image') return [line(block.caption), line(block.alt), line(block.credit)]
    if (block.type === 'quote') return [...block.text, ...(block.speaker ? [line(block.speaker.name)] : [])]
    return []
  })
  return [line(headline), line(place), ...ofBlocks, ...tags.map(line)]
}

/** Everything but words: kinds, addresses, pictures, embeds whole. */
function skeleton(content: PostContent): unknown {
  const blocks = content.blocks.map((block) => {
    if (block.type === 'embed') return block
    if (block.type === 'image') return { media: block.media, source: block.source, width: block.width }
    if (block.type === 'quote') return { type: block.type, lines: block.text.length, source: block.source }
    return { type: block.type }
  })
  const { bylines, source, rights, verification, breaking, eventAt } = content
  return { blocks, bylines, source, rights, verification, breaking, eventAt }
}

const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', 'ש'), maxLength: 6 })
const someText = fc
  .array(fc.constantFrom('a', 'b', 'ab', ' ', 'c', 'ש', 'https://ab.org/ab', 'ab@ab.org'), { maxLength: 8 })
  .map((parts) => parts.join(''))
const someLine = someText.map((text) => text.replace(/\s+/g, ' ').trim())
const run = fc.record(
  {
    text: someText,
    bold: fc.constant(true as const),
    italic: fc.constant(true as const),
    link: fc.constantFrom('https://example.org/ab', 'mailto:ab@example.org'),
  },
  { requiredKeys: ['text'] },
) as fc.Arbitrary<Run>
const runs = fc.array(run, { maxLength: 5 })
const block: fc.Arbitrary<Block> = fc.oneof(
  runs.map((text): Block => ({ type: 'paragraph', text })),
  fc.array(runs, { minLength: 1, maxLength: 3 }).map((items): Block => ({ type: 'list', ordered: true, items })),
  fc
    .tuple(fc.array(runs, { minLength: 1, maxLength: 2 }), someLine)
    .map(([text, name]): Block => ({ type: 'quote', text, speaker: { name }, source: 'https://example.org/ab' })),
  fc.tuple(someText, someLine, someLine).map(
    ([caption, alt, credit]): Block => ({
      type: 'image',
      media: 'ab'.repeat(10),
      caption,
      alt,
      credit,
      source: 'https://ab.org/ab',
    }),
  ),
  someText.map((text): Block => ({ type: 'embed', url: 'https://ab.org/ab', text, title: 'ab' })),
)
const contents = fc
  .record({
    headline: someLine,
    place: someLine,
    blocks: fc.array(block, { maxLength: 5 }),
    tags: fc.array(
      someLine.map((tag) => tag.slice(0, 9).trim()),
      { maxLength: 2 },
    ),
  })
  .map((part) => contentOf(part))
