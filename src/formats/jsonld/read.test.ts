// What LiveBlogPosting becomes. Own samples only.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Block, parseContent } from '../../domain/content.ts'
import type { ImportedStory } from '../imported.ts'
import { parseSloppy } from './json.ts'
import { readJsonLd } from './read.ts'
import { readTime } from './time.ts'

type Loose = { [key: string]: unknown }
const BASE = {
  '@context': 'https://schema.org',
  '@type': 'LiveBlogPosting',
  url: 'https://news.example/live',
  headline: 'River level',
  datePublished: '2026-01-31T10:00:00Z',
}
const update = (more: Loose): Loose => ({
  '@type': 'BlogPosting',
  headline: 'H',
  datePublished: '2026-01-31T10:00:00Z',
  articleBody: 'B',
  ...more,
})

function read(more: Loose): ImportedStory {
  const story = readJsonLd(JSON.stringify({ ...BASE, ...more }))
  assert.ok(story)
  for (const post of story.posts) parseContent(post.content)
  return story
}
const wordsOf = (blocks: Block[]): string[] =>
  blocks.flatMap((block) => (block.type === 'paragraph' ? [block.text.map((run) => run.text).join('')] : []))
const bodies = (story: ImportedStory): string[][] => story.posts.map((post) => wordsOf(post.content.blocks as Block[]))

test('a live blog keeps its headline, standfirst, language, publisher and times', () => {
  const { posts, problems, ...face } = read({
    headline: 'It&#39;s  rising',
    description: 'As it &amp; we go',
    inLanguage: 'en_GB',
    publisher: { '@type': 'Organization', name: 'The Example' },
    coverageStartTime: '2026-01-31T11:00:00+0100',
    coverageEndTime: '2026-01-31T12:00:00.5-03:30',
    liveBlogUpdate: update({ articleBody: 'One\n\nTwo', author: 'Ann Lee' }),
  })
  assert.deepEqual(face, {
    title: "It's rising",
    standfirst: 'As it & we go',
    language: 'en-GB',
    sourceUrl: 'https://news.example/live',
    publisher: 'The Example',
    lead: null,
    startedAt: Date.UTC(2026, 0, 31, 10),
    endedAt: Date.UTC(2026, 0, 31, 15, 30, 0, 500),
  })
  assert.deepEqual(problems, [])
  assert.equal(posts.length, 1)
  assert.deepEqual(posts[0]?.content.bylines, [{ name: 'Ann Lee' }])
})

test('posts come oldest first; of the same time, the one lower in a newest-first document is older', () => {
  const at = (hour: number) => `2026-01-31T${hour}:00:00Z`
  const posts = [
    update({ headline: 'd', datePublished: at(12) }),
    update({ headline: 'c', datePublished: at(11) }),
    update({ headline: 'b', datePublished: at(11) }),
    update({ headline: 'a', datePublished: at(10) }),
  ]
  const headlines = (updates: Loose[]) => read({ liveBlogUpdate: updates }).posts.map((post) => post.content.headline)
  assert.deepEqual(headlines(posts), ['a', 'b', 'c', 'd'])
  assert.deepEqual(headlines(posts.toReversed()), ['a', 'b', 'c', 'd'])
  const sameTime = ['z', 'y', 'x'].map((headline) => update({ headline }))
  assert.deepEqual(headlines(sameTime), ['x', 'y', 'z'])
})

test('a graph with references is put together', () => {
  const graph = {
    '@graph': [
      {
        '@type': ['Article', 'LiveBlogPosting'],
        '@id': 'https://news.example/l',
        headline: 'L',
        liveBlogUpdate: [{ '@id': '#1' }],
      },
      {
        '@id': '#1',
        '@type': 'BlogPosting',
        headline: 'H',
        articleBody: 'Body',
        datePublished: '2026-01-31T10:00:00Z',
        author: { '@id': '#ann' },
      },
      { '@id': '#ann', '@type': 'Person', name: 'Ann Lee', jobTitle: 'Reporter' },
    ],
  }
  const story = readJsonLd(JSON.stringify(graph))
  assert.deepEqual(story?.posts[0]?.content.bylines, [{ name: 'Ann Lee', role: 'Reporter' }])
  assert.deepEqual(story && bodies(story), [['Body']])
})

test('a page is searched in all its scripts; a broken one is told', () => {
  const page = `<html lang="fr"><head><title>T</title><link rel="canonical" href="https://news.example/p">
    <script>var x = "<b>"</script><script type="application/ld+json">{"@type":"WebSite"}</script>
    <script type='application/ld+json'>{"@type": nonsense</script>
    <script data-a=1 type="application/ld+json">[${JSON.stringify({ ...BASE, url: undefined, liveBlogUpdate: [update({})] })}]</script>`
  const story = readJsonLd(page)
  assert.equal(story?.posts.length, 1)
  assert.equal(story.language, 'fr')
  assert.equal(story.sourceUrl, 'https://news.example/p')
  assert.deepEqual(story.problems, ['A block of data in the page could not be read.'])
})

test('sloppy JSON is read: comments, raw line breaks, control characters, trailing commas, wrappers', () => {
  const sloppy =
    '//<![CDATA[\n{ // note\n"a": "x\ny\u0001\tz // no comment", /* b */ "c": [1, 2, ], "d": "it\\\'s",\n}\n//]]>'
  assert.deepEqual(parseSloppy(sloppy), { a: 'x\ny\tz // no comment', c: [1, 2], d: "it's" })
  assert.deepEqual(parseSloppy('<!-- {"a":1,} -->;'), { a: 1 })
  assert.deepEqual(parseSloppy('{&quot;a&quot;:&quot;b&quot;}'), { a: 'b' })
  assert.deepEqual(parseSloppy('{"a":"b" /* c */ , /* d */ }'), { a: 'b' })
  assert.equal(parseSloppy('{"a":'), undefined)
})

test('bodies lose no word, whatever they are written in', () => {
  const story = read({
    liveBlogUpdate: [
      update({ '@id': '1', articleBody: '<p>A &amp; <a href="https://x.example">b</a></p><p>c</p>' }),
      update({ '@id': '2', articleBody: 'A &#x201C;b&#x201D;\nc &lt;5' }),
      update({ '@id': '3', articleBody: '&lt;p&gt;A&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;' }),
      update({ '@id': '4', articleBody: '<![CDATA[A <b>b</b>]]>' }),
      update({ '@id': '5', articleBody: ['A', 'b'] }),
    ],
  })
  assert.deepEqual(bodies(story), [['A', 'b'], ['A b'], ['A', 'b'], ['A “b”', 'c <5'], ['A & b', 'c']])
})

test('nothing is invented: a missing headline stays empty, a missing author gives no byline', () => {
  const [post] = read({ author: 'Page Author', liveBlogUpdate: [update({ headline: undefined })] }).posts
  assert.equal(post?.content.headline, '')
  assert.deepEqual(post?.content.bylines, [])
})

test('repeats by id or address are left out and counted; the later change wins; the page address names no update', () => {
  const story = read({
    liveBlogUpdate: [
      update({ '@id': 'a', articleBody: 'old' }),
      update({ '@id': 'a', articleBody: 'new', dateModified: '2026-01-31T10:05:00Z' }),
      update({ url: 'https://news.example/live#1', articleBody: 'one' }),
      update({ url: 'https://news.example/live#1', articleBody: 'one' }),
      update({ url: BASE.url, articleBody: 'two' }),
      update({ url: BASE.url, articleBody: 'three' }),
    ],
  })
  assert.deepEqual(bodies(story).flat().toSorted(), ['new', 'one', 'three', 'two'])
  assert.deepEqual(story.problems, ['An update stands in the page twice; one was kept. (2 times)'])
})

test('an update without a time takes its neighbour’s; one with neither words nor headline is left out; both are told', () => {
  const story = read({
    liveBlogUpdate: [
      update({ headline: 'timed' }),
      update({ headline: 'untimed', datePublished: undefined }),
      update({ headline: '', articleBody: ' ' }),
      update({ headline: 'only a headline', articleBody: undefined }),
    ],
  })
  assert.deepEqual(story.posts.map((post) => post.content.headline).toSorted(), ['only a headline', 'timed', 'untimed'])
  assert.ok(story.posts.every((post) => post.publishedAt === Date.UTC(2026, 0, 31, 10)))
  assert.equal(story.problems.length, 3)
})

test('pictures keep caption and credit; crops are one picture; the page’s own picture is not the update’s', () => {
  const story = read({
    image: ['https://news.example/lead.jpg?w=1'],
    liveBlogUpdate: [
      update({ '@id': '1', image: 'https://news.example/lead.jpg?w=2' }),
      update({
        '@id': '2',
        image: [
          { '@type': 'ImageObject', url: 'https://news.example/a-1x1.jpg', width: '600', height: 600 },
          { '@type': 'ImageObject', url: '/a-16x9.jpg', width: 1200, height: { value: 675 } },
        ],
      }),
      update({
        '@id': '3',
        image: { url: 'https://news.example/b.jpg', caption: 'The bridge', author: { name: 'Jane Doe' } },
        video: { '@type': 'VideoObject', embedUrl: 'https://player.example/1', name: 'Briefing' },
      }),
    ],
  })
  const media = story.posts.flatMap((post) => post.content.blocks.filter((block) => block.type !== 'paragraph'))
  assert.deepEqual(media, [
    { type: 'image', alt: '', caption: 'The bridge', credit: 'Jane Doe', source: 'https://news.example/b.jpg' },
    { type: 'embed', url: 'https://player.example/1', title: 'Briefing' },
    {
      type: 'image',
      alt: '',
      caption: '',
      credit: '',
      source: 'https://news.example/a-16x9.jpg',
      width: 1200,
      height: 675,
    },
  ])
})

test('times are read with any offset, in the formats seen, and never in the zone of the machine', () => {
  const noon = Date.UTC(2026, 5, 1, 12)
  const zoned = [
    '2026-06-01T12:00:00Z',
    '2026-06-01T14:00:00+02:00',
    '2026-06-01T07:30:00.000-0430',
    '2026-06-01 12:00 Z',
    noon,
  ]
  for (const text of [...zoned, noon / 1000, 'Mon, 01 Jun 2026 12:00:00 GMT'])
    assert.deepEqual(readTime(text), { at: noon, zoned: true })
  assert.deepEqual(readTime('2026-06-01T12:00:00'), { at: noon, zoned: false })
  for (const text of ['', 'yesterday', '2026-13-01', '2026-02-30T10:00:00Z', '1/2/2026', null, {}])
    assert.equal(readTime(text), null)
})

test('a headline beyond the limit is kept whole in the text', () => {
  const headline = 'word '.repeat(100).trim()
  const [post] = read({ liveBlogUpdate: [update({ headline })] }).posts
  assert.equal(wordsOf(post?.content.blocks as Block[])[0], headline)
})

test('a page without a live blog is null, and garbage ends quickly', () => {
  const garbage = [
    '',
    '<html>',
    '{',
    '[[[[',
    '"/*'.repeat(50_000),
    '<script'.repeat(100_000),
    `{${'/*'.repeat(100_000)}`,
    ' '.repeat(500_000),
  ]
  for (const text of [
    ...garbage,
    '<script type="application/ld+json">'.repeat(20_000),
    `{"a":${'['.repeat(100_000)}`,
  ]) {
    const before = performance.now()
    assert.equal(readJsonLd(text), null)
    assert.ok(performance.now() - before < 3_000, text.slice(0, 20))
  }
})
