// Journeys of a reader in a real browser: news at the top, news that wait, changes in place, breaks, many tabs.
// Run by the gate. Never waits longer than it must: each step is bounded.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { closeContext, launch, NO_CHROMIUM } from '../helpers/chromium.ts'
import { buildReader, FixtureStory, ReaderServer } from '../helpers/reader-server.ts'

const STEP_MS = 8_000
const MAX_GZIP_BYTES = 8 * 1024

const skip = NO_CHROMIUM
const server = new ReaderServer()
let browser: Browser
let context: BrowserContext
let serial = 0

const newStory = (posts = 10): FixtureStory => server.add(new FixtureStory(`story${++serial}`, posts))

async function open(story: FixtureStory, query = ''): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS)
  page.on('pageerror', (error) => assert.fail(error))
  await page.goto(`${server.origin}/${story.name}${query}`)
  return page
}

/** The page streams, or hears from the tab that does. */
async function untilLive(story: FixtureStory, count = 1): Promise<void> {
  await until(() => server.streamsOf(story) === count, `${count} stream of ${story.name}`)
}

async function until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + STEP_MS; Date.now() < end; ) {
    if (await check()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  assert.fail(`not in time: ${what}`)
}

const texts = (page: Page): Promise<string[]> => page.locator('[data-posts] .text').allInnerTexts()
const topOf = (page: Page, id: string): Promise<number> => {
  return page.evaluate((one) => document.getElementById(`post-${one}`)?.getBoundingClientRect().top ?? Number.NaN, id)
}
const painted = (page: Page): Promise<void> => {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
}
const shows = (page: Page, story: FixtureStory, what = 'the posts of the story'): Promise<void> => {
  return until(async () => String(await texts(page)) === String(story.texts()), what)
}

describe('a reader', { concurrency: false }, () => {
  before(async () => {
    if (skip) return
    await server.start()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server.stop()
  })

  const step = (name: string, work: () => Promise<void>): void => {
    it(name, { skip, timeout: 120_000 }, async () => {
      context = await browser.newContext({ viewport: { width: 800, height: 600 } })
      try {
        await work()
      } finally {
        await closeContext(context) // a page that is just going elsewhere never says that it is closed
      }
    })
  }

  step('loads at most 8 KB', async () => {
    assert.ok(gzipSync(await buildReader(), { level: 9 }).length <= MAX_GZIP_BYTES)
  })

  step('is left alone on a page without a story', async () => {
    const page = await context.newPage()
    const asked = server.asked.length
    await page.goto(`${server.origin}/any/plain`)
    await painted(page)
    const paths = server.asked.slice(asked).filter((path) => path !== '/favicon.ico')
    assert.deepEqual(paths, ['/any/plain', '/reader.js'])
  })

  step('at the top sees a new post come in', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    story.publish('Fresh')
    await shows(page, story)
    assert.equal((await texts(page))[0], 'Fresh')
    assert.equal(await page.locator('[data-pill]').isHidden(), true)
    assert.equal(await page.locator('[data-count]').innerText(), '11 posts')
    assert.match(await page.locator('[data-posts] time').first().innerText(), /^\d\d:\d\d now$/)
  })

  step('further down is not moved: new posts wait behind the pill until it is pressed', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    await page.evaluate(() => scrollTo(0, 700))
    const anchor = story.items[5]?.id ?? ''
    const top = await topOf(page, anchor)
    story.publish('First')
    await page.getByText('1 new update', { exact: true }).waitFor()
    story.publish('Second')
    await page.getByText('2 new updates').waitFor()
    await painted(page)
    assert.equal(await topOf(page, anchor), top)
    assert.equal((await texts(page)).length, 10)
    await page.locator('[data-pill]').click()
    await shows(page, story)
    await painted(page)
    assert.equal(await page.locator('[data-pill]').isHidden(), true)
    const newest = story.items.at(-1)?.id ?? ''
    assert.ok(Math.abs(await topOf(page, newest)) < 2)
    assert.equal(await page.evaluate(() => document.activeElement?.id), `post-${newest}`)
  })

  step('never sees what was taken back while it waited', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    await page.evaluate(() => scrollTo(0, 700))
    const [wrong, bad] = [story.publish('Wrong'), story.publish('Bad')]
    const good = story.publish('Good')
    await page.getByText('3 new updates').waitFor()
    story.withdraw(wrong, 'none')
    await page.getByText('2 new updates').waitFor()
    story.withdraw(bad, 'line')
    await page.getByText('1 new update', { exact: true }).waitFor()
    story.revise(good, 'Better')
    await until(
      async () => (await page.locator('main').getAttribute('data-position')) === `e.${story.seq}`,
      'the revision',
    )
    await page.locator('[data-pill]').click()
    await shows(page, story)
    const html = await page.content()
    for (const gone of ['Wrong', 'Bad', 'Good']) assert.ok(!html.includes(`>${gone}<`), gone)
  })

  step('sees revisions, withdrawals and the masthead change above without being moved', async () => {
    const story = newStory(15)
    const [third, fourth] = [story.items[12]?.id ?? '', story.items[11]?.id ?? '']
    story.regions.pinned = `<article data-post="${third}">Pinned text</article>`
    const page = await open(story)
    await untilLive(story)
    await page.evaluate(() => scrollTo(0, 1500))
    const anchor = story.items[6]?.id ?? ''
    const top = await topOf(page, anchor)
    const unmoved = async (what: string): Promise<void> => {
      await until(async () => (await page.locator('main').getAttribute('data-position')) === `e.${story.seq}`, what)
      await painted(page)
      assert.ok(Math.abs((await topOf(page, anchor)) - top) < 0.5, `${what}: ${top} → ${await topOf(page, anchor)}`)
    }
    story.revise(story.items[14]?.id ?? '', 'Longer', 420)
    await unmoved('a longer post')
    story.change({
      masthead: '<h1>New title</h1><p style="height:77px"></p>',
      'key-events': '<p style="height:50px"></p>',
    })
    await unmoved('a higher masthead')
    story.withdraw(third, 'line')
    await unmoved('a grey line')
    story.withdraw(fourth, 'none')
    await unmoved('a post less')
    story.revise(anchor, 'The one being read', 260)
    await unmoved('the post itself')
    await shows(page, story)
    assert.equal(await page.locator(`#post-${third}`).evaluate((element) => element.tagName), 'P')
    assert.equal(await page.getByText('Pinned text').count(), 0)
  })

  step('keeps the keyboard where it was when a post is replaced', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    const id = story.items[8]?.id ?? ''
    await page.locator(`#post-${id} a`).focus()
    story.revise(id, 'Revised')
    await page.getByText('Revised').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.closest('article')?.id), `post-${id}`)
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'A')
    story.publish('Waits')
    await page.getByText('1 new update', { exact: true }).waitFor()
  })

  step('reads oldest first: new posts go to the end; an older page takes none', async () => {
    const story = newStory(25)
    const oldest = await open(story, '?order=oldest')
    await untilLive(story)
    const older = await open(story, '/page/1-20')
    story.publish('Newest')
    story.revise(story.items[3]?.id ?? '', 'Revised')
    await until(async () => (await texts(oldest)).at(-1) === 'Newest', 'the newest at the end')
    await older.getByText('Revised').waitFor()
    assert.equal((await texts(older)).length, 20)
  })

  step('goes on after a restart of the server, without gap or double', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    story.publish('Before')
    await shows(page, story)
    await server.stop()
    story.publish('Meanwhile')
    const short = story.publish('Meanwhile, too')
    story.withdraw(short, 'none')
    await server.start()
    await shows(page, story)
    await untilLive(story)
    story.publish('After')
    await shows(page, story)
  })

  step('offline and back has everything', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    await context.setOffline(true)
    await until(() => server.streamsOf(story) === 0, 'no stream')
    story.publish('Missed')
    await painted(page)
    assert.equal((await texts(page)).includes('Missed'), false)
    await context.setOffline(false)
    await shows(page, story)
    await untilLive(story)
  })

  step('is told within four seconds that the machine is offline, and when it is back', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    await context.setOffline(true)
    await page.getByText(/^Connection lost, showing \d\d:\d\d$/).waitFor({ timeout: 4_000 })
    await context.setOffline(false)
    await page.locator('[data-connection]').waitFor({ state: 'hidden', timeout: STEP_MS })
  })

  step('is told soon that the server is gone', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    await server.stop()
    await page.getByText(/^Connection lost, showing/).waitFor({ timeout: 9_000 })
    await server.start()
    await page.locator('[data-connection]').waitFor({ state: 'hidden', timeout: STEP_MS })
  })

  step('gets the page again in place when history is another one', async () => {
    const story = newStory(15)
    const page = await open(story)
    await untilLive(story)
    await page.evaluate(() => {
      document.body.dataset.stays = 'yes'
      scrollTo(0, 1500)
    })
    const anchor = story.items[6]?.id ?? ''
    const top = await topOf(page, anchor)
    story.onChange = () => undefined
    story.withdraw(story.items[12]?.id ?? '', 'none')
    story.revise(story.items[10]?.id ?? '', 'As restored', 300)
    story.epoch = 'f'
    server.refetch(story)
    await shows(page, story)
    assert.ok(Math.abs((await topOf(page, anchor)) - top) < 0.5)
    assert.equal(await page.evaluate(() => document.body.dataset.stays), 'yes')
    await untilLive(story)
  })

  step('keeps what was collected in a long story when the page is loaded again', async () => {
    const story = newStory(15)
    const page = await open(story)
    await untilLive(story)
    for (let n = 0; n < 30; n++) story.publish(`Later ${n}`)
    await shows(page, story)
    const [anchor, gone] = [story.items[2]?.id ?? '', story.items[4]?.id ?? '']
    await page.evaluate((id) => document.getElementById(`post-${id}`)?.scrollIntoView(), anchor)
    const top = await topOf(page, anchor)
    story.onChange = () => undefined
    story.withdraw(gone, 'none')
    story.epoch = 'f'
    server.refetch(story)
    await shows(page, story)
    assert.ok(Math.abs((await topOf(page, anchor)) - top) < 0.5)
    assert.ok(server.asked.includes(`/${story.name}/page/1-20`))
  })

  step('leaves the page when the story is gone', async () => {
    const story = newStory()
    const page = await open(story)
    await untilLive(story)
    server.stories.delete(story.name)
    server.refetch(story)
    await until(async () => (await page.locator('article').count()) === 0, 'an empty page')
  })

  step('with twelve tabs has one stream, and hands it over without a gap', async () => {
    const story = newStory()
    const leader = await open(story)
    await untilLive(story)
    const tabs: Page[] = []
    for (let n = 0; n < 11; n++) tabs.push(await open(story))
    story.publish('To all')
    for (const page of [leader, ...tabs]) await shows(page, story, 'the post in every tab')
    assert.equal(server.streams.size, 1)
    await leader.close()
    story.publish('In between')
    for (const page of tabs) await shows(page, story, 'the post of the hand-over in every tab')
    await untilLive(story)
    assert.equal(server.streams.size, 1)
    story.publish('Afterwards')
    for (const page of tabs) await shows(page, story, 'the post after the hand-over in every tab')
  })

  step('with two stories open has news in both', async () => {
    const [first, second] = [newStory(), newStory()]
    const streaming = await open(first)
    await untilLive(first)
    const polling = await open(second)
    await polling.locator('[data-connection="ok"]').waitFor({ state: 'attached' })
    first.publish('One')
    second.publish('Two')
    await shows(streaming, first)
    await shows(polling, second)
    assert.equal(server.streams.size, 1)
  })
})
