// What happens on a reader's page that stays open: parts that come with their time, what is told to those who listen,
// the place that is kept, news that stand elsewhere.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { EDITOR, newId, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, postIds, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { boxOf, DESKTOP, PHONE, startJourney } from '../helpers/journey.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const journey = startJourney()

describe('parts outside the regions', () => {
  it('come and go with the posts of an open page', options, async () => {
    const { id, path } = await journey.storyWith(0)
    const page = await journey.open(path)
    const events = page.locator('.to-events')
    const order = page.locator('nav.order')
    const empty = page.getByText('No posts yet.')
    assert.deepEqual([await events.isVisible(), await order.isVisible(), await empty.isVisible()], [false, false, true])
    const first = await publish(journey.store(), id, words('First'))
    await seePost(page, first)
    assert.deepEqual([await order.isVisible(), await empty.isVisible()], [false, false])
    await markKeyEvent(journey.store(), EDITOR, id, first, { title: 'It begins' })
    await events.waitFor({ timeout: WAIT_MS })
    const second = await publish(journey.store(), id, words('Second'))
    await seePost(page, second)
    assert.equal(await order.isVisible(), true)
    for (const post of [first, second])
      await withdrawPost(journey.store(), EDITOR, id, post, { trace: 'none', reason: '' })
    await empty.waitFor({ timeout: WAIT_MS })
    assert.deepEqual([await events.isVisible(), await order.isVisible()], [false, false])
  })

  it('are not said to be missing in a story that has not begun', options, async () => {
    const slug = 'not-begun-yet'
    await createStory(journey.store(), EDITOR, newId(), { title: 'Planned', slug })
    const page = await journey.open(`/${slug}`)
    assert.ok(await page.getByText('Coverage has not begun.').isVisible())
    assert.equal(await page.getByText('No posts yet.').isVisible(), false)
  })
})

describe('who listens to the page', () => {
  it(
    'is told of what waits, once for each change of its words, and of nothing that is on the page already',
    options,
    async () => {
      const { id, path, posts } = await journey.storyWith(12)
      const page = await journey.open(path)
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
      await seePost(page, await publish(journey.store(), id, words('At the top')))
      assert.deepEqual(await told(), [])
      await page.locator(`#post-${posts[2]}`).evaluate((at) => at.scrollIntoView())
      await publish(journey.store(), id, words('One'))
      await page.getByText('1 new update', { exact: true }).waitFor({ timeout: WAIT_MS })
      await publish(journey.store(), id, words('Two'))
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
      const { id, path, posts } = await journey.storyWith(14)
      const page = await journey.open(path, settings)
      const read = page.locator(`#post-${posts[4]}`)
      await read.evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
      const top = () => read.evaluate((at) => at.getBoundingClientRect().top)
      const before = await top()
      const above = page.locator(`#post-${posts[6]}`)
      assert.ok(await above.evaluate((at) => at.getBoundingClientRect().top > 0), 'both are on the screen')
      const content = words('Update 7', 'Reading number 7, corrected.')
      await correctPost(journey.store(), EDITOR, id, posts[6] ?? '', {
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
    const { id, path } = await journey.storyWith(6)
    const paragraphs = Array.from({ length: 30 }, (_, n) => `Paragraph ${n + 1} says something of its own. `.repeat(3))
    const content = (texts: string[]) => ({
      headline: 'Long',
      blocks: texts.map((text) => ({ type: 'paragraph' as const, text: [{ text }] })),
    })
    const post = await publish(journey.store(), id, content(paragraphs))
    for (let n = 0; n < 3; n++) await publish(journey.store(), id, words(`Later ${n}`, 'More.'))
    const page = await journey.open(path, PHONE)
    const read = page.getByText('Paragraph 20 says').first()
    await read.evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
    const before = (await read.boundingBox())?.y ?? Number.NaN
    const longer = paragraphs.toSpliced(3, 1, 'Paragraph 4 is another one now, and a good deal longer. '.repeat(12))
    await correctPost(journey.store(), EDITOR, id, post, {
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

describe('an older page', () => {
  it('says that there are new posts on the latest, quietly', options, async () => {
    const { id, path, posts } = await journey.storyWith(41)
    const page = await journey.open(`${path}/page/1-20`)
    const line = page.getByRole('link', { name: 'New posts on the latest page' })
    await page
      .locator(`#post-${posts[9]}`)
      .evaluate((at) => at.scrollIntoView({ block: 'center', behavior: 'instant' }))
    const place = await boxOf(page, `#post-${posts[9]}`)
    assert.equal(await line.isVisible(), false)
    const fresh = await publish(journey.store(), id, words('Fresh'))
    await line.waitFor({ timeout: WAIT_MS })
    assert.ok(await page.locator('[role="status"]', { has: line }).count(), 'it is told, too')
    assert.equal((await boxOf(page, `#post-${posts[9]}`)).top, place.top)
    assert.equal((await postIds(page)).length, 20)
    await line.click()
    await until('the latest page', WAIT_MS, async () => (await postIds(page))[0] === fresh)
    assert.equal(await page.locator('[data-later]').count(), 0)
  })
})
