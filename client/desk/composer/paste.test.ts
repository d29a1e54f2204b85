// What a clipboard's HTML and text become, without a browser: odd shapes of the programs, and hostile ones.
// The journeys in test/journeys/composer-paste.long.test.ts hold the common shapes to a real paste.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Block, parseContent } from '../../../src/domain/content.ts'
import { cpuMs } from '../../../test/helpers/cpu-time.ts'
import { readPastedHtml } from './paste-html.ts'
import { readPastedText } from './paste-text.ts'

const blocksOf = (html: string): Block[] => {
  const blocks = readPastedHtml(html)?.blocks
  return parseContent({ headline: '', blocks }).blocks
}
const paragraph = (text: string): Block => ({ type: 'paragraph', text: [{ text }] })

test('a list of which Word left only the written marks is a list', () => {
  const item = (text: string) => `<p class="MsoListParagraph">${text}</p>`
  const html =
    item('·\u00a0\u00a0\u00a0 one') +
    item('<span>·\u00a0\u00a0 </span>two') +
    item('1.\u00a0\u00a0 three') +
    item('no mark')
  assert.deepEqual(blocksOf(html), [
    { type: 'list', ordered: false, items: [[{ text: 'one' }], [{ text: 'two' }]] },
    { type: 'list', ordered: true, items: [[{ text: 'three' }]] },
    paragraph('no mark'),
  ])
})

test('two lists of Word that follow one another stay two', () => {
  const item = (list: string, mark: string, text: string) =>
    `<p style="mso-list:${list} level1 lfo1"><span style="mso-list:Ignore">${mark}</span>${text}</p>`
  assert.deepEqual(
    blocksOf(item('l0', 'a)', 'one') + item('l0', 'b)', 'two') + item('l3', '·', 'three')).map(
      (block) => block.type === 'list' && [block.ordered, block.items.length],
    ),
    [
      [true, 2],
      [false, 1],
    ],
  )
})

test('bold that a style takes back is not bold', () => {
  assert.deepEqual(blocksOf('<p><b style="font-weight: normal">a</b><em style="font-style:normal">b</em></p>'), [
    paragraph('ab'),
  ])
})

test('only the address that a service hides is unwrapped, and only when it is safe', () => {
  const link = (href: string) => blocksOf(`<p><a href="${href}">x</a></p>`)[0]
  const linked = (href: string): Block => ({ type: 'paragraph', text: [{ text: 'x', link: href }] })
  assert.deepEqual(link('https://www.google.com/url?q=https://example.org/a'), linked('https://example.org/a'))
  const hostile = 'https://www.google.com/url?q=javascript:alert(1)'
  assert.deepEqual(link(hostile), linked(hostile))
  assert.deepEqual(
    link('https://example.com/?url=https://example.org'),
    linked('https://example.com/?url=https://example.org'),
  )
})

test('no HTML makes anything that a post may not hold, or a picture of another server', () => {
  const parts = fc.constantFrom(
    ...[
      '<p>',
      '</p>',
      '<li>',
      '<ul>',
      '</ul>',
      '<ol>',
      '<table>',
      '<tr>',
      '<td>',
      '</table>',
      '<b>',
      '</b>',
      '<i>',
      'text',
      ' ',
      '\n',
      '<br>',
    ],
    ...[
      '<a href="javascript:x">',
      '<a href="https://example.org">',
      '</a>',
      '<img src="https://x.example/a.png">',
      '<blockquote>',
      '</blockquote>',
    ],
    ...[
      '<script>',
      '</script>',
      '<style>',
      '</style>',
      '<!--',
      '-->',
      '<![if x]>',
      '<h2>',
      '</h2>',
      '<pre>',
      '<figure>',
      '</figure>',
      '&nbsp;',
      '&#0;',
    ],
    '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>',
    '<img src="data:image/png;base64,AAAA">',
    '\u202e',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 40 }), (html) => {
      const { blocks } = readPastedHtml(html.join('')) ?? { blocks: [] }
      assert.deepEqual(parseContent({ headline: '', blocks }).blocks, blocks)
      assert.doesNotMatch(JSON.stringify(blocks), /x\.example|javascript:/)
    }),
    { numRuns: 1_000 },
  )
})

test('deep and long HTML is read in time that grows with its length alone', () => {
  const deep = '<div><span style="font-weight:700">'.repeat(20_000)
  assert.ok(cpuMs(() => assert.equal(readPastedHtml(`${deep}text`), null)) < 1_000)
  const marked = `<p class="MsoListParagraph">${'\u00a0'.repeat(50_000)}</p>`
  assert.ok(cpuMs(() => readPastedHtml(marked)) < 3_000)
  const spaced = `<p>${' -'.repeat(50_000)}</p>`
  assert.ok(cpuMs(() => readPastedText(spaced.repeat(4))) < 3_000)
})

test('plain text: every line a paragraph where no line is empty; numbers that do not begin at one are text', () => {
  assert.deepEqual(readPastedText('One\nTwo'), [paragraph('One'), paragraph('Two')])
  assert.deepEqual(readPastedText('2. One\n3. Two'), [paragraph('2. One\n3. Two')])
  assert.deepEqual(readPastedText('1. One\n2. Two'), [
    { type: 'list', ordered: true, items: [[{ text: 'One' }], [{ text: 'Two' }]] },
  ])
  assert.deepEqual(readPastedText(' \n\n'), [])
})

test('plain text never loses a word', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('word', '\n', '\n\n', ' ', '- ', '1. ', 'https://example.org/a', 'https://', '\t', '。'),
        { maxLength: 30 },
      ),
      (parts) => {
        const text = parts.join('')
        const said = readPastedText(text).flatMap((block) =>
          block.type === 'list' ? block.items.flat() : block.type === 'paragraph' ? [...block.text, { text: ' ' }] : [],
        )
        const words = (from: string) => from.match(/word|example/g)?.length ?? 0
        assert.equal(words(said.map((run) => run.text).join('')), words(text))
      },
    ),
    { numRuns: 1_000 },
  )
})
