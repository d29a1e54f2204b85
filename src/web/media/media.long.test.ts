// A picture over HTTP: its types, its caches, who sees it when. A whole node with a real picture.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId, publish } from '../../../test/helpers/acts.ts'
import { startTestNode, type TestNode } from '../../../test/helpers/node.ts'
import { flat } from '../../../test/helpers/pictures.ts'
import { firstAdminLink } from '../../cli/desk.ts'
import { createPictures, type Pictures } from '../../cli/pictures.ts'
import { makeAvif } from '../../media/avif.ts'

let node: TestNode
let pictures: Pictures
before(async () => {
  node = await startTestNode()
  pictures = createPictures(node.mediaDir, node.store.media)
})
after(() => node.close())

const get = (id: string, file: string, headers: Record<string, string> = {}) =>
  fetch(`${node.origin}/media/${id}/${file}`, { headers })

async function shownPhoto(): Promise<string> {
  const { id } = await pictures.take(await flat(900, 600).jpeg().toBuffer(), EDITOR)
  const story = await liveStory(node.store)
  const image = { type: 'image' as const, media: id, alt: '', caption: '', credit: '' }
  await publish(node.store, story.id, { headline: 'H', blocks: [image] })
  return id
}

it('answers at the address of the AVIF with WebP until the AVIF is made, and says which it is', async () => {
  const id = await shownPhoto()
  assert.equal(await node.store.mediaJobs.claimAvif(600_000), id, 'the node leaves it to us')
  const early = await get(id, '800.avif')
  assert.equal(early.headers.get('content-type'), 'image/webp')
  assert.equal(early.headers.get('cache-control'), 'public, max-age=5, must-revalidate')
  assert.equal(Buffer.from(await early.arrayBuffer()).toString('latin1', 8, 12), 'WEBP')
  await makeAvif({ blobs: pictures.blobs }, id)
  const late = await get(id, '800.avif')
  assert.equal(late.headers.get('content-type'), 'image/avif')
  assert.equal(late.headers.get('cache-control'), 'public, max-age=60, must-revalidate')
  assert.equal(Buffer.from(await late.arrayBuffer()).toString('latin1', 4, 12), 'ftypavif')
  assert.notEqual(early.headers.get('etag'), late.headers.get('etag'))
})

it('asked with its etag says that nothing changed, but not of a photo that is hidden', async () => {
  const id = await shownPhoto()
  const etag = (await get(id, '800.jpg')).headers.get('etag') ?? ''
  assert.equal((await get(id, '800.jpg', { 'if-none-match': etag })).status, 304)
  assert.equal((await get(id, '800.jpg', { 'if-none-match': '"other"' })).status, 200)
  await node.store.media.markWithdrawn(id, { by: EDITOR, reason: '' })
  assert.equal((await get(id, '800.jpg', { 'if-none-match': etag })).status, 404)
})

it('is nowhere but at its widths and formats, and the master at none', async () => {
  const id = await shownPhoto()
  for (const file of ['master.png', '1.jpg', '800.png', '800.jpg.webp', '800', '0800.jpg', '800.JPG', '..%2f800.jpg'])
    assert.equal((await get(id, file)).status, 404, file)
})

it('is shown to staff before it is published, to nobody after it was withdrawn', async () => {
  const { id } = await pictures.take(await flat(20, 20).png().toBuffer(), EDITOR)
  assert.equal((await get(id, '400.jpg')).status, 404)
  const link = await firstAdminLink(node.store, node.origin)
  assert.ok(link)
  const first = await fetch(link)
  const csrf = /name="csrf" value="([^"]*)"/.exec(await first.text())?.[1] ?? ''
  const made = await fetch(link, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: node.origin,
      cookie: first.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; '),
    },
    body: new URLSearchParams({ csrf, name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }),
  })
  const cookie = made.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const seen = await get(id, '400.jpg', { cookie })
  assert.deepEqual([seen.status, seen.headers.get('cache-control')], [200, 'private, no-store'])
  await node.store.media.markWithdrawn(id, { by: EDITOR, reason: '' })
  assert.equal((await get(id, '400.jpg', { cookie })).status, 404)
  assert.equal((await get(newId(), '400.jpg', { cookie })).status, 404)
})
