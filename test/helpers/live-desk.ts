// The live desk in a real browser: signing in, opening a story's desk, and what a test asks of it.
// Called by test/journeys/desk-app*.test.ts; `plainDesk` by the journeys of the plain forms.

import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { launch, NO_CHROMIUM, WAIT_MS } from './chromium.ts'
import { until } from './desk-client.ts'
import { startTestNode, type TestNode } from './node.ts'

export const ADA = { name: 'Ada Editor', email: 'ada@example.org', password: 'correct horse battery staple' }

/** A browser that asked for the plain forms. */
export async function plainDesk(context: BrowserContext, origin: string): Promise<void> {
  await context.addCookies([{ name: 'dateline-desk', value: 'plain', url: `${origin}/desk` }])
}

/** Follows the one-time link. */
export async function becomeAdmin(page: Page, link: string | null): Promise<void> {
  assert.ok(link)
  await page.goto(link)
  await page.getByLabel('Your name').fill(ADA.name)
  await page.getByLabel('E-mail address').fill(ADA.email)
  await page.getByLabel('Password').fill(ADA.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Stories' }).waitFor()
}

export async function signIn(page: Page, person = ADA): Promise<void> {
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** A context in which the first administrator is signed in; the first one of a node makes the account. */
export async function signedInContext(
  browser: Browser,
  node: Pick<TestNode, 'store' | 'origin'>,
  settings: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(settings)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const link = await firstAdminLink(node.store, node.origin)
  if (link) await becomeAdmin(page, link)
  else {
    await page.goto(`${node.origin}/desk/sign-in`)
    await signIn(page)
    await page.getByRole('heading', { name: 'Stories' }).waitFor()
  }
  await page.close()
  return context
}

/** A node, a browser and a context in which the administrator is signed in, for the tests of one file. */
export type DeskSite = { node: TestNode; browser: Browser; context: BrowserContext }

export function startDeskSite(settings: BrowserContextOptions = {}): DeskSite {
  const site: Partial<DeskSite> = {}
  before(async () => {
    if (NO_CHROMIUM) return
    site.node = await startTestNode()
    site.browser = await launch()
    site.context = await signedInContext(site.browser, site.node, settings)
  })
  after(async () => {
    await site.browser?.close()
    await site.node?.close()
  })
  return site as DeskSite
}

/** The live desk of a story, once it has taken the place of the plain page. */
export async function openDesk(context: BrowserContext, origin: string, storyId: string): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  await page.goto(`${origin}/desk/stories/${storyId}`)
  await seeDesk(page)
  return page
}

export async function seeDesk(page: Page): Promise<void> {
  await page.locator('.live-desk').waitFor({ timeout: WAIT_MS })
}

export const headline = (page: Page) => page.getByLabel('Headline', { exact: true })

/** Of the timeline, by the words of its post. */
export const rowOf = (page: Page, words: string) => page.locator('ol.posts > li').filter({ hasText: words })

/** Waits until the browser itself holds the text: it survives whatever happens to the page now. */
export async function seeKept(page: Page): Promise<void> {
  await page.getByText('Saved here').first().waitFor()
}

/** Waits until the server holds a text with this headline among the autosaved ones. */
export async function seeAutosaved({ store }: TestNode, headline: string): Promise<void> {
  const asked = "SELECT 1 FROM post_autosave WHERE content ->> 'headline' = $1"
  await until('the text on the server', WAIT_MS, async () => (await store.admin.query(asked, [headline])).rowCount)
}

/** What is kept in the browser of this account, as it stands in IndexedDB. */
export function keptIn(page: Page): Promise<{ texts: number; queue: number }> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('dateline-desk-'))?.name ?? ''
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
    const count = (store: string) =>
      new Promise<number>((resolve) => {
        const asked = db.transaction(store).objectStore(store).count()
        asked.onsuccess = () => resolve(asked.result)
      })
    const found = { texts: await count('texts'), queue: await count('queue') }
    db.close()
    return found
  })
}
