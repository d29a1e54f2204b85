// A reader's way through a story in a real browser, against a whole node: news, the pill, changes, withdrawals, lost lines.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { setSummary } from '../../src/newsroom/set-summary.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { EDITOR, liveStory, publish, words } from '../helpers/acts.ts'
import {
  closeContext,
  launch,
  NO_CHROMIUM,
  postIds,
  seeContact,
  seePost,
  seePosts,
  WAIT_MS,
} from '../helpers/chromium.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { until } from '../helpers/desk-client.ts'
import { assertStands, readAt } from '../helpers/journey.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'

const LONG = 'The water stands a hand above the quay wall and is still rising. '.repeat(8)
const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }

let store: TestStore
let node: TestNode
let browser: Browser
const contexts: BrowserContext[] = []

async function open(path: string, settings: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...settings })
  contexts.push(context)
  const page = await context.newPage()
  await page.goto(`${node.origin}${path}`)
  return page
}

/** A live story with posts, newest last. */
async function storyWith(count: number): Promise<{ id: string; path: string; posts: string[] }> {
  const { id, name } = await liveStory(store)
  const posts: string[] = []
  for (let n = 1; n <= count; n++) posts.push(await publish(store, id, words(`Update ${n}`, LONG)))
  return { id, path: `/${name}`, posts }
}

const act = (storyId: string, postId: string) => ({
  revise: (text: string) =>
    revisePost(store, EDITOR, storyId, postId, { revision: 1, content: words('Revised', text) }),
  correct: (text: string, note: string) =>
    correctPost(store, EDITOR, storyId, postId, { revision: 1, content: words('Corrected', text), note }),
  pin: () => pinPost(store, EDITOR, storyId, postId, true),
  mark: (title: string) => markKeyEvent(store, EDITOR, storyId, postId, { title }),
  withdraw: (trace: 'line' | 'none', reason = '') => withdrawPost(store, EDITOR, storyId, postId, { trace, reason }),
})

/** What the store holds for a fresh page, top first. */
async function idsOfStore(storyId: string): Promise<string[]> {
  const page = await store.reads.storyPage(storyId)
  return (page?.items ?? []).map((item) => (item.kind === 'post' ? item.post.id : item.trace.id))
}

const pill = (page: Page) => page.locator('[data-pill]')

async function seePill(page: Page, text: string): Promise<void> {
  await until(`the pill says ${text}`, WAIT_MS, async () => (await pill(page).innerText()) === text)
}

async function seePillGone(page: Page): Promise<void> {
  await pill(page).waitFor({ state: 'hidden', timeout: WAIT_MS })
}

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
  for (const context of contexts.splice(0)) await closeContext(context)
})

describe('without JavaScript', () => {
  it('the page is complete, and older posts are a link away', options, async () => {
    const { path, posts } = await storyWith(45)
    const page = await open(path, { javaScriptEnabled: false })
    assert.deepEqual(await postIds(page), posts.slice(20).reverse())
    assert.ok(await page.getByText('Update 45').isVisible())
    assert.ok(await page.locator('noscript p').isVisible())
    assert.equal(await pill(page).isVisible(), false)
    await page.getByRole('link', { name: 'Older posts' }).click()
    await seePosts(page, posts.slice(0, 20).reverse())
    await page.getByRole('link', { name: 'Latest posts' }).click()
    await seePosts(page, posts.slice(20).reverse())
    await page.getByRole('link', { name: 'Update 45' }).click()
    await page.waitForURL((url) => url.pathname.includes(posts.at(-1) ?? '-'))
    await page.getByRole('heading', { name: 'Update 45' }).waitFor()
  })

  it('read from the start, the pages lead to the newest post in the same order', options, async () => {
    const { path, posts } = await storyWith(45)
    const page = await open(path, { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Oldest first' }).click()
    await seePosts(page, posts.slice(0, 20))
    await page.getByRole('link', { name: 'Latest posts' }).click()
    await seePosts(page, posts.slice(20))
    await page.getByRole('link', { name: 'Newest first' }).click()
    await seePosts(page, posts.slice(20).reverse())
  })
})

describe('news', () => {
  it('comes in by itself at the top', options, async () => {
    const { id, path } = await storyWith(3)
    const page = await open(path)
    await seeContact(page)
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''))
    const start = performance.now()
    const post = await publish(store, id, words('Terminal closed', 'Nobody was hurt.'))
    await seePost(page, post)
    assert.ok(performance.now() - start < 3_000, 'by the stream, not by a poll')
    assert.equal((await postIds(page))[0], post)
    assert.ok(await page.getByText('Nobody was hurt.').isVisible())
    assert.ok(await pill(page).isHidden())
    assert.equal(await page.locator('[data-count]').first().innerText(), '4 posts')
    assert.equal(await page.locator('body[data-same-page]').count(), 1)
  })

  it('comes in by itself on a page that had no post yet', options, async () => {
    const { id, path } = await storyWith(0)
    const page = await open(path)
    await seeContact(page)
    const empty = page.getByText('No posts yet.')
    assert.ok(await empty.isVisible())
    await seePost(page, await publish(store, id, words('The first', 'It begins.')))
    assert.ok(await empty.isHidden())
    assert.equal(await page.locator('[data-count]').first().innerText(), '1 post')
  })

  it('waits behind a button while someone reads further down, and nothing moves', options, async () => {
    const { id, path, posts } = await storyWith(12)
    const page = await open(path)
    await seeContact(page)
    const place = await readAt(page, posts[5] ?? '')
    const before = await place()
    const first = await publish(store, id, words('First news', LONG))
    await seePill(page, '1 new update')
    const second = await publish(store, id, words('Second news', LONG))
    await seePill(page, '2 new updates')
    assertStands(before, await place())
    assert.equal(await page.getByText('First news').count(), 0)
    await pill(page).click()
    await seePost(page, second)
    assert.deepEqual(await postIds(page), [second, first, ...posts.toReversed()])
    assert.ok(await page.getByRole('heading', { name: 'Second news' }).isVisible())
    const top = await page.locator(`#post-${second}`).evaluate((post) => post.getBoundingClientRect().top)
    assert.ok(top >= -1 && top < 400, `the first of the new posts is in view, at ${top}`)
    await seePillGone(page)
  })

  it('is told of in view and within reach wherever the reader goes meanwhile', options, async () => {
    const { id, path, posts } = await storyWith(12)
    const summary = [{ type: 'paragraph' as const, text: [{ text: LONG.repeat(6) }] }]
    await setSummary(store, EDITOR, id, { revision: 1, blocks: summary })
    for (const settings of [{ viewport: { width: 390, height: 600 } }, { viewport: { width: 1280, height: 600 } }]) {
      const page = await open(path, settings)
      await seeContact(page)
      await readAt(page, posts[5] ?? '')
      const post = await publish(store, id, words('News', LONG))
      await seePill(page, '1 new update')
      for (const place of [0, 300, 1e6]) {
        await page.evaluate((top) => scrollTo({ top, behavior: 'instant' }), place)
        const bar = await page.locator('.bar').boundingBox()
        const box = await pill(page).boundingBox()
        assert.ok(bar && box && box.y >= bar.y + bar.height && box.y < 120, `at ${place} it stands at ${box?.y}`)
      }
      await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
      assert.ok(((await page.locator('#posts').boundingBox())?.y ?? 0) > 600, 'the list is out of view')
      await pill(page).focus()
      await page.keyboard.press('Enter')
      await seePost(page, post)
      await seePillGone(page)
      assert.ok(await page.locator(`#post-${post}`).evaluate((at) => at.contains(document.activeElement)))
    }
  })

  it('leaves the reader in place when a post above them grows', options, async () => {
    const { id, path, posts } = await storyWith(12)
    const page = await open(path)
    await seeContact(page)
    const place = await readAt(page, posts[4] ?? '')
    const before = await place()
    await act(id, posts[8] ?? '').revise(LONG.repeat(4))
    await page.getByRole('heading', { name: 'Revised' }).waitFor({ state: 'attached', timeout: WAIT_MS })
    await sleep(100) // two frames: the browser may try to hold the place a second time
    assertStands(before, await place())
    await act(id, posts[9] ?? '').withdraw('none')
    await page.locator(`#post-${posts[9]}`).waitFor({ state: 'detached', timeout: WAIT_MS })
    await sleep(100)
    assertStands(before, await place())
    await act(id, posts[2] ?? '').pin()
    await page.locator('[data-region="pinned"] [data-post]').waitFor({ state: 'attached', timeout: WAIT_MS })
    await sleep(100)
    assertStands(before, await place())
  })
})

describe('what changes', () => {
  it('a revision and a correction take the place of the old text', options, async () => {
    const { id, path, posts } = await storyWith(3)
    const [first = '', second = ''] = posts
    const page = await open(path)
    await seeContact(page)
    await act(id, first).revise('Forty people are safe.')
    await page.getByText('Forty people are safe.').waitFor({ timeout: WAIT_MS })
    await act(id, second).correct('Fifty people are safe.', 'We wrote sixty; it is fifty.')
    await page.getByText('We wrote sixty; it is fifty.').waitFor({ timeout: WAIT_MS })
    assert.ok(await page.getByText('Fifty people are safe.').isVisible())
    assert.deepEqual(await postIds(page), posts.toReversed())
    assert.equal(await page.getByText('Update 1', { exact: true }).count(), 0)
  })

  it(
    'a withdrawn post is gone from the list, the pinned and the key events; a line stays where one was asked for',
    options,
    async () => {
      const { id, path } = await storyWith(2)
      const line = await publish(store, id, words('Wrongword one', 'Wrongword text one.'))
      const none = await publish(store, id, words('Wrongword two', 'Wrongword text two.'))
      for (const postId of [line, none]) {
        await act(id, postId).pin()
        await act(id, postId).mark('Wrongword event')
      }
      const page = await open(path)
      await seeContact(page)
      assert.equal(await page.locator(`[data-post="${line}"]`).count(), 3)
      await act(id, line).withdraw('line', 'it was about another harbour')
      await page.locator(`p.trace#post-${line}`).waitFor({ timeout: WAIT_MS })
      assert.match(await page.locator(`#post-${line}`).innerText(), /withdrawn: it was about another harbour/)
      assert.equal(await page.locator(`[data-post="${line}"]`).count(), 1)
      await act(id, none).withdraw('none')
      await until('no copy is left', WAIT_MS, async () => (await page.locator(`[data-post="${none}"]`).count()) === 0)
      assert.doesNotMatch(await page.content(), /Wrongword/)
    },
  )

  it('the page of one post follows it, to the end', options, async () => {
    const { id, path, posts } = await storyWith(2)
    const [post = ''] = posts
    const page = await open(`${path}/post/${post}`)
    await seeContact(page)
    const gone = page.getByText('This post was taken down.')
    assert.ok(await gone.isHidden())
    await publish(store, id, words('Another post'))
    await act(id, post).revise('Now with more')
    await page.getByText('Now with more').waitFor({ timeout: WAIT_MS })
    assert.deepEqual(await postIds(page), [post])
    await act(id, post).withdraw('none')
    await gone.waitFor({ timeout: WAIT_MS })
    assert.doesNotMatch(await page.locator('main').innerText(), /Now with more/)
  })

  it('a post that is taken back while it waits is never shown', options, async () => {
    const { id, path, posts } = await storyWith(12)
    const page = await open(path)
    await page.evaluate(() => {
      const watch = () => {
        if (document.body.innerHTML.includes('Secretword')) document.body.dataset.leaked = 'yes'
      }
      new MutationObserver(watch).observe(document.body, { childList: true, subtree: true, characterData: true })
    })
    await seeContact(page)
    await readAt(page, posts[5] ?? '')
    const none = await publish(store, id, words('Secretword one'))
    await seePill(page, '1 new update')
    const line = await publish(store, id, words('Secretword two'))
    await seePill(page, '2 new updates')
    await act(id, none).withdraw('none')
    await seePill(page, '1 new update')
    await act(id, line).withdraw('line', 'a mistake')
    await seePillGone(page)
    const last = await publish(store, id, words('Good news'))
    await seePill(page, '1 new update')
    await pill(page).click()
    await seePost(page, last)
    assert.deepEqual(await postIds(page), [last, line, ...posts.toReversed()])
    assert.doesNotMatch(await page.content(), /Secretword/)
    assert.equal(await page.locator('body[data-leaked]').count(), 0)
  })
})

describe('a lost line', () => {
  it('a node that comes back on its port brings what was missed, once and in order', options, async () => {
    const { id, path } = await storyWith(3)
    const page = await open(path)
    await seeContact(page)
    const { port } = new URL(node.origin)
    await node.close()
    for (let n = 1; n <= 4; n++) await publish(store, id, words(`Meanwhile ${n}`))
    node = await startTestNode(['--port', port], store)
    const last = await publish(store, id, words('Back again'))
    await seePost(page, last)
    assert.deepEqual(await postIds(page), await idsOfStore(id))
    await seePost(page, await publish(store, id, words('And on')))
    assert.deepEqual(await postIds(page), await idsOfStore(id))
  })

  it('a machine that was offline is caught up when it is back', options, async () => {
    const { id, path } = await storyWith(3)
    const page = await open(path)
    await seeContact(page)
    await page.context().setOffline(true)
    const post = await publish(store, id, words('Said while you were gone'))
    await sleep(2_000)
    const last = await publish(store, id, words('And another'))
    assert.equal((await postIds(page)).includes(post), false)
    await page.context().setOffline(false)
    await seePost(page, last)
    assert.deepEqual(await postIds(page), await idsOfStore(id))
  })

  it('a reader who gets no place at the stream asks every few seconds instead', options, async (t) => {
    const full = await startTestNode(['--max-readers', '1'], store)
    t.after(full.close)
    const other = await storyWith(1)
    const taken = new AbortController()
    t.after(() => taken.abort())
    const stream = await fetch(`${full.origin}${other.path}/stream`, { signal: taken.signal })
    assert.equal(stream.status, 200)
    const { id, path } = await storyWith(2)
    const context = await browser.newContext()
    contexts.push(context)
    const page = await context.newPage()
    const refused = page.waitForResponse((response) => response.url().includes('/stream') && response.status() === 503)
    await page.goto(`${full.origin}${path}`)
    await refused
    await seePost(page, await publish(store, id, words('By another way')))
    assert.equal(full.readers(), 1)
  })
})
