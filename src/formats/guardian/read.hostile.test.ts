// Data that only looks like a Guardian live blog, or was made to harm.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseContent } from '../../domain/content.ts'
import { readGuardian } from './read.ts'

type Loose = { [key: string]: unknown }
const SCRIPTS = ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', ' JaVaScRiPt:alert(1)', 'file:///etc/passwd']
const page = (blocks: unknown[], more: Loose = {}) =>
  JSON.stringify({ webURL: 'https://news.example/live', ...more, blocks })
const block = (elements: unknown, more: Loose = {}): Loose => ({ id: 'a', elements, blockFirstPublished: 1, ...more })

test('no address with another scheme than http and https survives, wherever it stands', () => {
  for (const url of SCRIPTS) {
    const elements = [
      { _type: 'TextBlockElement', html: `<p>x <a href="${url}">y</a></p><img src="${url}"><iframe src="${url}">` },
      { _type: 'ImageBlockElement', media: { allImages: [{ url, fields: {} }] }, data: { alt: 'a', caption: 'c' } },
      {
        _type: 'TweetBlockElement',
        url,
        html: `<blockquote class="twitter-tweet"><a href="${url}">x</a></blockquote>`,
      },
      { _type: 'EmbedBlockElement', url, html: '<script>alert(1)</script>', alt: 'x' },
      { _type: 'VideoYoutubeBlockElement', url, originalUrl: url, embedUrl: url, title: 'x' },
      { _type: 'YoutubeBlockElement', assetId: `${url}"onload=`, mediaTitle: 'x' },
      { _type: 'AudioAtomBlockElement', trackUrl: url, title: 'x' },
      { _type: 'CommentBlockElement', permalink: url, body: 'x' },
      { _type: 'RichLinkBlockElement', url, text: 'x' },
      { _type: 'PullquoteBlockElement', html: `<a href="${url}">x</a>`, attribution: '<img src=x onerror=alert(1)>' },
    ]
    const story = readGuardian(page([block(elements)], { webURL: url, pageId: 'p' }), { url: 'https://news.example/' })
    assert.ok(story)
    assert.equal(story.sourceUrl, 'https://news.example/')
    for (const post of story.posts) parseContent(post.content)
    assert.doesNotMatch(JSON.stringify(story.posts), /script:|data:text|file:|alert\(1\)|onerror|onload/i)
  }
})

test('values of other types than expected never throw, and what comes out is always valid content', () => {
  const odd = fc.anything({ maxDepth: 3, withNullPrototype: false })
  const kinds = fc.constantFrom(
    ...'Text Image Tweet Youtube Pullquote Embed MultiImage KeyTakeaways Timeline List RichLink Comment Cartoon GuVideo Witness'
      .split(' ')
      .map((kind) => `${kind}BlockElement`),
  )
  const keys =
    'html url media data images caption assets body items sections events title attribution keyTakeaways'.split(' ')
  const element = fc
    .tuple(kinds, fc.dictionary(fc.constantFrom(...keys), odd))
    .map(([_type, more]) => ({ ...more, _type }))
  const blockKeys = fc.constantFrom('title', 'attributes', 'contributors', 'blockLastUpdated', 'bodyHtml', 'published')
  const made = fc.record({
    elements: fc.oneof(odd, fc.array(element, { maxLength: 5 })),
    more: fc.dictionary(blockKeys, odd),
    face: fc.dictionary(
      fc.constantFrom('headline', 'standfirst', 'keyEvents', 'pinnedPost', 'tags', 'pagination'),
      odd,
    ),
  })
  fc.assert(
    fc.property(made, ({ elements, more, face }) => {
      const text = page([block(elements, more), block([{ _type: 'TextBlockElement', html: 'x' }], { id: 'b' })], face)
      for (const post of readGuardian(text)?.posts ?? []) parseContent(post.content)
    }),
    { numRuns: 300 },
  )
})

test('huge and deep data are bounded, in time and in what comes out', () => {
  const many = Array.from({ length: 20_000 }, (_, n) =>
    block([{ _type: 'TextBlockElement', html: `<p>${n}</p>` }], { id: `${n}` }),
  )
  assert.equal(readGuardian(page(many))?.posts.length, 10_000)
  let nested: Loose = { _type: 'TextBlockElement', html: '<p>deep</p>' }
  for (let depth = 0; depth < 200; depth++) nested = { _type: 'ListBlockElement', items: [{ elements: [nested] }] }
  assert.deepEqual(readGuardian(page([block([nested])]))?.posts, [])
  const long = block(Array.from({ length: 5_000 }, () => ({ _type: 'TextBlockElement', html: '<p>word</p>' })))
  const story = readGuardian(page([long]))
  assert.equal(story?.posts[0]?.content.blocks.length, 200)
  assert.ok(story.problems.includes('The text is longer than a post may be; its end was left out.'))
  const dashes = `<blockquote class="twitter-tweet">${'— ('.repeat(50_000)}<a href="https://t.example/">x</a></blockquote>`
  readGuardian(page([block([{ _type: 'TweetBlockElement', html: dashes }])]))
  assert.equal(readGuardian(`{"blocks":${'['.repeat(200_000)}`), null)
  const times = ['blockFirstPublished', 'blockCreatedOn'].map((key) => block([], { title: 'x', [key]: 8e15, id: key }))
  assert.equal(readGuardian(page(times))?.posts.length, 1)
})
