// What a machine can find wrong for people with disabilities: axe on every kind of page, light and dark.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Locator } from 'playwright-core'
import { firstAdminLink } from '../../src/cli/desk.ts'
import { createPictures } from '../../src/cli/pictures.ts'
import type { Block } from '../../src/domain/content.ts'
import { addNote } from '../../src/newsroom/add-note.ts'
import { autosavePost } from '../../src/newsroom/autosave-post.ts'
import { changeStory } from '../../src/newsroom/change-story.ts'
import { continueStory } from '../../src/newsroom/continue-story.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { deleteNote } from '../../src/newsroom/delete-note.ts'
import { embargoPost } from '../../src/newsroom/embargo-post.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { pinPost } from '../../src/newsroom/pin-post.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { setShiftNote } from '../../src/newsroom/set-shift-note.ts'
import { setSummary } from '../../src/newsroom/set-summary.ts'
import { submitPost } from '../../src/newsroom/submit-post.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { systemActor } from '../../src/store/accounts.ts'
import { createAutosaves } from '../../src/store/autosaves.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { launch, NO_CHROMIUM, seeContact } from '../helpers/chromium.ts'
import { plainDesk } from '../helpers/live-desk.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'
import { flat } from '../helpers/pictures.ts'
import { everyBlock } from '../helpers/public-story.ts'

const skip = NO_CHROMIUM
const options = { skip, timeout: 120_000 }

let node: TestNode
let browser: Browser
let story: { id: string; name: string }
let postId = ''
let files: string[] = [] // of that post: two clips, a photo of its gallery

before(async () => {
  if (skip) return
  node = await startTestNode()
  browser = await launch()
  story = await fullStory()
})

after(async () => {
  await browser?.close()
  await node?.close()
})

/** One of everything that a story page can show. */
async function fullStory(): Promise<{ id: string; name: string }> {
  const { store } = node
  const found = await liveStory(store, { title: 'Storm over the harbour', standfirst: 'Water over the quay wall.' })
  for (let n = 1; n <= 22; n++) await publish(store, found.id, words(`Update ${n}`, 'The water is rising.'))
  const withdrawn = await publish(store, found.id, words('Wrong'))
  await withdrawPost(store, EDITOR, found.id, withdrawn, { trace: 'line', reason: 'It was about another harbour.' })
  postId = await publish(store, found.id, {
    ...words('Terminal closed'),
    place: 'OSLO',
    blocks: [...everyBlock('Words of a block', 'https://example.org/source'), ...(await ownFiles())],
    bylines: [{ name: 'Ada Editor', role: 'reporter' }],
    tags: ['harbour'],
    source: 'Port authority',
    verification: 'unconfirmed',
    breaking: true,
  })
  await markKeyEvent(store, EDITOR, found.id, postId, { title: 'Terminal closed' })
  await pinPost(store, EDITOR, found.id, postId, true)
  const corrected = await publish(store, found.id, words('Sixty safe'))
  const note = 'We wrote sixty; it is fifty.'
  await correctPost(store, EDITOR, found.id, corrected, { revision: 1, content: words('Fifty safe'), note })
  const old = { publishedAt: Date.now() - 3 * 86_400_000, updatedAt: null }
  await publishPost(store, systemActor('test'), found.id, {
    postId: newId(),
    content: words('Of another day'),
    at: old,
  })
  const recap = [{ type: 'paragraph' as const, text: [{ text: 'Two terminals are shut.' }] }]
  await setSummary(store, EDITOR, found.id, { revision: 1, blocks: recap })
  const { id: media } = await createPictures(node.mediaDir, store.media).take(
    await flat(900, 600).jpeg().toBuffer(),
    EDITOR,
  )
  const lead = { type: 'image' as const, media, alt: 'A ferry', caption: 'The ferry waits.', credit: 'Ada Lens' }
  await changeStory(store, EDITOR, found.id, { revision: 2, change: { lead } })
  const first = await liveStory(store, { title: 'The first day', slug: 'the-first-day' })
  const settings = { title: 'The second day', slug: 'the-second-day' }
  await continueStory(store, EDITOR, first.id, { nextId: newId(), settings, newId })
  return found
}

/** A video, a sound and a gallery, as they were brought by file. */
async function ownFiles(): Promise<Block[]> {
  const pictures = createPictures(node.mediaDir, node.store.media)
  const clip = (name: string) => pictures.takeClip(join(import.meta.dirname, '../fixtures/clips', name), EDITOR)
  const [video, audio] = [await clip('vp8-opus.webm'), await clip('opus.ogg')]
  const photos = []
  for (const side of [300, 301, 302]) photos.push(await pictures.take(await flat(600, side).jpeg().toBuffer(), EDITOR))
  files = [video.id, audio.id, photos[0]?.id ?? '']
  const words = { title: 'The wave', caption: 'Seen from the quay.', credit: 'Ada Lens' }
  const images = photos.map(({ id: media, width, height }, n) => ({
    ...{ type: 'image' as const, media, width, height },
    ...{ alt: `The quay, ${n}`, caption: 'The quay', credit: 'Ada Lens' },
  }))
  return [
    { type: 'video', media: video.id, width: video.width, height: video.height, ...words },
    { type: 'audio', media: audio.id, ...words },
    { type: 'gallery', images },
  ]
}

async function adminId(): Promise<string> {
  const row = await node.store.db.selectFrom('account').select('id').executeTakeFirstOrThrow()
  return row.id
}

/** With everything that its page can show, but a schedule. */
async function submittedPost(): Promise<string> {
  const postId = newId()
  await saveDraft(node.store, EDITOR, story.id, { postId, revision: 0, content: words('Budget', 'Not yet.') })
  await submitPost(node.store, EDITOR, story.id, postId, 1)
  const embargo = { until: Date.now() + 3_600_000, zone: 'Asia/Jerusalem' }
  await embargoPost(node.store, EDITOR, story.id, postId, { embargo })
  return postId
}

/** A note that stands and one that was taken away beside each, and two shift notes. */
async function noted(postIds: readonly string[]): Promise<void> {
  for (const one of postIds) {
    const gone = newId()
    await addNote(node.store, EDITOR, story.id, one, { id: newId(), text: 'Who says so?' })
    await addNote(node.store, EDITOR, story.id, one, { id: gone, text: 'Not this' })
    await deleteNote(node.store, EDITOR, story.id, one, gone)
  }
  for (const [revision, text] of ['The mayor at six', 'The mayor at seven'].entries())
    await setShiftNote(node.store, EDITOR, story.id, { revision, text })
}

/** The number of one of two versions of the published post that were typed and not saved. */
async function autosaved(): Promise<number> {
  const autosaves = createAutosaves(node.store.db)
  const type = (headline: string) =>
    autosavePost({ autosaves }, EDITOR, story.id, { postId, revision: 1, content: words(headline) })
  await type('Terminal cl')
  return (await type('Terminal closed until noon')).id
}

async function signedIn(context: BrowserContext): Promise<void> {
  const link = await firstAdminLink(node.store, node.origin)
  assert.ok(link)
  const page = await context.newPage()
  await page.goto(link)
  await page.getByLabel('Your name').fill('Ada Editor')
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password').fill('correct horse battery staple')
  await assertAccessible(page, '', ['light'])
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Stories' }).waitFor()
  await page.close()
}

describe('axe finds nothing', () => {
  it('on reader pages, on a phone and a desktop, light and dark', { ...options, timeout: 120_000 }, async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const post = `/${story.name}/post/${postId}`
    const parts = ['/the-first-day', '/the-second-day']
    for (const path of ['/', `/${story.name}`, post, ...parts, '/person/Ada%20Editor', `/${story.name}/page/1-20`]) {
      await page.setViewportSize({ width: 390, height: 900 })
      const answer = await page.goto(`${node.origin}${path}`)
      assert.equal(answer?.status(), path.endsWith('1-20') ? 404 : 200, path)
      await assertAccessible(page)
      await page.setViewportSize({ width: 1280, height: 900 })
      await assertAccessible(page)
    }
    await context.close()
  })

  it('on a story page with news behind the button', options, async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 700 } })
    const page = await context.newPage()
    await page.goto(`${node.origin}/${story.name}`)
    await seeContact(page)
    await page.evaluate(() => scrollTo({ top: 2_000, behavior: 'instant' }))
    await publish(node.store, story.id, words('News'))
    await page.locator('[data-pill]').waitFor()
    await assertAccessible(page, '', ['light'])
    await context.close()
  })

  it('on the desk, light and dark', { ...options, timeout: 120_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    await signedIn(context)
    await plainDesk(context, node.origin)
    const page = await context.newPage()
    const posts = `/desk/stories/${story.id}/posts/${postId}`
    const at = `/desk/stories/${story.id}`
    const ofPost = [posts, `${posts}/withdraw`, `${posts}/move`, `${posts}/copy`]
    const ofStory = ['settings', 'summary', 'visibility', 'continue', 'withdraw', 'people'].map(
      (part) => `${at}/${part}`,
    )
    const ofPeople = ['/desk/people', `/desk/people/${await adminId()}`, '/desk/password']
    const submitted = await submittedPost()
    const draft = `${at}/drafts/${submitted}`
    await noted([postId, submitted])
    const together = [
      `${posts}/notes`,
      '/desk/snippets',
      `${posts}/history`,
      `${posts}/history?from=1`,
      `${posts}/history?to=1`,
      `${at}/shift-note`,
    ]
    const typed = `${posts}?autosave=${await autosaved()}`
    for (const path of [
      '/desk',
      '/desk/stories/new',
      at,
      ...ofPost,
      ...ofStory,
      ...ofPeople,
      ...together,
      draft,
      typed,
      ...files.flatMap((file) => [`/desk/photos/${file}`, `/desk/photos/${file}/withdraw?story=${story.id}`]),
    ]) {
      const answer = await page.goto(`${node.origin}${path}`)
      assert.equal(answer?.status(), 200, path)
      await assertAccessible(page)
    }
    await context.close()
  })

  it('on the desk when something is wrong, asked or looked at again', options, async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    await signedInAgain(context)
    await plainDesk(context, node.origin)
    const page = await context.newPage()
    const composer = `${node.origin}/desk/stories/${story.id}`
    const send = async (fields: Record<string, string>, button: string, seen: Locator) => {
      for (const [name, words] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(words)
      await page.getByRole('button', { name: button, exact: true }).click()
      await seen.waitFor()
      await assertAccessible(page, '', ['light'])
    }
    await page.goto(composer)
    await send({ headline: 'Said twice' }, 'Publish', page.getByRole('status'))
    await send({ headline: 'Said twice' }, 'Publish', page.getByText('This was published'))
    await page.goto(composer)
    await send({ text: '{{image 9}}' }, 'Publish', page.locator('[aria-invalid]'))
    await page.locator('[name="headline"]').press('Enter')
    await page.goto(`${composer}/posts/${postId}`)
    await send({ note: 'A note' }, 'Revise', page.getByText('You wrote a note'))
    await context.clearCookies({ name: /session/ })
    await send({}, 'Revise without the note', page.getByRole('heading', { name: 'Sign in first' }))
    await context.close()
  })
})

async function signedInAgain(context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${node.origin}/desk/sign-in?next=/desk/signed-in`)
  await assertAccessible(page, '', ['light'])
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password').fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  await assertAccessible(page, '', ['light'])
  await page.close()
}
