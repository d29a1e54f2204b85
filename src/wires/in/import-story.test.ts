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
import type { ImageBlock, PostContentInput } from '../../domain/content.ts'
import { isId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import type { ImportedPost, ImportedStory } from '../../formats/imported.ts'
import { createDiskBlobs } from '../../media/blobs.ts'
import { createIntake } from '../../media/intake.ts'
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
  const desk: ImportDesk = { acts: store.acts, actor: EDITOR, takePicture: noPictures, ...more }
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
    posts: 2,
    skipped: 0,
    pictures: { kept: 0, missing: 0 },
    problems: [],
  })
  assert.deepEqual(seen, ['1/2', '2/2'])
  const found = store.tables.stories.get(report.storyId)
  assert.deepEqual([found?.title, found?.state, found?.slug], ['River level', 'live', 'river-level'])
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
  assert.deepEqual([again.storyId, again.posts, again.skipped], [storyId, 0, 1])
  assert.equal(store.tables.log.get(storyId)?.length, entries, 'nothing was written')
  const more = { ...first, posts: [...first.posts, post('Second', { originalId: 'b', publishedAt: START + 1 })] }
  assert.deepEqual([(await importStory(desk, more, { visibility: 'public' })).posts, posts().length], [1, 2])
  assert.equal(store.tables.stories.get(storyId)?.state, 'ended')
})

test('posts without an id, or sharing the page’s address, keep apart and stay the same on a second import', async () => {
  const { desk, posts } = open()
  const page = { originalUrl: 'https://news.example/live' }
  const imported = story([post('A', page), post('B', page), post('C'), post('C')])
  assert.equal((await importStory(desk, imported, { visibility: 'unlisted' })).posts, 4)
  assert.equal((await importStory(desk, imported, { visibility: 'unlisted' })).skipped, 4)
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
  assert.deepEqual([report.posts, report.skipped, report.problems.length], [1, 2, 2])
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
  assert.deepEqual(report.pictures, { kept: 2, missing: 3 })
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
  assert.deepEqual(calls, ['/good.jpg', '/missing.jpg', '/bad.jpg'])
  await importStory(desk, imported, { visibility: 'public' })
  assert.equal(calls.length, 3, 'a second import fetches nothing')
})

async function withPictureServer(context: TestContext) {
  const exif = { IFD0: { ImageDescription: 'From the file', Artist: 'Ann Lee' } }
  const flat = sharp({ create: { width: 30, height: 20, channels: 3, background: '#345' } })
  const photo = await flat.withExif(exif).jpeg().toBuffer()
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    if (request.url === '/good.jpg') return response.end(photo)
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
  return { host, calls, ...open(ways) }
}
