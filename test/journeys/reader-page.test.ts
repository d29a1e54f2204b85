// What a reader's page looks like and says in a real browser: lines that do not overprint, parts that come with their time,
// large text, other scripts, paper, and what is told to those who listen.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { launch, NO_CHROMIUM, postIds, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { until } from '../helpers/desk-client.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 60_000 }
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const DESKTOP = { viewport: { width: 1280, height: 900 } }

let store: TestStore
let node: TestNode
let browser: Browser
const contexts: BrowserContext[] = []

async function open(path: string, settings: BrowserContextOptions = DESKTOP): Promise<Page> {
  const context = await browser.newContext(settings)
  contexts.push(context)
  const page = await context.newPage()
  await page.goto(`${node.origin}${path}`)
  if (settings.javaScriptEnabled !== false) await seeContact(page)
  return page
}

async function storyWith(count: number, settings = {}): Promise<{ id: string; path: string; posts: string[] }> {
  const { id, name } = await liveStory(store, settings)
  const posts: string[] = []
  for (let n = 1; n <= count; n++) posts.push(await publish(store, id, words(`Update ${n}`, `Reading number ${n}.`)))
  return { id, path: `/${name}`, posts }
}

const boxOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((at) => at.getBoundingClientRect())

before(async () => {
  if (skip) return
  store = await openTestStore()
  node = await startTestNode([], store)
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await node?.close()
  await store?.close()
})

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})

describe('a withdrawn post', () => {
  it('leaves one line in which nothing stands on anything else', options, async () => {
    const { id, path, posts } = await storyWith(2)
    const [post = ''] = posts
    await withdrawPost(store, EDITOR, id, post, { trace: 'line', reason: 'The gauge was broken.' })
    for (const settings of [DESKTOP, PHONE]) {
      for (const address of [path, `${path}/post/${post}`]) {
        const page = await open(address, settings)
        const time = await boxOf(page, '.trace > time')
        const text = await boxOf(page, '.trace > span')
        const apart = time.right <= text.left || time.bottom <= text.top || settings === PHONE
        assert.ok(apart, `${address}: time to ${time.right}, text from ${text.left}`)
        assert.ok((await boxOf(page, '.trace')).height < 70, `${address}: one line, or two on a phone`)
        if (settings === DESKTOP) assert.equal(time.height, text.height, `${address}: one line`)
      }
    }
  })
})

describe('parts outside the regions', () => {
  it('come and go with the posts of an open page', options, async () => {
    const { id, path } = await storyWith(0)
    const page = await open(path)
    const events = page.locator('.to-events')
    const order = page.locator('nav.order')
    const empty = page.getByText('No posts yet.')
    assert.deepEqual([await events.isVisible(), await order.isVisible(), await empty.isVisible()], [false, false, true])
    const first = await publish(store, id, words('First'))
    await seePost(page, first)
    assert.deepEqual([await order.isVisible(), await empty.isVisible()], [false, false])
    await markKeyEvent(store, EDITOR, id, first, { title: 'It begins' })
    await events.waitFor({ timeout: WAIT_MS })
    const second = await publish(store, id, words('Second'))
    await seePost(page, second)
    assert.equal(await order.isVisible(), true)
    for (const post of [first, second]) await withdrawPost(store, EDITOR, id, post, { trace: 'none', reason: '' })
    await empty.waitFor({ timeout: WAIT_MS })
    assert.deepEqual([await events.isVisible(), await order.isVisible()], [false, false])
  })

  it('are not said to be missing in a story that has not begun', options, async () => {
    const slug = 'not-begun-yet'
    await createStory(store, EDITOR, newId(), { title: 'Planned', slug })
    const page = await open(`/${slug}`)
    assert.ok(await page.getByText('Coverage has not begun.').isVisible())
    assert.equal(await page.getByText('No posts yet.').isVisible(), false)
  })
})

describe('who listens to the page', () => {
  it(
    'is told of what waits, once for each change of its words, and of nothing that is on the page already',
    options,
    async () => {
      const { id, path, posts } = await storyWith(12)
      const page = await open(path)
      await page.evaluate(() => {
        const region = document.querySelector('[data-pill]')?.closest('[role="status"]')
        const told: string[] = []
        Object.assign(globalThis, { told })
        const tell = (): void => {
          const text = (region as HTMLElement | null)?.innerText ?? ''
          if (text && told.at(-1) !== text) told.push(text)
        }
        if (region) new MutationObserver(tell).observe(region, { subtree: true, childList: true, attributes: true })
      })
      const told = (): Promise<unknown> => page.evaluate(() => (globalThis as unknown as { told: string[] }).told)
      await seePost(page, await publish(store, id, words('At the top')))
      assert.deepEqual(await told(), [])
      await page.locator(`#post-${posts[2]}`).evaluate((at) => at.scrollIntoView())
      await publish(store, id, words('One'))
      await page.getByText('1 new update', { exact: true }).waitFor({ timeout: WAIT_MS })
      await publish(store, id, words('Two'))
      await page.getByText('2 new updates').waitFor({ timeout: WAIT_MS })
      assert.deepEqual(await told(), ['1 new update', '2 new updates'])
    },
  )
})

describe('a post that changes on the screen', () => {
  for (const [name, settings] of [
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const) {
    it(`does not move the one being read below it, on a ${name}`, options, async () => {
      const { id, path, posts } = await storyWith(14)
      const page = await open(path, settings)
      const read = page.locator(`#post-${posts[4]}`)
      await read.evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
      const top = () => read.evaluate((at) => at.getBoundingClientRect().top)
      const before = await top()
      const above = page.locator(`#post-${posts[6]}`)
      assert.ok(await above.evaluate((at) => at.getBoundingClientRect().top > 0), 'both are on the screen')
      const content = words('Update 7', 'Reading number 7, corrected.')
      await correctPost(store, EDITOR, id, posts[6] ?? '', {
        revision: 1,
        content,
        note: 'We wrote 6; it was 7. '.repeat(8),
      })
      await page.locator('.correction').waitFor({ state: 'attached', timeout: WAIT_MS })
      await page.waitForTimeout(100) // two frames: the browser may try to hold the place a second time
      assert.ok(Math.abs((await top()) - before) <= 1, `from ${before} to ${await top()}`)
    })
  }

  it('keeps the paragraph being read in its own text where it is', options, async () => {
    const { id, path } = await storyWith(6)
    const paragraphs = Array.from({ length: 30 }, (_, n) => `Paragraph ${n + 1} says something of its own. `.repeat(3))
    const content = (texts: string[]) => ({
      headline: 'Long',
      blocks: texts.map((text) => ({ type: 'paragraph' as const, text: [{ text }] })),
    })
    const post = await publish(store, id, content(paragraphs))
    for (let n = 0; n < 3; n++) await publish(store, id, words(`Later ${n}`, 'More.'))
    const page = await open(path, PHONE)
    const read = page.getByText('Paragraph 20 says').first()
    await read.evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
    const before = (await read.boundingBox())?.y ?? Number.NaN
    const longer = paragraphs.toSpliced(3, 1, 'Paragraph 4 is another one now, and a good deal longer. '.repeat(12))
    await correctPost(store, EDITOR, id, post, {
      revision: 1,
      content: content(longer),
      note: 'Paragraph 4 was wrong.',
    })
    await page.locator('.correction').waitFor({ state: 'attached', timeout: WAIT_MS })
    await page.waitForTimeout(100)
    const now = (await page.getByText('Paragraph 20 says').first().boundingBox())?.y ?? Number.NaN
    assert.ok(Math.abs(now - before) <= 1, `from ${before} to ${now}`)
  })
})

describe('with text of twice the size on a phone', () => {
  for (const [language, title] of [
    ['en', 'Storm over the harbour'],
    ['he', 'הבחירות לעיריית חיפה'],
    ['ar', 'زلزال يضرب شمال البلاد'],
  ] as const) {
    it(`the site's name and the way to the key events are whole (${language})`, options, async () => {
      const { id, path, posts } = await storyWith(2, { language, title })
      await markKeyEvent(store, EDITOR, id, posts[0] ?? '', { title: 'It begins' })
      const page = await open(path, PHONE)
      await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
      for (const selector of ['.bar .site', '.bar .to-events']) {
        const cut = await page.locator(selector).evaluate((at) => at.scrollWidth - at.clientWidth)
        assert.ok(cut <= 1, `${selector} is cut by ${cut} px`)
        const { left, right } = await boxOf(page, selector)
        assert.ok(left >= 0 && right <= 390, `${selector} stands from ${left} to ${right}`)
        const edge = language === 'en' ? left : 390 - right
        assert.ok(edge < 20, `${selector} begins at the edge where reading begins, not ${edge} px from it`)
      }
      assert.ok((await boxOf(page, '.bar')).height < 100, 'the bar is as high as ever')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390)
    })
  }
})

describe('the state line', () => {
  it('has even gaps, and no dot at the end of a line', options, async () => {
    const { path } = await storyWith(3)
    for (const width of [1280, 390, 330, 240]) {
      const page = await open(path, { viewport: { width, height: 800 } })
      const parts = await page.locator('.masthead .state > *').evaluateAll((all) =>
        all.map((part) => {
          const { left, right, top } = part.getBoundingClientRect()
          const [own, start] = [getComputedStyle(part, '::after').content, getComputedStyle(part, '::before').content]
          return { left, right, line: Math.round(top / 10), own, start, isMark: part.classList.contains('mark') }
        }),
      )
      assert.ok(parts.length >= 4)
      const gaps = parts.flatMap((part, at) => {
        const next = parts[at + 1]
        return next && next.line === part.line ? [Math.round(next.left - part.right)] : []
      })
      assert.ok(new Set(gaps).size <= 1, `${width} px: ${gaps}`)
      for (const { own, start, isMark } of parts) {
        assert.equal(own, 'none', 'nothing follows a part')
        if (!isMark) assert.equal(start, '"·"')
      }
      assert.equal(await page.locator('.masthead .state').evaluate((at) => getComputedStyle(at).overflowX), 'clip')
    }
  })

  it('is written by a live update as the server writes it', options, async () => {
    for (const language of ['ar', 'he', 'en-US', 'fa']) {
      const { id, path } = await storyWith(1, { language, timeZone: 'Asia/Tokyo' })
      const page = await open(path)
      await seePost(page, await publish(store, id, words('Second')))
      const state = page.locator('.masthead .state')
      const live = await state.innerText()
      await page.reload()
      await seeContact(page)
      const minute = /\d\d(?=\D*$)/ // the clock may have gone on between the two
      assert.equal(live.replace(minute, ''), (await state.innerText()).replace(minute, ''), language)
    }
  })
})

describe('on paper', () => {
  it('times are absolute and links that lead elsewhere say where to', options, async () => {
    const { id, path } = await storyWith(2)
    const text = [{ text: 'Read ' }, { text: 'the report', link: 'https://example.org/report' }, { text: '.' }]
    await publish(store, id, { headline: 'With a link', blocks: [{ type: 'paragraph', text }] })
    const page = await open(path)
    assert.ok((await page.locator('.ago').count()) > 3)
    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.locator('.ago:visible').count(), 0)
    assert.equal(await page.locator('.bar:visible,.pill:visible,.later:visible').count(), 0)
    assert.ok(await page.locator('.masthead .state .day').isVisible(), 'the day of the last update')
    const shown = await page
      .locator('.body a')
      .evaluateAll((all) => all.map((link) => `${link.textContent}${getComputedStyle(link, '::after').content}`))
    assert.deepEqual(
      shown.filter((one) => !one.endsWith('none')),
      ['the report" (https://example.org/report)"'],
    )
    const tops = await page.locator('.post').evaluateAll((all) => all.map((post) => post.getBoundingClientRect().top))
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => b - a),
      'the first that happened is the first on paper',
    )
  })
})

describe('without JavaScript', () => {
  it('the notice stands apart from the rule under it', options, async () => {
    const { path } = await storyWith(3)
    const page = await open(path, { ...DESKTOP, javaScriptEnabled: false })
    const notice = await page.locator('noscript p').boundingBox()
    const order = await page.locator('nav.order').boundingBox()
    assert.ok((order?.y ?? 0) - (notice?.y ?? 0) - (notice?.height ?? 0) >= 12)
  })
})

describe('an older page', () => {
  it('says that there are new posts on the latest, quietly', options, async () => {
    const { id, path, posts } = await storyWith(41)
    const page = await open(`${path}/page/1-20`)
    const line = page.getByRole('link', { name: 'New posts on the latest page' })
    await page
      .locator(`#post-${posts[9]}`)
      .evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
    const place = await boxOf(page, `#post-${posts[9]}`)
    assert.equal(await line.isVisible(), false)
    const fresh = await publish(store, id, words('Fresh'))
    await line.waitFor({ timeout: WAIT_MS })
    assert.ok(await page.locator('[role="status"]', { has: line }).count(), 'it is told, too')
    assert.equal((await boxOf(page, `#post-${posts[9]}`)).top, place.top)
    assert.equal((await postIds(page)).length, 20)
    await line.click()
    await until('the latest page', WAIT_MS, async () => (await postIds(page))[0] === fresh)
    assert.equal(await page.locator('[data-later]').count(), 0)
  })
})
