// Acts at a post's own row of the live desk, in a real browser: its place, another story, its times, throwing it away; by keys and by touch.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { createPictures } from '../../src/cli/pictures.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { closeContext, NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { PHONE } from '../helpers/journey.ts'
import { headline, openDesk, rowOf, signedInContext, startDeskSite } from '../helpers/live-desk.ts'
import { flat } from '../helpers/pictures.ts'

const options = { skip: NO_CHROMIUM, timeout: 90_000 }
const site = startDeskSite({ viewport: { width: 1280, height: 900 } })

const draft = async (storyId: string, headline: string): Promise<string> => {
  const postId = newId()
  await saveDraft(site.node.store, EDITOR, storyId, { postId, revision: 0, content: words(headline) })
  return postId
}
const rowsOf = async (storyId: string) => {
  const { rows } = await site.node.store.admin.query<{
    name: string
    state: string
    embargo: unknown
    release: unknown
  }>(
    `SELECT content ->> 'headline' AS name, state, embargo_until AS embargo FROM post WHERE story_id = $1
     ORDER BY order_key DESC NULLS FIRST`,
    [storyId],
  )
  return rows
}
const inOrder = async (storyId: string) => (await rowsOf(storyId)).map(({ name }) => name)
const postOf = async (storyId: string, name: string) => (await rowsOf(storyId)).find((row) => row.name === name)

async function find(page: Page, act: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find an act' }).waitFor()
  await page.keyboard.type(act)
  await page.keyboard.press('Enter')
}

const press = (page: Page, name: string) => page.locator('dialog.tool').getByRole('button', { name, exact: true })

async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.locator('dialog.tool').waitFor({ state: 'detached' })
}

it(
  'by keys a post is moved in the order, copied to a story one may write in, and a draft goes to another',
  options,
  async () => {
    const { store, origin } = site.node
    const { id } = await liveStory(store)
    const other = await liveStory(store, { title: 'The other story' })
    for (const name of ['First', 'Second', 'Third']) await publish(store, id, words(name))
    await draft(id, 'A tip')
    const page = await openDesk(site.context, origin, id)
    await find(page, 'Move: Third')
    await press(page, 'One down').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('It stands directly below “Second” now.').waitFor()
    await page.keyboard.press('Enter') // the focus is where it was
    await page.getByText('It stands directly below “First” now.').waitFor()
    assert.deepEqual(await inOrder(id), ['A tip', 'Second', 'First', 'Third'])
    await page.getByLabel('Or to another place').selectOption({ label: 'Above: Second' })
    await press(page, 'Move there').press('Enter')
    await page.getByText('It stands directly above “Second” now.').waitFor()
    assert.deepEqual(await inOrder(id), ['A tip', 'Third', 'Second', 'First'])
    await assertAccessible(page, 'its place')
    await leave(page)

    await find(page, 'Verification, breaking: Second')
    await page.getByRole('combobox', { name: 'Verification' }).selectOption({ label: 'Confirmed' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Readers see it so now.').waitFor()
    await leave(page)
    await rowOf(page, 'Second').getByText('Breaking', { exact: true }).waitFor()

    await find(page, 'Copy to another story: Second')
    await page.getByRole('combobox', { name: 'Story' }).selectOption({ label: 'The other story (live)' })
    await page.getByLabel('Published at once').check()
    await assertAccessible(page, 'another story')
    await press(page, 'Copy it').press('Enter')
    await page.getByText('The copy is published there.').waitFor()
    assert.deepEqual(await inOrder(other.id), ['Second'])
    await leave(page)

    await find(page, 'Move to another story: tip')
    await page.getByRole('combobox', { name: 'Story' }).selectOption({ label: 'The other story (live)' })
    await press(page, 'Move it').press('Enter')
    await page.getByText('It stands there now.').waitFor()
    await until('the draft there', WAIT_MS, async () => (await postOf(other.id, 'A tip'))?.state === 'draft')
    await leave(page)
    await rowOf(page, 'A tip').waitFor({ state: 'detached' })
    await page.close()
  },
)

it(
  'on a phone a draft is scheduled, held back, put under embargo, and let out of it by a second press',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    await draft(id, 'The report')
    const context = await signedInContext(site.browser, site.node, PHONE)
    const page = await openDesk(context, site.node.origin, id)
    await page.getByRole('navigation', { name: 'Parts of the desk' }).getByRole('button', { name: 'Timeline' }).tap()
    const row = rowOf(page, 'The report')
    await row.getByText('More…').tap()
    await row.getByRole('button', { name: 'Schedule…' }).tap()
    await press(page, 'Schedule it').tap()
    await page.getByText('It goes out by itself').waitFor()
    await assertAccessible(page, 'its time')
    await press(page, 'Take the time away').tap()
    await page.getByText('It is a draft again and does not go out.').waitFor()
    assert.equal((await postOf(id, 'The report'))?.state, 'draft')
    await press(page, 'Close').tap()

    await row.getByRole('button', { name: 'Embargo…' }).tap()
    await press(page, 'Set the embargo').tap()
    await page.getByText('Under embargo until', { exact: false }).first().waitFor()
    await press(page, 'Lift it…').tap()
    await page.getByText('It could then be read earlier than was promised.').waitFor()
    assert.ok((await postOf(id, 'The report'))?.embargo, 'one press lifts nothing')
    await assertAccessible(page, 'lifting an embargo')
    await press(page, 'Yes, lift the embargo').tap()
    await page.getByText('The embargo is lifted.').waitFor()
    assert.equal((await postOf(id, 'The report'))?.embargo, null)
    const [content, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.ok((content ?? 0) <= (seen ?? 0), `${content} px in a window of ${seen}`)
    await closeContext(context)
  },
)

it('a part is cut out of a photo of the text, and takes its place; its rights stand beside', options, async () => {
  const { store, mediaDir } = site.node
  const { id } = await liveStory(store)
  const bytes = await flat(800, 600).jpeg().toBuffer()
  const { id: media } = await createPictures(mediaDir, store.media).take(bytes, EDITOR)
  const image = { type: 'image' as const, media, width: 800, height: 600, alt: 'A quay', caption: '', credit: '' }
  const postId = await publish(store, id, { headline: 'The quay', blocks: [image] })
  const page = await openDesk(site.context, site.node.origin, id)
  await rowOf(page, 'The quay').getByRole('button', { name: 'Revise, correct' }).click()
  await page.getByRole('button', { name: 'Crop…' }).click()
  await page.getByText('No end of use is known.').waitFor()
  await page.getByLabel('Width', { exact: true }).fill('50')
  await page.getByLabel('Height', { exact: true }).fill('50')
  await page.keyboard.press('Tab')
  await assertAccessible(page, 'a photo')
  await press(page, 'Put the part into the text').press('Enter')
  await page.getByText('The part is in the text. Nothing was sent yet.').waitFor()
  await page.keyboard.press('Control+Enter')
  const stored = async () => {
    const { rows } = await store.admin.query('SELECT content FROM post WHERE id = $1', [postId])
    return rows[0].content.blocks[0]
  }
  await until('the part in the post', WAIT_MS, async () => (await stored()).media !== media)
  const { media: _new, ...now } = await stored()
  assert.deepEqual(now, { type: 'image', width: 400, height: 300, alt: 'A quay', caption: '', credit: '' })
  await page.close()
})

it('a draft is thrown away after a question, and its words come back, those not saved with them', options, async () => {
  const { id } = await liveStory(site.node.store)
  await draft(id, 'A rumour')
  const page = await openDesk(site.context, site.node.origin, id)
  const row = rowOf(page, 'A rumour')
  await row.getByRole('button', { name: 'Edit' }).click()
  await headline(page).fill('A rumour from the quay')
  await find(page, 'Discard: rumour')
  await page.getByText('What was typed in it here and not saved goes with it.').waitFor()
  await assertAccessible(page, 'discarding')
  await page.keyboard.press('Enter') // on what has the focus: keeping it
  await page.locator('dialog.tool').waitFor({ state: 'detached' })
  assert.equal((await postOf(id, 'A rumour'))?.state, 'draft')
  await find(page, 'Discard: rumour')
  await press(page, 'Discard it').click()
  await page.getByText('The draft is discarded.').waitFor()
  await row.waitFor({ state: 'detached' })
  assert.equal(await postOf(id, 'A rumour'), undefined)
  await press(page, 'Bring its words back').click()
  await page.getByText('Its words are back in the fields, as a new post.').waitFor()
  assert.equal(await headline(page).inputValue(), 'A rumour from the quay')
  await page.keyboard.press('Control+s')
  await until('a draft again', WAIT_MS, async () => (await postOf(id, 'A rumour from the quay'))?.state === 'draft')
  await page.close()
})
