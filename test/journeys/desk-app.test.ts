// An editor's hour at the live desk in a real browser: publishing by key, taking back, revising, correcting, withdrawing, approving.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { headline, openDesk, rowOf, seeDesk, seeKept, startDeskSite } from '../helpers/live-desk.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }
const site = startDeskSite({ viewport: { width: 1280, height: 900 } })

const postsOf = (storyId: string, state: string) =>
  site.node.store.admin
    .query<{ headline: string }>(
      "SELECT content ->> 'headline' AS headline FROM post WHERE story_id = $1 AND state = $2 ORDER BY order_key, created_at",
      [storyId, state],
    )
    .then(({ rows }) => rows.map((row) => row.headline))

it('from focus to published takes the text and two keys; taking it back takes three more', options, async () => {
  const { id, name } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  const keys: string[] = []
  const press = async (key: string) => {
    keys.push(...key.split('+'))
    await page.keyboard.press(key)
  }
  assert.ok(await headline(page).evaluate((field) => field === document.activeElement), 'the caret is in the headline')
  await page.keyboard.type('Terminal closed')
  await press('Control+Enter')
  await page.getByText('Published.', { exact: true }).waitFor()
  assert.deepEqual(keys, ['Control', 'Enter'])
  const seen = async () => /Terminal closed/.test(await (await fetch(`${site.node.origin}/${name}`)).text())
  await until('a reader who sees it', WAIT_MS, seen)
  await rowOf(page, 'Terminal closed').getByText('Published', { exact: true }).waitFor()
  assert.equal(await headline(page).inputValue(), '')
  assert.ok(await headline(page).evaluate((field) => field === document.activeElement), 'the next post can be typed')

  await press('Control+Alt+Z')
  await page.getByText('Undone').waitFor()
  await until('no reader who sees it', WAIT_MS, async () => !(await seen()))
  await page.close()
})

it(
  'a post without a headline is opened at the end of its text, so that what is typed goes there',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    await publish(site.node.store, id, words('', 'Trains have stopped.'))
    const page = await openDesk(site.context, site.node.origin, id)
    await rowOf(page, 'Trains have stopped.').getByRole('button', { name: 'Revise, correct' }).click()
    const text = page.getByRole('textbox', { name: 'Text of the post' })
    await text.getByText('Trains have stopped.').waitFor()
    await until('the caret in it', WAIT_MS, () => text.evaluate((at) => at === document.activeElement))
    await page.keyboard.type(' Buses run.')
    await text.getByText('Trains have stopped. Buses run.').waitFor()
    assert.equal(await headline(page).inputValue(), '')
    await rowOf(page, 'Trains have stopped.').and(page.locator('[aria-current]')).waitFor()
    await page.close()
  },
)

it('nothing is published by Enter in a field, and nothing at all without words', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  await page.keyboard.press('Control+Enter')
  await page.getByText('A post needs a headline or some text.').waitFor()
  await headline(page).fill('Only a headline')
  await page.keyboard.press('Enter')
  await seeKept(page)
  assert.deepEqual(await postsOf(id, 'published'), [])
  await page.close()
})

it(
  'Ctrl S saves the draft and goes on with the same one; the palette finds the key event; both come out with it',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const page = await openDesk(site.context, site.node.origin, id)
    await page.keyboard.type('Ferry')
    await page.keyboard.press('Control+s')
    await page.getByText('The draft is saved').waitFor()
    assert.deepEqual(await postsOf(id, 'draft'), ['Ferry'])
    await page.keyboard.type(' turns back')
    await page.keyboard.press('Control+s')
    await until('the second revision', WAIT_MS, async () => (await postsOf(id, 'draft'))[0] === 'Ferry turns back')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('key event')
    await page.keyboard.press('Enter')
    await page.getByLabel('Its short title').fill('Ferry back')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Published.', { exact: true }).waitFor()
    assert.deepEqual(await postsOf(id, 'published'), ['Ferry turns back'])
    await page.getByRole('region', { name: 'Key events' }).getByText('Ferry back').waitFor()
    await page.close()
  },
)

it('a published post is revised, corrected with a note, pinned, and withdrawn with a trace', options, async () => {
  const { id, name } = await liveStory(site.node.store)
  await publish(site.node.store, id, words('Road open', 'Since six.'))
  const page = await openDesk(site.context, site.node.origin, id)
  const readers = async () => (await fetch(`${site.node.origin}/${name}`)).text()
  const reader = (words: RegExp) => until(String(words), WAIT_MS, async () => words.test(await readers()))
  await rowOf(page, 'Road open').getByRole('button', { name: 'Revise, correct' }).click()
  await page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
  await headline(page).fill('Road open again')
  await page.locator('.write-acts').getByRole('button', { name: 'Revise' }).click()
  await page.getByText('Revised: readers see').waitFor()
  await reader(/Road open again/)

  await rowOf(page, 'Road open again').getByRole('button', { name: 'Revise, correct' }).click()
  await page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
  await page.getByLabel('Text of the post').fill('Since seven.')
  await page.getByRole('button', { name: 'Correct, with the note' }).click()
  await page.getByText('A correction needs a note').waitFor()
  await page.getByLabel('What was wrong').fill('The road opened at seven, not at six.')
  await page.getByRole('button', { name: 'Correct, with the note' }).click()
  await page.getByText('Corrected: readers see').waitFor()
  await reader(/at seven, not at six/)

  await rowOf(page, 'Road open again').getByRole('button', { name: 'Pin', exact: true }).click()
  await page.getByRole('region', { name: 'Pinned' }).getByText('Road open again').waitFor()

  await rowOf(page, 'Road open again').getByText('Withdraw…').click()
  await page.getByLabel('Reason, for readers').fill('It was another road.')
  await page.getByRole('button', { name: 'Withdraw it now' }).click()
  await page.getByText('Withdrawn.').first().waitFor()
  await reader(/It was another road/)
  assert.doesNotMatch(await readers(), /Since seven/)
  await page.close()
})

it(
  'what others do appears by itself: a submitted draft is approved, another goes back with a note',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const page = await openDesk(site.context, site.node.origin, id)
    for (const title of ['Good tip', 'Bad tip']) {
      const postId = newId()
      await saveDraft(site.node.store, EDITOR, id, { postId, revision: 0, content: words(title) })
      await submitPost(site.node.store, EDITOR, id, postId, 1)
    }
    await rowOf(page, 'Good tip').getByRole('button', { name: 'Approve and publish' }).click()
    await page.getByText('Approved and published.').waitFor()
    await rowOf(page, 'Bad tip').getByText('Send back…').click()
    await page.getByLabel('What its author should know').fill('Who says so?')
    await page.getByRole('button', { name: 'Send back', exact: true }).click()
    await rowOf(page, 'Bad tip').getByText('Who says so?').waitFor()
    assert.deepEqual(await postsOf(id, 'published'), ['Good tip'])
    await page.close()
  },
)

it('a scheduled post counts down and is found by state and by word', options, async () => {
  const { id } = await liveStory(site.node.store)
  await publish(site.node.store, id, words('Already out'))
  const page = await openDesk(site.context, site.node.origin, id)
  await page.keyboard.type('At noon')
  await page.locator('summary', { hasText: 'Schedule…' }).click()
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await page.getByText('Scheduled.', { exact: true }).waitFor()
  await rowOf(page, 'At noon')
    .getByText(/in (29|30) min/)
    .waitFor()
  await page.getByRole('button', { name: /^Scheduled 1/ }).click()
  assert.equal(await rowOf(page, 'Already out').count(), 0)
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await page.getByLabel('Search the timeline').fill('ALREADY')
  assert.equal(await rowOf(page, 'At noon').count(), 0)
  assert.equal(await rowOf(page, 'Already out').count(), 1)
  await page.close()
})

it(
  'a text that somebody else changed stands beside it, and nothing is overwritten before a choice',
  options,
  async () => {
    const { id } = await liveStory(site.node.store)
    const postId = await publish(site.node.store, id, words('Two injured'))
    const page = await openDesk(site.context, site.node.origin, id)
    const open = async () => {
      await rowOf(page, 'injured').getByRole('button', { name: 'Revise, correct' }).click()
      await page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
    }
    await open()
    await headline(page).fill('Three injured')
    await revisePost(site.node.store, EDITOR, id, postId, { revision: 1, content: words('Four injured') })
    await page.keyboard.press('Control+Enter')
    const choice = page.locator('.theirs')
    await choice.getByText('Three injured').waitFor()
    await choice.getByText('Four injured').waitFor()
    assert.deepEqual(await postsOf(id, 'published'), ['Four injured'])
    await page.reload()
    await seeDesk(page)
    await choice.getByRole('button', { name: 'Send mine' }).click()
    await until('the chosen text', WAIT_MS, async () => (await postsOf(id, 'published'))[0] === 'Three injured')
    await page.getByText('Revised: readers see').waitFor()

    await open()
    await headline(page).fill('Five injured')
    await revisePost(site.node.store, EDITOR, id, postId, { revision: 3, content: words('Six injured') })
    await choice.getByText('Six injured').waitFor() // heard while typing, before anything was sent
    await site.context.setOffline(true)
    await choice.getByRole('button', { name: 'Take theirs' }).click()
    await page.getByText('could not be put among the autosaved versions').waitFor()
    assert.equal(await headline(page).inputValue(), 'Five injured', 'given up for nothing while the server is away')
    await site.context.setOffline(false)
    await choice.getByRole('button', { name: 'Take theirs' }).click()
    await page.getByText('The text of the other is in the fields.').waitFor()
    assert.equal(await headline(page).inputValue(), 'Six injured')
    await until('the other text among the autosaves', WAIT_MS, async () => {
      const { rows } = await site.node.store.admin.query<{ headline: string }>(
        "SELECT content ->> 'headline' AS headline FROM post_autosave WHERE post_id = $1",
        [postId],
      )
      return rows.some((row) => row.headline === 'Five injured')
    })
    assert.deepEqual(await postsOf(id, 'published'), ['Six injured'])
    await page.close()
  },
)

it('the palette finds a post by its words, and what can be done to it', options, async () => {
  const { id } = await liveStory(site.node.store)
  const postId = await publish(site.node.store, id, words('Bridge closed'))
  await publish(site.node.store, id, words('Ferry delayed'))
  const page = await openDesk(site.context, site.node.origin, id)
  const find = async (text: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find an act' }).fill(text)
    await page.keyboard.press('Enter')
  }
  await find('pin bridge')
  await page.locator(`#post-${postId}`).getByText('Pinned', { exact: true }).waitFor()
  await find('revise bridge')
  await page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
  assert.equal(await headline(page).inputValue(), 'Bridge closed')
  await find('go to bridge')
  await page.locator(`#post-${postId} button:focus`).waitFor()
  await page.close()
})

it('the plain forms are one press away, and the live desk is one press back', options, async () => {
  const { id } = await liveStory(site.node.store)
  const page = await openDesk(site.context, site.node.origin, id)
  await page.getByRole('button', { name: 'Plain forms' }).click()
  await page.getByRole('button', { name: 'Live desk' }).waitFor()
  assert.equal(await page.locator('script').count(), 0)
  await page.getByLabel('Headline').fill('By the plain form')
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByText(/^Published\. See/).waitFor()
  await page.getByRole('button', { name: 'Live desk' }).click()
  await seeDesk(page)
  await rowOf(page, 'By the plain form').waitFor()
  await page.close()
})
