// A real live blog, block by block, against its own data: nothing lost, nothing moved.
// The corpus is not part of the project: TEST_CORPUS_DIR names the folder that holds it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Block, parseContent } from '../../domain/content.ts'
import { readGuardian } from './read.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'
const read = (name: string) => readFileSync(join(corpus ?? '', 'liveblog-guardian-structured', name), 'utf8')

type RawElement = {
  _type: string
  html?: string
  url?: string
  data?: { alt: string; caption: string; credit: string }
}
type RawBlock = {
  id: string
  title?: string
  elements: RawElement[]
  blockFirstPublished: number
  blockLastUpdated: number
  contributors: { name: string }[]
}
type Raw = { headline: string; blocks: RawBlock[]; keyEvents: RawBlock[] }

const NAMED: { [name: string]: string } = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ', mdash: '—' }

/** Independent of the code under test: letters only, since a tag may stand inside a word. */
function letters(html: string): string {
  const text = html.replace(/<[^>]*>/g, ' ').replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (_, hex, dec, name) => {
    return name ? (NAMED[name] ?? '?') : String.fromCodePoint(Number.parseInt(hex ?? dec, hex ? 16 : 10))
  })
  return text.normalize('NFC').replace(/\s+/g, '')
}

function lettersOf(blocks: Block[]): string {
  const texts = blocks.flatMap((block) => {
    if (block.type === 'paragraph' || block.type === 'heading') return [block.text]
    if (block.type === 'list') return block.items
    return block.type === 'quote' ? block.text : []
  })
  return texts
    .flatMap((runs) => runs.map((run) => run.text))
    .join('')
    .replace(/\s+/g, '')
}

const ofKind = (block: RawBlock, kind: RegExp) => block.elements.filter((element) => kind.test(element._type))

test('every block arrives once, with its title, times, byline and words, oldest first', { skip }, () => {
  const raw = JSON.parse(read('mars-2021.json')) as Raw
  const story = readGuardian(read('mars-2021.json'))
  assert.ok(story)
  const all = new Map([...raw.keyEvents, ...raw.blocks].map((block) => [block.id, block]))
  assert.deepEqual([raw.blocks.length, all.size, story.posts.length], [13, 16, 16])
  assert.equal(story.title, raw.headline)
  assert.deepEqual(
    story.posts.map((post) => post.originalId),
    [...all.values()].sort((a, b) => a.blockFirstPublished - b.blockFirstPublished).map((block) => block.id),
  )
  for (const post of story.posts) {
    const block = all.get(post.originalId ?? '')
    assert.ok(block)
    const content = parseContent(post.content)
    const updated = block.blockLastUpdated > block.blockFirstPublished ? block.blockLastUpdated : null
    assert.deepEqual([post.publishedAt, post.updatedAt], [block.blockFirstPublished, updated])
    assert.equal(content.headline, block.title ?? '')
    assert.deepEqual(
      content.bylines.map((byline) => byline.name),
      block.contributors.map((one) => one.name),
    )
    const html = ofKind(block, /(?:Text|Blockquote)BlockElement$/).map((element) => element.html ?? '')
    assert.equal(lettersOf(content.blocks), letters(html.join(' ')))
  }
})

test('the list of key events is the source’s, and no element is lost', { skip }, () => {
  const raw = JSON.parse(read('mars-2021.json')) as Raw
  const story = readGuardian(read('mars-2021.json'))
  assert.ok(story)
  assert.deepEqual(
    story.posts.flatMap((post) => (post.keyEvent ? [post.keyEvent.title] : [])),
    raw.keyEvents.map((block) => block.title).reverse(),
  )
  for (const post of story.posts) {
    const block = [...raw.blocks, ...raw.keyEvents].find(({ id }) => id === post.originalId)
    assert.ok(block)
    const blocks = parseContent(post.content).blocks
    const images = blocks.flatMap((part) => (part.type === 'image' ? [part] : []))
    const credits = ofKind(block, /ImageBlockElement$/).map(({ data }) => [
      ...[data?.alt, data?.caption, data?.credit.replace('Photograph: ', '')],
    ])
    assert.deepEqual(
      images.map((image) => [image.alt, image.caption, image.credit]),
      credits,
    )
    for (const image of images) assert.ok(image.source?.startsWith('https://') && (image.width ?? 0) >= 1_600)
    const embeds = blocks.flatMap((part) => (part.type === 'embed' ? [[part.url, part.author?.includes('(@')]] : []))
    assert.deepEqual(
      embeds,
      ofKind(block, /TweetBlockElement$/).map(({ url }) => [url, true]),
    )
    const films = blocks.filter((part) => part.type === 'video')
    assert.equal(films.length, ofKind(block, /YoutubeBlockElement$/).length)
    for (const film of films) assert.match(film.source ?? '', /^https:\/\/www\.youtube\.com\/watch\?v=[\w-]{11}$/)
  }
})

test('a list of matches is no live blog', { skip }, () => {
  assert.equal(readGuardian(read('football-matches-2025.json')), null)
})
