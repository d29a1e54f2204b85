// The budgets of a reader's page, on a reference page of 30 posts of 700 characters, 6 photos and 4 quotes; gzip level 9.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Block, parseContent } from '../src/domain/content.ts'
import { orderKeyOf } from '../src/domain/post.ts'
import type { PublicPost, PublicStory, StoryPage } from '../src/domain/view.ts'
import { renderStoryPage } from '../src/pages/story-page.ts'
import { createRandom } from './helpers/random.ts'

const KB = 1024
const ROOT = join(import.meta.dirname, '..')
const built = join(ROOT, 'build/client')

const manifest = (): Record<string, string> => JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8'))
const gzipped = (data: string | Buffer): number => gzipSync(data, { level: 9 }).length
const file = (key: string): Buffer => readFileSync(join(built, manifest()[key] ?? key))

describe('the reference page', () => {
  let page: string
  before(() => {
    page = String(
      renderStoryPage({
        page: referencePage(),
        order: 'newest',
        range: null,
        site: { name: 'Dateline', origin: 'https://live.example.org', language: 'en' },
        assets: {
          script: '/assets/reader-00000000.js',
          style: '/assets/reader-00000000.css',
          seen: '/assets/seen-00000000.js',
        },
      }),
    )
  })

  it('is at most 25 KB of HTML', () => {
    assert.ok(gzipped(page) <= 25 * KB, `${gzipped(page)} bytes`)
  })

  it('runs no inline script and no inline style, and asks nobody else for anything', () => {
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)(?! type="application\/ld\+json">)[^>]*>(?!\s*<\/script>)/)
    assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=/i)
    for (const [, address = ''] of page.matchAll(
      /<(?:script|img|source|iframe|link rel="stylesheet")\b[^>]*\b(?:src|href)="([^"]*)"/g,
    )) {
      assert.match(address, /^\/(?!\/)/, 'a resource of our own')
    }
  })

  it('blocks rendering with nothing but its style sheet', () => {
    assert.match(page, /<script type="module"/)
    assert.equal([...page.matchAll(/rel="stylesheet"/g)].length, 1)
  })
})

describe('the browser programs', () => {
  it('need at most 8 KB of script to read live', () => {
    assert.ok(gzipped(file('reader.js')) <= 8 * KB, `${gzipped(file('reader.js'))} bytes`)
  })

  it('need at most 2 KB more to tell what was seen, after everything else', () => {
    assert.ok(gzipped(file('seen.js')) <= 2 * KB, `${gzipped(file('seen.js'))} bytes`)
  })

  it('need at most 200 KB of script and 10 KB of style for the live desk, which only those who write load', () => {
    assert.ok(gzipped(file('desk.js')) <= 200 * KB, `${gzipped(file('desk.js'))} bytes`)
    // What is loaded when it is first opened: named in the manifest, and no other file beside it.
    assert.deepEqual(
      Object.keys(manifest()).filter((key) => /^desk.*\.js$/.test(key)),
      ['desk.js', 'desk-tools.js', 'desk-worker.js'],
    )
    assert.ok(gzipped(file('desk-worker.js')) <= 4 * KB, `${gzipped(file('desk-worker.js'))} bytes`)
    assert.ok(gzipped(file('desk-tools.js')) <= 20 * KB, `${gzipped(file('desk-tools.js'))} bytes`)
    const styles = gzipped(file('desk.css')) + gzipped(file('desk-plain.css'))
    assert.ok(styles <= 10 * KB, `${styles} bytes`)
  })

  it('need at most 10 KB of style', () => {
    assert.ok(gzipped(file('reader.css')) <= 10 * KB, `${gzipped(file('reader.css'))} bytes`)
  })
})

/** Prose that compresses about as badly as real reporting: words drawn with a natural skew. */
function prose(random: () => number, length: number): string {
  let text = ''
  while (text.length < length) {
    const size = 2 + Math.floor(random() * 8)
    let word = ''
    for (let n = 0; n < size; n++) word += 'etaoinshrdlcumwfgypbvk'[Math.floor(random() ** 1.7 * 22)]
    text += `${word} `
  }
  return `${text.slice(0, length - 1)}.`
}

function referencePage(): StoryPage {
  const random = createRandom(1)
  const story: PublicStory = {
    id: '0123456789abcdefghjk',
    name: 'reference-story',
    title: 'The reference story of the budgets',
    standfirst: prose(random, 200),
    language: 'en',
    direction: 'ltr',
    timeZone: 'Africa/Cairo',
    state: 'live',
    visibility: 'public',
    seq: 40,
    version: 40,
    ordinal: 30,
    startsAt: null,
    startedAt: Date.UTC(2026, 0, 5, 6),
    endedAt: null,
    summary: null,
    lead: null,
    previous: null,
    next: null,
  }
  const posts = Array.from({ length: 30 }, (_, n) => referencePost(random, story, 30 - n))
  const keyEvents = posts.filter((post) => post.keyEvent)
  return {
    epoch: 'abcd1234',
    face: {
      story,
      keyEvents: keyEvents.map((post) => ({
        postId: post.id,
        title: post.keyEvent?.title ?? '',
        at: post.publishedAt,
        orderKey: post.orderKey,
      })),
      pinned: [],
      postCount: 30,
      updatedAt: posts[0]?.publishedAt ?? null,
    },
    items: posts.map((post) => ({ kind: 'post', post })),
  }
}

function referencePost(random: () => number, story: PublicStory, ordinal: number): PublicPost {
  const blocks: Block[] = [
    { type: 'paragraph', text: [{ text: prose(random, 350) }] },
    { type: 'paragraph', text: [{ text: prose(random, 350) }] },
  ]
  const id = Array.from({ length: 20 }, () => 'abcdefghjkmnpqrstvwxyz'[Math.floor(random() * 22)]).join('')
  if (ordinal % 5 === 0) {
    const picture = {
      media: id,
      alt: prose(random, 80),
      caption: prose(random, 120),
      credit: 'A. Person',
      agency: 'Agency',
    }
    blocks.push({ type: 'image', ...picture, width: 1600, height: 1067 })
  }
  if (ordinal % 8 === 1)
    blocks.push({
      type: 'quote',
      text: [[{ text: prose(random, 150) }]],
      speaker: { name: 'Name Surname', role: 'minister' },
    })
  const at = Date.UTC(2026, 0, 5, 6) + ordinal * 360_000
  return {
    id,
    storyId: story.id,
    version: ordinal,
    orderKey: orderKeyOf(ordinal),
    content: parseContent({ headline: prose(random, 70), place: 'CAIRO', blocks, bylines: [{ name: 'Re Porter' }] }),
    keyEvent: ordinal % 4 === 0 ? { title: prose(random, 40) } : null,
    pinned: false,
    corrections: [],
    firstPublishedAt: at,
    publishedAt: at,
    updatedAt: null,
  }
}
