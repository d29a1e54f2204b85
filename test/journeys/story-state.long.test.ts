// What readers see of a story's own state in a real browser, against a whole node: summary, lead picture, parts, days, moves, undo.
// Run by the gate. Never waits longer than it must: each step is bounded.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { createPictures } from '../../src/cli/pictures.ts'
import type { SummaryInput } from '../../src/domain/content.ts'
import { changeStory } from '../../src/newsroom/change-story.ts'
import { continueStory } from '../../src/newsroom/continue-story.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { reorderPost } from '../../src/newsroom/reorder-post.ts'
import { setSummary } from '../../src/newsroom/set-summary.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { undoPublish } from '../../src/newsroom/undo-publish.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { systemActor } from '../../src/store/accounts.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, postIds, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { assertStands, readAt, startJourney } from '../helpers/journey.ts'
import { flat } from '../helpers/pictures.ts'

const LONG = 'The water stands a hand above the quay wall and is still rising. '.repeat(8)
const DAY = 86_400_000
const IMPORTER = systemActor('test')
const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }

const WINDOW = { viewport: { width: 1100, height: 700 } }
const journey = startJourney()
const { site } = journey
const open = (path: string, settings: BrowserContextOptions = {}) => journey.open(path, { ...WINDOW, ...settings })
const storyWith = (count: number) => journey.storyWith(count, { timeZone: 'Europe/Oslo' }, LONG)

/** A post as an importer brings it, of a day before today. */
async function publishAt(storyId: string, headline: string, at: number): Promise<string> {
  const postId = newId()
  await publishPost(site.node.store, IMPORTER, storyId, {
    postId,
    content: words(headline, LONG),
    at: { publishedAt: at, updatedAt: null },
  })
  return postId
}

async function revisionOf(storyId: string): Promise<number> {
  return site.node.store.acts.act(storyId, async (act) => act.story?.revision ?? 0)
}

async function sumUp(storyId: string, text: string | null): Promise<void> {
  const blocks: SummaryInput | null = text === null ? null : [{ type: 'paragraph', text: [{ text }] }]
  await setSummary(site.node.store, EDITOR, storyId, { revision: await revisionOf(storyId), blocks })
}

const region = (page: Page, name: string) => page.locator(`[data-region="${name}"]`)
const see = (page: Page, name: string, text: string) =>
  until(`${name} says ${text}`, WAIT_MS, async () => ((await region(page, name).textContent()) ?? '').includes(text))

/** Days and posts of the list as they follow one another. */
function listed(page: Page): Promise<string[]> {
  return page
    .locator('[data-posts] > :not(script)') // the data of a page that was served
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.post ?? (one.textContent || '')))
}

describe('the summary', () => {
  it('comes, changes and goes on an open page, and moves nothing that is read', options, async () => {
    const { id, path, posts } = await storyWith(8)
    const page = await open(path)
    assert.ok(await region(page, 'summary').isHidden())
    const top = await readAt(page, posts[3] ?? '')
    const before = await top()
    await sumUp(id, 'Two terminals are shut.')
    await see(page, 'summary', 'Two terminals are shut.')
    assertStands(before, await top())
    await sumUp(id, 'Three terminals are shut.')
    await see(page, 'summary', 'Three terminals')
    assert.doesNotMatch(await page.content(), /Two terminals/)
    await sumUp(id, null)
    await region(page, 'summary').waitFor({ state: 'hidden', timeout: WAIT_MS })
    assertStands(before, await top())
  })
})

describe('the lead picture', () => {
  it('comes to an open page and goes when it is withdrawn', options, async () => {
    const { id, path } = await storyWith(3)
    const page = await open(path)
    const pictures = createPictures(site.node.mediaDir, site.node.store.media)
    const { id: media } = await pictures.take(await flat(900, 600).jpeg().toBuffer(), EDITOR)
    const image = { alt: 'A ferry', caption: 'The ferry waits.', credit: 'Ada Lens', width: 900, height: 600 }
    const change = { lead: { type: 'image' as const, media, ...image } }
    await changeStory(site.node.store, EDITOR, id, { revision: await revisionOf(id), change })
    await see(page, 'lead', 'The ferry waits.')
    await until('the picture is loaded', WAIT_MS, () =>
      page.locator('.lead img').evaluate((img) => (img as HTMLImageElement).naturalWidth > 0),
    )
    const fresh = await open(path, { javaScriptEnabled: false })
    assert.ok(await fresh.getByAltText('A ferry').isVisible())
    const preview = await fresh.locator('meta[property="og:image"]').getAttribute('content')
    assert.ok(preview?.includes(media))
    await withdrawPhoto({ acts: site.node.store.acts, photos: site.node.store.media }, EDITOR, media, {
      reason: 'Rights',
    })
    await region(page, 'lead').waitFor({ state: 'hidden', timeout: WAIT_MS })
    assert.ok(!(await page.content()).includes(media))
  })
})

describe('a story that goes on elsewhere', () => {
  it('offers the next part to open pages without moving them, and the next part leads back', options, async () => {
    const { id, path, posts } = await storyWith(8)
    const page = await open(path)
    const top = await readAt(page, posts[3] ?? '')
    const before = await top()
    const settings = { title: 'The second day', slug: `second-${id}` }
    await continueStory(site.node.store, EDITOR, id, { nextId: newId(), settings, newId })
    const offer = page.getByRole('link', { name: 'This story goes on: The second day' })
    await offer.waitFor({ timeout: WAIT_MS })
    assertStands(before, await top())
    assert.ok(await offer.evaluate((link) => link.getBoundingClientRect().top >= 0), 'it is in view')
    assert.equal(new URL(page.url()).pathname, path, 'nobody is taken there')
    await page.screenshot({ path: process.env.SHOTS ? `${process.env.SHOTS}/onward.png` : undefined })
    await offer.click()
    await page.getByRole('heading', { name: 'The second day' }).waitFor()
    await page.getByRole('link', { name: /^The part before/ }).click()
    await page.waitForURL((url) => url.pathname === path)
  })

  it('still streams and catches up what changes in the closed part', options, async () => {
    const { id, path, posts } = await storyWith(3)
    const settings = { title: 'The second day', slug: `second-${id}` }
    await continueStory(site.node.store, EDITOR, id, { nextId: newId(), settings, newId })
    const page = await open(path)
    await reorderPost(site.node.store, EDITOR, id, posts[0] ?? '', { side: 'above', postId: posts[2] ?? '' })
    await until('the move', WAIT_MS, async () => (await postIds(page))[0] === posts[0])
    const position = await page.locator('main').getAttribute('data-position')
    const answer = await fetch(`${site.node.origin}${path}/since/${position?.split('.')[0]}.1`)
    const { head, changes } = (await answer.json()) as { head: string; changes: { kind: string }[] }
    assert.equal(head, position)
    assert.ok(changes.some((change) => change.kind === 'story-continued'))
  })
})

describe('days', () => {
  for (const order of ['newest', 'oldest'] as const) {
    it(`are headed as soon as posts of a second day come in, ${order} first`, options, async () => {
      const { id, name } = await liveStory(site.node.store, { timeZone: 'Europe/Oslo' })
      const old = Date.now() - 3 * DAY
      const [one, two] = [await publishAt(id, 'One', old), await publishAt(id, 'Two', old + 1_000)]
      const path = `/${name}${order === 'oldest' ? '?order=oldest' : ''}`
      const page = await open(path)
      assert.equal(await page.locator('.date').count(), 0)
      const three = await publish(site.node.store, id, words('Three', LONG))
      await seePost(page, three)
      const served = await listed(await open(path, { javaScriptEnabled: false }))
      assert.equal(served.length, 5)
      assert.deepEqual(await listed(page), served)
      const ids = order === 'oldest' ? [one, two, three] : [three, two, one]
      assert.deepEqual(await postIds(page), ids)
      await undoPublish(site.node.store, EDITOR, id, three)
      await until('one day again', WAIT_MS, async () => (await page.locator('.date').count()) === 0)
      assert.equal((await postIds(page)).length, 2)
    })
  }

  it('keep the place of who reads below them', options, async () => {
    const { id, name } = await liveStory(site.node.store)
    const old = Date.now() - 3 * DAY
    const posts: string[] = []
    for (let n = 0; n < 6; n++) posts.push(await publishAt(id, `Old ${n}`, old + n * 1_000))
    const page = await open(`/${name}`)
    const top = await readAt(page, posts[2] ?? '')
    const before = await top()
    await publish(site.node.store, id, words('Today', LONG))
    await page.locator('[data-pill]:not([hidden])').waitFor({ timeout: WAIT_MS })
    assertStands(before, await top())
    await page.locator('[data-pill]').click()
    await until('both days', WAIT_MS, async () => (await page.locator('.date').count()) === 2)
  })
})

describe('a story that begins while its page is open', () => {
  it('writes times as a fresh page does: without a date on its first day', options, async () => {
    const id = newId()
    const slug = `begins-${id}`
    await createStory(site.node.store, EDITOR, id, { title: 'It begins', slug })
    const page = await open(`/${slug}`)
    await startStory(site.node.store, EDITOR, id)
    const live = page.locator('.masthead .state[data-state="live"]')
    await live.waitFor({ timeout: WAIT_MS })
    assert.doesNotMatch(await live.innerText(), /\d/, 'there is nothing yet that could be updated')
    await seePost(page, await publish(site.node.store, id, words('One', LONG)))
    assert.equal(await page.locator('.day:visible').count(), 0)
    assert.match(await live.innerText(), /Updated \d\d:\d\d/)
    await publishAt(id, 'Before', Date.now() - 3 * DAY)
    await until('days', WAIT_MS, async () => (await page.locator('main').getAttribute('data-days')) === 'many')
  })
})

describe('a pinned post', () => {
  it('is not said twice in a row, and stands in the list as soon as something came between', options, async () => {
    const { id, path, posts } = await storyWith(1)
    await pinPost(site.node.store, EDITOR, id, posts[0] ?? '', true)
    const page = await open(path)
    const copy = page.locator(`#post-${posts[0]}`)
    assert.ok(await region(page, 'pinned').getByRole('heading', { name: 'Update 1' }).isVisible())
    assert.ok(await copy.isHidden())
    await seePost(page, await publish(site.node.store, id, words('Between', LONG)))
    assert.ok(await copy.isVisible())
    const pointed = await open(`${path}#post-${posts[0]}`)
    assert.ok(await pointed.locator(`#post-${posts[0]}`).isVisible())
    await page.emulateMedia({ media: 'print' })
    assert.ok(await copy.isVisible())
  })

  it('that is unpinned stands in the list again', options, async () => {
    const { id, path, posts } = await storyWith(1)
    await pinPost(site.node.store, EDITOR, id, posts[0] ?? '', true)
    const page = await open(path)
    await pinPost(site.node.store, EDITOR, id, posts[0] ?? '', false)
    await page.locator(`#post-${posts[0]}`).waitFor({ timeout: WAIT_MS })
    assert.ok(await region(page, 'pinned').isHidden())
  })
})

describe('a moved post', () => {
  it('lands in its new place, and who reads another post stays there', options, async () => {
    const { id, path, posts } = await storyWith(10)
    const page = await open(path)
    const [reading = '', moved = ''] = [posts[4], posts[8]]
    const top = await readAt(page, reading)
    const before = await top()
    await reorderPost(site.node.store, EDITOR, id, moved, { side: 'below', postId: posts[1] ?? '' })
    await until('the move', WAIT_MS, async () => (await postIds(page)).indexOf(moved) === 8)
    assertStands(before, await top())
  })

  it('does not take along who merely has it in view', options, async () => {
    const { id, path, posts } = await storyWith(10)
    const page = await open(path)
    const [moved = '', next = ''] = [posts[6], posts[5]]
    await readAt(page, moved)
    await page.evaluate(() => scrollBy({ top: 100, behavior: 'instant' }))
    const top = () => page.locator(`#post-${next}`).evaluate((post) => post.getBoundingClientRect().top)
    const before = await top()
    assert.ok(before > 0 && before < 700)
    await reorderPost(site.node.store, EDITOR, id, moved, { side: 'below', postId: posts[0] ?? '' })
    await until('the move', WAIT_MS, async () => (await postIds(page)).at(-1) === moved)
    assertStands(before, await top())
  })
})

describe('a publication undone', () => {
  it('disappears from every open page without a trace', options, async () => {
    const { id, path } = await storyWith(3)
    const [page, second] = [await open(path), await open(path)]
    const wrong = await publish(site.node.store, id, words('Wrong button', 'Nobody should read this.'))
    for (const one of [page, second]) await seePost(one, wrong)
    await undoPublish(site.node.store, EDITOR, id, wrong)
    for (const one of [page, second]) {
      await page.locator(`#post-${wrong}`).waitFor({ state: 'detached', timeout: WAIT_MS })
      await until('it is gone', WAIT_MS, async () => !(await one.content()).includes(wrong))
      assert.equal(await one.locator('[data-count]').first().innerText(), '3 posts')
    }
    assert.equal((await fetch(`${site.node.origin}${path}/post/${wrong}`)).status, 404)
  })
})
