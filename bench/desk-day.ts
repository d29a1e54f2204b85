// Ten tasks of an editor's day at the live desk, counted in steps and seconds: by keys alone, and on a phone by touch.
// Run alone: `node bench/desk-day.ts` (Node 24, after `dateline build`). Ends non-zero when a task did not do what it should.
// Never counts the words of the post itself: a step is any other key, chord or tap. Seconds are those of the program, with
// hands that wait for nothing.

import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { saveDraft } from '../src/newsroom/save-draft.ts'
import { submitPost } from '../src/newsroom/submit-post.ts'
import { EDITOR, liveStory, newId, publish, words } from '../test/helpers/acts.ts'
import { launch } from '../test/helpers/chromium.ts'
import { until } from '../test/helpers/desk-client.ts'
import { PHONE } from '../test/helpers/journey.ts'
import { headline, openDesk, rowOf, signedInContext } from '../test/helpers/live-desk.ts'
import { startTestNode, type TestNode } from '../test/helpers/node.ts'

const PATIENCE_MS = 20_000
const MISSPELT = 14 // posts

type Post = { headline: string; state: string; key: boolean; pinned: boolean; blocks: string }
/** Counts what the hands do. */
type Hands = { page: Page; steps: number; key(...keys: string[]): Promise<void>; write(text: string): Promise<void> }
type Task = {
  name: string
  keys(hands: Hands): Promise<void>
  touch(hands: Hands): Promise<void>
  done(posts: Post[]): boolean
}

const photo = async () =>
  sharp({ create: { width: 1600, height: 1067, channels: 3, background: '#47617a' } })
    .jpeg()
    .toBuffer()

/** The words of the post are no steps; those that look for an act are. */
function handsOn(page: Page): Hands {
  const hands: Hands = {
    page,
    steps: 0,
    async key(...keys) {
      for (const key of keys) {
        hands.steps += 1
        await page.keyboard.press(key)
      }
    },
    write: (text) => page.keyboard.type(text),
  }
  return hands
}

async function tap(hands: Hands, at: Locator): Promise<void> {
  await at.scrollIntoViewIfNeeded()
  hands.steps += 1
  await at.tap()
}

/** From where the focus is, to the control of this name, as somebody who cannot see how far it is. */
async function tabTo(hands: Hands, name: RegExp, key = 'Tab', most = 40): Promise<void> {
  for (let n = 0; n < most; n++) {
    await hands.key(key)
    const found = await hands.page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null
      const own = at?.matches('button, summary, a') ? (at.textContent ?? '') : ''
      return `${at?.getAttribute('aria-label') ?? ''} ${at?.labels?.[0]?.textContent ?? ''} ${own}`.trim()
    })
    if (name.test(found)) return
  }
  throw new Error(`no ${name} within ${most} keys`)
}

async function find(hands: Hands, act: string): Promise<void> {
  await hands.key('Control+k')
  await hands.page.getByRole('combobox', { name: 'Find an act' }).waitFor()
  hands.steps += act.length
  await hands.write(act)
  await hands.key('Enter')
}

const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the desk' }).getByRole('button', { name })
const mainButton = (page: Page, name: string) => page.getByRole('button', { name, exact: false }).first()
const has = (posts: Post[], words: string, more: (post: Post) => boolean = () => true) =>
  posts.some((post) => post.headline === words && more(post))

/** Opens the post of the timeline in the composer. */
async function reviseByTouch(hands: Hands, text: string): Promise<void> {
  await tap(hands, tab(hands.page, 'Timeline'))
  await tap(hands, rowOf(hands.page, text).getByRole('button', { name: 'Revise, correct' }))
}

async function retype(hands: Hands, text: string): Promise<void> {
  await headline(hands.page).fill(text)
}

const TASKS: Task[] = [
  {
    name: 'publish one line',
    async keys(hands) {
      await hands.write('Water over the quay')
      await hands.key('Control+Enter')
    },
    async touch(hands) {
      await tap(hands, headline(hands.page))
      await hands.write('Water over the quay')
      await tap(hands, mainButton(hands.page, 'Publish'))
    },
    done: (posts) => has(posts, 'Water over the quay', ({ state }) => state === 'published'),
  },
  {
    name: 'a quote with speaker and role',
    async keys(hands) {
      await hands.write('Mayor speaks')
      await hands.key('Enter', 'Control+Shift+9')
      await hands.write('We will not leave.')
      await hands.key('Enter', 'Enter')
      await hands.write('Ada Example')
      await hands.key('Enter')
      await hands.write('mayor')
      await hands.key('Control+Enter')
    },
    async touch(hands) {
      await tap(hands, headline(hands.page))
      await hands.write('Mayor speaks')
      await hands.key('Enter')
      await tap(hands, hands.page.getByRole('button', { name: 'Quote', exact: true }))
      await hands.write('We will not leave.')
      await tap(hands, hands.page.getByLabel('Who said it'))
      await hands.write('Ada Example')
      await hands.key('Enter')
      await hands.write('mayor')
      await tap(hands, mainButton(hands.page, 'Publish'))
    },
    done: (posts) => has(posts, 'Mayor speaks', ({ blocks }) => blocks.includes('"role": "mayor"')),
  },
  {
    name: 'a key event with a short title',
    async keys(hands) {
      await hands.write('The bridge is closed to all traffic')
      await hands.key('Control+Alt+k')
      await hands.page.locator('#key-event-title:focus').waitFor()
      await hands.write('Bridge closed')
      await hands.key('Control+Enter')
    },
    async touch(hands) {
      await tap(hands, headline(hands.page))
      await hands.write('The bridge is closed to all traffic')
      await tap(hands, hands.page.getByLabel('Key event', { exact: false }).first())
      await tap(hands, hands.page.getByLabel('Its short title'))
      await hands.write('Bridge closed')
      await tap(hands, mainButton(hands.page, 'Publish'))
    },
    done: (posts) => has(posts, 'The bridge is closed to all traffic', ({ key }) => key),
  },
  {
    name: 'a photo with caption, credit, description',
    async keys(hands) {
      await hands.write('Ferry at the quay')
      const chooser = hands.page.waitForEvent('filechooser')
      await find(hands, 'photo')
      await (await chooser).setFiles({ name: 'quay.jpg', mimeType: 'image/jpeg', buffer: await photo() })
      await hands.page.getByLabel('Caption', { exact: true }).first().and(hands.page.locator(':focus')).waitFor()
      await hands.write('The ferry waits.')
      await tabTo(hands, /Credit/)
      await hands.write('Ada Lens')
      await tabTo(hands, /Description/)
      await hands.write('A ferry at a quay')
      await hands.key('Control+Enter')
    },
    async touch(hands) {
      await tap(hands, headline(hands.page))
      await hands.write('Ferry at the quay')
      const chooser = hands.page.waitForEvent('filechooser')
      await tap(hands, hands.page.getByRole('button', { name: /^(Photos?|Add photos)/ }).first())
      await (await chooser).setFiles({ name: 'quay.jpg', mimeType: 'image/jpeg', buffer: await photo() })
      for (const [label, text] of [
        ['Caption', 'The ferry waits.'],
        ['Credit', 'Ada Lens'],
        ['Description (alt text)', 'A ferry at a quay'],
      ] as const) {
        await tap(hands, hands.page.getByLabel(label, { exact: true }).first())
        await hands.write(text)
      }
      await tap(hands, mainButton(hands.page, 'Publish'))
    },
    done: (posts) =>
      has(posts, 'Ferry at the quay', ({ blocks }) => /A ferry at a quay/.test(blocks) && /"media"/.test(blocks)),
  },
  {
    name: 'put a published post right, silently',
    async keys(hands) {
      await find(hands, 'rev tw')
      await hands.page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
      await retype(hands, 'Two people injured')
      await hands.key('Control+Enter')
    },
    async touch(hands) {
      await reviseByTouch(hands, 'Two people injred')
      await retype(hands, 'Two people injured')
      await tap(hands, mainButton(hands.page, 'Revise'))
    },
    done: (posts) => has(posts, 'Two people injured'),
  },
  {
    name: 'correct a published post, with a note',
    async keys(hands) {
      await find(hands, 'rev six')
      await hands.page.getByRole('heading', { name: 'Revise a published post' }).waitFor()
      await retype(hands, 'Fifty safe')
      await tabTo(hands, /What was wrong/)
      await hands.write('We wrote sixty; it is fifty.')
      await find(hands, 'correct')
    },
    async touch(hands) {
      await reviseByTouch(hands, 'Sixty safe')
      await retype(hands, 'Fifty safe')
      await tap(hands, hands.page.getByLabel('What was wrong', { exact: false }).first())
      await hands.write('We wrote sixty; it is fifty.')
      await tap(hands, hands.page.getByRole('button', { name: 'Correct', exact: false }).first())
    },
    done: (posts) => has(posts, 'Fifty safe'),
  },
  {
    name: 'withdraw a post and say why',
    async keys(hands) {
      await find(hands, 'withdraw: wr')
      await hands.page.locator('details[open] input:focus').waitFor()
      await hands.write('It was another harbour.')
      await tabTo(hands, /Withdraw it now/)
      await hands.key('Enter')
    },
    async touch(hands) {
      await tap(hands, tab(hands.page, 'Timeline'))
      const at = rowOf(hands.page, 'Wrong harbour')
      await tap(hands, at.getByText('Withdraw…'))
      await tap(hands, at.getByRole('textbox', { name: 'Reason' }))
      await hands.write('It was another harbour.')
      await tap(hands, at.getByRole('button', { name: 'Withdraw it now' }))
    },
    done: (posts) => has(posts, 'Wrong harbour', ({ state }) => state === 'withdrawn'),
  },
  {
    name: 'approve what a contributor submitted',
    async keys(hands) {
      await find(hands, 'app')
    },
    async touch(hands) {
      await tap(hands, tab(hands.page, 'Timeline'))
      await tap(hands, rowOf(hands.page, 'Good tip').getByRole('button', { name: 'Approve and publish' }))
    },
    done: (posts) => has(posts, 'Good tip', ({ state }) => state === 'published'),
  },
  {
    name: 'schedule a post for a time',
    async keys(hands) {
      await hands.write('Press conference')
      await find(hands, 'sched')
      await hands.page.locator('.schedule input:focus').waitFor()
      await tabTo(hands, /^Schedule$/)
      await hands.key('Enter')
    },
    async touch(hands) {
      await tap(hands, headline(hands.page))
      await hands.write('Press conference')
      await tap(hands, hands.page.locator('summary', { hasText: 'Schedule…' }))
      await tap(hands, hands.page.getByRole('button', { name: 'Schedule', exact: true }))
    },
    done: (posts) => has(posts, 'Press conference', ({ state }) => state === 'scheduled'),
  },
  {
    name: `a name misspelt in ${MISSPELT} posts`,
    async keys(hands) {
      await find(hands, 'find and')
      await hands.page.locator('dialog.tool input:focus').waitFor()
      await hands.write('Smiht')
      await hands.key('Tab')
      await hands.write('Smith')
      await hands.key('Enter')
      await hands.page.getByText(`in ${MISSPELT} posts`, { exact: false }).waitFor()
      await tabTo(hands, new RegExp(`Revise ${MISSPELT}`), 'Tab', 80)
      await hands.key('Enter')
    },
    async touch(hands) {
      await tap(hands, tab(hands.page, 'Timeline'))
      await tap(hands, hands.page.getByRole('button', { name: 'Find and revise…' }))
      await tap(hands, hands.page.getByLabel('Find', { exact: true }))
      await hands.write('Smiht')
      await tap(hands, hands.page.getByLabel('Put in its place'))
      await hands.write('Smith')
      await hands.key('Enter')
      await tap(hands, hands.page.getByRole('button', { name: `Revise ${MISSPELT} posts` }))
    },
    done: (posts) => posts.filter(({ blocks }) => blocks.includes('Mr Smith said')).length === MISSPELT,
  },
]

async function prepared(node: TestNode): Promise<string> {
  const { store } = node
  const { id } = await liveStory(store, { title: 'Storm over the harbour' })
  for (let n = 1; n <= MISSPELT; n++) await publish(store, id, words(`Update ${n}`, 'Mr Smiht said so.'))
  for (const one of ['Two people injred', 'Sixty safe', 'Wrong harbour']) await publish(store, id, words(one))
  const tip = newId()
  await saveDraft(store, EDITOR, id, { postId: tip, revision: 0, content: words('Good tip') })
  await submitPost(store, EDITOR, id, tip, 1)
  return id
}

async function postsOf(node: TestNode, storyId: string): Promise<Post[]> {
  const { rows } = await node.store.admin.query<Post>(
    `SELECT content ->> 'headline' AS headline, state, key_event IS NOT NULL AS key, pinned_at IS NOT NULL AS pinned,
      jsonb_pretty((content -> 'blocks')::jsonb) AS blocks FROM post WHERE story_id = $1`,
    [storyId],
  )
  return rows
}

async function day(node: TestNode, context: BrowserContext, way: 'keys' | 'touch'): Promise<Map<string, string>> {
  const storyId = await prepared(node)
  const told = new Map<string, string>()
  for (const task of TASKS) {
    const page = await openDesk(context, node.origin, storyId)
    page.setDefaultTimeout(PATIENCE_MS)
    const hands = handsOn(page)
    const start = performance.now()
    await task[way](hands)
    await until(task.name, PATIENCE_MS, async () => task.done(await postsOf(node, storyId)))
    told.set(task.name, `${hands.steps} / ${((performance.now() - start) / 1_000).toFixed(1)} s`)
    await page.close()
  }
  return told
}

const node = await startTestNode()
const browser = await launch()
try {
  const desktop = await signedInContext(browser, node, { viewport: { width: 1280, height: 900 } })
  const phone = await signedInContext(browser, node, PHONE)
  const byKeys = await day(node, desktop, 'keys')
  const byTouch = await day(node, phone, 'touch')
  assert.equal(byKeys.size, TASKS.length)
  console.log(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, ${browser.version()}`)
  console.log('| task | keys / time | taps / time, 390 px |\n|---|---|---|')
  for (const { name } of TASKS) console.log(`| ${name} | ${byKeys.get(name)} | ${byTouch.get(name)} |`)
} finally {
  await browser.close()
  await node.close()
}
