// Autosaves through the API over a real store: keeping, listing, reading one; scopes; and that public answers stay to the byte.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { type Headers, openTestApi, type Person, type TestApi } from '../../../test/helpers/api.ts'
import { MAX_AUTOSAVES } from '../../domain/autosave.ts'
import { SCOPES } from '../../domain/permission.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { autosaveContent, autosaves, begunTexts, keptAutosave } from './answers.ts'

let api: TestApi
let editor: Person
let token: Headers
let story: string
before(async () => {
  api = await openTestApi()
  editor = await api.person('editor')
  token = await api.tokenOf(editor, SCOPES)
  story = (await liveStory(api.store)).id
})
after(() => api.close())

const addressOf = (post: string) => `/api/v1/stories/${story}/posts/${post}`

async function send(method: string, url: string, body?: unknown, headers: Headers = token) {
  const answer = await api.call({ method, url, body, headers })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

const typed = (headline: string, revision = 0) => ({ revision, content: words(headline) })

it('keeps a text with its number and time, lists it, and gives it back; the same again is no second one', async () => {
  const at = `${addressOf(newId())}/autosaves`
  const first = await send('POST', at, typed('Bri'))
  assert.equal(first.status, 201)
  const { id, at: time, repeated } = keptAutosave.parse(first.body)
  assert.deepEqual([repeated, Math.abs(Date.now() - time) < 60_000], [false, true])
  const again = await send('POST', at, typed('Bri'))
  assert.deepEqual([again.status, again.body], [200, { id, at: time, repeated: true }])
  const second = await send('POST', at, typed('Bridge closed'))
  const list = autosaves.parse((await send('GET', at)).body).autosaves
  const by = { id: editor.id, name: 'editor 1' }
  assert.deepEqual(list, [
    { id: second.body.id, at: second.body.at, by, revision: 0 },
    { id, at: time, by, revision: 0 },
  ])
  const one = await send('GET', `${at}/${id}`)
  assert.deepEqual([one.status, autosaveContent.parse(one.body).content.headline], [200, 'Bri'])
  assert.equal(one.headers['cache-control'], 'private, no-store')
})

it('keeps an empty text, and names what is wrong with a malformed one', async () => {
  const at = `${addressOf(newId())}/autosaves`
  assert.equal((await send('POST', at, { revision: 0, content: { headline: '', blocks: [] } })).status, 201)
  const wrong = await send('POST', at, {
    revision: 2 ** 31,
    content: { headline: '', blocks: [{ type: 'html' }] },
    publish: true,
  })
  assert.equal(wrong.status, 400)
  assert.deepEqual(
    wrong.body.errors.map((error: { pointer: string }) => error.pointer),
    ['#/revision', '#/content/blocks/0/type', '#/publish'],
  )
  for (const number of ['0', '-1', '1.5', 'x', '1'.repeat(16)])
    assert.equal((await send('GET', `${at}/${number}`)).body.errors[0].pointer, 'path:autosave', number)
  assert.equal((await send('GET', `${at}/999999999999999`)).status, 404)
})

it('of a post that nobody typed or saved knows nothing', async () => {
  assert.equal((await send('GET', `${addressOf(newId())}/autosaves`)).status, 404)
  const draft = newId()
  await saveDraft(api.store, EDITOR, story, { postId: draft, revision: 0, content: words('Draft') })
  assert.deepEqual((await send('GET', `${addressOf(draft)}/autosaves`)).body, { autosaves: [] })
})

it('lists what a person began and never saved, each as it was typed last, and nobody else’s', async () => {
  const [one, other, thrown, saved] = [newId(), newId(), newId(), newId()]
  const writer = await api.person('contributor')
  const type = (post: string, headline: string) =>
    send('POST', `${addressOf(post)}/autosaves`, typed(headline), writer.session)
  for (const post of [one, other, thrown, saved]) await type(post, 'Begun')
  await type(one, 'Begun and gone on with')
  await send(
    'POST',
    `${addressOf(thrown)}/autosaves`,
    { revision: 0, content: { headline: '', blocks: [] } },
    writer.session,
  )
  await send('PUT', `${addressOf(saved)}/draft`, { revision: 0, content: words('Begun') }, writer.session)
  const begun = async (headers: Headers) =>
    begunTexts.parse((await send('GET', `/api/v1/stories/${story}/begun`, undefined, headers)).body).texts
  const texts = await begun(writer.session)
  assert.deepEqual(
    texts.map(({ postId, content }) => [postId, content.headline]),
    [
      [one, 'Begun and gone on with'],
      [other, 'Begun'],
    ],
  )
  const mine = new Set(texts.map(({ postId }) => postId))
  assert.ok((await begun(editor.session)).every(({ postId }) => !mine.has(postId)))
})

it('is hidden with the draft it belongs to, and forbidden where the post may be read but not edited', async () => {
  const [reporter, contributor, viewer] = [
    await api.person('reporter'),
    await api.person('contributor'),
    await api.person('viewer'),
  ]
  const [unborn, draft] = [newId(), newId()]
  await saveDraft(api.store, EDITOR, story, { postId: draft, revision: 0, content: words('Draft') })
  for (const post of [unborn, draft]) await send('POST', `${addressOf(post)}/autosaves`, typed('Secret'))
  const { id } = (await send('GET', `${addressOf(draft)}/autosaves`)).body.autosaves[0]
  const expected: [Person, string, number][] = [
    [reporter, unborn, 404],
    [reporter, draft, 403],
    [contributor, unborn, 404],
    [contributor, draft, 404],
    [viewer, unborn, 404],
    [viewer, draft, 403],
  ]
  for (const [person, post, status] of expected) {
    for (const part of ['', `/${id}`]) {
      const answer = await send('GET', `${addressOf(post)}/autosaves${part}`, undefined, person.session)
      assert.equal(answer.status, status, `${person.role} ${post === draft ? 'draft' : 'unborn'}${part}`)
      assert.ok(!JSON.stringify(answer.body).includes('Secret'))
    }
    assert.equal((await send('POST', `${addressOf(post)}/autosaves`, typed('Mine'), person.session)).status, 403)
  }
  const own = newId()
  assert.equal((await send('POST', `${addressOf(own)}/autosaves`, typed('Own'), contributor.session)).status, 201)
  assert.equal((await send('GET', `${addressOf(own)}/autosaves`, undefined, contributor.session)).status, 200)
})

it('takes the scope of a draft, of a published post that of publishing as well; reading takes that of reading', async () => {
  const published = await publish(api.store, story, words('Out'))
  const scoped = async (...scopes: (typeof SCOPES)[number][]) => api.tokenOf(editor, scopes)
  const [draft, publishing, reading] = [await scoped('draft'), await scoped('publish'), await scoped('read')]
  const both = await scoped('draft', 'publish')
  const [unborn, out] = [`${addressOf(newId())}/autosaves`, `${addressOf(published)}/autosaves`]
  const statuses = async (headers: Headers) => [
    (await send('POST', unborn, typed('A'), headers)).status,
    (await send('POST', out, typed('A', 1), headers)).status,
    (await send('GET', out, undefined, headers)).status,
  ]
  assert.deepEqual(await statuses(draft), [201, 403, 403])
  assert.deepEqual(await statuses(publishing), [403, 403, 403])
  assert.deepEqual(await statuses(reading), [403, 403, 200])
  assert.deepEqual(await statuses(both), [200, 201, 403])
})

it('leaves every public answer and its ETag as they were, and the post’s own revision', async () => {
  const { id, name } = await liveStory(api.store)
  const post = await publish(api.store, id, words('Out'))
  const epoch = await api.store.reads.epoch()
  const at = `/api/v1/public/stories/${name}`
  const addresses = [
    '/api/v1/public/stories',
    at,
    `${at}/posts`,
    `${at}/posts/${post}`,
    `${at}/changes?since=${epoch}.0`,
  ]
  const look = () =>
    Promise.all(
      addresses.map(async (url) => {
        const { statusCode, headers, body } = await api.call({ method: 'GET', url })
        return [url, statusCode, headers.etag, body]
      }),
    )
  const own = `/api/v1/stories/${id}/posts/${post}`
  const [before, mine] = [await look(), (await send('GET', own)).body]
  for (let n = 0; n < 3; n++)
    assert.equal((await send('POST', `${own}/autosaves`, typed(`zebrafinch ${n}`, 1))).status, 201)
  assert.deepEqual(await look(), before)
  assert.deepEqual((await send('GET', own)).body, mine)
})

it('fifty at once by two clients are all kept, and never more of a post', async () => {
  const at = `${addressOf(newId())}/autosaves`
  for (const round of [1, 2]) {
    const sent = Array.from({ length: MAX_AUTOSAVES }, (_, n) => `Round ${round}, text ${n}`)
    const answers = await Promise.all(
      sent.map((text, n) => send('POST', at, typed(text), n % 2 ? token : editor.session)),
    )
    assert.ok(answers.every(({ status }) => status === 201))
    const { body } = await send('GET', at)
    const kept = await Promise.all(
      body.autosaves.map(async ({ id }: { id: number }) => (await send('GET', `${at}/${id}`)).body.content.headline),
    )
    assert.deepEqual(kept.sort(), sent.sort())
  }
})
