// Into the desk through a provider, in a real browser: the button, the provider's own pages, back, out again; and what the
// sign-in page says while the provider is away.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, launch, NO_CHROMIUM } from '../helpers/chromium.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { openHttpBrowser } from '../helpers/http-browser.ts'
import { freePort, type IdentityProvider, startIdentityProvider } from '../helpers/identity-provider.ts'
import { DESKTOP, PHONE } from '../helpers/journey.ts'
import { type SsoDesk, startSsoDesk } from '../helpers/sso-desk.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }
const LABEL = 'Continue with Example ID'

let store: TestStore
let provider: IdentityProvider
let desk: SsoDesk
let browser: Browser

before(async () => {
  if (skip) return
  store = await openTestStore()
  const port = await freePort()
  provider = await startIdentityProvider([`http://127.0.0.1:${port}/desk/sso/callback`])
  provider.people.set('bo', { email: 'bo@example.org', email_verified: true, name: 'Bo Ek', groups: ['desk'] })
  provider.people.set('eve', { email: 'eve@example.org', email_verified: true, name: 'Eve', groups: [] })
  desk = await startSsoDesk({ store, provider, port, flags: ['--oidc-label', LABEL] })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await desk?.close()
  await provider?.close()
  await store?.close()
})

async function onPage(work: (page: Page) => Promise<void>, settings: BrowserContextOptions = DESKTOP): Promise<void> {
  const context = await browser.newContext(settings)
  try {
    await work(await context.newPage())
  } finally {
    await closeContext(context)
  }
}

/** Its own pages are plain forms: a name, any password; then a button that grants what was asked for. */
async function passProvider(page: Page, name: string): Promise<void> {
  await page.waitForURL(`${provider.issuer}/interaction/**`)
  await page.fill('input[name=login]', name)
  await page.fill('input[name=password]', 'any')
  await page.click('button[type=submit]')
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' })
  await page.click('button[type=submit]')
}

describe('single sign-on in a browser', () => {
  it('leads from the page that was wanted to the provider and back to it, by keyboard', options, () =>
    onPage(async (page) => {
      await page.goto(`${desk.origin}/desk/sign-in?next=%2Fdesk%2Fstories%2Fnew`)
      await page.getByRole('link', { name: LABEL }).focus()
      await page.keyboard.press('Enter')
      await passProvider(page, 'bo')
      await page.waitForURL(`${desk.origin}/desk/stories/new`)
      assert.equal(await page.locator('.who-name').textContent(), 'Bo Ek')

      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('status').filter({ hasText: 'You are signed out here' }).waitFor()
      await page.goto(`${desk.origin}/desk/stories/new`)
      await page.getByRole('link', { name: LABEL }).waitFor()

      await page.goto(`${desk.origin}/desk/sign-in?out=sso`)
      await page.getByRole('link', { name: 'sign out there as well' }).click()
      await page.waitForURL(`${provider.issuer}/session/end?**`)
    }),
  )

  it('tells who is granted no role, beside the other way in', options, () =>
    onPage(async (page) => {
      await page.goto(`${desk.origin}/desk/sign-in`)
      await page.getByRole('link', { name: LABEL }).click()
      await passProvider(page, 'eve')
      await page.getByRole('alert').filter({ hasText: 'grants you no role in this newsroom' }).waitFor()
      assert.equal(await page.getByLabel('Password').count(), 1)
    }, PHONE),
  )

  it('brings nobody in by an answer that another browser asked for', options, () =>
    onPage(async (page) => {
      const answer = await desk.answerFor(openHttpBrowser(), 'bo')
      await page.goto(answer)
      await page.getByRole('alert').filter({ hasText: 'begun in another browser' }).waitFor()
      await page.goto(`${desk.origin}/desk`)
      assert.equal(await page.locator('.who-name').count(), 0)
    }),
  )

  it(
    'has a sign-in page without a fault for axe, in light and dark, also while the provider is away',
    options,
    async () => {
      for (const [away, size] of [
        [false, DESKTOP],
        [true, PHONE],
      ] as const) {
        if (away) await provider.stop()
        desk = await startSsoDesk({ store, provider, port: desk.port, flags: ['--oidc-label', LABEL], instead: desk })
        await onPage(async (page) => {
          await page.goto(`${desk.origin}/desk/sign-in`)
          if (away) await page.goto(`${desk.origin}/desk/sso`)
          await assertAccessible(page)
          assert.equal(await page.getByText('does not answer at present').count(), away ? 1 : 0)
        }, size)
      }
      await provider.start()
    },
  )
})
