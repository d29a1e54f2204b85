// What a Guardian live blog becomes, in both of its shapes. Own samples only.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Block, parseContent } from '../../domain/content.ts'
import type { ImportedStory } from '../imported.ts'
import { readLivePage } from '../live-page.ts'
import { readGuardian } from './read.ts'

type Loose = { [key: string]: unknown }
const URL_OF_PAGE = 'https://www.theguardian.com/world/live/2026/jan/31/river-level'
const START = Date.UTC(2026, 0, 31, 10)

const element = (kind: string, more: Loose): Loose => ({
  _type: `model.dotcomrendering.pageElements.${kind}BlockElement`,
  elementId: 'e',
  ...more,
})
const text = (html: string): Loose => element('Text', { html })
const block = (id: string, minutes: number, elements: Loose[], more: Loose = {}): Loose => ({
  id,
  elements,
  attributes: { pinned: false, keyEvent: false, summary: false },
  blockCreatedOn: START,
  blockFirstPublished: START + minutes * 60_000,
  blockLastUpdated: START + minutes * 60_000,
  contributors: [],
  ...more,
})
const PAGE: Loose = {
  headline: 'The river is rising – live',
  standfirst: '<p>All day <strong>here</strong></p>',
  webURL: URL_OF_PAGE,
  pageId: 'world/live/2026/jan/31/river-level',
  format: { design: 'LiveBlogDesign' },
  byline: 'Ann Lee',
}

function read(blocks: Loose[], more: Loose = {}): ImportedStory {
  return checked(readGuardian(JSON.stringify({ ...PAGE, ...more, blocks })))
}
function checked(story: ImportedStory | null): ImportedStory {
  assert.ok(story)
  for (const post of story.posts) parseContent(post.content)
  return story
}
const blocksOf = (...elements: Loose[]) => read([block('a', 0, elements)]).posts[0]?.content.blocks as Block[]
const wordsOf = (blocks: Block[]): string[] =>
  blocks.flatMap((part) => (part.type === 'paragraph' ? [part.text.map((run) => run.text).join('')] : []))

test('a blog keeps its headline, standfirst, address and publisher; its start is left to its posts', () => {
  const linkedData = [{ '@type': 'LiveBlogPosting', publisher: { name: 'The Guardian' } }]
  const { posts, ...face } = read([block('a', 0, [text('<p>x</p>')])], { linkedData, lang: 'en' })
  assert.deepEqual(face, {
    title: 'The river is rising – live',
    standfirst: 'All day here',
    language: 'en',
    sourceUrl: URL_OF_PAGE,
    publisher: 'The Guardian',
    startedAt: null,
    endedAt: null,
    problems: [],
  })
  assert.equal(posts.length, 1)
})

test('a block keeps its id, address, title, times and own byline; the page’s authors are not its own', () => {
  const story = read([
    block('b2', 5, [text('<p>Two</p>')], {
      title: 'The &amp; bridge',
      blockLastUpdated: START + 600_000,
      contributors: [{ name: 'Jane Doe', imageUrl: 'https://i.example/j.jpg' }],
    }),
    block('b1', 0, [text('<p>One</p>')], { blockLastUpdated: START - 1_000 }),
  ])
  const [first, second] = story.posts
  assert.deepEqual(
    [first?.originalId, first?.publishedAt, first?.updatedAt, first?.content.headline, first?.content.bylines],
    ['b1', START, null, '', []],
  )
  assert.deepEqual(
    [second?.originalId, second?.publishedAt, second?.updatedAt, second?.content.headline, second?.content.bylines],
    ['b2', START + 300_000, START + 600_000, 'The & bridge', [{ name: 'Jane Doe' }]],
  )
  assert.equal(second?.originalUrl, `${URL_OF_PAGE}?page=with:block-b2#block-b2`)
})

test('key events, summaries and the pinned post are marked as the page has them', () => {
  const key = { attributes: { keyEvent: true } }
  const story = read(
    [
      block('d', 4, [text('<p>Recap</p>')], { title: 'Summary', attributes: { summary: true } }),
      block('c', 3, [text('<p>The bridge is closed.</p>')], key),
      block('b', 2, [text('<p>x</p>')], { title: 'Sluices open', ...key }),
      block('a', 1, [text('<p>x</p>')], { title: 'Only a headline' }),
    ],
    { pinnedPost: block('a', 1, [text('<p>x</p>')]) },
  )
  assert.deepEqual(
    story.posts.map(({ keyEvent, pinned }) => [keyEvent?.title ?? null, pinned]),
    [
      [null, true],
      ['Sluices open', false],
      ['The bridge is closed.', false],
      ['Summary', false],
    ],
  )
  assert.deepEqual(story.problems, [
    'A summary became a key event.',
    'A key event has no title; the first words of its text stand for it.',
  ])
})

test('key events of other pages come too, none twice, and the missing pages are told', () => {
  const old = block('old', -60, [text('<p>Then</p>')], { title: 'It began', attributes: { keyEvent: true } })
  const now = block('now', 0, [text('<p>Now</p>')], { title: 'It goes on', attributes: { keyEvent: true } })
  const story = read([now, now], {
    keyEvents: [now, old],
    pinnedPost: old,
    pagination: { currentPage: 1, totalPages: 4 },
  })
  assert.deepEqual(
    story.posts.map((post) => [post.originalId, post.keyEvent?.title, post.pinned]),
    [
      ['old', 'It began', true],
      ['now', 'It goes on', false],
    ],
  )
  assert.deepEqual(story.problems, [
    'A block stands in the data twice; one was kept.',
    'A block of another page of the blog (a key event or the pinned post) came with this one.',
    'This is page 1 of 4 of the live blog; the other pages are not in it.',
  ])
})

test('text keeps its paragraphs, lists, links and marks', () => {
  const blocks = blocksOf(
    text('<p>A <a href="https://x.example/">link</a> &amp; <strong>more</strong></p>'),
    text('<ul>\n <li>one</li>\n <li>two</li>\n</ul>'),
    element('Subheading', { html: '<h2>Later</h2>' }),
    element('Table', { html: '<table><tr><th>Gauge</th><th>m</th></tr><tr><td>Weir</td><td>4.2</td></tr></table>' }),
  )
  assert.deepEqual(
    blocks.map((part) => part.type),
    ['paragraph', 'list', 'heading', 'table'],
  )
  assert.deepEqual(blocks[0], {
    type: 'paragraph',
    text: [{ text: 'A ' }, { text: 'link', link: 'https://x.example/' }, { text: ' & ' }, { text: 'more', bold: true }],
  })
})

test('a picture comes as the crop that is large enough, with alt, caption and credit', () => {
  const allImages = [500, 4000, 2000, 1000].map((width) => ({
    url: `https://media.example/${width}.jpg`,
    fields: { width: String(width), height: String(width / 2) },
  }))
  const data = { alt: 'A bridge', caption: 'The <em>old</em> bridge', credit: 'Photograph: Jane Doe/AP' }
  assert.deepEqual(blocksOf(element('Image', { media: { allImages }, data, displayCredit: false })), [
    {
      type: 'image',
      alt: 'A bridge',
      caption: 'The old bridge',
      credit: 'Jane Doe/AP',
      source: 'https://media.example/2000.jpg',
      width: 2000,
      height: 1000,
    },
  ])
  const small = { media: { allImages: allImages.slice(0, 1) }, data: { credit: 'Composite: Ann Lee' } }
  const [first] = blocksOf(element('MultiImage', { images: [element('Image', small)], caption: 'Both' }))
  assert.deepEqual(first, {
    type: 'gallery',
    images: [
      {
        type: 'image',
        alt: '',
        caption: '',
        credit: 'Composite: Ann Lee',
        source: 'https://media.example/500.jpg',
        width: 500,
        height: 250,
      },
    ],
  })
})

test('quotes name their speaker; block quotes keep their paragraphs', () => {
  assert.deepEqual(
    blocksOf(
      element('Pullquote', { html: '<p>We wait.</p>', attribution: 'Ann Lee, harbour master' }),
      element('Blockquote', { html: '<blockquote><p>One</p><p>Two</p></blockquote>' }),
    ),
    [
      { type: 'quote', text: [[{ text: 'We wait.' }]], speaker: { name: 'Ann Lee, harbour master' } },
      { type: 'quote', text: [[{ text: 'One' }], [{ text: 'Two' }]] },
    ],
  )
})

test('posts of other networks become embeds with their words and author; players lose their code', () => {
  const html = `<blockquote class="twitter-tweet"><p>High water at <a href="https://t.example/1">six</a></p>&mdash; Ann Lee (@ann)
    <a href="https://twitter.com/ann/status/1?ref=x">January 31, 2026</a></blockquote><script src="//x"></script>`
  const iframe = '<iframe src="https://player.example/7" title="Map"></iframe><script>alert(1)</script>'
  assert.deepEqual(
    blocksOf(
      element('Tweet', { html, url: 'https://twitter.com/ann/status/1', source: 'Twitter' }),
      element('Embed', { html: iframe, alt: 'The flooded streets' }),
      element('Map', { embedUrl: 'https://maps.example/e', originalUrl: 'https://maps.example/p', title: 'Map' }),
      element('Comment', { body: '<p>Keep safe</p>', profileName: 'reader1', permalink: 'https://c.example/1' }),
    ),
    [
      {
        type: 'embed',
        url: 'https://twitter.com/ann/status/1',
        provider: 'Twitter',
        author: 'Ann Lee (@ann)',
        text: 'High water at six',
      },
      { type: 'embed', url: 'https://player.example/7', title: 'The flooded streets' },
      { type: 'embed', url: 'https://maps.example/p', title: 'Map' },
      { type: 'embed', url: 'https://c.example/1', author: 'reader1', text: 'Keep safe' },
    ],
  )
})

test('films and sound keep their address, title, caption and credit', () => {
  const assets = [
    { url: 'https://cdn.example/a.m3u8', mimeType: 'video/m3u8' },
    { url: 'https://cdn.example/a.mp4', mimeType: 'video/mp4' },
  ]
  const bare = { caption: '', credit: '' }
  assert.deepEqual(
    blocksOf(
      element('Youtube', { assetId: 'abc_DEF-123', mediaTitle: 'The weir – video' }),
      element('VideoVimeo', {
        originalUrl: 'https://vimeo.example/1',
        title: 'Drone',
        caption: 'From above',
        credit: 'Jo',
      }),
      element('GuVideo', { assets, caption: 'The tide' }),
      { _type: 'x.AudioAtomBlockElement', trackUrl: 'https://cdn.example/a.mp3', title: 'Voices' },
    ),
    [
      { type: 'video', source: 'https://www.youtube.com/watch?v=abc_DEF-123', title: 'The weir – video', ...bare },
      { type: 'video', source: 'https://vimeo.example/1', title: 'Drone', caption: 'From above', credit: 'Jo' },
      { type: 'video', source: 'https://cdn.example/a.mp4', title: '', caption: 'The tide', credit: '' },
      { type: 'audio', source: 'https://cdn.example/a.mp3', title: 'Voices', ...bare },
    ],
  )
})

test('lists of takeaways and timelines keep their titles and texts; related links stay links', () => {
  const blocks = blocksOf(
    element('KeyTakeaways', { keyTakeaways: [{ title: 'First', body: [text('<p>one</p>')] }] }),
    element('Timeline', { sections: [{ title: 'January', events: [{ date: '31 Jan', body: [text('<p>two</p>')] }] }] }),
    element('RichLink', { url: 'https://x.example/r', text: 'More', prefix: 'Related: ' }),
  )
  assert.deepEqual(
    blocks.map((part) =>
      part.type === 'heading' || part.type === 'paragraph' ? part.text.map((run) => run.text) : [],
    ),
    [['First'], ['one'], ['January'], ['31 Jan'], ['two'], ['Related: ', 'More']],
  )
})

test('furniture of the page is no part of a post; an element that cannot be read is told', () => {
  const story = read([
    block('a', 0, [text('<p>x</p>'), element('AdPlaceholder', {}), element('QuizAtom', { id: 'q' }), { html: 'y' }]),
  ])
  assert.deepEqual(wordsOf(story.posts[0]?.content.blocks as Block[]), ['x'])
  assert.deepEqual(story.problems, [
    'An element of kind "quizatom" was left out.',
    'An element without a kind was left out.',
  ])
})

test('a blog that is over ended with its last post', () => {
  const blocks = [block('b', 9, [text('<p>x</p>')]), block('a', 0, [text('<p>y</p>')])]
  assert.equal(read(blocks, { format: { design: 'DeadBlogDesign' } }).endedAt, START + 540_000)
})

test('the content API’s answer is read with its elements, or with the HTML of a block that has none', () => {
  const at = (minute: string) => `2026-01-31T10:${minute}:00Z`
  const api = (more: Loose) => ({ published: true, attributes: {}, contributors: [], elements: [], ...more })
  const body = [
    api({ id: 'd', published: false, bodyHtml: '<p>secret draft</p>', firstPublishedDate: at('09') }),
    api({
      id: 'c',
      title: 'Sluices open',
      attributes: { keyEvent: true, title: 'Sluices open', pinned: true },
      bodyHtml: '<p>not twice</p>',
      firstPublishedDate: at('05'),
      lastModifiedDate: at('07'),
      contributors: ['profile/annlee'],
      createdBy: { email: 'nobody@example.org' },
      elements: [
        { type: 'text', assets: [], textTypeData: { html: '<p>Words</p>' } },
        { type: 'pullquote', assets: [], pullquoteTypeData: { html: '<p>Said</p>', attribution: 'Jo Bloggs' } },
        {
          type: 'image',
          assets: [{ file: 'https://media.example/2000.jpg', typeData: { width: '2000', height: '1200' } }],
          imageTypeData: { alt: 'A', caption: 'C', photographer: 'Jane Doe', source: 'AP' },
        },
        { type: 'video', assets: [], videoTypeData: { url: 'https://video.example/1', title: 'T', description: 'D' } },
        { type: 'rich-link', assets: [], richLinkTypeData: { url: 'https://x.example/', linkText: 'More' } },
      ],
    }),
    api({ id: 'b', bodyHtml: '<p>Only <b>HTML</b></p>', publishedDate: { dateTime: START + 60_000 } }),
    api({ id: 'a', bodyHtml: '', firstPublishedDate: at('00') }),
  ]
  const content = {
    type: 'liveblog',
    webTitle: 'T',
    webUrl: URL_OF_PAGE,
    fields: { headline: 'H', trailText: 'S', firstPublicationDate: at('00'), liveBloggingNow: 'false', lang: 'en' },
    tags: [{ id: 'profile/annlee', type: 'contributor', webTitle: 'Ann Lee' }],
    blocks: { main: {}, body },
  }
  const story = checked(readGuardian(JSON.stringify({ response: { status: 'ok', content } })))
  assert.deepEqual(
    [story.title, story.standfirst, story.language, story.startedAt, story.endedAt],
    ['H', 'S', 'en', START, START + 300_000],
  )
  const [b, c] = story.posts
  assert.equal(story.posts.length, 2)
  assert.deepEqual(wordsOf(b?.content.blocks as Block[]), ['Only HTML'])
  assert.deepEqual([b?.publishedAt, b?.updatedAt], [START + 60_000, null])
  assert.deepEqual(
    [c?.keyEvent, c?.pinned, c?.content.bylines, c?.updatedAt],
    [{ title: 'Sluices open' }, true, [{ name: 'Ann Lee' }], START + 420_000],
  )
  assert.deepEqual(
    c?.content.blocks.map((part) => part.type),
    ['paragraph', 'quote', 'image', 'video', 'paragraph'],
  )
  assert.deepEqual(c?.content.blocks[2], {
    ...{ type: 'image', alt: 'A', caption: 'C', credit: 'Jane Doe', agency: 'AP' },
    ...{ source: 'https://media.example/2000.jpg', width: 2000, height: 1200 },
  })
  assert.doesNotMatch(JSON.stringify(story), /secret draft|nobody@example|not twice/)
  assert.deepEqual(story.problems, [
    'A block that is not published was left out.',
    'A block has neither headline nor text; it was left out.',
  ])
})

test('a text is recognised by what it holds', () => {
  const jsonLd = {
    '@type': 'LiveBlogPosting',
    headline: 'L',
    liveBlogUpdate: [{ headline: 'U', datePublished: '2026-01-31' }],
  }
  const both = { ...PAGE, blocks: [block('a', 0, [text('<p>x</p>')])], linkedData: [jsonLd] }
  assert.equal(readLivePage(JSON.stringify(both))?.title, 'The river is rising – live')
  assert.equal(readLivePage(`<script type="application/ld+json">${JSON.stringify(jsonLd)}</script>`)?.title, 'L')
  const article = { ...both, format: { design: 'ArticleDesign' }, linkedData: [] }
  for (const other of ['', '{', 'null', '[]', '{"blocks":[]}', JSON.stringify(article), '<p>blocks</p>'])
    assert.equal(readLivePage(other), null, other.slice(0, 40))
})
