// Nothing typed at the live desk is lost: a killed server, a closed tab, no line, two tabs, an ended session, another device.

import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { liveStory } from '../helpers/acts.ts'
import { closeContext, NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import {
  becomeAdmin,
  headline,
  keptIn,
  openDesk,
  seeAutosaved,
  seeDesk,
  seeKept,
  signedInContext,
  signIn,
  startDeskSite,
} from '../helpers/live-desk.ts'
import { startProgram, temporaryFolder } from '../helpers/node.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 90_000 }
const REPLAYS = Number(process.env.TEST_REPLAYS ?? 20) // posts of one queue
const site = startDeskSite()

/** Headlines in the order in which they became public, from the log itself. */
const publishedIn = async (storyId: string): Promise<string[]> => {
  const { rows } = await site.node.store.admin.query<{ headline: string }>(
    `SELECT p.content ->> 'headline' AS headline FROM public_entry e JOIN post p ON p.id = e.post_id
     WHERE e.story_id = $1 AND e.kind = 'post-published' ORDER BY e.seq`,
    [storyId],
  )
  return rows.map((row) => row.headline)
}

async function publishByKey(page: Page, words: string): Promise<void> {
  await headline(page).fill(words)
  await page.keyboard.press('Control+Enter')
  await until('an empty field', WAIT_MS, async () => (await headline(page).inputValue()) === '')
}

it(
  'a server killed while somebody types costs no word, and what was published meanwhile goes out once',
  options,
  async () => {
    const folder = temporaryFolder()
    const port = String(await freePort())
    let server = await startAt(folder.path, port)
    const browser = await site.browser.newContext()
    try {
      let page = await browser.newPage()
      page.setDefaultTimeout(WAIT_MS)
      await becomeAdmin(page, server.setupLink)
      await page.getByRole('link', { name: 'New story' }).click()
      await page.getByLabel('Title').fill('Storm over the harbour')
      await page.getByRole('button', { name: 'Create and go live' }).click()
      await seeDesk(page)
      const address = page.url()
      await headline(page).pressSequentially('The water')
      await server.kill('SIGKILL')
      await page.getByText('No connection: you can go on').waitFor() // by itself: nothing was sent
      await headline(page).pressSequentially(' is rising')
      await seeKept(page)
      await page.getByText('not on the server yet').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.getByText('Queued, no connection').waitFor()
      await headline(page).pressSequentially('And half a sen')
      await until('both kept', WAIT_MS, async () => {
        const { texts, queue } = await keptIn(page)
        return texts === 1 && queue === 1
      })
      await page.close({ runBeforeUnload: false })

      server = await startAt(folder.path, port)
      page = await browser.newPage()
      page.setDefaultTimeout(WAIT_MS)
      await page.goto(address)
      await seeDesk(page)
      assert.equal(await headline(page).inputValue(), 'And half a sen')
      await page.locator('ol.posts').getByText('The water is rising').waitFor()
      const reader = await (await fetch(server.origin)).text()
      assert.match(reader, /Storm over the harbour/)
      assert.equal(await page.locator('ol.posts > li').count(), 1)
      assert.deepEqual(await keptIn(page), { texts: 1, queue: 0 })
    } finally {
      await closeContext(browser)
      await server.kill('SIGTERM')
      folder.remove()
    }
  },
)

it(`a queue of ${REPLAYS} posts written without a line goes out once and in order, from two tabs that send at the same time`, {
  skip,
  timeout: 240_000,
}, async () => {
  const { id } = await liveStory(site.node.store)
  const tabs = [await openDesk(site.context, site.node.origin, id), await openDesk(site.context, site.node.origin, id)]
  const [one, other] = tabs as [Page, Page]
  let puts = 0
  // An answer came: a try that the end of the line met is none.
  for (const tab of tabs)
    tab.on('requestfinished', (request) => {
      if (request.method() === 'PUT' && /\/posts\/\w+$/.test(request.url())) puts += 1
    })
  await site.context.setOffline(true)
  const expected: string[] = []
  for (let n = 1; n <= REPLAYS; n++) {
    expected.push(`Update ${n}`)
    const tab = n % 2 === 0 ? other : one
    await publishByKey(tab, `Update ${n}`)
    // The order is that of the queue; nobody's hands are in both tabs at once.
    await until('it in the queue', WAIT_MS, async () => (await keptIn(tab)).queue === n)
  }
  await one.getByText('Queued, no connection').first().waitFor()
  assert.deepEqual(await keptIn(one), { texts: 0, queue: REPLAYS })
  await site.context.setOffline(false)
  await until('an empty queue', 180_000, async () => (await keptIn(one)).queue === 0)
  assert.deepEqual(await publishedIn(id), expected)
  assert.equal(puts, REPLAYS, 'each was sent by one tab alone')
  for (const tab of tabs) await tab.close()
})

it('an answer that is lost on its way back does not make a second post', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  let lost = 0
  await page.route('**/api/v1/stories/*/posts/*', async (route) => {
    if (route.request().method() !== 'PUT' || lost > 0) return route.continue()
    lost += 1
    await route.fetch() // it arrives and is done
    await route.abort('connectionreset')
  })
  await publishByKey(page, 'Said once')
  await page.getByText('Published.', { exact: true }).waitFor()
  assert.equal(lost, 1)
  assert.deepEqual(await publishedIn(id), ['Said once'])
  await page.close()
})

it('an ended session keeps the text, offers to sign in elsewhere, and goes on by itself', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  await headline(page).fill('After the session')
  const late = await holdAnswer(page, '**/api/v1/stories/*/shift-note')
  await page.evaluate(() => dispatchEvent(new Event('online'))) // the desk reads the story anew
  await late.asked
  await site.context.clearCookies()
  await page.keyboard.press('Control+Enter')
  await page.getByText('Queued, signed out').waitFor()
  await late.release()
  await page.getByText('Your session has ended.').waitFor()
  await page.waitForTimeout(200) // an answer of before the end that comes after it does not speak for the session
  assert.ok(await page.getByText('Your session has ended.').isVisible())
  await headline(page).fill('The next one')
  const [window] = await Promise.all([
    site.context.waitForEvent('page'),
    page.getByRole('link', { name: 'Sign in, in a new window' }).click(),
  ])
  window.setDefaultTimeout(WAIT_MS)
  await signIn(window)
  await window.getByText('go back to the one with your text').waitFor()
  await window.close()
  await until('the post', WAIT_MS, async () => (await publishedIn(id)).length === 1)
  assert.equal(await headline(page).inputValue(), 'The next one')
  await publishByKey(page, 'The next one')
  await until('the next', WAIT_MS, async () => (await publishedIn(id)).length === 2)
  await page.close()
})

it('a text begun here is there on another device, and gone there once it was thrown away here', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  await headline(page).fill('Begun on the bus')
  await seeAutosaved(site.node, 'Begun on the bus')
  const elsewhere = await signedInContext(site.browser, site.node)
  const desk = await openDesk(elsewhere, site.node.origin, id)
  assert.equal(await headline(desk).inputValue(), 'Begun on the bus')
  await desk.getByText('What you began elsewhere is here').waitFor()
  await desk.getByRole('button', { name: 'Throw away' }).click()
  await desk.getByText('Thrown away.').waitFor()
  await desk.getByRole('button', { name: 'Bring it back' }).click()
  await until('the words', WAIT_MS, async () => (await headline(desk).inputValue()) === 'Begun on the bus')
  await headline(desk).press('End')
  await headline(desk).pressSequentially(' home')
  await seeAutosaved(site.node, 'Begun on the bus home')
  assert.equal(await desk.getByText('You went on with this text').count(), 0, 'its own giving up is no other device')
  await desk.getByRole('button', { name: 'Throw away' }).click()
  await desk.getByText('Thrown away.').waitFor()
  await closeContext(elsewhere)
  const third = await signedInContext(site.browser, site.node)
  assert.equal(await headline(await openDesk(third, site.node.origin, id)).inputValue(), '')
  await closeContext(third)
  await page.close()
})

it('two tabs never write into one text', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  await headline(page).fill('In the first tab')
  await seeKept(page)
  const second = await openDesk(site.context, site.node.origin, id)
  assert.notEqual(await headline(second).inputValue(), 'In the first tab')
  await page.close()
  await second.reload()
  await seeDesk(second)
  assert.equal(await headline(second).inputValue(), 'In the first tab')
  await second.close()
})

/** The next answer at an address is taken from the server and kept back until `release`. */
async function holdAnswer(page: Page, pattern: string): Promise<{ asked: Promise<void>; release(): Promise<void> }> {
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const given = Promise.withResolvers<void>()
  await page.route(
    pattern,
    async (route) => {
      const response = await route.fetch()
      asked.resolve()
      await released.promise
      await route.fulfill({ response })
      given.resolve()
    },
    { times: 1 },
  )
  const release = () => {
    released.resolve()
    return given.promise
  }
  return { asked: asked.promise, release }
}

/** At the same port each time: what a browser keeps, it keeps for an address. */
function startAt(dataDir: string, port: string) {
  const root = join(import.meta.dirname, '../..')
  return startProgram([process.execPath, 'src/cli/main.ts', 'start', '--port', port, '--data-dir', dataDir], root)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
