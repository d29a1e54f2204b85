// From the first link to the first reader: the desk's plain forms on a phone, without JavaScript.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { NO_CHROMIUM, seeContact, WAIT_MS } from '../helpers/chromium.ts'
import { startSite } from '../helpers/journey.ts'

const PHONE = { width: 390, height: 844 }
const skip = NO_CHROMIUM

const site = startSite()

it('an editor with a phone and no JavaScript publishes, corrects and withdraws, and a reader sees each', {
  skip,
  timeout: 120_000,
}, async () => {
  const link = await firstAdminLink(site.node.store, site.node.origin)
  assert.ok(link)
  const phone = await site.browser.newContext({ javaScriptEnabled: false, viewport: PHONE, hasTouch: true })
  const desk = await phone.newPage()
  desk.setDefaultTimeout(WAIT_MS)
  const fits = async () => {
    const width = await desk.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= PHONE.width, `${desk.url()} is ${width} px wide`)
  }
  await desk.goto(link)
  await desk.getByLabel('Your name').fill('Ada Editor')
  await desk.getByLabel('E-mail address').fill('ada@example.org')
  await desk.getByLabel('Password').fill('correct horse battery staple')
  await fits()
  await desk.getByRole('button', { name: 'Create account' }).click()

  await desk.getByRole('link', { name: 'New story' }).click()
  await desk.getByLabel('Title').fill('Storm over the harbour')
  await fits()
  await desk.getByRole('button', { name: 'Create, start later' }).click()
  await desk.getByRole('button', { name: 'Go live' }).click()
  await fits()

  const reader = await (await site.browser.newContext({ viewport: PHONE })).newPage()
  await reader.goto(`${site.node.origin}/`)
  await reader.getByRole('link', { name: 'Storm over the harbour' }).click()
  await seeContact(reader)

  await desk.getByLabel('Headline').fill('Terminal closed')
  await desk.getByRole('textbox', { name: 'Text', exact: true }).fill('The last ferry left at six.\n\nNobody was hurt.')
  await desk.getByRole('button', { name: 'Publish' }).click()
  await desk.getByRole('status').waitFor()
  await fits()
  await reader.getByRole('heading', { name: 'Terminal closed' }).waitFor({ timeout: WAIT_MS })
  assert.ok(await reader.getByText('Nobody was hurt.').isVisible())

  await desk.getByRole('link', { name: 'Edit', exact: true }).click()
  await fits()
  await desk.getByRole('textbox', { name: 'Text', exact: true }).fill('The last ferry left at seven.')
  await desk.getByRole('textbox', { name: 'What was wrong' }).fill('The ferry left at seven, not at six.')
  await desk.getByRole('button', { name: 'Correct', exact: true }).click()
  await reader.getByText('The ferry left at seven, not at six.').waitFor({ timeout: WAIT_MS })
  assert.equal(await reader.getByText('left at six.').count(), 0)

  await desk.getByRole('link', { name: 'Withdraw…' }).click()
  await fits()
  await desk.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await reader.locator('p.trace').waitFor({ timeout: WAIT_MS })
  assert.equal(await reader.getByText('Terminal closed').count(), 0)
})
