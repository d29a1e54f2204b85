// The system's Chromium for journeys, and what a test asks of a reader's page in it.
// Called by test/journeys. Never downloads a browser: without one, journeys are skipped and say so.

import assert from 'node:assert/strict'
import { accessSync, constants } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { until } from './desk-client.ts'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const SHELL = '/usr/bin/chromium-headless-shell' // the same engine without what draws windows: half the computing
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]
export const WAIT_MS = 15_000 // for anything that a page does by itself
const CLOSE_MS = 10_000

/** CHROMIUM_PATH decides when it is set, even when nothing is there. With TEST_BROWSER=whole the shell is passed over. */
export function findChromium(): string | null {
  const { CHROMIUM_PATH, TEST_BROWSER } = process.env
  const places = TEST_BROWSER === 'whole' ? BROWSERS : [SHELL, ...BROWSERS]
  return (CHROMIUM_PATH ? [CHROMIUM_PATH] : places).find(isProgram) ?? null
}

/** For the `skip` option of a test: false where there is a browser. */
export const NO_CHROMIUM: string | false = findChromium() === null && 'no Chromium found'

/** Close it in `after`. Throws where there is no browser. */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium found')
  return chromium.launch({ executablePath, args: ARGS })
}

/** One that does not end in time is left to the end of its browser, so that a test which passed does not fail by it. */
export async function closeContext(context: BrowserContext): Promise<void> {
  const late = new AbortController()
  const closed = context.close().finally(() => late.abort())
  await Promise.race([closed, sleep(CLOSE_MS, undefined, { signal: late.signal }).catch(() => undefined)])
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Ids of the posts and traces in the list, top first; one that is there twice is told twice. */
export function postIds(page: Page): Promise<string[]> {
  return page
    .locator('[data-posts] > [data-post]')
    .evaluateAll((posts) => posts.map((post) => (post as HTMLElement).dataset.post ?? ''))
}

/** Waits until the post is in the list. */
export async function seePost(page: Page, id: string, ms = WAIT_MS): Promise<void> {
  await page.locator(`[data-posts] > #post-${id}`).waitFor({ state: 'attached', timeout: ms })
}

/** Waits until the list holds exactly these posts, top first: a link that was followed has arrived. */
export async function seePosts(page: Page, ids: readonly string[]): Promise<void> {
  await until('the posts', WAIT_MS, async () => {
    assert.deepEqual(await postIds(page), ids)
    return true
  })
}

/** Waits until the program of the page runs and is in touch: its stream, or that of another tab, has been heard. */
export async function seeContact(page: Page): Promise<void> {
  await page.locator('[data-connection="ok"]').waitFor({ state: 'attached', timeout: WAIT_MS })
}
