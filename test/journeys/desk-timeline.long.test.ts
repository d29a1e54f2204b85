// The timeline of the live desk in a real browser: several posts at once, and a name put right in every post of a story.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { copyPost } from '../../src/newsroom/copy-post.ts'
import { embargoPost } from '../../src/newsroom/embargo-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { headline, openDesk, rowOf, startDeskSite } from '../helpers/live-desk.ts'

const options = { skip: NO_CHROMIUM, timeout: 90_000 }
const site = startDeskSite({ viewport: { width: 1280, height: 900 } })

const statesIn = async (storyId: string): Promise<Record<string, string>> => {
  const { rows } = await site.node.store.admin.query<{ headline: string; state: string }>(
    "SELECT content ->> 'headline' AS headline, state FROM post WHERE story_id = $1",
    [storyId],
  )
  return Object.fromEntries(rows.map(({ headline, state }) => [headline, state]))
}

async function submitted(storyId: string, headline: string): Promise<string> {
  const postId = newId()
  await saveDraft(site.node.store, EDITOR, storyId, { postId, revision: 0, content: words(headline) })
  await submitPost(site.node.store, EDITOR, storyId, postId, 1)
  return postId
}

it(
  'several posts are chosen by key, one act is done to each, and what it was not done to is named',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    for (const headline of ['Pier closed', 'Ferry late']) await submitted(id, headline)
    await publish(site.node.store, id, words('Harbour quiet'))
    const page = await openDesk(site.context, site.node.origin, id)
    await rowOf(page, 'Pier closed').getByRole('button', { name: 'Approve and publish' }).focus()
    await page.keyboard.press('x')
    const bar = page.getByRole('region', { name: 'Several posts at once' })
    await bar.getByText('1 chosen').waitFor()
    await bar.getByRole('button', { name: 'All 3 shown' }).click()
    await bar.getByRole('button', { name: 'Approve and publish (2 of 3)' }).click()
    await bar.getByRole('button', { name: 'Approve and publish (2)', exact: true }).click()
    await bar.getByText('Approved and published: 2 of 3.').waitFor()
    await bar.getByText('Harbour quiet: It is published.').waitFor()
    await bar.getByText('1 chosen').waitFor()
    assert.deepEqual(Object.values(await statesIn(id)), ['published', 'published', 'published'])
    await bar.getByRole('button', { name: 'Withdraw…' }).click()
    await bar.getByLabel('Reason, for readers').fill('Not confirmed')
    await bar.getByRole('button', { name: 'Withdraw (1)', exact: true }).click()
    await bar.getByText('Withdrawn: 1 of 1.').waitFor()
    assert.equal((await statesIn(id))['Harbour quiet'], 'withdrawn')
    await page.close()
  },
)

it(
  'a name is put right in every post that holds it; one that changed meanwhile is told and left',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const first = await publish(site.node.store, id, words('Jansen speaks', 'On Monday Mr Jansen came.'))
    const draft = { postId: newId(), revision: 0, content: words('Draft on Jansen') }
    await saveDraft(site.node.store, EDITOR, id, draft)
    await publish(site.node.store, id, words('Jansen leaves'))
    const page = await openDesk(site.context, site.node.origin, id)
    await page.getByRole('button', { name: 'Find and revise…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Find and revise in every post' })
    await dialog.getByLabel('Find', { exact: true }).fill('Jansen')
    await dialog.getByLabel('Put in its place').fill('Janssen')
    await dialog.getByRole('button', { name: 'Find', exact: true }).click()
    await dialog.getByText('4 places in 3 posts; 3 posts searched.').waitFor()
    const changed = { revision: 1, content: words('Jansen leaves', 'In the evening.') }
    const { rows } = await site.node.store.admin.query(
      "SELECT id FROM post WHERE content ->> 'headline' = 'Jansen leaves' AND story_id = $1",
      [id],
    )
    await revisePost(site.node.store, EDITOR, id, rows[0].id, changed)
    await dialog.getByLabel('What was wrong, for readers (for a correction)').fill('His name is Janssen.')
    await dialog.getByRole('button', { name: 'Correct, with the note' }).click()
    await dialog.getByText('Changed: 2 of 3.').waitFor()
    await dialog.getByText('Jansen leaves: Somebody changed this post meanwhile.').waitFor()
    const now = await statesIn(id)
    assert.deepEqual(Object.keys(now).sort(), ['Draft on Janssen', 'Jansen leaves', 'Janssen speaks'])
    const corrected = async () => {
      const { rows } = await site.node.store.admin.query('SELECT content, corrections FROM post WHERE id = $1', [first])
      return JSON.stringify(rows[0])
    }
    await until('the correction', WAIT_MS, async () => /Mr Janssen came.*His name is Janssen/.test(await corrected()))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.close()
  },
)

it('a snippet is made from the text at hand, typed by its name, and put in from the palette', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  const text = page.locator('.composer-prose')
  await text.click()
  await page.keyboard.type('In danger, call 112.')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Snippets')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Snippets' })
  await dialog.getByRole('button', { name: 'Make one from the text at hand' }).click()
  await dialog.getByLabel('Name, as it is typed after the slash').fill('Lines')
  await page.keyboard.press('Enter')
  await dialog.getByText('/lines', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await text.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' Again: /lines ')
  await until('the words behind the name', WAIT_MS, async () =>
    /Again: In danger, call 112\. $/.test((await text.textContent()) ?? ''),
  )
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Put in: /lines')
  await page.keyboard.press('Enter')
  await until('a third time', WAIT_MS, async () => (await text.textContent())?.split('call 112.').length === 4)
  await page.close()
})

it(
  'the text at hand is shown as readers would see it, beside what they see now, and nothing is kept of it',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    await publish(site.node.store, id, words('Pier closed', 'Since six.'))
    const page = await openDesk(site.context, site.node.origin, id)
    const refused: string[] = []
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
    await rowOf(page, 'Pier closed').getByRole('button', { name: 'Revise, correct' }).click()
    await headline(page).fill('Pier open again')
    await page.getByRole('button', { name: 'Preview' }).filter({ visible: true }).click()
    const dialog = page.getByRole('dialog', { name: 'What readers see' })
    const now = page.frameLocator('iframe[title="Readers see now"]')
    const then = page.frameLocator('iframe[title="With your text"]')
    await now.getByRole('heading', { name: 'Pier closed' }).waitFor()
    await then.getByRole('heading', { name: 'Pier open again' }).waitFor()
    const styled = () =>
      then.locator('article.post').evaluate((post) => getComputedStyle(post.ownerDocument.body).fontFamily)
    await until('the reader’s own style', WAIT_MS, async () => /serif/i.test(await styled()))
    assert.equal(await then.locator('html').evaluate((root) => root.ownerDocument.defaultView?.innerWidth), 390)
    assert.equal(await then.locator('script').count(), 0)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual([refused, await statesIn(id)], [[], { 'Pier closed': 'published' }])
    await page.close()
  },
)

it(
  'a copied post asks what becomes of its copies; an embargo is broken by a second press and a fresh proof',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const other = await liveStory(site.node.store)
    const postId = await publish(site.node.store, id, words('Pier closed'))
    const to = { from: { storyId: id, postId }, postId: newId(), publish: true }
    await copyPost(site.node.store, EDITOR, other.id, to)
    const held = newId()
    await saveDraft(site.node.store, EDITOR, id, { postId: held, revision: 0, content: words('The report') })
    const embargo = { until: Date.now() + 3_600_000, zone: 'UTC' }
    await embargoPost(site.node.store, EDITOR, id, held, { embargo })
    const page = await openDesk(site.context, site.node.origin, id)
    const row = rowOf(page, 'Pier closed')
    await row.getByText('Withdraw…').click()
    await row.getByRole('button', { name: 'Withdraw it now' }).click()
    await page.getByText('This post was copied to other stories.').waitFor()
    await page.getByRole('button', { name: 'Withdraw the copies too' }).click()
    await page.getByText('Withdrawn.', { exact: true }).waitFor()
    assert.deepEqual(await statesIn(other.id), { 'Pier closed': 'withdrawn' })

    await rowOf(page, 'The report').getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('button', { name: /^Publish/ }).click()
    await page.getByText('This post is under embargo until').waitFor()
    // The sign-in counts as a proof for some minutes; it is made old, so that one is asked for.
    await site.node.store.admin.query('UPDATE session SET proved_at = 1')
    await page.getByRole('button', { name: 'Break the embargo and publish' }).click()
    await page.getByRole('link', { name: 'Prove that it is you, in a new window' }).waitFor()
    assert.equal((await statesIn(id))['The report'], 'draft')
    await site.node.store.admin.query('UPDATE session SET proved_at = $1', [Date.now()])
    await page.getByRole('button', { name: /^Publish/ }).click()
    await page.getByRole('button', { name: 'Break the embargo and publish' }).click()
    await page.getByText('Published. The embargo was broken.').waitFor()
    assert.equal((await statesIn(id))['The report'], 'published')
    await page.close()
  },
)

it('history and notes open in place; an earlier text comes back into the fields', options, async () => {
  const { id } = await liveStory(site.node.store)
  const postId = await publish(site.node.store, id, words('Pier closed', 'Since six.'))
  await revisePost(site.node.store, EDITOR, id, postId, { revision: 1, content: words('Pier open', 'Since six.') })
  const page = await openDesk(site.context, site.node.origin, id)
  const row = rowOf(page, 'Pier open')
  await row.getByText('More…').click()
  await row.getByRole('button', { name: 'Notes' }).click()
  const notes = page.getByRole('dialog', { name: 'Notes beside the post' })
  await notes.getByLabel('A note').fill('Who told us?')
  await notes.getByRole('button', { name: 'Add the note' }).click()
  await notes.getByRole('listitem').getByText('Who told us?').waitFor()
  await notes.getByRole('button', { name: 'Close' }).click()
  await notes.waitFor({ state: 'detached' })
  await row.getByRole('button', { name: '1 note', exact: true }).click() // seen by whoever reads the timeline
  await notes.getByText('Who told us?').waitFor()
  await notes.getByRole('button', { name: 'Close' }).click()
  await notes.waitFor({ state: 'detached' })
  await row.getByRole('button', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'History of the post' })
  await history.locator('del').getByText('closed').waitFor()
  await history.locator('ins').getByText('open').waitFor()
  await history.getByRole('button', { name: 'Bring revision 1 into the fields' }).click()
  await page.getByText('The text of revision 1 is in the fields.').waitFor()
  await until('the earlier headline', WAIT_MS, async () => (await headline(page).inputValue()) === 'Pier closed')
  assert.deepEqual(await statesIn(id), { 'Pier open': 'published' })
  await page.close()
})
