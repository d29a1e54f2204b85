// Real pages against what their own JSON-LD says: counts, headlines, times and every word.
// The corpus is not part of the project: TEST_CORPUS_DIR names the folder that holds it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type Block, parseContent } from '../../domain/content.ts'
import { readJsonLd } from './read.ts'

const corpus = process.env.TEST_CORPUS_DIR
const skip = corpus ? false : 'skipped: TEST_CORPUS_DIR is not set'
const NAMED: { [name: string]: string } = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ' }

type Raw = { headline: string; datePublished: string; dateModified: string; articleBody: string; liveBlogUpdate: Raw[] }

/** Independent of the code under test: tags out, entities decoded, words. */
function words(html: string): string[] {
  const text = html.replace(/<[^>]*>/g, ' ').replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (_, hex, dec, name) => {
    return name ? (NAMED[name] ?? '?') : String.fromCodePoint(Number.parseInt(hex ?? dec, hex ? 16 : 10))
  })
  return text.normalize('NFC').split(/\s+/).filter(Boolean)
}

function wordsOf(blocks: Block[]): string[] {
  const texts = blocks.flatMap((block) => {
    if (block.type === 'paragraph' || block.type === 'heading') return [block.text]
    if (block.type === 'list') return block.items
    return block.type === 'quote' ? block.text : []
  })
  return texts.flatMap((runs) =>
    words(runs.map((run) => run.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')).join('')),
  )
}

// Inside a word a tag may stand without a space on either side; only the letters are compared there.
const letters = (list: string[]) => list.join('')

for (const [name, count] of [
  ['guardian-ukraine-2023', 10],
  ['express-royals-2024', 9],
  ['corkbeo-level3-2020', 26],
] as const) {
  test(`${name}: every update arrives with its headline, time and words`, { skip }, () => {
    const file = (ending: string) => readFileSync(join(corpus ?? '', 'liveblog-jsonld', name + ending))
    const raw = JSON.parse(file('.jsonld.json').toString('utf8')) as Raw
    const story = readJsonLd(gunzipSync(file('.html.gz')).toString('utf8'))
    assert.ok(story)
    assert.equal(story.posts.length, count)
    assert.equal(story.title, words(raw.headline).join(' '))
    const key = (headline: string, at: number, body: string) => JSON.stringify([headline, at, body])
    const wanted = raw.liveBlogUpdate.map((update) =>
      key(words(update.headline).join(' '), Date.parse(update.datePublished), letters(words(update.articleBody))),
    )
    const got = story.posts.map((post) => {
      const content = parseContent(post.content)
      return key(content.headline, post.publishedAt, letters(wordsOf(content.blocks)))
    })
    assert.deepEqual(got.toSorted(), wanted.toSorted())
    const times = story.posts.map((post) => post.publishedAt)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    for (const post of story.posts) assert.ok(post.updatedAt === null || post.updatedAt > post.publishedAt)
  })
}

test('structured-2021: the updates of its own JSON-LD arrive; the one without text keeps its headline', {
  skip,
}, () => {
  const text = readFileSync(join(corpus ?? '', 'liveblog-guardian-structured', 'mars-2021.json'), 'utf8')
  const story = readJsonLd(text)
  assert.equal(story?.posts.length, 13)
  assert.ok(story.problems.includes('An update has a headline and no text.'))
})
