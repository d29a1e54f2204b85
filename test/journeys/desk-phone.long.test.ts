// The desk on a phone and without a line: it opens, a photo survives, and one thumb is enough.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { accountsOf } from '../../src/cli/desk.ts'
import type { PostContent } from '../../src/domain/content.ts'
import { liveStory } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { PHONE } from '../helpers/journey.ts'
import {
  ADA,
  headline,
  openDesk,
  seeAutosaved,
  seeDesk,
  seeKept,
  signedInContext,
  signIn,
  startDeskSite,
} from '../helpers/live-desk.ts'
import { flat } from '../helpers/pictures.ts'

const options = { skip: NO_CHROMIUM, timeout: 90_000 }
const site = startDeskSite(PHONE)

/** The worker stands and has the shell. */
async function seeShell(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

it(
  'opens without a line with what was typed, queues, and goes on by itself; nothing of a story is in a cache',
  options,
  async () => {
    const { id } = await liveStory(site.node.store, { title: 'Storm over the harbour' })
    const page = await openDesk(site.context, site.node.origin, id)
    await seeShell(page)
    await headline(page).fill('Typed before the tunnel')
    await seeKept(page)
    await site.context.setOffline(true)
    await page.reload()
    await seeDesk(page)
    assert.equal(await headline(page).inputValue(), 'Typed before the tunnel')
    await page.getByText('No connection: you can go on').waitFor()
    await page.getByRole('button', { name: /^Timeline/ }).click()
    await page.getByText('Not shown: there is no connection').first().waitFor()
    await assertAccessible(page, 'without a line')
    await page.getByRole('button', { name: /^Write/ }).click()
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Queued, no connection').waitFor()
    await headline(page).fill('And the next')
    await seeKept(page)
    const cached = await page.evaluate(async () => {
      const found: string[] = []
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname)
      return found
    })
    for (const path of cached)
      assert.match(path, /^\/desk\/shell$|^\/assets\/(?:desk|desk-plain|chunk)-[\w-]{8}\.(?:js|css)$/)
    await site.context.setOffline(false)
    await page.getByText('Published.', { exact: true }).waitFor()
    await page.locator('.contact[data-contact="ok"]').waitFor()
    assert.equal(await headline(page).inputValue(), 'And the next')

    await page.close()
  },
)

it('is nobody’s after a sign-out, and goes where the plain forms were chosen', options, async () => {
  const { id } = await liveStory(site.node.store, { title: 'Storm over the harbour' })
  const context = await signedInContext(site.browser, site.node, PHONE)
  const page = await openDesk(context, site.node.origin, id)
  await seeShell(page)
  await headline(page).fill('Nobody else’s business')
  await seeKept(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Password').waitFor()
  await context.setOffline(true)
  await page.goto(`${site.node.origin}/desk/stories/${id}`)
  await page.getByText('This story was not opened in this browser').waitFor()
  await assertAccessible(page, 'nothing kept')
  assert.doesNotMatch(await page.content(), /Nobody else|Storm over/)
  await context.setOffline(false)
  await signIn(page) // it asked the server again by itself, which leads there
  await seeDesk(page)
  assert.equal(await headline(page).inputValue(), 'Nobody else’s business')
  await page.getByRole('button', { name: 'Story', exact: true }).click()
  await page.getByRole('button', { name: /plain forms/i }).click()
  await until('no worker', WAIT_MS, () =>
    page.evaluate(
      async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).length === 0,
    ),
  )
  await closeContext(context)
})

it(
  'photos taken without a line survive a closed tab, wait with the post, and are there once, whatever answer is lost',
  options,
  async () => {
    const { id } = await liveStory(site.node.store, { title: 'The flood' })
    let page = await openDesk(site.context, site.node.origin, id)
    await seeShell(page)
    await site.context.setOffline(true)
    await headline(page).fill('The quay at noon')
    const photo = async (name: string, width: number) => ({
      ...{ name, mimeType: 'image/png', buffer: await flat(width, 40, 3).png().toBuffer() },
    })
    await page
      .locator('.thumb-acts input[multiple]')
      .setInputFiles([await photo('one.png', 60), await photo('two.png', 80)])
    await page.getByText(/one\.png · Waiting for a connection/).waitFor()
    await seeKept(page)
    await until('both kept', WAIT_MS, async () => (await waitingFiles(page)) === 2)
    await page.close({ runBeforeUnload: false })

    page = await openDesk(site.context, site.node.origin, id)
    await page.getByText(/two\.png · Waiting/).waitFor()
    assert.equal(await page.locator('canvas.composer-picture:visible').count(), 2)
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Queued, no connection').waitFor()
    let lost = 0
    await page.route('**/media', async (route) => {
      if (lost > 0) return route.continue()
      lost += 1
      await route.fetch() // it arrives and is kept
      await route.abort('connectionreset')
    })
    await site.context.setOffline(false)
    await page.getByText('Published.', { exact: true }).waitFor()
    const { rows } = await site.node.store.admin.query<{ content: PostContent }>(
      `SELECT content FROM post WHERE story_id = $1 AND state = 'published'`,
      [id],
    )
    const media = rows.flatMap(({ content }) => content.blocks.map((block) => block.type === 'image' && block.media))
    const there = await site.node.store.admin.query<{ id: string }>('SELECT id FROM media')
    assert.equal(lost, 1)
    assert.deepEqual([rows.length, media.length], [1, 2])
    assert.deepEqual(media.toSorted(), there.rows.map((row) => row.id).toSorted())
    await page.close()
  },
)

it(
  'a text changed here without a line and later on another device stands beside the other; both stay',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const page = await openDesk(site.context, site.node.origin, id)
    await headline(page).fill('Begun on the bus')
    await seeAutosaved(site.node, 'Begun on the bus')
    await site.context.setOffline(true)
    await headline(page).fill('Begun on the bus, and on in the tunnel')
    await page.getByText('not on the server yet').waitFor()
    const elsewhere = await signedInContext(site.browser, site.node)
    const other = await openDesk(elsewhere, site.node.origin, id)
    await headline(other).fill('Begun on the bus, and on at the office')
    await seeAutosaved(site.node, 'Begun on the bus, and on at the office')
    await closeContext(elsewhere)
    await site.context.setOffline(false)
    await page.getByText('You went on with this text on another device').waitFor()
    assert.equal(await headline(page).inputValue(), 'Begun on the bus, and on in the tunnel')
    await page.getByRole('button', { name: 'Take the other' }).click()
    await until('the other', WAIT_MS, async () => (await headline(page).inputValue()).endsWith('at the office'))
    await page.getByRole('button', { name: 'Begun on the bus, and on in the tunnel' }).waitFor() // among the unfinished
    await page.close()
  },
)

it('a contributor submits a photo and a line with one thumb, the keyboard open', options, async () => {
  const { id } = await liveStory(site.node.store)
  const cy = { name: 'Cy', email: 'cy@example.org', password: ADA.password }
  await accountsOf(site.node.store).createAccount(cy, 'contributor')
  const context = await site.browser.newContext(PHONE)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  await page.goto(`${site.node.origin}/desk/sign-in?next=%2Fdesk%2Fstories%2F${id}`)
  await signIn(page, cy)
  await seeDesk(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Camera' }).tap()
  const buffer = await flat(60, 40, 3).png().toBuffer()
  await (await chooser).setFiles([{ name: 'camera.png', mimeType: 'image/png', buffer }])
  await headline(page).fill('A tip from the quay')
  await headline(page).focus()
  const submit = page.getByRole('button', { name: 'Submit', exact: true })
  const { top, bottom } = await submit.evaluate((at) => at.getBoundingClientRect())
  assert.ok(bottom - top >= 44 && top > PHONE.viewport.height * 0.75 && bottom <= PHONE.viewport.height)
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
  await page.setViewportSize({ width: 360, height: 640 })
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
  await assertAccessible(page, 'the bar at twice the text size')
  await submit.tap()
  await page.getByText('Submitted: an editor will read it.').waitFor()
  await closeContext(context)
})

/** Of this account, in its browser, with their bytes. */
function waitingFiles(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('dateline-desk-'))?.name ?? ''
    const db = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => resolve(asked.result)
    })
    const all = await new Promise<{ file: File | null }[]>((resolve) => {
      const asked = db.transaction('files').objectStore('files').getAll()
      asked.onsuccess = () => resolve(asked.result)
    })
    db.close()
    return all.filter(({ file }) => file !== null && file.size > 0).length
  })
}
