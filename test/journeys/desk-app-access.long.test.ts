// The live desk for everybody: axe in light and dark and at twice the text size, on a phone with touch, and by the keyboard's words.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, NO_CHROMIUM } from '../helpers/chromium.ts'
import { PHONE } from '../helpers/journey.ts'
import { headline, openDesk, signedInContext, startDeskSite } from '../helpers/live-desk.ts'
import { everyBlock } from '../helpers/public-story.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }
const site = startDeskSite({ viewport: { width: 1280, height: 900 } })

/** One of everything that the timeline can show. */
async function fullStory(): Promise<{ id: string; postId: string }> {
  const { store } = site.node
  const { id } = await liveStory(store, { title: 'Storm over the harbour' })
  for (let n = 1; n <= 5; n++) await publish(store, id, words(`Update ${n}`, 'The water is rising.'))
  await publish(store, id, { headline: 'Every part', blocks: everyBlock('Some words', 'https://example.org/') })
  const [draft, submitted] = [newId(), newId()]
  await saveDraft(store, EDITOR, id, { postId: draft, revision: 0, content: words('A draft') })
  await saveDraft(store, EDITOR, id, { postId: submitted, revision: 0, content: words('A tip') })
  await submitPost(store, EDITOR, id, submitted, 1)
  return {
    id,
    postId: await publish(store, id, { ...words('Two injured'), breaking: true, verification: 'unconfirmed' }),
  }
}

async function assertFits(page: Page, what: string): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.ok((content ?? 0) <= (window ?? 0), `${what} is ${content} px wide in a window of ${window}`)
}

/** What is loaded when it is first opened. */
async function assertToolsHold(page: Page, postId: string): Promise<void> {
  const tools = {
    'Find and revise': async (dialog: Locator) => {
      await dialog.getByLabel('Find', { exact: true }).fill('water')
      await dialog.getByRole('button', { name: 'Find', exact: true }).click()
      await dialog.locator('.hit').first().waitFor()
    },
    'Snippets…': (dialog: Locator) => dialog.getByRole('button', { name: 'Write a new one' }).click(),
    Preview: (dialog: Locator) => dialog.locator('iframe').first().waitFor(),
    History: (dialog: Locator) => dialog.locator('.differs').waitFor(),
    Notes: (dialog: Locator) => dialog.getByText('None yet.').waitFor(),
  }
  for (const [name, ready] of Object.entries(tools)) {
    if (name === 'History' || name === 'Notes') {
      await page.locator(`#post-${postId}`).getByRole('button', { name }).click()
    } else {
      await page.keyboard.press('Control+k')
      await page.keyboard.type(name)
      await page.keyboard.press('Enter')
    }
    const dialog = page.locator('dialog.tool')
    await ready(dialog)
    await assertAccessible(page, name)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await page.getByRole('button', { name: 'Choose several' }).click()
  await page.getByRole('button', { name: /^All \d+ shown$/ }).click()
  await page.getByRole('button', { name: /^Withdraw… \(/ }).click()
  await assertAccessible(page, 'several posts')
  await page.getByRole('button', { name: 'Done choosing' }).click()
}

/** As somebody sets it in their browser. */
async function enlargeText(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
}

it(
  'axe finds nothing on a wide screen: at rest, with every row open, comparing, queued, with keys and palette',
  options,
  async () => {
    const { id, postId } = await fullStory()
    const page = await openDesk(site.context, site.node.origin, id)
    await assertAccessible(page, 'at rest')
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) (one as HTMLDetailsElement).open = true
    })
    await assertAccessible(page, 'all open')
    await page.locator(`#post-${postId}`).getByRole('button', { name: 'Revise, correct' }).click()
    await headline(page).fill('Three injured')
    await revisePost(site.node.store, EDITOR, id, postId, { revision: 1, content: words('Four injured') })
    await page.locator('.theirs').waitFor()
    await assertAccessible(page, 'comparing')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find an act' }).waitFor()
    await assertAccessible(page, 'palette')
    await page.keyboard.press('Enter')
    const chosen = page.getByRole('listbox', { name: 'Acts' }).getByRole('option', { selected: true })
    assert.equal(await chosen.count(), 0, 'Enter alone chooses nothing')
    await page.keyboard.press('ArrowUp')
    await chosen.waitFor()
    await page.keyboard.press('Escape')
    await page.locator('h2').first().click()
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    await assertAccessible(page, 'keys')
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('dialog.keys button')?.click()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))
    })
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
    assert.equal(await page.getByRole('combobox', { name: 'Find an act' }).count(), 1, 'a key right after one dialog')
    await page.keyboard.press('Escape')
    await assertToolsHold(page, postId)
    await page.getByRole('button', { name: 'New post' }).click()
    await site.context.setOffline(true)
    await headline(page).fill('Written in a tunnel')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Queued, no connection').waitFor()
    await assertAccessible(page, 'queued')
    await enlargeText(page)
    await assertAccessible(page, 'at 200 %')
    await assertFits(page, 'at 200 %')
    await site.context.setOffline(false)
    await page.close()
  },
)

it(
  'on a phone with touch a post is written and published by the thumb, every tab fits, and axe finds nothing',
  options,
  async () => {
    const { id } = await fullStory()
    const context = await signedInContext(site.browser, site.node, PHONE)
    const page = await openDesk(context, site.node.origin, id)
    await headline(page).tap()
    await page.keyboard.type('Seen from the quay')
    const publishButton = page.getByRole('button', { name: 'Publish', exact: false }).first()
    const box = await publishButton.boundingBox()
    assert.ok(box && box.y > 844 / 2 && box.y + box.height <= 844, `the button stands at ${box?.y} px`)
    assert.ok(box.height >= 40, 'it is large enough for a thumb')
    await publishButton.tap()
    await page.getByText('Published.', { exact: true }).waitFor()
    await page.getByRole('navigation', { name: 'Parts of the desk' }).getByRole('button', { name: 'Timeline' }).tap()
    const last = page.locator('ol.posts > li').last()
    await last.scrollIntoViewIfNeeded()
    await last.getByRole('button', { name: 'Pin', exact: true }).tap()
    const told = await page.getByText('Pinned at the top of the story.').boundingBox()
    assert.ok(told && told.y >= 0 && told.y < 200, 'told where one looks, on this tab too')
    for (const size of ['', '200%']) {
      await page.evaluate((to) => {
        document.documentElement.style.fontSize = to
      }, size)
      for (const tab of ['Write', 'Timeline', 'Story']) {
        await page.getByRole('navigation', { name: 'Parts of the desk' }).getByRole('button', { name: tab }).tap()
        await assertFits(page, `${tab} ${size}`)
        await assertAccessible(page, `${tab} ${size}`)
      }
    }
    await closeContext(context)
  },
)

it('runs under a policy that lets in no inline script and no string as a script', options, async () => {
  const { id } = await fullStory()
  const context = await signedInContext(site.browser, site.node)
  const page = await context.newPage()
  const broken: string[] = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.sample}`),
    )
  })
  page.on('console', (message) => {
    if (message.text().startsWith('policy:')) broken.push(message.text())
  })
  const answer = await page.goto(`${site.node.origin}/desk/stories/${id}`)
  const policy = answer?.headers()['content-security-policy'] ?? ''
  for (const part of [
    "script-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    "require-trusted-types-for 'script'",
  ])
    assert.ok(policy.includes(part), part)
  assert.doesNotMatch(policy, /unsafe/)
  await page.locator('.live-desk').waitFor()
  await headline(page).fill('Under the policy')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Published.', { exact: true }).waitFor()
  assert.deepEqual(broken, [])
  await closeContext(context)
})
