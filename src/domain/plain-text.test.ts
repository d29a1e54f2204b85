// Checks the plain text of a post: what is written is read back the same, and what people type is understood.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuMs } from '../../test/helpers/cpu-time.ts'
import { type Block, parseContent, type Run } from './content.ts'
import { isAppError } from './error.ts'
import { blocksFromText, normaliseBlocks, textFromBlocks } from './plain-text.ts'

const flag = fc.constantFrom(true as const, undefined)
// Crowded with the signs of the format, so that every escape is met.
const awkward = fc.array(
  fc.constantFrom(
    ...'**``~~[]()\\\\->#.—–-•{}1234 \n\n\t'.split(''),
    '{{image 1: x}}',
    '1. ',
    '- ',
    '> ',
    '— ',
    '](',
    '•\t',
    'o\t',
    'o ',
    '§\t',
    '1.\t',
    '،',
    '、',
    'https://',
    'https://a.example/b_(c)',
    'http://a.example',
    '~a',
    '?q=',
    ').',
    'a',
    'é',
    '🙂',
    'ש',
  ),
  { maxLength: 12 },
)
const words = fc.oneof(
  awkward.map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const link = fc.constantFrom(
  undefined,
  undefined,
  'https://example.org/a_(b)',
  'https://example.org/?q=a)b\\c*~',
  'https://a.example/b_(c)',
  'https://a.example/x',
  'mailto:a@example.org',
)
const run: fc.Arbitrary<Run> = fc
  .record({ text: words, bold: flag, italic: flag, code: flag, strike: flag, link })
  .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as Run)
  .chain((made) => fc.constantFrom(made, made, made.link === undefined ? made : { ...made, text: made.link }))
const runs = fc.array(run, { maxLength: 4 })
const oneLine = runs.map((parts) => parts.map((part) => ({ ...part, text: part.text.replace(/\s+/g, ' ') })))
const name = words.filter((text) => /[\p{L}\p{N}]/u.test(text))
const source = fc.constantFrom(undefined, 'https://example.org/a,b', 'https://example.org/?a=<b>&c=\\')

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('paragraph' as const), text: runs }),
  fc.record({ type: fc.constant('heading' as const), level: fc.constantFrom(3 as const, 4 as const), text: oneLine }),
  fc.record({
    type: fc.constant('list' as const),
    ordered: fc.boolean(),
    items: fc.array(runs, { minLength: 1, maxLength: 3 }),
  }),
  fc
    .record({
      text: fc.array(runs, { minLength: 1, maxLength: 3 }),
      name: fc.option(name),
      role: fc.option(name),
      source,
    })
    .map(({ text, name: speaker, role, source: from }) => ({
      type: 'quote' as const,
      text,
      ...(speaker ? { speaker: role ? { name: speaker, role } : { name: speaker } } : {}),
      ...(from ? { source: from } : {}),
    })),
  fc.record({ type: fc.constant('image' as const), alt: words, caption: words, credit: fc.constant('AP') }),
  fc.record({ type: fc.constant('embed' as const), url: fc.constant('https://example.org/v'), title: words }),
)

test('what is written as text is read back as the same blocks', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), (made) => {
      const blocks = normaliseBlocks(parseContent({ headline: 'x', blocks: made }).blocks)
      assert.deepEqual(blocksFromText(textFromBlocks(blocks), blocks), blocks)
    }),
    { numRuns: 3_000 },
  )
})

test('any text at all is read, and reading what was written changes nothing more', () => {
  fc.assert(
    fc.property(words, words, (one, two) => {
      const blocks = blocksFromText(`${one}\n\n${two}`.replaceAll('{{', ''))
      assert.deepEqual(blocksFromText(textFromBlocks(blocks), blocks), blocks)
    }),
    { numRuns: 2_000 },
  )
})

test('who said a quote stands after a hyphen too, where no list begins, and after a dash under an empty line', () => {
  const types = (text: string) => blocksFromText(text).map(({ type }) => type)
  const said = (text: string) => (blocksFromText(text)[0] as { speaker?: unknown }).speaker
  const anna = { name: 'Anna Berg', role: 'mayor' }
  for (const text of ['> x\n- Anna Berg, mayor', '> x\n\n— Anna Berg, mayor', '> x\n- Anna Berg, mayor\n\nAfter'])
    assert.deepEqual(said(text), anna, text)
  for (const text of ['> x\n- one\n- two', '> x\n\n- one']) assert.deepEqual(types(text), ['quote', 'list'], text)
  assert.deepEqual(types('> x\n\n— Not a name,\nbut a line of dialogue'), ['quote', 'paragraph'])
  assert.deepEqual(types('> x\n— Anna Berg\n\n— And then?'), ['quote', 'paragraph'])
  const dialogue = [
    { type: 'quote', text: [[{ text: 'x' }]] },
    { type: 'paragraph', text: [{ text: '— Who?' }] },
  ] as Block[]
  assert.deepEqual(blocksFromText(textFromBlocks(dialogue)), dialogue)
})

test('paragraphs, lists, headings and a quote are read from what a person types', () => {
  const blocks = blocksFromText(
    [
      '## What we know',
      'Two lines',
      'of one paragraph:\r\n- first\r\n- *second*',
      '',
      '1. one',
      '',
      '2. two',
      '',
      '> “We stay.”',
      '-- Anna Berg, mayor',
    ].join('\n'),
  )
  assert.deepEqual(blocks, [
    { type: 'heading', level: 3, text: [{ text: 'What we know' }] },
    { type: 'paragraph', text: [{ text: 'Two lines\nof one paragraph:' }] },
    { type: 'list', ordered: false, items: [[{ text: 'first' }], [{ text: 'second', italic: true }]] },
    { type: 'list', ordered: true, items: [[{ text: 'one' }], [{ text: 'two' }]] },
    { type: 'quote', text: [[{ text: '“We stay.”' }]], speaker: { name: 'Anna Berg', role: 'mayor' } },
  ])
})

test('marks need a partner and links a safe address, else they stay text', () => {
  const text = (typed: string) => (blocksFromText(typed)[0] as { text: Run[] }).text
  assert.deepEqual(text('5 * 3 = 15 * 1'), [{ text: '5 * 3 = 15 * 1' }])
  assert.deepEqual(text('**not closed'), [{ text: '**not closed' }])
  assert.deepEqual(text('[sic] [x](javascript:alert(1))'), [{ text: '[sic] [x](javascript:alert(1))' }])
  assert.deepEqual(text('C:\\Users'), [{ text: 'C:\\Users' }])
  assert.deepEqual(text('7. Oktober'), [{ text: '7. Oktober' }])
  assert.deepEqual(text('[the page](example.org/a_(b)).'), [
    { text: 'the page', link: 'https://example.org/a_(b)' },
    { text: '.' },
  ])
})

test('a web address is a link as it stands, without the full stop and the bracket around it', () => {
  const text = (typed: string) => (blocksFromText(typed)[0] as { text: Run[] }).text
  const link = (address: string) => ({ text: address, link: address })
  assert.deepEqual(text('https://example.org/a?b=c#d'), [link('https://example.org/a?b=c#d')])
  assert.deepEqual(text('See (https://example.org/a_(b)), then HTTP://example.org.'), [
    { text: 'See (' },
    link('https://example.org/a_(b)'),
    { text: '), then ' },
    link('HTTP://example.org'),
    { text: '.' },
  ])
  assert.deepEqual(text('“https://example.org/”، https://example.org/ש؟'), [
    { text: '“' },
    link('https://example.org/'),
    { text: '”، ' },
    link('https://example.org/ש'),
    { text: '؟' },
  ])
  assert.deepEqual(text('**https://example.org/b** `https://example.org/c`'), [
    { ...link('https://example.org/b'), bold: true },
    { text: ' ' },
    { text: 'https://example.org/c', code: true },
  ])
  for (const plain of [
    'xhttps://example.org',
    'https://',
    'https:// a',
    'https://?',
    `https://a.b/${'c'.repeat(3_000)}`,
  ])
    assert.deepEqual(text(plain), [{ text: plain }])
  assert.deepEqual(text('https:\\//example.org'), [{ text: 'https://example.org' }])
  assert.equal(textFromBlocks(blocksFromText('- https://example.org/a.\n- b')), '- https://example.org/a.\n- b')
})

test('an address that was no link does not become one by editing', () => {
  const stored: Block[] = [{ type: 'paragraph', text: [{ text: 'From https://example.org/a on' }] }]
  assert.deepEqual(blocksFromText(textFromBlocks(stored)), stored)
})

test('thousands of brackets after an address are read in no time', () => {
  assert.ok(cpuMs(() => void blocksFromText(`https://a.b${')'.repeat(2_000)} `.repeat(125))) < 2_000)
})

test('lists copied from a word processor are lists: a tab after the sign, round and square bullets', () => {
  const items = (typed: string) =>
    blocksFromText(typed).map((block) =>
      block.type === 'list' ? block.items.map((item) => item[0]?.text) : block.type,
    )
  assert.deepEqual(items('•\tBullet\no\tSub bullet\n§\tSquare'), [['Bullet', 'Sub bullet', 'Square']])
  assert.deepEqual(items('•\tBullet\no Sub bullet'), [['Bullet', 'Sub bullet']])
  assert.deepEqual(items('1.\tItem\n2.\tNext'), [['Item', 'Next']])
  assert.deepEqual(items('Word:\n1)\tItem'), ['paragraph', ['Item']])
  assert.deepEqual(items('o presidente falou\n\n§ 12 BGB'), ['paragraph', 'paragraph'])
})

test('a speaker’s name ends at the comma of the text’s own script', () => {
  const said = (line: string) => (blocksFromText(`> x\n— ${line}`)[0] as { speaker?: unknown }).speaker
  assert.deepEqual(said('سلمى حداد، محافظة'), { name: 'سلمى حداد', role: 'محافظة' })
  assert.deepEqual(said('山田太郎、記者'), { name: '山田太郎', role: '記者' })
  assert.deepEqual(said('王芳，记者'), { name: '王芳', role: '记者' })
  assert.equal(textFromBlocks(blocksFromText('> x\n— سلمى حداد، محافظة')), '> x\n— سلمى حداد، محافظة')
})

test('a placeholder holds its block; taken out it takes the block out, and an unknown one is refused', () => {
  const picture: Block = { type: 'image', alt: 'A bridge', caption: 'The {bridge}\nat noon', credit: 'AP' }
  const clip: Block = { type: 'video', title: 'Clip', caption: '', credit: '' }
  const text = textFromBlocks([picture, clip])
  assert.equal(text, '{{image 1: The bridge at noon}}\n\n{{video 1: Clip}}')
  assert.deepEqual(blocksFromText(`{{video 1}}\nnew words\n{{ image 1 }}`, [picture, clip]), [
    clip,
    { type: 'paragraph', text: [{ text: 'new words' }] },
    picture,
  ])
  assert.deepEqual(blocksFromText('{{video 1}}', [picture, clip]), [clip])
  assert.throws(
    () => blocksFromText('{{image 2: x}}', [picture]),
    (error) => isAppError(error, 'invalid'),
  )
})
