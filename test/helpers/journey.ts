// What journeys of a reader share: a node on a database of its own, a browser, pages that are closed after each test.
// Called by test/journeys. Never used where there is no Chromium: such tests are skipped.

import { after, afterEach, before } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { StorySettingsInput } from '../../src/domain/story.ts'
import { liveStory, publish, words } from './acts.ts'
import { launch, NO_CHROMIUM, seeContact } from './chromium.ts'
import { openTestStore, type TestStore } from './database.ts'
import { startTestNode, type TestNode } from './node.ts'

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
export const DESKTOP = { viewport: { width: 1280, height: 900 } }

export type Journey = {
  store(): TestStore
  /** The page of a path, in touch with the server where it has a script. */
  open(path: string, settings?: BrowserContextOptions): Promise<Page>
  /** A live story; its posts oldest first. */
  storyWith(
    count: number,
    settings?: Partial<StorySettingsInput>,
  ): Promise<{ id: string; path: string; posts: string[] }>
}

export function startJourney(): Journey {
  let store: TestStore
  let node: TestNode
  let browser: Browser
  const contexts: BrowserContext[] = []

  before(async () => {
    if (NO_CHROMIUM) return
    store = await openTestStore()
    node = await startTestNode([], store)
    browser = await launch()
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })
  after(async () => {
    await browser?.close()
    await node?.close()
    await store?.close()
  })

  return {
    store: () => store,
    async open(path, settings = DESKTOP) {
      const context = await browser.newContext(settings)
      contexts.push(context)
      const page = await context.newPage()
      await page.goto(`${node.origin}${path}`)
      if (settings.javaScriptEnabled !== false) await seeContact(page)
      return page
    },
    async storyWith(count, settings = {}) {
      const { id, name } = await liveStory(store, settings)
      const posts: string[] = []
      for (let n = 1; n <= count; n++)
        posts.push(await publish(store, id, words(`Update ${n}`, `Reading number ${n}.`)))
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
