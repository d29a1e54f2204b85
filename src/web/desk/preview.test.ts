// The preview of a post: the reader's own fragment, for who may know of it, and nothing of it is kept.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { openBrowser, openTestDesk, type TestDesk } from '../../../test/helpers/desk.ts'
import { contentOf } from '../../../test/helpers/public-story.ts'
import type { Role } from '../../domain/permission.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'

const PASSWORD = 'correct horse battery'
let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

let people = 0
/** Looking at the story's page, whose forms hold the token. */
async function signedIn(role: Role, storyId: string) {
  people += 1
  const email = `${role}-${people}@example.org`
  const { id } = await desk.accounts.createAccount({ name: `${role} ${people}`, email, password: PASSWORD }, role)
  const browser = openBrowser(desk, `192.0.2.${people}`)
  await browser.post('/desk/sign-in', { email, password: PASSWORD })
  await browser.get(`/desk/stories/${storyId}`)
  return { id, browser }
}

const at = (storyId: string, postId: string) => `/desk/stories/${storyId}/posts/${postId}/preview`
const rows = async () => {
  const counts = 'SELECT (SELECT count(*) FROM desk_entry) AS acts, (SELECT count(*) FROM post_autosave) AS texts'
  return JSON.stringify((await desk.store.admin.query(counts)).rows)
}

test('shows the text that readers have, and the one that was sent, with its correction; nothing is written', async () => {
  const story = await liveStory(desk.store)
  const postId = await publish(desk.store, story.id, words('Bridge closed'))
  const { browser } = await signedIn('editor', story.id)
  const before = await rows()
  const is = await browser.post(at(story.id, postId), {})
  assert.match(is.body, /<h2[^>]*><a[^>]*>Bridge closed<\/a><\/h2>/)
  assert.match(is.body, /reader\.css/)
  await browser.get(`/desk/stories/${story.id}`)
  const content = JSON.stringify(contentOf({ headline: 'Bridge <open>' }))
  const keyEvent = JSON.stringify({ title: '' })
  const would = await browser.post(at(story.id, postId), { content, keyEvent, note: 'It was never closed.' })
  assert.match(would.body, /Bridge &lt;open&gt;/)
  assert.match(would.body, /class="post key"/)
  assert.match(would.body, /class="correction".*It was never closed\./)
  assert.doesNotMatch(would.body, /<script/)
  assert.equal(await rows(), before)
})

test('shows a text that stands nowhere yet, also in a private story', async () => {
  const story = await liveStory(desk.store, { visibility: 'private' })
  const { browser } = await signedIn('contributor', story.id)
  const shown = await browser.post(at(story.id, newId()), { content: JSON.stringify(contentOf()) })
  assert.match(shown.body, /Terminal closed/)
})

test('is refused without the form’s token, for a text that is none, and for a post they may not know of', async () => {
  const story = await liveStory(desk.store)
  const draft = newId()
  await saveDraft(desk.store, EDITOR, story.id, { postId: draft, revision: 0, content: words('Hidden') })
  const { browser } = await signedIn('contributor', story.id)
  const content = JSON.stringify(contentOf())
  const post = async (postId: string, fields: Record<string, string>) => {
    await browser.get(`/desk/stories/${story.id}`)
    return browser.post(at(story.id, postId), fields)
  }
  const hidden = await post(draft, { content })
  assert.ok(hidden.statusCode === 404 && !hidden.body.includes('Hidden'))
  assert.equal((await post(newId(), { content, csrf: 'x' })).statusCode, 409)
  assert.equal((await post(newId(), { content: '{' })).statusCode, 400)
  assert.equal((await post(newId(), { content: '{"headline":1}' })).statusCode, 400)
  assert.equal((await post(newId(), {})).statusCode, 404)
  const viewer = await signedIn('viewer', story.id)
  assert.equal((await viewer.browser.post(at(story.id, newId()), { content })).statusCode, 403)
})
