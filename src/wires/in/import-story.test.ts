// Imports carried out for real: the store in memory, real pictures from a real server.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import sharp from 'sharp'
import { type ImageBlock, mediaOf, type PostContentInput } from '../../domain/content.ts'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { ImportedPost, ImportedStory } from '../../formats/imported.ts'
import { createDiskBlobs } from '../../media/blobs.ts'
import { createIntake } from '../../media/intake.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { createMemoryStore } from '../../store/memory.ts'
import { fetchPicture } from './import-pictures.ts'
import { type ImportDesk, importStory } from './import-story.ts'

const EDITOR: Actor = { id: 'editor-1', name: 'Ada', role: 'editor', credential: 'test' }
const NOW = Date.UTC(2026, 5, 1)
const START = Date.UTC(2026, 0, 31, 10)

const post = (
  headline: string,
  more: Partial<ImportedPost> = {},
  blocks: PostContentInput['blocks'] = [],
): ImportedPost => ({
  content: { headline, blocks },
  publishedAt: START,
  updatedAt: null,
  keyEvent: null,
  originalUrl: null,
  originalId: null,
  ...more,
})
const story = (posts: ImportedPost[], more: Partial<ImportedStory> = {}): ImportedStory => ({
  title: 'River level',
  standfirst: '',
  language: 'en',
  sourceUrl: 'https://news.example/live',
  publisher: 'The Example',
  startedAt: START,
  endedAt: null,
  posts,
  problems: [],
  ...more,
})
const image = (source: string, more: Partial<ImageBlock> = {}): ImageBlock => ({
  type: 'image',
  alt: '',
  caption: 'The bridge',
  credit: 'Jane Doe',
  source,
  ...more,
})
const noPictures = () => Promise.reject(new Error('no picture was expected'))

function open(more: Partial<ImportDesk> = {}) {
  const store = createMemoryStore({ now: () => NOW })
  const desk: ImportDesk = { acts: store.acts, actor: EDITOR, takePicture: noPictures, salt: 'salt', ...more }
  return { store, desk, posts: () => [...store.tables.posts.values()] }
}

test('an imported story stands with its posts at their own times, in their order', async () => {
  const { store, desk, posts } = open()
  const seen: string[] = []
  const imported = story([
    post('First', { originalId: 'a', updatedAt: START + 60_000 }),
    post('Second', { originalId: 'b', publishedAt: START + 1_000, keyEvent: { title: 'Turn' } }),
  ])
  const report = await importStory(desk, imported, {
    visibility: 'public',
    onProgress: (done, of) => seen.push(`${done}/${of}`),
  })
  assert.ok(isId(report.storyId))
  assert.deepEqual(report, {
    storyId: report.storyId,
    posts: { found: 2, published: 2, here: 0, leftOut: 0 },
    pictures: { kept: 0, mended: 0, missing: 0 },
    problems: [],
  })
  assert.deepEqual(seen, ['1/2', '2/2'])
  const found = store.tables.stories.get(report.storyId)
  assert.deepEqual([found?.title, found?.slug], ['River level', 'river-level'])
  assert.deepEqual(
    posts().map(({ content, publishedAt, updatedAt, keyEvent }) => [
      content.headline,
      publishedAt,
      updatedAt,
      keyEvent,
    ]),
    [
      ['First', START, START + 60_000, null],
      ['Second', START + 1_000, null, { title: 'Turn' }],
    ],
  )
})

test('importing again publishes only what is new, also after the story ended', async () => {
  const { store, desk, posts } = open()
  const first = story([post('First', { originalId: 'a' })], { endedAt: START + 5_000 })
  const { storyId } = await importStory(desk, first, { visibility: 'public' })
  const entries = store.tables.log.get(storyId)?.length
  const again = await importStory(desk, first, { visibility: 'public' })
  assert.deepEqual([again.storyId, again.posts], [storyId, { found: 1, published: 0, here: 1, leftOut: 0 }])
  assert.equal(store.tables.log.get(storyId)?.length, entries, 'nothing was written')
  const more = { ...first, posts: [...first.posts, post('Second', { originalId: 'b', publishedAt: START + 1 })] }
  const third = await importStory(desk, more, { visibility: 'public' })
  assert.deepEqual([third.posts.published, third.posts.here, posts().length, third.problems], [1, 1, 2, []])
  assert.equal(store.tables.stories.get(storyId)?.state, 'ended')
})

test('a story keeps the start and the end that its source names', async () => {
  const span = { startedAt: START - 1_000, endedAt: START + 5_000 }
  const { times, notes } = await spanOf(story([post('x')], span))
  assert.deepEqual([times, notes], [['ended', START - 1_000, START + 5_000], []])
})

test('a source that names neither gives the times of its first and last post, and is over when it was silent for a day', async () => {
  const posts = [post('First'), post('Last', { publishedAt: START + 9_000 })]
  const open = { startedAt: null, endedAt: null }
  assert.deepEqual((await spanOf(story(posts, open))).times, ['ended', START, START + 9_000])
  const fresh = [post('First', { publishedAt: NOW - 9_000 }), post('Last', { publishedAt: NOW - 1_000 })]
  assert.deepEqual((await spanOf(story(fresh, open))).times, ['live', NOW - 9_000, null])
})

test('a start or an end to come is not taken over, and a start after the first post is told', async () => {
  const fresh = [post('First', { publishedAt: NOW - 9_000 })]
  const planned = await spanOf(story(fresh, { startedAt: NOW + 1, endedAt: NOW + 2 }))
  assert.deepEqual([planned.times, planned.notes.length], [['live', NOW - 9_000, null], 2])
  const late = await spanOf(story([post('First')], { startedAt: START + 1, endedAt: START + 1 }))
  assert.deepEqual([late.times, late.notes.length], [['ended', START + 1, START + 1], 1])
})

test('a story that the newsroom runs on is not ended because its source is silent', async () => {
  const { store, desk } = open()
  const { storyId } = await importStory(desk, story([post('x')]), { visibility: 'public' })
  await startStory(desk, EDITOR, storyId)
  await importStory(desk, story([post('x')]), { visibility: 'public' })
  assert.equal(store.tables.stories.get(storyId)?.state, 'live')
})

test('what the source pins is pinned once; what the newsroom let go stays let go', async () => {
  const { desk, posts } = open()
  const imported = story([post('x', { pinned: true }), post('y')])
  const { storyId } = await importStory(desk, imported, { visibility: 'public' })
  const pins = () => posts().map((one) => one.pinnedAt)
  assert.deepEqual(pins(), [NOW, null])
  await pinPost(desk, EDITOR, storyId, posts()[0]?.id ?? '', false)
  await importStory(desk, imported, { visibility: 'public' })
  assert.deepEqual(pins(), [null, null])
})

test('posts that come later than their times are told: their place is at the newest end', async () => {
  const { desk } = open()
  const at = (hour: number) => ({ originalId: String(hour), publishedAt: START + hour })
  await importStory(desk, story([post('b', at(2))]), { visibility: 'public' })
  const olderPage = await importStory(desk, story([post('a', at(1))]), { visibility: 'public' })
  assert.equal(olderPage.problems.length, 1)
  const both = await importStory(desk, story([post('0', at(0)), post('a', at(1)), post('b', at(2))]), {
    visibility: 'public',
  })
  assert.equal(both.problems.length, 1)
})

async function spanOf(imported: ImportedStory) {
  const { store, desk } = open()
  const { storyId, problems } = await importStory(desk, imported, { visibility: 'public' })
  const { state, startedAt, endedAt } = store.tables.stories.get(storyId) ?? {}
  return { times: [state, startedAt, endedAt], notes: problems }
}

test('posts without an id, or sharing the page’s address, keep apart and stay the same on a second import', async () => {
  const { desk, posts } = open()
  const page = { originalUrl: 'https://news.example/live' }
  const imported = story([post('A', page), post('B', page), post('C'), post('C')])
  assert.equal((await importStory(desk, imported, { visibility: 'unlisted' })).posts.published, 4)
  assert.equal((await importStory(desk, imported, { visibility: 'unlisted' })).posts.here, 4)
  assert.equal(posts().length, 4)
})

test('another story with the same address does not stop an import', async () => {
  const { store, desk } = open()
  await importStory(desk, story([post('x')], { sourceUrl: 'https://one.example/' }), { visibility: 'public' })
  const { storyId } = await importStory(desk, story([post('x')], { sourceUrl: 'https://two.example/' }), {
    visibility: 'public',
  })
  assert.equal(store.tables.stories.get(storyId)?.slug, `river-level-${storyId.slice(0, 6)}`)
})

test('a salt makes ids that nobody can work out from the source', async () => {
  const one = await importStory(open({ salt: 'a' }).desk, story([post('x')]), { visibility: 'unlisted' })
  const two = await importStory(open({ salt: 'b' }).desk, story([post('x')]), { visibility: 'unlisted' })
  assert.notEqual(one.storyId, two.storyId)
})

test('a post that cannot be published is left out and told; the others come', async () => {
  const { desk, posts } = open()
  const bad = post('x', {}, [{ type: 'image', alt: '', caption: '', credit: '', source: 'javascript:1' }])
  const report = await importStory(desk, story([bad, post('', {}), post('Good')]), { visibility: 'public' })
  assert.deepEqual([report.posts, report.problems.length], [{ found: 3, published: 1, here: 0, leftOut: 2 }, 2])
  assert.equal(posts()[0]?.content.headline, 'Good')
})

test('only who may import may import, and an empty source makes no story', async () => {
  const { store, desk } = open({ actor: { ...EDITOR, role: 'reporter' } })
  await assert.rejects(importStory(desk, story([post('x')]), { visibility: 'public' }), { code: 'forbidden' })
  await assert.rejects(importStory({ ...desk, actor: EDITOR }, story([]), { visibility: 'public' }), {
    code: 'invalid',
  })
  assert.equal(store.tables.stories.size, 0)
})

test('pictures come home once each; one that cannot be had keeps caption, credit and address', async (context) => {
  const { host, calls, desk, posts } = await withPictureServer(context)
  const at = (name: string) => `http://${host}/${name}`
  const imported = story([
    post('A', { originalId: 'a' }, [
      image(at('good.jpg'), { caption: 'The bridge. (AP Photo/Jane Doe)', credit: 'AP Photo/Jane Doe' }),
    ]),
    post('B', { originalId: 'b' }, [
      image(at('good.jpg'), { caption: '', credit: '' }),
      image(at('missing.jpg')),
      image(at('bad.jpg')),
    ]),
    post('C', { originalId: 'c' }, [image('http://127.0.0.2:1/private.jpg')]),
  ])
  const report = await importStory(desk, imported, { visibility: 'public' })
  assert.deepEqual(report.pictures, { kept: 2, mended: 0, missing: 3 })
  assert.equal(report.problems.length, 3)
  const [a, b, c] = posts().map(({ content }) => content.blocks as ImageBlock[])
  assert.ok(a?.[0]?.media && isId(a[0].media))
  assert.deepEqual(
    [a[0].caption, a[0].credit, a[0].agency, a[0].width, a[0].height],
    ['The bridge.', 'AP Photo/Jane Doe', undefined, 30, 20],
  )
  assert.equal(b?.[0]?.media, a[0].media)
  assert.deepEqual([b?.[0]?.credit, b?.[0]?.caption], ['Ann Lee', 'From the file'])
  for (const kept of [b?.[1], b?.[2], c?.[0]])
    assert.deepEqual([kept?.media, kept?.caption, kept?.credit], [undefined, 'The bridge', 'Jane Doe'])
  assert.equal(b?.[1]?.source, at('missing.jpg'))
  assert.equal(c?.[0]?.source, undefined, 'no reader is sent into a private network')
  assert.deepEqual(calls, ['/good.jpg', '/missing.jpg', '/bad.jpg'])
  await importStory({ ...desk, fetchPicture: undefined }, imported, { visibility: 'public' })
  assert.equal(calls.length, 3, 'without leave to fetch nothing is fetched')
  const again = await importStory(desk, imported, { visibility: 'public' })
  assert.deepEqual(calls.slice(3), ['/missing.jpg', '/bad.jpg'], 'only what is missing is asked for again')
  assert.deepEqual(again.pictures, { kept: 0, mended: 0, missing: 2 })
})

test('the picture of the page becomes the lead of the story, once it can be had', async (context) => {
  const { host, desk, store } = await withPictureServer(context)
  const imported = story([post('A')], { lead: image(`http://${host}/good.jpg`) })
  const { storyId } = await importStory({ ...desk, fetchPicture: undefined }, imported, { visibility: 'public' })
  assert.equal(store.tables.stories.get(storyId)?.lead, null)
  await importStory(desk, imported, { visibility: 'public' })
  const lead = store.tables.stories.get(storyId)?.lead
  assert.deepEqual([isId(lead?.media ?? ''), lead?.caption, lead?.width], [true, 'The bridge', 30])
})

test('a picture that was missing comes home at a later import, and no reader is told of an update', async (context) => {
  const { host, desk, posts, store, appear } = await withPictureServer(context)
  const late = `http://${host}/late.jpg`
  const imported = story([
    post('A', { originalId: 'a' }, [image(late), image(`http://${host}/good.jpg`)]),
    post('B', { originalId: 'b', updatedAt: START + 1_000 }, [{ type: 'gallery', images: [image(late)] }]),
    post('C', { originalId: 'c' }, [image(late)]),
    post('D', { originalId: 'd' }, [image(late)]),
  ])
  await importStory(desk, imported, { visibility: 'public' })
  const [a, , c, d] = posts()
  const byHand = { ...c?.content, headline: 'C, by hand', blocks: [image(late), image('https://x.example/own.jpg')] }
  await revisePost(desk, EDITOR, c?.storyId ?? '', c?.id ?? '', { revision: 1, content: byHand as PostContentInput })
  await withdrawPost(desk, EDITOR, d?.storyId ?? '', d?.id ?? '', { trace: 'none', reason: '' })
  const before = store.tables.log.get(a?.storyId ?? '')?.length ?? 0
  appear('/late.jpg')
  const again = await importStory(desk, imported, { visibility: 'public' })
  assert.deepEqual(again.pictures, { kept: 3, mended: 3, missing: 0 })
  assert.deepEqual(again.posts, { found: 4, published: 0, here: 4, leftOut: 0 })
  const [first, second, third, fourth] = posts()
  const media = (first?.content.blocks[0] as ImageBlock).media
  assert.ok(media)
  assert.deepEqual([first?.updatedAt, first?.revision], [null, 2])
  assert.deepEqual([second?.updatedAt, mediaOf(second?.content ?? { blocks: [] })], [START + 1_000, [media]])
  assert.deepEqual([third?.content.headline, third?.updatedAt, third?.revision], ['C, by hand', NOW, 3])
  assert.deepEqual(
    third?.content.blocks.map((block) => (block as ImageBlock).media),
    [media, undefined],
  )
  assert.deepEqual([fourth?.state, fourth?.revision], ['withdrawn', 1])
  const kinds = store.tables.log.get(a?.storyId ?? '')?.slice(before)
  assert.deepEqual(
    kinds?.map((line) => line.kind),
    ['post-revised', 'post-revised', 'post-revised'],
  )
  await importStory(desk, imported, { visibility: 'public' })
  assert.equal(store.tables.log.get(a?.storyId ?? '')?.length, before + 3, 'a third import writes nothing')
})

async function withPictureServer(context: TestContext) {
  const exif = { IFD0: { ImageDescription: 'From the file', Artist: 'Ann Lee' } }
  const flat = sharp({ create: { width: 30, height: 20, channels: 3, background: '#345' } })
  const photo = await flat.withExif(exif).jpeg().toBuffer()
  const calls: string[] = []
  const there = new Set(['/good.jpg'])
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    if (there.has(request.url ?? '')) return response.end(photo)
    response.writeHead(request.url === '/bad.jpg' ? 200 : 404).end('no picture')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const folder = await mkdtemp(join(tmpdir(), 'import-test-'))
  context.after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const intake = createIntake({ blobs: createDiskBlobs(folder, randomBytes), random: randomBytes })
  const ways = {
    takePicture: intake.take,
    fetchPicture: (address: string) => fetchPicture(address, { allowHosts: [host] }),
  }
  return { host, calls, appear: (path: string) => void there.add(path), ...open(ways) }
}
