// What foreign HTML becomes. Own samples only.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuMs } from '../../../test/helpers/cpu-time.ts'
import { type Block, parseContent } from '../../domain/content.ts'
import { MAX_DEPTH, readBody, readHtml, readText } from './read.ts'

const blocksOf = (html: string, base?: string): Block[] => {
  const { blocks } = readHtml(html, { base })
  parseContent({ headline: '', blocks })
  return blocks
}
const paragraph = (text: string) => ({ type: 'paragraph', text: [{ text }] })

test('paragraphs, marks and links keep their words and their order', () => {
  assert.deepEqual(
    blocksOf('<p>One <b>two</b> <i>three</i></p>\n<p>see <a href="https://example.org/a?b=1&amp;c=2">four</a>.</p>'),
    [
      {
        type: 'paragraph',
        text: [{ text: 'One ' }, { text: 'two', bold: true }, { text: ' ' }, { text: 'three', italic: true }],
      },
      {
        type: 'paragraph',
        text: [{ text: 'see ' }, { text: 'four', link: 'https://example.org/a?b=1&c=2' }, { text: '.' }],
      },
    ],
  )
})

test('a link that is not https, http or mailto loses its address and keeps its text', () => {
  for (const href of [
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    ' data:text/html,x',
    'vbscript:x',
    '/local',
    '//host/x',
  ]) {
    assert.deepEqual(blocksOf(`<p><a href="${href}">text</a></p>`), [paragraph('text')], href)
  }
  assert.deepEqual(blocksOf('<a href="mailto:desk@example.org">write</a>'), [
    { type: 'paragraph', text: [{ text: 'write', link: 'mailto:desk@example.org' }] },
  ])
})

test('relative addresses are resolved against the page', () => {
  assert.deepEqual(blocksOf('<p><a href="../b">x</a></p><img src="/c.jpg">', 'https://example.org/a/'), [
    { type: 'paragraph', text: [{ text: 'x', link: 'https://example.org/b' }] },
    { type: 'image', alt: '', caption: '', credit: '', source: 'https://example.org/c.jpg' },
  ])
})

test('headings, lists, quotes and tables keep their kind', () => {
  const html = `<h2>Title</h2><h5>Small</h5><ol><li><p>a</p><p>b</p></li><li>c<ul><li>d</li></ul></li></ol>
    <blockquote cite="https://example.org/q"><p>Said.</p><p>Again.</p></blockquote>
    <table><tr><th>Party</th><th>Seats</th></tr><tr><td>Red</td><td>4</td></tr></table>`
  assert.deepEqual(blocksOf(html), [
    { type: 'heading', level: 3, text: [{ text: 'Title' }] },
    { type: 'heading', level: 4, text: [{ text: 'Small' }] },
    {
      type: 'list',
      ordered: true,
      items: [[{ text: 'a' }, { text: '\n' }, { text: 'b' }], [{ text: 'c' }], [{ text: 'd' }]],
    },
    { type: 'quote', text: [[{ text: 'Said.' }], [{ text: 'Again.' }]], source: 'https://example.org/q' },
    { type: 'table', header: [[{ text: 'Party' }], [{ text: 'Seats' }]], rows: [[[{ text: 'Red' }], [{ text: '4' }]]] },
  ])
})

test('a picture keeps address, alternative text, caption and credit, and its place in the text', () => {
  const html = `<p>Before<figure><img src="https://example.org/p.jpg" alt="A bridge" width="800" height="600">
    <figcaption>The bridge at dawn. Photograph: Jane Doe/Agency</figcaption></figure>After`
  const image = {
    alt: 'A bridge',
    caption: 'The bridge at dawn.',
    credit: 'Jane Doe/Agency',
    source: 'https://example.org/p.jpg',
  }
  assert.deepEqual(blocksOf(html), [
    paragraph('Before'),
    { type: 'image', ...image, width: 800, height: 600 },
    paragraph('After'),
  ])
})

test('a credit in an element of its own is never part of the caption', () => {
  const html = `<figure><img data-src="https://example.org/p.jpg" src="data:image/gif;base64,R0lGOD">
    <figcaption>The bridge. <span class="photo credit">Jane Doe</span></figcaption></figure>`
  const [image] = blocksOf(html)
  assert.deepEqual(image, {
    type: 'image',
    alt: '',
    caption: 'The bridge.',
    credit: 'Jane Doe',
    source: 'https://example.org/p.jpg',
  })
})

test('counting pixels are not pictures', () => {
  assert.deepEqual(blocksOf('<p>x</p><img src="https://count.example/1" width="1" height="1">'), [paragraph('x')])
})

test('players and quoted posts become embeds with their address', () => {
  const html = `<iframe src="//player.example/v/1" title="Briefing"></iframe>
    <blockquote class="twitter-tweet"><p>Words <a href="https://t.co/x">t</a></p>by A <a href="https://twitter.com/a/status/1">d</a></blockquote>
    <iframe src="javascript:alert(1)"></iframe>`
  assert.deepEqual(blocksOf(html), [
    { type: 'embed', url: 'https://player.example/v/1', title: 'Briefing' },
    { type: 'embed', url: 'https://twitter.com/a/status/1', text: 'Words t\nby A d' },
  ])
})

test('scripts, styles and forms go, the text of unknown elements stays', () => {
  const html = '<p>a<script>evil()</script><style>p{}</style><x-note>b</x-note><form>name <input value="c"></form>d</p>'
  assert.deepEqual(
    blocksOf(html).flatMap((block) => (block.type === 'paragraph' ? block.text.map((run) => run.text) : [])),
    ['ab', 'd'],
  )
})

test('one line break stays in the paragraph, two begin a new one', () => {
  assert.deepEqual(blocksOf('a<br>b<br><br>c'), [paragraph('a\nb'), paragraph('c')])
})

test('a picture in a list stands between its items', () => {
  const kinds = blocksOf('<ul><li>a</li><li>b<img src="https://example.org/p.jpg">c</li></ul>').map(
    (block) => block.type,
  )
  assert.deepEqual(kinds, ['list', 'image', 'list'])
})

test('a layout table of one column is running text', () => {
  assert.deepEqual(blocksOf('<table><tr><td><p>a</p></td></tr><tr><td>b</td></tr></table>'), [
    paragraph('a'),
    paragraph('b'),
  ])
})

test('plain text: every line is a paragraph; a lone "<" is text', () => {
  assert.deepEqual(readText('One\n\nTwo < 3\r\n').blocks, [paragraph('One'), paragraph('Two < 3')])
  assert.deepEqual(readBody('<name withheld> said 5 < 6 & 7').blocks, [paragraph('<name withheld> said 5 < 6 & 7')])
})

test('bodies are read however they were escaped', () => {
  const expected = [paragraph('It’s “one”'), paragraph('two')]
  assert.deepEqual(readBody('It&#x2019;s &ldquo;one&rdquo;\ntwo').blocks, expected)
  assert.deepEqual(readBody('<p>It&rsquo;s &#8220;one&#8221;</p><p>two</p>').blocks, expected)
  assert.deepEqual(
    readBody('&lt;p&gt;It&amp;rsquo;s &amp;#8220;one&amp;#8221;&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;').blocks,
    expected,
  )
  assert.deepEqual(readBody('<![CDATA[<p>It’s “one”</p><p>two</p>]]>').blocks, expected)
  assert.deepEqual(readBody('It&amp;#8217;s &amp;ldquo;one&amp;rdquo;\ntwo').blocks, expected)
})

test('lines part paragraphs where inline marks are the only markup', () => {
  assert.deepEqual(readBody('<b>one</b>\ntwo').blocks, [
    { type: 'paragraph', text: [{ text: 'one', bold: true }] },
    paragraph('two'),
  ])
})

test('text beyond the limits is split, and only what no post can hold is left out and noted', () => {
  const long = readHtml(`<p>${'word '.repeat(8_000)}</p>`)
  assert.equal(long.problems.length, 0)
  parseContent({ headline: '', blocks: long.blocks })
  const words = long.blocks.flatMap((block) =>
    block.type === 'paragraph' ? [block.text.map((run) => run.text).join('')] : [],
  )
  assert.equal(words.join(' ').split(/\s+/).filter(Boolean).length, 8_000)
  const many = readHtml('<p>x</p>'.repeat(1_000))
  parseContent({ headline: '', blocks: many.blocks })
  assert.equal(many.problems.length, 1)
})

test('bombs end quickly, are noted and leave a valid post', () => {
  const bombs = [
    '<div>'.repeat(200_000),
    '<b>'.repeat(100_000) + '</i>'.repeat(100_000),
    '<table>'.repeat(50_000),
    '<ul><li>'.repeat(50_000),
    '<a '.repeat(300_000),
    `<p ${'x=1 '.repeat(200_000)}>`,
    '&'.repeat(900_000),
    '<table><tr>' + '<td>x'.repeat(100_000),
    '\u0958'.repeat(400_000),
    '\u0000\ud800\u202e'.repeat(100_000),
    `<ul>${'<li>x'.repeat(60_000)}`,
    `<blockquote>${'<p>x'.repeat(60_000)}`,
    '<blockquote><table><tr><td>'.repeat(20_000),
  ]
  for (const bomb of bombs) {
    const took = cpuMs(() => {
      const { blocks } = readHtml(bomb)
      readBody(bomb)
      parseContent({ headline: '', blocks })
    })
    assert.ok(took < 5_000, `${bomb.slice(0, 12)}: ${took} ms`)
  }
  assert.equal(readHtml('<div>'.repeat(MAX_DEPTH * 40)).problems.length, 1)
})
