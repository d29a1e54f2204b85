import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentOf } from '../../test/helpers/public-story.ts'
import type { Block } from './content.ts'
import { diffContent, isSameText } from './content-diff.ts'

const paragraph = (text: string, more: object = {}): Block => ({ type: 'paragraph', text: [{ text, ...more }] })
const image = (over: object = {}): Block => ({
  type: 'image',
  ...{ media: 'a'.repeat(20), alt: 'A bridge', caption: 'The bridge in June', credit: 'Ada' },
  ...over,
})
/** Only what differs, as `part change: words`. */
const told = (before: Parameters<typeof contentOf>[0], after: Parameters<typeof contentOf>[0]) =>
  diffContent(contentOf(before), contentOf(after))
    .filter(({ change }) => change !== 'same')
    .map(
      ({ part, change, pieces }) =>
        `${part} ${change}: ${pieces.map(({ change: c, text }) => `${{ kept: '=', added: '+', removed: '-' }[c]}${text}`).join('|')}`,
    )

test('a changed headline, caption and credit are told each by its words', () => {
  assert.deepEqual(
    told(
      { headline: 'Bridge falls', blocks: [image()] },
      { headline: 'Bridge closed', blocks: [image({ caption: 'The bridge in May', credit: 'Bob' })] },
    ),
    [
      'headline changed: =Bridge |-falls|+closed',
      'caption changed: =The bridge in |-June|+May',
      'credit removed: -Ada',
      'credit added: +Bob',
    ],
  )
})

test('a paragraph put in between leaves the others as they were', () => {
  const [one, two, three] = ['The first one here.', 'Another in the middle.', 'The last of them all.'].map((text) =>
    paragraph(text),
  ) as [Block, Block, Block]
  assert.deepEqual(told({ headline: '', blocks: [one, three] }, { headline: '', blocks: [one, two, three] }), [
    'paragraph added: +Another in the middle.',
  ])
})

test('a link that leads elsewhere and words that are bold now are told, though they read the same', () => {
  const linked = (link: string) => ({ headline: 'H', blocks: [paragraph('See the report', { link })] })
  assert.deepEqual(told(linked('https://a.example/1'), linked('https://a.example/2')), [
    'paragraph changed: =See the report <https://a.example/|-1|+2|=>',
  ])
  const bold = told(
    { headline: 'H', blocks: [paragraph('Now')] },
    { headline: 'H', blocks: [paragraph('Now', { bold: true })] },
  )
  assert.deepEqual(bold, ['paragraph restyled: =Now'])
})

test('bylines, tags, flags and times are parts too', () => {
  assert.deepEqual(
    told(
      { headline: 'H', blocks: [], bylines: [{ name: 'Ada' }], verification: 'unconfirmed' },
      {
        headline: 'H',
        blocks: [],
        bylines: [{ name: 'Ada' }, { name: 'Bob', role: 'Cairo' }],
        breaking: true,
        eventAt: 0,
      },
    ),
    [
      'byline changed: =Ada|+ · Bob, Cairo',
      'verification removed: -unconfirmed',
      'breaking added: +breaking',
      'time of the event added: +1970-01-01T00:00:00.000Z',
    ],
  )
})

test('every kind of block is told when it comes, when it goes and when it is another one', () => {
  const blocks: Block[] = [
    paragraph('A paragraph'),
    { type: 'heading', level: 3, text: [{ text: 'A heading' }] },
    { type: 'list', ordered: true, items: [[{ text: 'An item' }]] },
    { type: 'quote', text: [[{ text: 'A quote' }]], speaker: { name: 'Ada' } },
    image(),
    { type: 'gallery', images: [image({ media: 'b'.repeat(20) }) as Extract<Block, { type: 'image' }>] },
    { type: 'video', title: 'A video', caption: 'Of it', credit: 'Ada' },
    { type: 'audio', title: 'A sound', caption: '', credit: '' },
    { type: 'embed', url: 'https://a.example/1' },
    { type: 'table', header: [[{ text: 'A' }]], rows: [[[{ text: '1' }]]] },
    { type: 'data', title: 'Figures', items: [{ label: 'Dead', value: '7' }] },
  ]
  for (const block of blocks) {
    const [without, having] = [contentOf({ headline: 'H', blocks: [] }), contentOf({ headline: 'H', blocks: [block] })]
    assert.ok(
      diffContent(without, having).some(({ change }) => change === 'added'),
      block.type,
    )
    assert.ok(
      diffContent(having, without).some(({ change }) => change === 'removed'),
      block.type,
    )
    assert.ok(isSameText(diffContent(having, having)), block.type)
    assert.ok(
      diffContent(null, having).every(({ change }) => change === 'added'),
      block.type,
    )
  }
})
