// The desk as each role sees it, plain and live: what stands there can be done, and what can be done stands there. And the
// board of stories; and what readers' browsers tell beside a post.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { accountsOf } from '../../src/cli/desk.ts'
import type { Actor, Role } from '../../src/domain/permission.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { embargoPost } from '../../src/newsroom/embargo-post.ts'
import { pauseStory } from '../../src/newsroom/pause-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { schedulePost } from '../../src/newsroom/schedule-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { createAttention } from '../../src/store/attention.ts'
import { cookieNameOf } from '../../src/web/auth/session.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, NO_CHROMIUM, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { openFully } from '../helpers/desk.ts'
import { until } from '../helpers/desk-client.ts'
import { PHONE } from '../helpers/journey.ts'
import { openDesk, plainDesk, seeDesk, startDeskSite } from '../helpers/live-desk.ts'

const site = startDeskSite({ viewport: { width: 1280, height: 900 } })
const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const HOUR_MS = 3_600_000

/** What somebody made, in every state; each told by its headline: "own draft", "other published". */
async function everyState(who: Actor, storyId: string, whose: string): Promise<void> {
  const { store } = site.node
  const until = { at: Date.now() + HOUR_MS, zone: 'Europe/Paris' }
  await publishPost(store, who, storyId, { postId: newId(), content: words(`${whose} published`) })
  for (const state of ['draft', 'submitted', 'scheduled', 'embargoed']) {
    const postId = newId()
    await saveDraft(store, who, storyId, { postId, revision: 0, content: words(`${whose} ${state}`) })
    if (state === 'submitted') await submitPost(store, who, storyId, postId, 1)
    if (state === 'scheduled') await schedulePost(store, who, storyId, postId, { revision: 1, release: until })
    const embargo = { until: until.at, zone: until.zone }
    if (state === 'embargoed') await embargoPost(store, who, storyId, postId, { embargo })
  }
}

const TOLD =
  /^(Edit|Revise, correct|Read|Withdraw…|Pin|Key event…|Submit|Approve and publish|Send back…|Take the time away|Discard…)$/

/** By the headline of each post, those acts that are no mere way to a page. */
async function actsIn(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator('.rows.posts > li').evaluateAll((all) =>
    all.map((row) => {
      const acts = [...row.querySelectorAll('a, button, summary')].map((act) => act.textContent?.trim() ?? '')
      return [row.querySelector('.row-title')?.textContent?.trim() ?? '', acts] as const
    }),
  )
  return Object.fromEntries(rows.map(([title, acts]) => [title, acts.filter((act) => TOLD.test(act)).join(', ')]))
}

/** Every page of the desk that this one leads to opens. */
async function assertLinksOpen(page: Page): Promise<void> {
  const paths = await page
    .locator('main a[href^="/desk"]')
    .evaluateAll((links) => [...new Set(links.map((link) => (link as HTMLAnchorElement).href))])
  for (const path of paths) assert.ok((await page.request.get(path)).ok(), `${path} is shown and does not open`)
}

const ALL_PLAIN = 'Edit, Withdraw…, Pin, Key event…'
const ALL_LIVE = 'Revise, correct, Withdraw…, Pin, Key event…'
const DRAFT = 'Edit, Discard…'
const OWN_DRAFT = 'Edit, Submit, Discard…'
const REVIEW = 'Edit, Approve and publish, Send back…, Discard…'
const TIMED = 'Edit, Take the time away, Discard…'
const STATES = ['published', 'draft', 'submitted', 'scheduled', 'embargoed']
const row = (whose: string, acts: string[]) =>
  STATES.flatMap((state, at) => (acts[at] === undefined ? [] : [[`${whose} ${state}`, acts[at]]]))
const expect = (own: string[], other: string[]) => Object.fromEntries([...row('own', own), ...row('other', other)])
const READ = ['', 'Read', 'Read', 'Read', 'Read']

const EXPECTED: Record<Exclude<Role, 'admin' | 'guest'>, { plain: object; live: object; story: RegExp | null }> = {
  editor: {
    plain: expect([ALL_PLAIN, 'Edit', 'Edit', 'Edit', 'Edit'], [ALL_PLAIN, 'Edit', 'Edit', 'Edit', 'Edit']),
    live: expect([ALL_LIVE, DRAFT, REVIEW, TIMED, DRAFT], [ALL_LIVE, DRAFT, REVIEW, TIMED, DRAFT]),
    story: /Summary.*Settings.*Visibility.*Next part….*Withdraw the story….*Pause.*End the story…/s,
  },
  reporter: {
    plain: expect([ALL_PLAIN, 'Edit', 'Edit', 'Edit', 'Edit'], READ),
    live: expect([ALL_LIVE, OWN_DRAFT, DRAFT, TIMED, OWN_DRAFT], READ),
    story: null,
  },
  contributor: {
    plain: expect(['', 'Edit', 'Edit', 'Read', 'Edit'], ['']),
    live: expect(['', OWN_DRAFT, DRAFT, 'Read', OWN_DRAFT], ['']),
    story: null,
  },
  viewer: { plain: expect(READ, READ), live: expect(READ, READ), story: null },
}

for (const [role, { plain, live, story }] of Object.entries(EXPECTED))
  it(`${role}: what stands on the desk can be done, and what can be done stands there`, options, async () => {
    const { node, browser } = site
    const accounts = accountsOf(node.store)
    const person = { name: role, email: `${role}@example.org`, password: 'correct horse battery' }
    const { id: accountId } = await accounts.createAccount(person, role as Role)
    const { id } = await liveStory(node.store)
    await everyState({ ...EDITOR, id: accountId, name: role }, id, 'own')
    await everyState(EDITOR, id, 'other')
    const cookie = { name: cookieNameOf(null), value: (await openFully(accounts, accountId)).token, url: node.origin }
    const [desk, simple] = [await browser.newContext(role === 'viewer' ? PHONE : {}), await browser.newContext()]
    for (const context of [desk, simple]) await context.addCookies([cookie])
    await plainDesk(simple, node.origin)
    const [page, forms] = [await desk.newPage(), await simple.newPage()]
    page.setDefaultTimeout(WAIT_MS)

    await forms.goto(`${node.origin}/desk/stories/${id}`)
    assert.deepEqual(await actsIn(forms), plain)
    await assertLinksOpen(forms)
    await page.goto(`${node.origin}/desk/stories/${id}`)
    await seeDesk(page)
    assert.deepEqual(await actsIn(page), live)
    await assertLinksOpen(page)
    const links = (await page.locator('nav.links').textContent()) ?? ''
    if (story) assert.match(links, story)
    else assert.doesNotMatch(links, /Summary|Settings|Withdraw|Pause|End/)
    if (role === 'viewer')
      assert.ok(await page.locator('.rows.posts').isVisible(), 'the timeline comes first to who does not write')
    const other = forms.locator('.rows.posts > li', { hasText: 'own embargoed' })
    await other.getByRole('link', { name: role === 'viewer' ? 'Read' : 'Edit' }).click()
    await forms.getByText('Back to the story').waitFor()
    assert.equal(await forms.getByRole('button', { name: 'Lift it…' }).count(), role === 'editor' ? 1 : 0)
    assert.equal(await forms.getByRole('button', { name: 'Publish now' }).count(), role === 'editor' ? 1 : 0)
    for (const context of [desk, simple]) await closeContext(context)
  })

it(
  'the board keeps itself current, leaves alone what is in use, and is acted on by the keyboard',
  options,
  async () => {
    const { node, context } = site
    const { id } = await liveStory(node.store, { title: 'Flood on the river' })
    const page = await context.newPage()
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(`${node.origin}/desk?sort=title`)
    const row = page.locator(`#story-${id}`)
    const end = row.locator('summary', { hasText: 'End the story…' })
    await end.focus()
    await page.keyboard.press('Enter')
    await row.getByRole('button', { name: 'End it now' }).waitFor()
    const later = newId()
    await createStory(node.store, EDITOR, later, { title: 'Another storm' })
    await pauseStory(node.store, EDITOR, id)
    await publish(node.store, id, words('Water falls'))
    await row.locator('.facts').getByText('Paused').waitFor()
    await row.getByText('1 post').waitFor()
    assert.ok(await row.getByRole('button', { name: 'End it now' }).isVisible(), 'what was opened stays open')
    assert.equal(await page.locator(`#story-${later}`).count(), 0, 'nothing moves under a hand')
    await page.getByRole('button', { name: 'Show the new order' }).click()
    await page.locator(`#story-${later}`).waitFor()
    await end.focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Find').fill('flood')
    await page.getByText(/^1 of \d+ stories$/).waitFor()
    await row.getByRole('button', { name: 'Resume' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('The story goes on.').waitFor()
    assert.match(page.url(), /find=flood/)
    await row.getByRole('button', { name: 'Pause' }).waitFor()
    await assertAccessible(page, 'the board')
    await page.setViewportSize(PHONE.viewport)
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.ok((content ?? 0) <= (window ?? 0), `the board is ${content} px wide in a window of ${window}`)
    await startStory(node.store, EDITOR, later)
    await page.close()
  },
)

/** `quiet`: as a browser with Global Privacy Control. Both tell as soon as they may. */
async function reader(path: string, quiet: boolean) {
  const context = await site.browser.newContext({ userAgent: quiet ? 'quiet' : 'reader' })
  const told: string[] = []
  const page = await context.newPage()
  page.on('request', (request) => request.url().endsWith('/seen') && told.push(request.postData() ?? ''))
  await page.addInitScript((quiet) => {
    Math.random = () => 0
    if (quiet) Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })
  }, quiet)
  await page.goto(`${site.node.origin}${path}`)
  await seeContact(page)
  return { context, page, told }
}

it(
  'what a reader has on the screen and reads is told to the desk, of how many readers, and only by those who may be asked',
  options,
  async () => {
    const { node } = site
    const { id, name } = await liveStory(node.store)
    const old = await publish(node.store, id, words('There before', 'In the page.'))
    const one = await reader(`/${name}`, false)
    const silent = await reader(`/${name}`, true)
    const fresh = await publish(node.store, id, words('Came live', 'By the stream.'))
    await Promise.all([seePost(one.page, fresh), seePost(silent.page, fresh)])
    const attention = createAttention(node.store.db)
    await until('the post to be told of', 2 * WAIT_MS, async () => (await attention.ofStory(id, 1))[0]?.reads === 1)
    const desk = await openDesk(site.context, node.origin, id)
    const row = desk.locator(`#post-${fresh} .attention`)
    await row.getByText(/^Seen after [\d.]+ s by the 1 reader who told us · 1 read$/).waitFor()
    assert.equal(
      await desk.locator(`#post-${old} .attention`).textContent(),
      '1 read',
      'it was there: no delay is told',
    )

    assert.ok(one.told.length > 0)
    assert.deepEqual(silent.told, [], 'whoever asks not to be measured sends nothing')
    for (const { context } of [one, silent]) await closeContext(context)
  },
)
