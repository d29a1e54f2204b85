// What journeys of a reader share: a node on a database of its own, a browser, pages that are closed after each test.
// Called by test/journeys. Never used where there is no Chromium: such tests are skipped.

import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { StorySettingsInput } from '../../src/domain/story.ts'
import { liveStory, publish, words } from './acts.ts'
import { closeContext, launch, NO_CHROMIUM, seeContact } from './chromium.ts'
import type { TestStore } from './database.ts'
import { startTestNode, type TestNode } from './node.ts'

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
export const DESKTOP = { viewport: { width: 1280, height: 900 } }

export type Journey = {
  site: Site
  store(): TestStore
  /** The page of a path, in touch with the server where it has a script. */
  open(path: string, settings?: BrowserContextOptions): Promise<Page>
  /** A live story; its posts oldest first. `body`: the text of each, instead of one of its own. */
  storyWith(
    count: number,
    settings?: Partial<StorySettingsInput>,
    body?: string,
  ): Promise<{ id: string; path: string; posts: string[] }>
}

/** `node` and `browser` are there once the file's `before` hooks have run, and only where there is a Chromium. */
export type Site = { node: TestNode; browser: Browser }

/** A node on a database of its own and a browser, for the tests of one file. */
export function startSite(): Site {
  const site: Partial<Site> = {}
  before(async () => {
    if (NO_CHROMIUM) return
    site.node = await startTestNode()
    site.browser = await launch()
  })
  after(async () => {
    await site.browser?.close()
    await site.node?.close()
  })
  return site as Site
}

export function startJourney(): Journey {
  const site = startSite()
  const contexts: BrowserContext[] = []
  afterEach(async () => {
    for (const context of contexts.splice(0)) await closeContext(context)
  })

  return {
    site,
    store: () => site.node.store,
    async open(path, settings = DESKTOP) {
      const context = await site.browser.newContext(settings)
      contexts.push(context)
      const page = await context.newPage()
      await page.goto(`${site.node.origin}${path}`)
      if (settings.javaScriptEnabled !== false) await seeContact(page)
      return page
    },
    async storyWith(count, settings = {}, body) {
      const { id, name } = await liveStory(site.node.store, settings)
      const posts: string[] = []
      for (let n = 1; n <= count; n++)
        posts.push(await publish(site.node.store, id, words(`Update ${n}`, body ?? `Reading number ${n}.`)))
      return { id, path: `/${name}`, posts }
    },
  }
}

/** Of the first element that fits. */
export function boxOf(page: Page, selector: string): Promise<DOMRect> {
  return page
    .locator(selector)
    .first()
    .evaluate((at) => at.getBoundingClientRect())
}

/** Scrolls down to a post and gives where it now stands, in px from the top of the window. */
export async function readAt(page: Page, id: string): Promise<() => Promise<number>> {
  const post = page.locator(`#post-${id}`)
  await post.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
  await page.mouse.move(5, 5)
  return () => post.evaluate((element) => element.getBoundingClientRect().top)
}

export function assertStands(before: number, now: number): void {
  assert.ok(Math.abs(now - before) <= 1, `it moved from ${before} to ${now}`)
}
