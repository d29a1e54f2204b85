// From a draft to a scheduled post to one that readers have: the desk's plain forms on a phone, without JavaScript.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { liveStory } from '../helpers/acts.ts'
import { NO_CHROMIUM, seeContact, WAIT_MS } from '../helpers/chromium.ts'
import { startSite } from '../helpers/journey.ts'

const PHONE = { width: 390, height: 844 }
const skip = NO_CHROMIUM

const site = startSite()

it('an editor drafts, schedules and leaves; the post comes to the reader by itself, and a slip is undone', {
  skip,
  timeout: 120_000,
}, async () => {
  const link = await firstAdminLink(site.node.store, site.node.origin)
  assert.ok(link)
  const story = await liveStory(site.node.store, { title: 'Election night', timeZone: 'Europe/Paris' })
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
  await desk.getByRole('button', { name: 'Create account' }).click()
  await desk.getByRole('link', { name: 'Election night' }).click()

  const reader = await (await site.browser.newContext({ viewport: PHONE })).newPage()
  await reader.goto(`${site.node.origin}/${story.name}`)
  await seeContact(reader)

  await desk.getByLabel('Headline').fill('The count is in')
  await desk.getByRole('textbox', { name: 'Text', exact: true }).fill('Every district has reported.')
  await desk.getByRole('button', { name: 'Save draft' }).click()
  assert.match((await desk.getByRole('status').textContent()) ?? '', /^Saved/)
  await fits()
  await desk.getByRole('link', { name: 'Edit', exact: true }).click()
  await fits()
  await desk.getByText('Schedule…').click()
  await desk.getByLabel('Goes out: date').fill('2020-01-01')
  await desk.getByLabel('Goes out: time', { exact: true }).fill('12:00')
  await desk.getByRole('button', { name: 'Schedule', exact: true }).click()
  await desk.getByText('This time has passed.').waitFor()
  assert.ok(await desk.getByLabel('Goes out: date').isVisible(), 'the fields that were wrong are open')

  // A form knows minutes; the post is made due by moving its time nearer.
  const date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  await desk.getByLabel('Goes out: date').fill(date)
  await desk.getByRole('button', { name: 'Schedule', exact: true }).click()
  await desk.getByText('Scheduled.').waitFor()
  await fits()
  assert.equal(await reader.getByText('The count is in').count(), 0)
  await site.node.store.db
    .updateTable('post')
    .set({ release_at: Date.now() + 500 })
    .where('state', '=', 'scheduled')
    .execute()
  await reader.getByRole('heading', { name: 'The count is in' }).waitFor({ timeout: WAIT_MS })

  await desk.getByRole('link', { name: 'Back to the story' }).click()
  await desk.getByLabel('Headline').fill('A slip')
  await desk.getByRole('button', { name: 'Publish', exact: true }).click()
  await desk.getByRole('button', { name: 'Undo' }).click()
  await desk.getByText('nothing of it is on any page').waitFor()
  await reader.waitForFunction(() => !document.body.textContent?.includes('A slip'), undefined, { timeout: WAIT_MS })
  await fits()
})
