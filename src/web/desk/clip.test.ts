// A clip brought by the plain form: taken in once, kept over a refusal, told when it is too large, gone from the disk afterwards.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type File,
  MAX_CLIP_BYTES,
  openBrowser,
  openTestDesk,
  signInAsAdmin,
  startStory,
  type TestDesk,
} from '../../../test/helpers/desk.ts'
import { until } from '../../../test/helpers/desk-client.ts'

const CLIPS = join(import.meta.dirname, '../../../test/fixtures/clips')
const clip = (name: string): File => ({ name, bytes: readFileSync(join(CLIPS, name)) })
const WAIT_MS = 10_000 // removed after the answer is sent
const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]) }

/** Of this file alone: others upload at the same time. */
const TEMPORARY = mkdtempSync(join(tmpdir(), 'dateline-clip-test-'))

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
let story: string
let storyId: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
  const made = await startStory(ada, 'Bridge')
  story = made.url
  storyId = made.storyId
  process.env.TMPDIR = TEMPORARY // once the database, which runs as somebody else, stands elsewhere
})
after(async () => {
  await desk.close()
  rmSync(TEMPORARY, { recursive: true, force: true })
})

async function send(fields: Record<string, string>, file: File | null, picture: File | null = null) {
  await ada.get(story)
  const postId = ada.hidden('postId')
  return { postId, reply: await ada.upload(`${story}/posts`, { postId, ...fields }, picture, file) }
}
const blocksOf = async (postId: string) => (await desk.reads.post(storyId, postId))?.content.blocks ?? []
const uploads = () => readdirSync(TEMPORARY).filter((name) => name.startsWith('dateline-upload-')).length

test('a video and a sound come with their words, beside a photo, and nothing of them stays in the temporary folder', async () => {
  const words = { headline: 'Seen', clipTitle: 'The wave', clipCaption: 'It comes.', clipCredit: 'Jo Lens' }
  const seen = await send(words, clip('vp8-opus.webm'), photo)
  assert.equal(seen.reply.statusCode, 303, seen.reply.body)
  const [picture, video] = await blocksOf(seen.postId)
  assert.equal(picture?.type, 'image')
  assert.ok(video?.type === 'video' && video.media && video.width && video.height)
  assert.deepEqual([video.title, video.caption, video.credit], ['The wave', 'It comes.', 'Jo Lens'])
  const heard = await send({ headline: 'Heard' }, clip('opus.ogg'))
  assert.equal(heard.reply.statusCode, 303)
  const [audio] = await blocksOf(heard.postId)
  assert.ok(audio?.type === 'audio' && audio.media)
  await until('the upload is gone from the disk', WAIT_MS, async () => uploads() === 0)
})

test('what is refused for another reason gives the clip back, and it need not be sent again', async () => {
  const { postId, reply } = await send({ headline: '', text: '> “Open', clipTitle: 'x'.repeat(400) }, clip('opus.ogg'))
  assert.equal(reply.statusCode, 400, reply.body.slice(0, 300))
  assert.match(reply.body, /The clip you sent is kept/)
  assert.match(reply.body, /Title of the clip: at most/)
  const clipId = ada.hidden('clipId')
  const again = await ada.upload(`${story}/posts`, { postId, headline: 'Now', clipId, clipTitle: 'Short' }, null)
  assert.equal(again.statusCode, 303, again.body)
  const [audio] = await blocksOf(postId)
  assert.ok(audio?.type === 'audio' && audio.media === clipId && audio.title === 'Short')
  const left = await send({ headline: 'Without', clipId, clipTitle: 'Short', noClip: '1' }, null)
  assert.deepEqual(await blocksOf(left.postId), [])
})

test('one that is too large, empty or no clip is told, and the words that were typed come back', async () => {
  const large = { name: 'large.mp4', bytes: new Uint8Array(MAX_CLIP_BYTES + 1) }
  const cases: [File, RegExp][] = [
    [large, /A clip has at most 0 MB/],
    [{ name: 'none.mp4', bytes: new Uint8Array() }, /This file is empty/],
    [{ name: 'text.mp4', bytes: Buffer.from('not a clip at all') }, /This file is no MP4/],
  ]
  for (const [file, said] of cases) {
    const { reply, postId } = await send({ headline: 'Typed', text: 'Long work', clipCredit: 'Jo' }, file)
    assert.ok([413, 400].includes(reply.statusCode), `${file.name} ${reply.statusCode}`)
    assert.match(reply.body, said)
    assert.match(reply.body, /The clip was not kept: choose it again/)
    assert.equal(ada.textarea('text'), 'Long work')
    assert.equal(await desk.reads.post(storyId, postId), null)
  }
  await until('the upload is gone from the disk', WAIT_MS, async () => uploads() === 0)
})

test('words for a clip without one are not dropped in silence', async () => {
  const { reply } = await send({ headline: 'Typed', clipCaption: 'It comes.' }, null)
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /You wrote a caption but chose no video or audio/)
})

test('a draft and a revision take one as well; sent twice it is one post', async () => {
  await ada.get(`${story}?draft`)
  const postId = ada.hidden('postId')
  const draft = await ada.upload(`${story}/drafts`, { postId, headline: 'Draft' }, null, clip('opus.ogg'))
  assert.equal(draft.statusCode, 303, draft.body)
  assert.equal((await blocksOf(postId))[0]?.type, 'audio')
  const { postId: out } = await send({ headline: 'Out', text: 'Words' }, null)
  await ada.get(`${story}/posts/${out}`)
  const seen = { revision: ada.hidden('revision'), base: ada.hidden('base'), headline: 'Out', text: 'Words' }
  for (const _ of [1, 2]) {
    const revised = await ada.upload(`${story}/posts/${out}/revise`, seen, null, clip('vp8-opus.webm'))
    assert.equal(revised.statusCode, 303, revised.body)
  }
  assert.deepEqual(
    (await blocksOf(out)).map(({ type }) => type),
    ['paragraph', 'video'],
  )
})

test('a form that brings none passes a clip over, and a stranger’s never reaches the disk', async () => {
  const stranger = openBrowser(desk)
  const refused = await stranger.upload(`${story}/posts`, { headline: 'x' }, null, clip('opus.ogg'))
  assert.notEqual(refused.statusCode, 200)
  await ada.get(`${story}/settings`)
  const settings = await ada.upload(`${story}/settings`, { title: '' }, null, clip('opus.ogg'))
  assert.doesNotMatch(settings.body, /clip/i)
  await until('the upload is gone from the disk', WAIT_MS, async () => uploads() === 0)
})
