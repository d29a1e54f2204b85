// The truth beside a post: a reader's browser tells that it was on the screen and read, and the desk says so.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createAttention } from '../../src/store/attention.ts'
import { liveStory, publish, words } from '../helpers/acts.ts'
import { closeContext, NO_CHROMIUM, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { openDesk, startDeskSite } from '../helpers/live-desk.ts'

const site = startDeskSite({ viewport: { width: 1280, height: 900 } })
const options = { skip: NO_CHROMIUM, timeout: 90_000 }

/** `quiet`: as a browser with Global Privacy Control. Both tell as soon as they may. */
async function reader(path: string, quiet: boolean) {
  const context = await site.browser.newContext({ userAgent: quiet ? 'quiet' : 'reader' })
  const told: string[] = []
  const page = await context.newPage()
  page.on('request', (request) => request.url().endsWith('/seen') && told.push(request.postData() ?? ''))
  await page.addInitScript((quiet) => {
    Math.random = () => 0
    if (quiet) Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })
  }, quiet)
  await page.goto(`${site.node.origin}${path}`)
  await seeContact(page)
  return { context, page, told }
}

it(
  'what a reader has on the screen and reads is told to the desk, of how many readers, and only by those who may be asked',
  options,
  async () => {
    const { node } = site
    const { id, name } = await liveStory(node.store)
    const old = await publish(node.store, id, words('There before', 'In the page.'))
    const one = await reader(`/${name}`, false)
    const silent = await reader(`/${name}`, true)
    const fresh = await publish(node.store, id, words('Came live', 'By the stream.'))
    await Promise.all([seePost(one.page, fresh), seePost(silent.page, fresh)])
    const attention = createAttention(node.store.db)
    await until('the post to be told of', 2 * WAIT_MS, async () => (await attention.ofStory(id, 1))[0]?.reads === 1)
    const desk = await openDesk(site.context, node.origin, id)
    const row = desk.locator(`#post-${fresh} .attention`)
    await row.getByText(/^Seen after \d\.\d+ s by the 1 reader who told us · 1 read$/).waitFor()
    assert.equal(
      await desk.locator(`#post-${old} .attention`).textContent(),
      '1 read',
      'it was there: no delay is told',
    )

    assert.ok(one.told.length > 0)
    assert.deepEqual(silent.told, [], 'whoever asks not to be measured sends nothing')
    for (const { context } of [one, silent]) await closeContext(context)
  },
)
