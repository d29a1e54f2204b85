// What a refusal tells: the field it is about, in words for people, and what to do instead.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { type Headers, openTestApi, type TestApi } from '../../../test/helpers/api.ts'
import { SCOPES } from '../../domain/permission.ts'

let api: TestApi
let token: Headers

before(async () => {
  api = await openTestApi()
  token = await api.tokenOf(await api.person('editor'), SCOPES)
})
after(() => api.close())

const STORIES = '/api/v1/stories'

async function send(method: string, url: string, body?: unknown, headers: Headers = token) {
  const { statusCode, json } = await api.call({ method, url, body, headers })
  return { status: statusCode, body: json() }
}

/** [status, pointer, what is said there]. */
async function refused(method: string, url: string, body?: unknown) {
  const answer = await send(method, url, body)
  const [first] = answer.body.errors ?? []
  return [answer.status, first?.pointer, first?.detail]
}

it('an address that would be thrown away, or is taken, is pointed at', async () => {
  const hidden = newId()
  const none = 'This story has no address of its own. It takes one when it becomes public.'
  const settings = { title: 'Hidden', visibility: 'private', slug: 'my-slug' }
  assert.deepEqual(await refused('PUT', `${STORIES}/${hidden}`, settings), [400, '#/slug', none])
  assert.equal((await send('PUT', `${STORIES}/${hidden}`, { title: 'Hidden', visibility: 'private' })).status, 201)
  const opened = { visibility: 'unlisted', slug: 'my-slug' }
  assert.deepEqual(await refused('PUT', `${STORIES}/${hidden}/visibility`, opened), [400, '#/slug', none])
  assert.deepEqual(await refused('POST', `${STORIES}/${hidden}/change`, { revision: 1, change: { slug: 'a' } }), [
    400,
    '#/change/slug',
    'This field is not known here.',
  ])
  const story = await liveStory(api.store)
  const next = { nextId: newId(), settings }
  assert.deepEqual(await refused('POST', `${STORIES}/${story.id}/continue`, next), [400, '#/settings/slug', none])
  const taken = 'This address is taken by another story. Send another one as `slug`.'
  const same = { visibility: 'public', slug: story.name }
  assert.deepEqual(await refused('PUT', `${STORIES}/${hidden}/visibility`, same), [409, '#/slug', taken])
  const spaced = { title: 'A', slug: 'Not good' }
  assert.equal((await refused('PUT', `${STORIES}/${newId()}`, spaced))[1], '#/slug')
})

it('a story sent again with other settings is a conflict that names them', async () => {
  const url = `${STORIES}/${newId()}`
  assert.equal((await send('PUT', url, { title: 'One' })).status, 201)
  assert.equal((await send('PUT', url, { title: 'One' })).body.repeated, true)
  const { status, body } = await send('PUT', url, { title: 'Two', visibility: 'private' })
  assert.deepEqual([status, body.details.differs], [409, ['title', 'visibility']])
})

it('what is missing, empty or unknown is said in plain words', async () => {
  const story = await liveStory(api.store)
  const post = `${STORIES}/${story.id}/posts/${newId()}`
  const { body } = await send('PUT', post, { content: { blocks: [] } })
  assert.equal(body.detail, 'The body is not as it should be at `#/content/headline`: This is missing.')
  assert.deepEqual(await refused('POST', `${post}/correct`, { revision: 1, content: words('A'), note: '' }), [
    400,
    '#/note',
    'This must not be empty.',
  ])
  assert.deepEqual(await refused('GET', `${STORIES}?limit=many`), [400, 'query:limit', 'This must be a number.'])
  assert.deepEqual(await refused('GET', `${STORIES}?state=asleep`), [
    400,
    'query:state',
    'This must be one of planned, live, paused, ended.',
  ])
})

it('a moment in seconds is recognised, and a moment that is wrong is pointed at', async () => {
  const story = await liveStory(api.store)
  const post = `${STORIES}/${story.id}/posts/${newId()}`
  await send('PUT', `${post}/draft`, { revision: 0, content: words('A') })
  const seconds = Math.floor(Date.now() / 1_000) + 3_600
  const at = (release: number) => ({ revision: 1, release: { at: release, zone: 'UTC' } })
  const [status, pointer, said] = await refused('PUT', `${post}/schedule`, at(seconds))
  assert.deepEqual([status, pointer], [400, '#/release/at'])
  assert.match(said, /looks like seconds\. Send milliseconds/)
  const yesterday = Date.now() - 86_400_000
  assert.deepEqual(await refused('PUT', `${post}/schedule`, at(yesterday)), [
    400,
    '#/release/at',
    'This time has passed.',
  ])
  const embargo = { until: yesterday, zone: 'UTC' }
  assert.equal((await refused('PUT', `${post}/embargo`, { embargo }))[1], '#/embargo/until')
})

it('a picture that is not here is pointed at wherever it stands', async () => {
  const story = await liveStory(api.store)
  const image = { type: 'image', media: newId(), alt: '', caption: '', credit: '' }
  const blocks = [
    { type: 'paragraph', text: [] },
    { type: 'gallery', images: [image] },
  ]
  const url = `${STORIES}/${story.id}/posts/${newId()}`
  assert.deepEqual(await refused('PUT', url, { content: { headline: 'A', blocks } }), [
    400,
    '#/content/blocks/1/images/0/media',
    'A photo of this post is not known here.',
  ])
  const change = { revision: 1, change: { lead: image } }
  assert.equal((await refused('POST', `${STORIES}/${story.id}/change`, change))[1], '#/change/lead/media')
})

it('content of another type is told what to send', async () => {
  const story = await liveStory(api.store)
  const say = async (url: string, type: string, payload: string) => {
    const headers = { ...token, 'content-type': type }
    const answer = await api.app.inject({ method: 'POST', url: `${STORIES}/${story.id}${url}`, headers, payload })
    return [answer.statusCode, answer.json().detail]
  }
  const picture =
    'Send the file’s bytes as the body, with a type such as `Content-Type: image/jpeg` or `video/mp4`; no form, no multipart.'
  const json = 'Send JSON, with `Content-Type: application/json`.'
  assert.deepEqual(await say('/media', 'multipart/form-data; boundary=a', '--a--'), [400, picture])
  assert.deepEqual(await say('/media', 'application/json', '{}'), [400, picture])
  assert.deepEqual(await say('/pause', 'application/x-www-form-urlencoded', 'a=b'), [400, json])
  assert.deepEqual(await say('/pause', 'image/jpeg', 'x'), [400, json])
  assert.deepEqual(await say('/pause', 'application/json', '{'), [400, 'The body is no valid JSON.'])
})

it('every refusal below /api/v1 is a problem in JSON, whatever the client accepts', async () => {
  const headers = { accept: 'text/html' }
  const ask = async (method: 'GET' | 'DELETE', url: string) => {
    const answer = await api.app.inject({ method, url, headers })
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, url)
    return { ...answer.json(), allow: answer.headers.allow }
  }
  const unreadable = await ask('GET', '/api/v1/public/stories/%zz')
  assert.deepEqual([unreadable.code, unreadable.detail.slice(0, 27)], ['invalid', 'This address cannot be read'])
  assert.equal((await ask('GET', '/api/v1/nothing')).code, 'not_found')
  const wrong = await ask('DELETE', `${STORIES}/${newId()}?a=1`)
  assert.deepEqual([wrong.status, wrong.code, wrong.allow], [405, 'wrong_method', 'PUT, GET, HEAD'])
  assert.equal((await ask('DELETE', '/api/v1/openapiXjson')).code, 'not_found')
})

it('a 403 names the scope, the role, whose posts, or that it is for people', async () => {
  const reporter = await api.person('reporter')
  const story = await liveStory(api.store)
  const post = await publish(api.store, story.id, words('Theirs'))
  const detailOf = async (method: string, url: string, body: unknown, headers: Headers) =>
    (await send(method, url, body, headers)).body.detail
  const narrow = await api.tokenOf(await api.person('editor'), ['draft', 'publish'])
  assert.equal(
    await detailOf('PUT', `${STORIES}/${newId()}`, { title: 'A' }, narrow),
    'This needs the scope `manage`; this token has draft, publish.',
  )
  assert.equal(
    await detailOf('PUT', `${STORIES}/${newId()}`, { title: 'A' }, reporter.session),
    'Your role (reporter) does not allow this.',
  )
  assert.equal(
    await detailOf('POST', `${STORIES}/${story.id}/posts/${post}/flag`, { breaking: true }, reporter.session),
    'Your role (reporter) allows this for your own posts only.',
  )
  const held = `${STORIES}/${story.id}/posts/${newId()}`
  await send('PUT', `${held}/draft`, { revision: 0, content: words('A') })
  await send('PUT', `${held}/embargo`, { embargo: { until: Date.now() + 3_600_000, zone: 'UTC' } })
  const broken = 'A token may never lift, shorten or break an embargo that holds: do it on the desk.'
  assert.equal(await detailOf('PUT', `${held}/embargo`, { embargo: null, breakEmbargo: true }, token), broken)
  assert.equal(await detailOf('PUT', held, { content: words('A'), breakEmbargo: true }, token), broken)
})
