// What slips do at the desk in a real browser: Enter in a field, the way back, a session that ends. Without JavaScript.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { launch, NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'

const PASSWORD = 'correct horse battery staple'
const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }

let node: TestNode
let browser: Browser
let desk: Page

before(async () => {
  if (skip) return
  node = await startTestNode()
  browser = await launch()
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })
  desk = await context.newPage()
  desk.setDefaultTimeout(WAIT_MS)
  const link = await firstAdminLink(node.store, node.origin)
  assert.ok(link)
  await desk.goto(link)
  await desk.getByLabel('Your name').fill('Ada Editor')
  await desk.getByLabel('E-mail address').fill('ada@example.org')
  await desk.getByLabel('Password').fill(PASSWORD)
  await desk.getByRole('button', { name: 'Create account' }).click()
})

after(async () => {
  await browser?.close()
  await node?.close()
})

const headline = () => desk.getByLabel('Headline')
const rows = () => desk.locator('ol.posts > li').count()

it('Enter in a field makes no story, publishes nothing and revises nothing', options, async () => {
  await desk.getByRole('link', { name: 'New story' }).click()
  await desk.getByLabel('Title').fill('Storm over the harbour')
  await desk.getByLabel('Title').press('Enter')
  await desk.getByText('Nothing was sent yet').waitFor()
  await desk.getByRole('button', { name: 'Create and go live' }).click()
  await desk.getByRole('heading', { name: 'New post' }).waitFor()

  await headline().fill('Terminal closed')
  await headline().press('Enter')
  await desk.getByText('Nothing was sent yet').waitFor()
  assert.equal(await headline().inputValue(), 'Terminal closed')
  assert.equal(await rows(), 0)
  await desk.getByRole('button', { name: 'Publish' }).click()
  await desk.getByText('Published.').waitFor()

  await desk.getByRole('link', { name: 'Edit', exact: true }).click()
  await headline().fill('Terminal open')
  await headline().press('Enter')
  await desk.getByText('Nothing was sent yet').waitFor()
  await desk.getByRole('link', { name: 'Back to the story' }).click()
  await desk.getByText('Terminal closed').first().waitFor()
})

it('the harmless button is there for the keyboard, in sight once it is reached', options, async () => {
  const check = desk.getByRole('button', { name: 'Check only' })
  const width = async () => (await check.boundingBox())?.width ?? 0
  assert.ok((await width()) < 2)
  await check.focus()
  assert.ok((await width()) > 40)
})

it('after publishing, message and composer are in sight', options, async () => {
  for (let n = 1; n <= 3; n += 1) {
    await headline().fill(`Update ${n}`)
    await desk.getByRole('button', { name: 'Publish' }).click()
    await desk.getByText('Published.').waitFor()
  }
  for (const seen of [desk.getByText('Published.'), headline()]) {
    const box = await seen.boundingBox()
    assert.ok(box && box.y >= 0 && box.y < 844, `${box?.y}`)
  }
})

it('the way back and Publish asks before it makes a second post', options, async () => {
  const before = await rows()
  await desk.goBack()
  await headline().fill('Update 3') // where the browser did not bring it back by itself
  await desk.getByRole('button', { name: 'Publish' }).click()
  await desk.getByText('This was published').waitFor()
  await desk.getByRole('link', { name: 'Leave it at that' }).click()
  await desk.getByText('This was published').waitFor({ state: 'detached' })
  assert.equal(await rows(), before)
})

it(
  'after an ended session the text is sent on the second press, and the sign-in window says to go back',
  options,
  async () => {
    const before = await rows()
    await headline().fill('After the session')
    await desk.context().clearCookies()
    await desk.getByRole('button', { name: 'Publish' }).click()
    const [signIn] = await Promise.all([
      desk.context().waitForEvent('page'),
      desk.getByRole('link', { name: 'Sign in, in a new window' }).click(),
    ])
    await signIn.getByLabel('E-mail address').fill('ada@example.org')
    await signIn.getByLabel('Password').fill(PASSWORD)
    await signIn.getByRole('button', { name: 'Sign in', exact: true }).click()
    await signIn.getByText('go back to the one with your text').waitFor({ timeout: WAIT_MS })
    await signIn.close()
    await desk.getByRole('button', { name: 'Go on with this text' }).click()
    await desk.getByText('You are signed in as Ada Editor').waitFor()
    await desk.getByRole('button', { name: 'Publish' }).click()
    await desk.getByText('Published.').waitFor()
    assert.equal(await rows(), before + 1)
  },
)
