// Feeds and structured data of a real node, read by a feed library and by our own importer as another system would.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { startTestNode, type TestNode } from '../../../test/helpers/node.ts'
import { FEED_FORMATS, feedPath, postPath, storyPath } from '../../domain/address.ts'
import type { ImageBlock } from '../../domain/content.ts'
import { readJsonLd } from '../../formats/jsonld/read.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { setVisibility } from '../../newsroom/set-visibility.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'

let node: TestNode
before(async () => {
  node = await startTestNode()
})
after(() => node.close())

const get = (path: string, headers = {}) => fetch(`${node.origin}${path}`, { headers, redirect: 'manual' })
const textOf = async (path: string) => (await get(path)).text()
const rss = async (name: string | null) => parseRssFeed(await textOf(feedPath(name, 'rss')))
const atom = async (name: string | null) => parseAtomFeed(await textOf(feedPath(name, 'atom')))
const json = async (name: string | null) => parseJsonFeed(await textOf(feedPath(name, 'json')))

/** Signs that end texts, tags and sections in one format or another. */
const HOSTILE = 'Ship ]]> & "<b>sinks</b>" </script><!-- \'now\' \u{1f6a2} שלום'

async function picture(): Promise<ImageBlock> {
  const id = newId()
  await node.store.media.save({ id, width: 900, height: 600, bytes: 1, metadata: {}, createdBy: EDITOR.id })
  return { type: 'image', media: id, alt: 'A quay', caption: HOSTILE, credit: '', width: 900, height: 600 }
}

describe('the feeds of a story', () => {
  it('hold its posts whole, newest first, in every format, as readers of feeds understand them', async () => {
    const { id, name } = await liveStory(node.store, { title: HOSTILE, standfirst: 'What we know' })
    const bylines = [{ name: 'Ada <Editor>', role: 'Harbour' }]
    const post = await publish(node.store, id, { ...words(HOSTILE, HOSTILE), bylines, tags: ['Sea & ships'] })
    const image = await picture()
    const { blocks } = words('', 'No headline')
    await publish(node.store, id, { headline: '', verification: 'unconfirmed', blocks: [...blocks, image] })
    const page = `${node.origin}${postPath(name, post)}`
    const title = HOSTILE
    const [inRss, inAtom, inJson] = [await rss(name), await atom(name), await json(name)]
    for (const feed of [inRss.title, inAtom.title?.value, inJson.title]) assert.equal(feed, HOSTILE)
    for (const about of [inRss.description, inAtom.subtitle?.value, inJson.description])
      assert.equal(about, 'What we know')
    assert.deepEqual([inRss.language, inAtom.xml?.lang, inJson.language], ['en', 'en', 'en'])
    const [first, second] = inRss.items ?? []
    assert.deepEqual([first?.title, second?.title, second?.link], ['No headline', title, page])
    assert.deepEqual([second?.dc?.creators, second?.categories?.[0]?.name], [['Ada <Editor>'], 'Sea & ships'])
    const entries = inAtom.entries ?? []
    assert.deepEqual([entries.length, entries[1]?.title?.value, entries[1]?.links?.[0]?.href], [2, title, page])
    assert.deepEqual([inJson.items?.length, inJson.items?.[1]?.title, inJson.items?.[1]?.url], [2, title, page])
    const bodies = [first?.content?.encoded, entries[0]?.content?.value, inJson.items?.[0]?.content_html]
    for (const body of bodies) {
      assert.match(body ?? '', /Unconfirmed.*<p>No headline<\/p>.*A quay/)
      assert.doesNotMatch(body ?? '', /(?:href|src|srcset)="(?!https?:)|, \//, 'an address without a host')
    }
    assert.match(inJson.items?.[0]?.image ?? '', /^http.*\/800\.jpg$/)
  })

  it('keep the name of a post when the address of its story changes, and lead on from the old one', async () => {
    const { id } = await liveStory(node.store, { visibility: 'unlisted', slug: undefined })
    await publish(node.store, id, words('Stays itself'))
    const before = await atom(id)
    await setVisibility(node.store, EDITOR, id, { visibility: 'public', slug: `moved-${id}` })
    const after = await atom(`moved-${id}`)
    assert.equal(after.id, before.id)
    assert.equal(after.entries?.[0]?.id, before.entries?.[0]?.id)
    assert.notEqual(after.entries?.[0]?.links?.[0]?.href, before.entries?.[0]?.links?.[0]?.href)
    const old = await get(feedPath(id, 'atom'))
    assert.deepEqual([old.status, old.headers.get('location')], [308, feedPath(`moved-${id}`, 'atom')])
  })

  it('tell corrections, and in Atom what was withdrawn, so that copies go', async () => {
    const { id, name } = await liveStory(node.store)
    const right = await publish(node.store, id, words('Count', 'There were nine.'))
    const gone = await publish(node.store, id, words('Zebrafinch'))
    const [entry] = (await atom(name)).entries ?? []
    const change = { revision: 1, content: words('Count', 'There were ten.'), note: 'We said nine.' }
    await correctPost(node.store, EDITOR, id, right, change)
    await withdrawPost(node.store, EDITOR, id, gone, { trace: 'line', reason: 'Not so & wrong' })
    const text = await textOf(feedPath(name, 'atom'))
    assert.ok(text.includes(`<at:deleted-entry ref="${entry?.id}"`))
    assert.match(text, /<at:comment>Not so &amp; wrong<\/at:comment>/)
    for (const format of FEED_FORMATS) {
      const feed = await textOf(feedPath(name, format))
      assert.doesNotMatch(feed, /Zebrafinch|were nine/)
      assert.match(feed, /were ten.*We said nine/s)
    }
    const { entries } = await atom(name)
    assert.ok(String(entries?.[0]?.updated) > String(entries?.[0]?.published))
  })

  it('answer 304 while nothing changed, and are there before the first post', async () => {
    const { id, name } = await liveStory(node.store)
    for (const format of FEED_FORMATS) {
      const first = await get(feedPath(name, format))
      assert.deepEqual([first.status, first.headers.get('cache-control')], [200, 'public, no-cache'])
      const etag = first.headers.get('etag') ?? ''
      assert.equal((await get(feedPath(name, format), { 'if-none-match': etag })).status, 304)
      await publish(node.store, id, words(`New in ${format}`))
      assert.equal((await get(feedPath(name, format), { 'if-none-match': etag })).status, 200)
    }
  })
})

describe('the feed of the installation', () => {
  it('holds public stories with what is known of them, and no unlisted one', async () => {
    const { name } = await liveStory(node.store, { title: 'In the feed', standfirst: 'Where it stands' })
    await liveStory(node.store, { visibility: 'unlisted', slug: undefined, title: 'Wombat' })
    for (const format of FEED_FORMATS) {
      const text = await textOf(feedPath(null, format))
      assert.match(text, /In the feed/)
      assert.doesNotMatch(text, /Wombat/)
    }
    const items = (await rss(null)).items ?? []
    assert.equal(items.find((item) => item.title === 'In the feed')?.link, node.origin + storyPath(name))
  })
})

describe('structured data', () => {
  const dataIn = (page: string) =>
    [...page.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(([, text = '']) =>
      JSON.parse(text),
    )

  it('tells a story as a live blog, which an importer reads back whole', async () => {
    const { id, name } = await liveStory(node.store, { title: 'Told to machines', standfirst: HOSTILE })
    await publish(node.store, id, { ...words('First', 'One.'), bylines: [{ name: 'Ada' }] })
    await publish(node.store, id, {
      ...words(HOSTILE, HOSTILE),
      blocks: [...words('', HOSTILE).blocks, await picture()],
    })
    const url = node.origin + storyPath(name)
    const page = await textOf(storyPath(name))
    const [data, ...others] = dataIn(page)
    assert.deepEqual(others, [])
    const { '@type': type, headline, description, coverageStartTime, coverageEndTime } = data
    assert.deepEqual([type, headline, description], ['LiveBlogPosting', 'Told to machines', HOSTILE])
    assert.ok(Date.parse(coverageStartTime) <= Date.parse(data.liveBlogUpdate.at(-1).datePublished))
    assert.equal(coverageEndTime, undefined, 'it goes on')
    for (const update of data.liveBlogUpdate) {
      assert.ok(page.includes(`id="${update.url.split('#')[1]}"`), 'the anchor is on the page')
      for (const key of ['headline', 'datePublished', 'dateModified', 'author', 'publisher', 'articleBody'])
        assert.ok(update[key], key)
    }
    const imported = readJsonLd(page, { url })
    assert.equal(imported?.title, 'Told to machines')
    assert.deepEqual(
      [data.liveBlogUpdate[0].headline, data.liveBlogUpdate[0].articleBody, imported?.posts.length],
      [HOSTILE, HOSTILE, 2],
    )
  })

  it('tells a post as an article of its story, and nothing of a withdrawn one', async () => {
    const { id, name } = await liveStory(node.store)
    const post = await publish(node.store, id, { ...words('Span gone', 'All of it.'), place: 'RIGA' })
    const [data] = dataIn(await textOf(postPath(name, post)))
    assert.deepEqual([data['@type'], data.headline, data.articleBody], ['NewsArticle', 'Span gone', 'RIGA All of it.'])
    assert.equal(data.isPartOf.url, node.origin + storyPath(name))
    await withdrawPost(node.store, EDITOR, id, post, { trace: 'line', reason: '' })
    assert.deepEqual(dataIn(await textOf(postPath(name, post))), [])
    assert.deepEqual(dataIn(await textOf(storyPath(name)))[0].liveBlogUpdate, [])
  })
})
