// The ways into the desk in a real browser: invited, password and app, passkeys, and the fresh proof before what cannot be taken back.
// Runs with a virtual authenticator of the browser itself; every page on the way is put to axe, in light and dark, and fits a phone.

import assert from 'node:assert/strict'
import { afterEach, before, it } from 'node:test'
import { TOTP } from 'otpauth'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { liveStory } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { startSite } from '../helpers/journey.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const PHONE = { width: 390, height: 844 }
const PASSWORD = 'correct horse battery staple'

const site = startSite()
const contexts: BrowserContext[] = []
const sessions = new WeakMap<Page, CDPSession>() // one for a page: the authenticator leaves with a session that is let go

before(() => {})
afterEach(async () => {
  for (const context of contexts.splice(0)) await closeContext(context)
})

/** A browser of one person, with an authenticator that says yes. */
async function openPerson(): Promise<{ page: Page; keys: (verified: boolean) => Promise<unknown> }> {
  const context = await site.browser.newContext({ viewport: PHONE, bypassCSP: false })
  contexts.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const cdp = await context.newCDPSession(page)
  sessions.set(page, cdp)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  const keys = (isUserVerified: boolean) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  return { page, keys }
}

/** Fits the phone, and axe finds nothing in light and in dark. */
async function seeWell(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= PHONE.width, `${page.url()} is ${width} px wide`)
  await assertAccessible(page)
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

/** So that the code of a step is not asked for twice. */
let step = 0
function codeOf(secret: string): string {
  step = Math.max(step + 1, Math.floor(Date.now() / 30_000) - 1)
  return new TOTP({ secret }).generate({ timestamp: step * 30_000 })
}

async function makeAdmin(page: Page): Promise<void> {
  const link = await firstAdminLink(site.node.store, site.node.origin)
  assert.ok(link)
  await page.goto(link)
  await page.getByLabel('Your name').fill('Ada Editor')
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Create account and sign in')
  await heading(page, 'Stories')
}

/** As if five minutes had gone by since the last proof. */
async function goStale(): Promise<void> {
  await site.node.store.admin.query('UPDATE session SET proved_at = proved_at - 300000')
}

it(
  'somebody is invited, adds an app and a passkey, signs in by each, and proves it again before a story is withdrawn',
  options,
  async () => {
    const { page: admin } = await openPerson()
    await makeAdmin(admin)
    const story = await liveStory(site.node.store, { title: 'Bridge falls' })
    await admin.getByRole('link', { name: 'People' }).click()
    await seeWell(admin)
    await admin.getByLabel('E-mail address').fill('bo@example.org')
    await admin.locator('select[name="role"]').selectOption('editor')
    await press(admin, 'Make the invitation')
    await seeWell(admin)
    const link = await admin.locator('.secret').textContent()
    assert.ok(link)
    await admin.getByRole('link', { name: 'To the people' }).click()
    await admin.getByText('bo@example.org').waitFor()

    const { page: bo, keys } = await openPerson()
    await bo.goto(link)
    await heading(bo, 'You are invited to the desk')
    await seeWell(bo)
    await bo.getByLabel('Your name').first().fill('Bo Ek')
    await bo.getByLabel('Password').fill(PASSWORD)
    await press(bo, 'Make the account and sign in')
    await heading(bo, 'Stories')

    await bo.getByRole('link', { name: 'Your account' }).click()
    await heading(bo, 'Your account')
    await seeWell(bo)
    await press(bo, 'Turn it on')
    await seeWell(bo)
    const secret = ((await bo.locator('.secret').textContent()) ?? '').replaceAll(' ', '')
    assert.match(secret, /^[A-Z2-7]{32}$/)
    await bo.getByLabel('The six digits it shows').fill('000000')
    await press(bo, 'Turn it on')
    await bo.getByText('This is not the code').waitFor()
    await bo.getByLabel('The six digits it shows').fill(codeOf(secret))
    await press(bo, 'Turn it on')
    await heading(bo, 'Your recovery codes')
    assert.equal(await bo.locator('.codes li').count(), 10)
    const recovery = (await bo.locator('.codes li').first().textContent()) ?? ''
    await seeWell(bo)
    await bo.getByRole('link', { name: 'I have them' }).click()
    assert.equal(await bo.getByText(recovery).count(), 0)

    await bo.getByRole('link', { name: 'Add a passkey' }).click()
    await seeWell(bo)
    await bo.getByLabel('A name for it').fill('Work laptop')
    await press(bo, 'Add the passkey')
    await bo.getByText('The passkey is added.').waitFor()
    await bo.getByText('Work laptop', { exact: true }).waitFor()
    await seeWell(bo)

    await press(bo, 'Sign out')
    await heading(bo, 'Sign in')
    await seeWell(bo)
    await bo.getByLabel('E-mail address').fill('bo@example.org')
    await bo.getByLabel('Password').fill(PASSWORD)
    await press(bo, 'Sign in')
    await heading(bo, 'One more proof')
    await seeWell(bo)
    await bo.goto(`${site.node.origin}/desk`)
    await heading(bo, 'One more proof')
    await bo.getByLabel('Code from the app').fill(codeOf(secret))
    await press(bo, 'Go on')
    await heading(bo, 'Stories')

    await press(bo, 'Sign out')
    await bo.getByLabel('E-mail address').fill('bo@example.org')
    await bo.getByLabel('Password').fill(PASSWORD)
    await press(bo, 'Sign in')
    await press(bo, 'Use a passkey')
    await heading(bo, 'Stories')

    await press(bo, 'Sign out')
    await keys(false)
    await press(bo, 'Sign in with a passkey')
    await bo.getByText('No passkey was given').waitFor()
    await keys(true)
    await press(bo, 'Sign in with a passkey')
    await heading(bo, 'Stories')

    await goStale()
    await bo.goto(`${site.node.origin}/desk/stories/${story.id}/withdraw`)
    await bo.getByLabel('Reason').fill('It never happened.')
    await bo.getByLabel(/title/i).fill('Bridge falls')
    await bo.locator('form[action$="/withdraw"] button').last().click()
    await heading(bo, 'Is it still you?')
    await seeWell(bo)
    await bo.getByLabel('Password').fill('wrong')
    await press(bo, 'Go on')
    await bo.getByText('This is not your password.').waitFor()
    await press(bo, 'Use a passkey')
    await heading(bo, 'Go on')
    await seeWell(bo)
    assert.equal(await bo.getByRole('textbox', { name: 'Reason' }).inputValue(), 'It never happened.')
    await press(bo, 'Go on with it')
    await bo.getByText('The story was withdrawn').waitFor()
  },
)

it('somebody joins with a passkey alone, has no password, and cannot remove the only way in', options, async () => {
  const { page } = await openPerson()
  const { invitations } = (await import('../../src/cli/sign-in.ts')).signInStores(site.node.store)
  const operator = { id: 'system:test', name: 'Test', role: 'admin' as const, credential: 'system:test' }
  const { token } = await invitations.make(operator, { email: 'cy@example.org', role: 'reporter', story: null })
  await page.goto(`${site.node.origin}/desk/invitation/${token}`)
  await page.getByLabel('Your name').last().fill('Cy')
  await press(page, 'Make the account with a passkey')
  await heading(page, 'Your recovery codes')
  await page.getByRole('link', { name: 'I have them' }).click()
  await heading(page, 'Stories')
  await press(page, 'Sign out')
  await press(page, 'Sign in with a passkey')
  await heading(page, 'Stories')
  await page.goto(`${site.node.origin}/desk/account`)
  await page.getByText('You have none: you sign in with a passkey.').waitFor()
  await goStale()
  await page.getByText('Remove…').click()
  await press(page, 'Remove First passkey')
  await heading(page, 'Is it still you?')
  await press(page, 'Use a passkey')
  await press(page, 'Go on with it')
  await page.getByText('This is your only way to sign in.').waitFor()

  await goStale()
  await page.goto(`${site.node.origin}/desk/account/passkeys/new`)
  await page.getByLabel('A name for it').fill('Phone')
  await press(page, 'Add the passkey')
  await heading(page, 'Is it still you?')
  await press(page, 'Use a passkey')
  await heading(page, 'Add a passkey')
  await page.getByLabel('A name for it').fill('Phone')
  await press(page, 'Add the passkey')
  await page.getByText('This device has a passkey for this account already.').waitFor()
})

it('without JavaScript password, code and proof work, and the pages say what does not', options, async () => {
  const context = await site.browser.newContext({ javaScriptEnabled: false, viewport: PHONE })
  contexts.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  await page.goto(`${site.node.origin}/desk/sign-in`)
  await page.getByText('this needs JavaScript').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Sign in')
  await goStale()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByLabel('E-mail address').fill('di@example.org')
  await press(page, 'Make the invitation')
  await heading(page, 'Is it still you?')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Go on')
  await heading(page, 'Go on')
  await press(page, 'Go on with it')
  await heading(page, 'The invitation is made')
  await page.getByText('For di@example.org').waitFor()
})
