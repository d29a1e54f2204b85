// A video over HTTP: its ranges, its caches, who sees it when; and what readers get of it. A whole node with a real clip.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId, publish } from '../../../test/helpers/acts.ts'
import { startTestNode, type TestNode } from '../../../test/helpers/node.ts'
import { createPictures } from '../../cli/pictures.ts'

const CLIP = join(import.meta.dirname, '../../../test/fixtures/clips/h264-aac.mp4')
let node: TestNode
let id: string
let name: string
let whole: Buffer
before(async () => {
  node = await startTestNode()
  id = (await createPictures(node.mediaDir, node.store.media).takeClip(CLIP, EDITOR)).id
  const story = await liveStory(node.store)
  name = story.name
  assert.equal((await get()).status, 404, 'before a post shows it')
  const video = { type: 'video' as const, media: id, title: 'The lock', caption: 'It opens.', credit: 'Ada' }
  await publish(node.store, story.id, { headline: 'H', blocks: [{ ...video, width: 96, height: 64 }] })
  whole = Buffer.from(await (await get()).arrayBuffer())
})
after(() => node.close())

const get = (headers: Record<string, string> = {}, method = 'GET', at = id) =>
  fetch(`${node.origin}/media/${at}/clip`, { method, headers })

it('is whole without a range, and says that ranges are taken', async () => {
  const answer = await get()
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type'), answer.headers.get('accept-ranges')],
    [200, 'video/mp4', 'bytes'],
  )
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=60, must-revalidate')
  assert.equal(Number(answer.headers.get('content-length')), whole.length)
  assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/)
  const head = await get({ range: 'bytes=0-9' }, 'HEAD')
  assert.deepEqual(
    [head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength],
    [206, '10', 0],
  )
})

it('gives the range that is asked for, cut at its end; what lies outside is told with its size', async () => {
  const size = whole.length
  const cases: [string, number, number][] = [
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=100-', 100, size - 1],
    ['bytes=-50', size - 50, size - 1],
    [`bytes=-${size + 9}`, 0, size - 1],
    [`bytes=${size - 1}-${size + 999}`, size - 1, size - 1],
  ]
  for (const [range, start, end] of cases) {
    const answer = await get({ range })
    assert.deepEqual(
      [answer.status, answer.headers.get('content-range')],
      [206, `bytes ${start}-${end}/${size}`],
      range,
    )
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(start, end + 1)), range)
  }
  for (const range of [`bytes=${size}-`, `bytes=${size}-${size + 5}`, 'bytes=-0']) {
    const answer = await get({ range })
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [416, `bytes */${size}`], range)
  }
  for (const range of ['bytes=5-2', 'bytes=-', 'bytes=0-1,5-6', 'items=0-1', 'bytes=a-b', `bytes=${'9'.repeat(40)}-`])
    assert.equal((await get({ range })).status, 200, range)
})

it('asked with its etag says that nothing changed; a range of another one is the whole', async () => {
  const etag = (await get()).headers.get('etag') ?? ''
  assert.equal((await get({ 'if-none-match': etag })).status, 304)
  assert.equal((await get({ range: 'bytes=0-1', 'if-range': etag })).status, 206)
  assert.equal((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status, 200)
})

it('stands on the page in the browser’s own player, with its place kept, and starts by nobody', async () => {
  const page = await (await fetch(`${node.origin}/${name}`)).text()
  assert.match(
    page,
    new RegExp(
      `<video controls playsinline src="/media/${id}/clip" preload="metadata" aria-label="The lock" width="96" height="64">`,
    ),
  )
  assert.match(page, /<figcaption[^>]*><b>The lock<\/b> It opens\. <span class="credit">Ada<\/span>/)
  assert.doesNotMatch(page, /autoplay/)
})

it('is nowhere at an address of a picture, and gone at once when it was withdrawn', async () => {
  const etag = (await get()).headers.get('etag') ?? ''
  assert.equal((await fetch(`${node.origin}/media/${id}/clip.mp4`)).status, 404)
  assert.equal((await fetch(`${node.origin}/media/${id}/800.jpg`)).status, 404)
  assert.equal((await get({}, 'GET', newId())).status, 404)
  await node.store.media.markWithdrawn(id, { by: EDITOR, reason: '' })
  for (const headers of [{}, { range: 'bytes=0-1' }, { 'if-none-match': etag }] as Record<string, string>[])
    assert.equal((await get(headers)).status, 404)
})
