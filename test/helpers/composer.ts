// What journeys of the composer share: the page in a browser, what it gave out, and pastes as a browser makes them.
// Called by test/journeys/composer*.test.ts.
// Never touches the document but by keys, clicks, pastes and drops.

import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type Block, type PostContent, type PostContentInput, parseContent } from '../../src/domain/content.ts'
import { closeContext, launch, NO_CHROMIUM } from './chromium.ts'
import { ComposerServer } from './composer-server.ts'

const STEP_MS = 8_000

declare global {
  interface Window {
    harness: {
      content: PostContent
      problems: string[]
      changes: number
      violations: string[]
      handle: { current: { focus(): void; clear(): void; pending(): number } | null }
      load(content: PostContent): void
    }
  }
}

export type ComposerJourney = {
  server: ComposerServer
  /** With the caret in the headline. After every test the policy must hold and what was given out must be valid. */
  open(settings?: BrowserContextOptions, query?: string): Promise<Page>
}

export function startComposer(): ComposerJourney {
  const server = new ComposerServer()
  let browser: Browser
  const pages: Page[] = []
  before(async () => {
    if (NO_CHROMIUM) return
    await server.start()
    browser = await launch()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) {
      assert.deepEqual(await page.evaluate(() => window.harness.violations), [])
      await closeContext(page.context())
    }
  })
  after(async () => {
    await browser?.close()
    await server.stop()
  })
  return {
    server,
    async open(settings = {}, query = '') {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings })
      const page = await context.newPage()
      pages.push(page)
      page.setDefaultTimeout(STEP_MS)
      page.on('pageerror', (error) => assert.fail(error))
      page.on(
        'console',
        (message) => message.type() === 'error' && !/422/.test(message.text()) && assert.fail(message.text()),
      )
      await page.goto(`${server.origin}/${query}`)
      await page.locator('.composer-prose').waitFor()
      return page
    },
  }
}

export const textOf = (page: Page) => page.getByRole('textbox', { name: 'Text of the post' })

/** What the composer gave out last; valid as content is. */
export async function contentOf(page: Page): Promise<PostContent> {
  const content = await page.evaluate(() => window.harness.content)
  assert.deepEqual(parseContent(content), content)
  return content
}

export async function blocksOf(page: Page): Promise<Block[]> {
  return (await contentOf(page)).blocks
}

export async function load(page: Page, input: PostContentInput): Promise<PostContent> {
  const content = parseContent(input)
  await page.evaluate((given) => window.harness.load(given), content)
  return content
}

/** A paste event with what a clipboard holds, at the focus. */
export async function paste(page: Page, data: { html?: string; text?: string }): Promise<void> {
  await page.evaluate(({ html, text }) => {
    const clipboardData = new DataTransfer()
    if (html !== undefined) clipboardData.setData('text/html', html)
    clipboardData.setData('text/plain', text ?? '')
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.activeElement?.dispatchEvent(event)
  }, data)
}

export const paragraph = (text: string): Block => ({ type: 'paragraph', text: [{ text }] })

/** A browser tells an editor of a caret that a key or a click moved in a task of its own: no hand is faster, a test is. */
export async function press(page: Page, key: string): Promise<void> {
  await caretTold(page)
  await page.keyboard.press(key)
  await caretTold(page)
}

function caretTold(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
}
