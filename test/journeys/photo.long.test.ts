// Photos and clips in a real browser: shown while AVIF is being made and after, brought and played, gone from an open page once withdrawn.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { createPictures } from '../../src/cli/pictures.ts'
import { makeAvif } from '../../src/media/avif.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { EDITOR, liveStory, publish } from '../helpers/acts.ts'
import { NO_CHROMIUM, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { startSite } from '../helpers/journey.ts'
import { headline, openDesk, signedInContext } from '../helpers/live-desk.ts'
import { flat } from '../helpers/pictures.ts'

const skip = NO_CHROMIUM

const site = startSite()

it('a reader sees a photo at the address of its AVIF before there is one and after, until it is withdrawn', {
  skip,
  timeout: 120_000,
}, async () => {
  const { store, mediaDir, origin } = site.node
  const pictures = createPictures(mediaDir, store.media)
  const story = await liveStory(store)
  const { id } = await pictures.take(await flat(900, 600).jpeg().toBuffer(), EDITOR)
  assert.equal(await store.mediaJobs.claimAvif(600_000), id, 'the node leaves it to us')
  const image = { type: 'image' as const, media: id, alt: 'A ferry', caption: 'Caption axolotl', credit: '' }
  const content = { headline: 'Ferry', blocks: [{ ...image, width: 900, height: 600 }] }
  const postId = await publish(store, story.id, content)

  const page = await (await site.browser.newContext({ viewport: { width: 1100, height: 700 } })).newPage()
  const types = new Map<string, string>()
  page.on('response', (answer) => types.set(new URL(answer.url()).pathname, answer.headers()['content-type'] ?? ''))
  const shown = () =>
    page.locator(`#post-${postId} img`).evaluate(async (img: HTMLImageElement) => {
      await img.decode()
      return { path: new URL(img.currentSrc).pathname, width: img.naturalWidth }
    })

  await page.goto(`${origin}/${story.name}`)
  await seePost(page, postId)
  const early = await shown()
  assert.match(early.path, /\.avif$/, 'the browser chose the AVIF')
  assert.equal(types.get(early.path), 'image/webp')
  assert.ok(early.width > 0, 'and shows the WebP that came')

  await makeAvif({ blobs: pictures.blobs }, id)
  const fresh = await (await site.browser.newContext({ viewport: { width: 1100, height: 700 } })).newPage()
  fresh.on('response', (answer) => types.set(new URL(answer.url()).pathname, answer.headers()['content-type'] ?? ''))
  await fresh.goto(`${origin}/${story.name}`)
  const width = await fresh.locator(`#post-${postId} img`).evaluate(async (img: HTMLImageElement) => {
    await img.decode()
    return img.naturalWidth
  })
  assert.ok(width > 0)
  assert.equal(types.get(early.path), 'image/avif')

  await seeContact(page)
  await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, id, { reason: '' })
  await page.locator(`#post-${postId} img`).waitFor({ state: 'detached', timeout: WAIT_MS })
  assert.doesNotMatch(await page.content(), /axolotl/)
  assert.match(await page.locator(`#post-${postId}`).innerText(), /Ferry/)
})

it('an editor brings a video from a file; a reader without a script plays it, with its place kept, until it is withdrawn', {
  skip,
  timeout: 120_000,
}, async () => {
  const { store, origin } = site.node
  const story = await liveStory(store)
  const desk = await openDesk(await signedInContext(site.browser, site.node), origin, story.id)
  const file = join(import.meta.dirname, '../fixtures/clips/vp8-opus.webm')
  await desk.locator('.composer-tools input[multiple]').setInputFiles(file)
  await desk.locator('.composer-card video').waitFor()
  await desk.getByLabel('Title', { exact: true }).fill('Lock axolotl')
  await desk.getByLabel('Credit', { exact: true }).fill('Ada')
  await headline(desk).fill('At the lock')
  await desk.getByRole('button', { name: /^Publish(?!ed)/ }).click()
  await desk.getByRole('list').getByText('At the lock').first().waitFor()

  const plain = await (await site.browser.newContext({ javaScriptEnabled: false })).newPage()
  await plain.goto(`${origin}/${story.name}`)
  const video = plain.locator('.clip video')
  const box = await video.boundingBox()
  assert.ok(box && Math.abs(box.width / box.height - 96 / 64) < 0.02, `its place is kept: ${JSON.stringify(box)}`)

  const page = await (await site.browser.newContext()).newPage()
  await page.goto(`${origin}/${story.name}`)
  const played = await page.locator('.clip video').evaluate(async (at: HTMLVideoElement) => {
    const idle = at.paused
    at.muted = true
    await at.play()
    await new Promise((done) => at.addEventListener('ended', done))
    return { idle, width: at.videoWidth, seconds: Math.round(at.currentTime), failed: at.error }
  })
  assert.deepEqual(played, { idle: true, width: 96, seconds: 1, failed: null })

  const id = /media\/(\w+)\/clip/.exec((await video.getAttribute('src')) ?? '')?.[1] ?? ''
  await desk.goto(`${origin}/desk/photos/${id}`)
  await desk.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0) // its record shows it
  await seeContact(page)
  await withdrawPhoto({ acts: store.acts, photos: store.media }, EDITOR, id, { reason: '' })
  await page.locator('.clip video').waitFor({ state: 'detached', timeout: WAIT_MS })
  assert.doesNotMatch(await page.content(), /axolotl/)
})
