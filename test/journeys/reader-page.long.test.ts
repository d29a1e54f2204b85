// What a reader's page looks like in a real browser: lines that do not overprint, large text, other scripts, paper.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPictures } from '../../src/cli/pictures.ts'
import { changeStory } from '../../src/newsroom/change-story.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { EDITOR, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, seeContact, seePost } from '../helpers/chromium.ts'
import { boxOf, DESKTOP, PHONE, startJourney } from '../helpers/journey.ts'
import { flat } from '../helpers/pictures.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const journey = startJourney()

describe('a withdrawn post', () => {
  it('leaves one line in which nothing stands on anything else', options, async () => {
    const { id, path, posts } = await journey.storyWith(2)
    const [post = ''] = posts
    await withdrawPost(journey.store(), EDITOR, id, post, { trace: 'line', reason: 'The gauge was broken.' })
    for (const address of [path, `${path}/post/${post}`]) {
      const page = await journey.open(address)
      for (const settings of [DESKTOP, PHONE]) {
        await page.setViewportSize(settings.viewport)
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

describe('with text of twice the size on a phone', () => {
  for (const [language, title] of [
    ['en', 'Storm over the harbour'],
    ['he', 'הבחירות לעיריית חיפה'],
    ['ar', 'زلزال يضرب شمال البلاد'],
  ] as const) {
    it(`the site's name and the way to the key events are whole (${language})`, options, async () => {
      const { id, path, posts } = await journey.storyWith(2, { language, title })
      await markKeyEvent(journey.store(), EDITOR, id, posts[0] ?? '', { title: 'It begins' })
      const page = await journey.open(path, PHONE)
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

describe('on a narrow screen', () => {
  it('nothing sticks out, and a tall lead picture leaves room for the news', options, async () => {
    const { id, path, posts } = await journey.storyWith(2)
    const { mediaDir, store } = journey.site.node
    const { id: media } = await createPictures(mediaDir, store.media).take(
      await flat(900, 2400).jpeg().toBuffer(),
      EDITOR,
    )
    const image = { alt: 'A mast', caption: 'The mast.', credit: '', width: 900, height: 2400 }
    const revision = await store.acts.act(id, async (act) => act.story?.revision ?? 0)
    await changeStory(store, EDITOR, id, { revision, change: { lead: { type: 'image', media, ...image } } })
    await pinPost(store, EDITOR, id, posts[0] ?? '', true)
    const page = await journey.open(path, PHONE)
    assert.ok((await boxOf(page, '.lead img')).height <= 844 * 0.6 + 1)
    for (const [width, size] of [
      [320, '100%'],
      [390, '200%'],
    ] as const) {
      await page.setViewportSize({ width, height: 700 })
      await page.evaluate((large) => document.documentElement.style.setProperty('font-size', large), size)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${width} px, ${size}`)
    }
  })

  it('an older page begins with its posts', options, async () => {
    const { id, path, posts } = await journey.storyWith(45)
    await pinPost(journey.store(), EDITOR, id, posts[44] ?? '', true)
    await markKeyEvent(journey.store(), EDITOR, id, posts[2] ?? '', { title: 'It begins' })
    const page = await journey.open(`${path}/page/1-20`, PHONE)
    assert.ok(await page.getByRole('heading', { name: 'Posts 1 to 20 of 45 posts' }).isVisible())
    assert.ok((await boxOf(page, '[data-posts] .post')).top < 400)
    await page.getByRole('link', { name: 'Key events' }).click()
    await page.locator('#key-events:visible').waitFor()
    assert.equal(new URL(page.url()).pathname, path)
  })
})

describe('the state line', () => {
  it('has even gaps, and no dot at the end of a line', options, async () => {
    const { path } = await journey.storyWith(3)
    const page = await journey.open(path)
    for (const width of [1280, 390, 330, 240]) {
      await page.setViewportSize({ width, height: 800 })
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
    for (const language of ['ar', 'he', 'en-US']) {
      const { id, path } = await journey.storyWith(1, { language, timeZone: 'Asia/Tokyo' })
      const page = await journey.open(path)
      await seePost(page, await publish(journey.store(), id, words('Second')))
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
    const { id, path } = await journey.storyWith(2)
    const text = [{ text: 'Read ' }, { text: 'the report', link: 'https://example.org/report' }, { text: '.' }]
    await publish(journey.store(), id, { headline: 'With a link', blocks: [{ type: 'paragraph', text }] })
    const page = await journey.open(path)
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
    const { path } = await journey.storyWith(3)
    const page = await journey.open(path, { ...DESKTOP, javaScriptEnabled: false })
    const notice = await page.locator('noscript p').boundingBox()
    const order = await page.locator('nav.order').boundingBox()
    assert.ok((order?.y ?? 0) - (notice?.y ?? 0) - (notice?.height ?? 0) >= 12)
  })
})
