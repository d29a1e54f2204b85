// The record of a photo over the API: what an upload answers, rights, a part cut out, and what is refused.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, before, it } from 'node:test'
import sharp from 'sharp'
import { liveStory, newId } from '../../../test/helpers/acts.ts'
import { type Headers, MAX_CLIP_MB, openTestApi, type TestApi } from '../../../test/helpers/api.ts'
import { until } from '../../../test/helpers/desk-client.ts'
import { createPictures } from '../../cli/pictures.ts'
import { mediaRecord, takenMedia } from './answers.ts'

let api: TestApi
let editor: Headers
let story: string
before(async () => {
  api = await openTestApi()
  editor = await api.tokenOf(await api.person('editor'), ['read', 'draft', 'publish', 'withdraw'])
  story = (await liveStory(api.store)).id
})
after(() => api.close())

const FREE = {
  caption: 'The quay',
  credit: 'Ada',
  agency: '',
  alt: 'A quay',
  useUntil: null,
  noUse: '',
  blocked: false,
}
const get = (path: string) => api.call({ method: 'GET', url: `/api/v1${path}`, headers: editor })
const put = (path: string, body: unknown) => api.call({ method: 'PUT', url: `/api/v1${path}`, body, headers: editor })
const post = (path: string, body: unknown) => api.call({ method: 'POST', url: `/api/v1${path}`, body, headers: editor })

/** Red on the left half, blue on the right one; with a place and an artist. */
async function upload() {
  const blue = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#00f' } })
    .png()
    .toBuffer()
  const picture = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#f00' } })
    .composite([{ input: blue, left: 100, top: 0 }])
    .withExif({ IFD0: { Artist: 'Jane Doe' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 22/1 0/1' } })
    .jpeg({ quality: 95 })
    .toBuffer()
  return api.app.inject({
    method: 'POST',
    url: `/api/v1/stories/${story}/media`,
    headers: { ...editor, 'content-type': 'image/jpeg' },
    payload: picture,
  })
}

it('an upload tells its words, its size, and that the file has a place, never which', async () => {
  const answer = await upload()
  assert.equal(answer.statusCode, 201, answer.body)
  const taken = takenMedia.parse(answer.json())
  assert.deepEqual([taken.width, taken.height, taken.credit, taken.gps], [200, 100, 'Jane Doe', true])
  assert.doesNotMatch(answer.body, /47/)
  const record = mediaRecord.parse((await get(`/media/${taken.id}`)).json())
  assert.deepEqual([record.credit, record.said.byline, record.usable, record.gps], ['Jane Doe', 'Jane Doe', true, true])
})

it('its record is edited as a whole; a photo past its time is refused by an act and named', async () => {
  const { id } = (await upload()).json() as { id: string }
  const useUntil = Date.now() - 1
  const edited = await put(`/media/${id}`, { ...FREE, useUntil, noUse: 'No archive' })
  assert.equal(edited.statusCode, 200, edited.body)
  const record = mediaRecord.parse(edited.json())
  assert.deepEqual([record.caption, record.useUntil, record.usable], ['The quay', useUntil, false])
  assert.equal(record.said.byline, 'Jane Doe', 'what the file said stays')
  const image = { type: 'image', media: id, alt: '', caption: 'The quay', credit: 'Ada' }
  const refused = await put(`/stories/${story}/posts/${newId()}`, { content: { headline: 'H', blocks: [image] } })
  assert.equal(refused.statusCode, 400)
  assert.match(refused.json().detail, /^The photo “The quay” by Ada could be used until .*\(No archive\)/)
  await put(`/media/${id}`, FREE)
  const shown = await put(`/stories/${story}/posts/${newId()}`, { content: { headline: 'H', blocks: [image] } })
  assert.equal(shown.statusCode, 201, shown.body)
  await put(`/media/${id}`, { ...FREE, blocked: true })
  const ended = (await get('/rights-ended')).json() as {
    photos: { photo: { id: string }; stories: { id: string }[] }[]
  }
  assert.deepEqual(
    ended.photos.map(({ photo, stories }) => [photo.id, stories[0]?.id]),
    [[id, story]],
  )
})

it('a part is a photo of its own: other pixels are in none of its files', async () => {
  const { id } = (await upload()).json() as { id: string }
  await put(`/media/${id}`, { ...FREE, noUse: 'No archive' })
  const answer = await post(`/stories/${story}/media/${id}/cut`, { x: 0.5, y: 0.25, width: 0.5, height: 0.5 })
  assert.equal(answer.statusCode, 201, answer.body)
  const cut = takenMedia.parse(answer.json())
  assert.deepEqual([cut.width, cut.height, cut.caption, cut.gps], [100, 50, 'The quay', true])
  const record = mediaRecord.parse((await get(`/media/${cut.id}`)).json())
  assert.deepEqual([record.cutFrom, record.noUse], [id, 'No archive'])
  const blobs = createPictures(api.media, api.store.media).blobs
  for (const part of await blobs.parts(cut.id)) {
    const { channels } = await sharp((await blobs.readBytes({ id: cut.id, part })) ?? undefined).stats()
    assert.ok((channels[0]?.max ?? 255) < 120, `${part} holds red that was cut away`)
  }
})

it('a part outside the photo, too small, or of a photo that is gone is refused', async () => {
  const { id } = (await upload()).json() as { id: string }
  const cut = (at: string, body: unknown) => post(`/stories/${story}/media/${at}/cut`, body)
  for (const body of [
    { x: 0.6, y: 0, width: 0.5, height: 1 },
    { x: 0, y: 0, width: 0.01, height: 1 },
    { x: 0, y: 0, width: 0, height: 0 },
    { x: -1, y: 0, width: 1, height: 1 },
    { x: 0, y: 0, width: 1 },
  ])
    assert.equal((await cut(id, body)).statusCode, 400, JSON.stringify(body))
  const whole = { x: 0, y: 0, width: 1, height: 1 }
  assert.equal((await cut(newId(), whole)).statusCode, 404)
  await post(`/media/${id}/withdraw`, { reason: '' })
  assert.equal((await cut(id, whole)).statusCode, 404)
  assert.equal((await put(`/media/${id}`, FREE)).statusCode, 404)
})

const CLIPS = new URL('../../../test/fixtures/clips/', import.meta.url)

function sendClip(name: string, type: string, more: Headers = {}) {
  return api.app.inject({
    method: 'POST',
    url: `/api/v1/stories/${story}/media`,
    headers: { ...editor, 'content-type': type, ...more },
    payload: readFileSync(new URL(name, CLIPS)),
  })
}

it('a clip is taken in by its bytes, whatever its type says, and twice under one key it is one clip', async () => {
  const answer = await sendClip('h264-aac.mov', 'video/quicktime', { 'idempotency-key': 'clip-1' })
  assert.equal(answer.statusCode, 201, answer.body)
  const taken = takenMedia.parse(answer.json())
  assert.deepEqual([taken.kind, taken.width, taken.height, taken.duration], ['video', 96, 64, 1_000])
  const again = await sendClip('h264-aac.mov', 'video/quicktime', { 'idempotency-key': 'clip-1' })
  assert.deepEqual([again.headers['idempotent-replayed'], again.json().id], ['true', taken.id])
  assert.equal((await sendClip('aac.m4a', 'video/mp4', { 'idempotency-key': 'clip-1' })).statusCode, 409)
  const sound = takenMedia.parse((await sendClip('aac.m4a', 'audio/x-m4a')).json())
  assert.deepEqual([sound.kind, sound.width], ['audio', 0])
  const record = mediaRecord.parse((await get(`/media/${taken.id}`)).json())
  assert.deepEqual([record.kind, record.duration, record.usable], ['video', 1_000, true])
  await nothingLeft()
})

it('a clip has rights, is named when they end, stands only in a block of its kind, and is not cut', async () => {
  const { id } = (await sendClip('h264-aac.mp4', 'video/mp4')).json() as { id: string }
  const video = { type: 'video', media: id, title: 'The lock', caption: '', credit: 'Ada', width: 96, height: 64 }
  const show = (block: unknown) =>
    put(`/stories/${story}/posts/${newId()}`, { content: { headline: 'H', blocks: [block] } })
  const image = { type: 'image', media: id, alt: '', caption: '', credit: '' }
  for (const wrong of [
    image,
    { type: 'gallery', images: [image] },
    { ...video, type: 'audio', width: undefined, height: undefined },
  ]) {
    const refused = await show(wrong)
    assert.deepEqual([refused.statusCode, /of their own kind/.test(refused.body)], [400, true], refused.body)
  }
  await put(`/media/${id}`, { ...FREE, blocked: true })
  assert.match((await show(video)).json().detail, /^The video “The lock” by Ada is blocked/)
  await put(`/media/${id}`, FREE)
  assert.equal((await show(video)).statusCode, 201)
  const whole = { x: 0, y: 0, width: 1, height: 1 }
  assert.equal((await post(`/stories/${story}/media/${id}/cut`, whole)).statusCode, 400)
})

it('a clip that is too large, empty, no clip, or sent where none belongs is refused, and nothing of it stays', async () => {
  const send = (url: string, payload: Buffer, headers: Headers = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { ...editor, 'content-type': 'video/mp4', ...headers },
      payload,
    })
  const media = `/stories/${story}/media`
  assert.deepEqual((await send(media, Buffer.alloc(0))).statusCode, 400)
  assert.match((await send(media, Buffer.from('<html>'))).json().detail, /no MP4, MOV, WebM/)
  const large = await send(media, Buffer.alloc(MAX_CLIP_MB * 1024 * 1024 + 1))
  assert.deepEqual([large.statusCode, large.json().detail], [413, `A clip has at most ${MAX_CLIP_MB} MB.`])
  const elsewhere = await send(`/stories/${story}/posts/${newId()}/submit`, Buffer.from('x'))
  assert.match(elsewhere.json().detail, /Send JSON/, elsewhere.body)
  assert.equal((await send(`${media}/${newId()}/cut`, Buffer.from('x'))).statusCode, 400)
  await nothingLeft()
})

/** The answer goes out a moment before the file does. */
function nothingLeft() {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('dateline-upload-'))
  return until('no upload is left', 5_000, async () => left().length === 0)
}
