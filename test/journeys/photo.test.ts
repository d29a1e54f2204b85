// A photo in a real browser: shown while its AVIF is being made and after, gone from an open page once it is withdrawn.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPictures } from '../../src/cli/pictures.ts'
import { makeAvif } from '../../src/media/avif.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { EDITOR, liveStory, publish } from '../helpers/acts.ts'
import { NO_CHROMIUM, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { startSite } from '../helpers/journey.ts'
import { flat } from '../helpers/pictures.ts'

const skip = NO_CHROMIUM

const site = startSite()

it('a reader sees a photo at the address of its AVIF before there is one and after, until it is withdrawn', {
  skip,
  timeout: 60_000,
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
