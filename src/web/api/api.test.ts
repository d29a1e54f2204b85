// The API from end to end over a real store: a post's whole life, reads of both kinds, sending again, credentials, rates.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { type Headers, openTestApi, type Person, type TestApi } from '../../../test/helpers/api.ts'
import { SCOPES } from '../../domain/permission.ts'
import { giveRole } from '../../newsroom/give-role.ts'

let api: TestApi
let editor: Person
let reporter: Person
let token: Headers

before(async () => {
  api = await openTestApi()
  editor = await api.person('editor')
  reporter = await api.person('reporter')
  token = await api.tokenOf(editor, SCOPES)
})
after(() => api.close())

const STORIES = '/api/v1/stories'
const content = words('Bridge closed', 'Police closed it at noon.')

async function send(method: string, url: string, body?: unknown, headers: Headers = token) {
  const answer = await api.call({ method, url, body, headers })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? null : answer.json() }
}

describe('the acts', () => {
  it('carry a story and a post from its draft to its withdrawal', async () => {
    const story = newId()
    const post = newId()
    const at = `${STORIES}/${story}/posts/${post}`
    const acts: [string, string, unknown, number][] = [
      ['PUT', `${STORIES}/${story}`, { title: 'Flood', slug: `flood-${story}` }, 201],
      ['PUT', `${STORIES}/${story}`, { title: 'Flood', slug: `flood-${story}` }, 200],
      ['POST', `${STORIES}/${story}/start`, undefined, 200],
      ['POST', `${STORIES}/${story}/change`, { revision: 1, change: { standfirst: 'Water.' } }, 200],
      [
        'PUT',
        `${STORIES}/${story}/summary`,
        { revision: 2, blocks: [{ type: 'paragraph', text: [{ text: 'So far.' }] }] },
        200,
      ],
      ['PUT', `${at}/draft`, { revision: 0, content: words('First') }, 201],
      ['PUT', `${at}/draft`, { revision: 1, content }, 200],
      ['POST', `${at}/submit`, { revision: 2 }, 200],
      ['POST', `${at}/send-back`, { note: 'Source?' }, 200],
      ['POST', `${at}/send-back`, { note: 'Source?' }, 200],
      ['PUT', `${at}/schedule`, { revision: 2, release: { at: Date.now() + 3_600_000, zone: 'Europe/Paris' } }, 200],
      ['PUT', `${at}/schedule`, { revision: 2, release: null }, 200],
      ['PUT', `${at}/embargo`, { embargo: { until: Date.now() + 3_600_000, zone: 'UTC' } }, 200],
      ['PUT', at, { content }, 409],
      ['PUT', `${at}/embargo`, { embargo: null, breakEmbargo: true }, 403],
    ]
    for (const [method, url, body, status] of acts) {
      const answer = await send(method, url, body)
      assert.equal(answer.status, status, `${method} ${url} ${JSON.stringify(answer.body)}`)
    }
    assert.equal(
      (await send('PUT', `${at}/embargo`, { embargo: null, breakEmbargo: true }, editor.session)).status,
      200,
    )
    assert.equal((await send('POST', `${at}/submit`, { revision: 2 })).status, 200)
    assert.equal((await send('POST', `${at}/approve`, { revision: 2 })).status, 200)
    const revised = words('Bridge closed', 'Police closed it at 12:10.')
    const after: [string, string, unknown][] = [
      ['POST', `${at}/revise`, { revision: 3, content: revised }],
      ['POST', `${at}/correct`, { revision: 4, content, note: 'It was noon.' }],
      ['POST', `${at}/flag`, { breaking: true }],
      ['PUT', `${at}/key-event`, { keyEvent: { title: '' } }],
      ['PUT', `${at}/pin`, { pinned: true }],
    ]
    for (const [method, url, body] of after) {
      const answer = await send(method, url, body)
      assert.equal(answer.status, 200, `${method} ${url} ${JSON.stringify(answer.body)}`)
    }
    const seen = await send('GET', `/api/v1/public/stories/${story}/posts/${post}`, undefined, {})
    assert.deepEqual([seen.body.item.post.keyEvent, seen.body.item.post.pinned], [{ title: 'Bridge closed' }, true])
    const gone = await send('POST', `${at}/withdraw`, { trace: 'line', reason: 'Not ours' })
    assert.equal(gone.status, 200)
    assert.equal((await send('GET', at)).body.state, 'withdrawn')
    const trace = await send('GET', `/api/v1/public/stories/${story}/posts/${post}`, undefined, {})
    assert.deepEqual([trace.body.item.kind, trace.body.item.trace.reason], ['trace', 'Not ours'])
  })

  it('undo, reorder, copy, continue and withdraw a story', async () => {
    const story = await liveStory(api.store)
    const other = await liveStory(api.store)
    const [first, second] = [await publish(api.store, story.id, content), newId()]
    assert.equal(
      (await send('PUT', `${STORIES}/${story.id}/posts/${second}`, { content: words('Second') })).status,
      201,
    )
    const moved = await send('POST', `${STORIES}/${story.id}/posts/${first}/reorder`, { side: 'above', postId: second })
    assert.equal(moved.status, 200, JSON.stringify(moved.body))
    const copy = newId()
    const body = { to: { storyId: other.id, postId: copy }, publish: true }
    const copied = () => send('POST', `${STORIES}/${story.id}/posts/${first}/copy`, body)
    assert.deepEqual([(await copied()).status, (await copied()).status, (await copied()).body.postId], [201, 200, copy])
    const asked = await send('POST', `${STORIES}/${story.id}/posts/${first}/withdraw`, { trace: 'none', reason: '' })
    assert.deepEqual([asked.status, asked.body.details.copies], [409, [{ storyId: other.id, postId: copy }]])
    assert.equal((await send('POST', `${STORIES}/${story.id}/posts/${second}/undo`)).status, 200)
    const nextId = newId()
    const goOn = () => send('POST', `${STORIES}/${story.id}/continue`, { nextId, settings: { title: 'Day two' } })
    assert.deepEqual([(await goOn()).status, (await goOn()).status, (await goOn()).body.storyId], [201, 200, nextId])
    assert.equal((await send('POST', `${STORIES}/${story.id}/withdraw`, { reason: 'Error' })).status, 200)
    assert.equal((await send('GET', `/api/v1/public/stories/${story.id}`, undefined, {})).status, 404)
  })

  it('take a picture and show it in a post', async () => {
    const story = await liveStory(api.store)
    const bytes = readFileSync(new URL('../../cli/demo/photos/port.jpg', import.meta.url))
    const made = await api.app.inject({
      method: 'POST',
      url: `${STORIES}/${story.id}/media`,
      headers: { ...token, 'content-type': 'image/jpeg' },
      payload: bytes,
    })
    assert.equal(made.statusCode, 201, made.body)
    const { id } = made.json()
    const image = { type: 'image', media: id, alt: 'A port', caption: '', credit: '' }
    const shown = await send('PUT', `${STORIES}/${story.id}/posts/${newId()}`, {
      content: { headline: 'Port', blocks: [image] },
    })
    assert.equal(shown.status, 201)
    assert.equal(await api.store.media.isPublic(id), true)
  })

  it('name every field that is wrong, and refuse unknown ones', async () => {
    const story = await liveStory(api.store)
    const blocks = [
      { type: 'paragraph', text: [{ text: 1 }] },
      { type: 'html', text: '<b>' },
    ]
    const answer = await send('PUT', `${STORIES}/${story.id}/posts/${newId()}`, {
      content: { headline: 'A', blocks },
      more: 1,
    })
    const { type, title, status, code, errors } = answer.body
    assert.deepEqual([type, title, status, code], ['/api/v1/docs#invalid', 'Invalid input', 400, 'invalid'])
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    const pointers = errors.map((error: { pointer: string }) => error.pointer)
    assert.deepEqual(pointers, ['#/content/blocks/0/text/0/text', '#/content/blocks/1/type', '#/more'])
    assert.equal((await send('GET', `${STORIES}/${story.id}?verbose=1`)).status, 400)
    assert.equal((await send('PUT', `${STORIES}/NOT-AN-ID`, { title: 'A' })).body.errors[0].pointer, 'path:story')
  })
})

describe('the public reads', () => {
  it('lead through a story without a gap: the newest page, older ones by next, changes by position', async () => {
    const story = await liveStory(api.store)
    for (let n = 1; n <= 45; n++) await publish(api.store, story.id, words(`Post ${n}`))
    const seen: string[] = []
    let next: string | null = `/api/v1/public/stories/${story.name}/posts`
    let position = ''
    while (next !== null) {
      const { body } = await send('GET', next, undefined, {})
      position ||= body.position
      seen.push(...body.items.map((item: { post: { content: { headline: string } } }) => item.post.content.headline))
      next = body.next
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 45 }, (_, at) => `Post ${45 - at}`),
    )
    await publish(api.store, story.id, words('Post 46'))
    const { body } = await send('GET', `/api/v1/public/stories/${story.name}/changes?since=${position}`, undefined, {})
    assert.deepEqual(
      [body.changes.length, body.changes[0].post.content.headline, body.refetch, body.face.posts],
      [1, 'Post 46', false, 46],
    )
    const empty = await send('GET', body.next, undefined, {})
    assert.deepEqual(empty.body.changes, [])
    const lost = await send('GET', `/api/v1/public/stories/${story.name}/changes?since=other.3`, undefined, {})
    assert.deepEqual([lost.body.refetch, lost.body.face, lost.body.changes], [true, null, []])
    assert.equal(
      (await send('GET', `/api/v1/public/stories/${story.name}/posts?range=41-60`, undefined, {})).status,
      404,
    )
  })

  it('are named by their bytes, open to every origin, and know no credentials', async () => {
    const story = await liveStory(api.store)
    const url = `/api/v1/public/stories/${story.name}`
    const plain = await api.call({ method: 'GET', url })
    const withToken = await api.call({ method: 'GET', url, headers: { authorization: 'Bearer dl_wrong' } })
    assert.equal(plain.body, withToken.body)
    assert.equal(plain.headers['access-control-allow-origin'], '*')
    assert.equal(plain.headers['cache-control'], 'public, no-cache')
    assert.equal(plain.headers['ratelimit-remaining'], undefined)
    const again = await api.call({ method: 'GET', url, headers: { 'if-none-match': String(plain.headers.etag) } })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
    await publish(api.store, story.id, words('Newer'))
    const moved = await api.call({ method: 'GET', url, headers: { 'if-none-match': String(plain.headers.etag) } })
    assert.equal(moved.statusCode, 200)
    assert.equal(
      (await api.call({ method: 'GET', url: STORIES, headers: token })).headers['access-control-allow-origin'],
      undefined,
    )
  })
})

describe('the reads of the desk', () => {
  it('page through posts in the states asked for', async () => {
    const story = await liveStory(api.store)
    const drafts = [newId(), newId(), newId()]
    for (const id of drafts)
      await send('PUT', `${STORIES}/${story.id}/posts/${id}/draft`, { revision: 0, content: words(`Draft ${id}`) })
    await publish(api.store, story.id, words('Out'))
    const seen: string[] = []
    let next: string | null = `${STORIES}/${story.id}/posts?state=draft,submitted&limit=2`
    while (next !== null) {
      const { body, status } = await send('GET', next)
      assert.equal(status, 200, JSON.stringify(body))
      seen.push(...body.posts.map((post: { id: string }) => post.id))
      next = body.next
    }
    assert.deepEqual(seen.sort(), drafts.sort())
    const { body } = await send('GET', `${STORIES}/${story.id}/posts/${drafts[0]}/revisions`)
    assert.deepEqual([body.revisions.length, body.revisions[0].by.name], [1, 'editor 1'])
    const text = await send('GET', `${STORIES}/${story.id}/posts/${drafts[0]}/revisions/1`)
    assert.equal(text.body.content.headline, `Draft ${drafts[0]}`)
    assert.equal((await send('GET', `${STORIES}/${story.id}/posts/${drafts[0]}/revisions/9999999999`)).status, 404)
  })

  it('show a contributor their own drafts only, in lists, alone and in revisions', async () => {
    const contributor = await api.person('contributor')
    const story = await liveStory(api.store)
    const [mine, theirs] = [newId(), newId()]
    const draft = { revision: 0, content: words('Draft') }
    await send('PUT', `${STORIES}/${story.id}/posts/${theirs}/draft`, draft)
    await send('PUT', `${STORIES}/${story.id}/posts/${mine}/draft`, draft, contributor.session)
    const list = await send('GET', `${STORIES}/${story.id}/posts`, undefined, contributor.session)
    assert.deepEqual(
      list.body.posts.map((post: { id: string }) => post.id),
      [mine],
    )
    const absent = await send('GET', `${STORIES}/${story.id}/posts/${newId()}`, undefined, contributor.session)
    for (const part of ['', '/revisions', '/revisions/1']) {
      const hidden = await send('GET', `${STORIES}/${story.id}/posts/${theirs}${part}`, undefined, contributor.session)
      assert.deepEqual([hidden.status, hidden.body], [404, absent.body])
    }
  })

  it('list the stories in which the caller may write, or publish, by their role in each', async () => {
    const [mine, read] = [await liveStory(api.store), await liveStory(api.store)]
    const admin = await api.person('admin')
    const viewer = await api.person('viewer')
    const actor = { ...EDITOR, id: admin.id, role: 'admin' as const, fresh: true }
    await giveRole(api.store, actor, mine.id, viewer.id, 'contributor')
    const found = async (may: string, headers: Headers) => {
      const ids: string[] = []
      let url: string | null = `${STORIES}?may=${may}&limit=2`
      while (url !== null) {
        const { body } = await send('GET', url, undefined, headers)
        ids.push(...body.stories.map(({ id }: { id: string }) => id))
        url = body.next
      }
      return [mine.id, read.id].filter((id) => ids.includes(id))
    }
    assert.deepEqual(await found('post:draft', viewer.session), [mine.id])
    assert.deepEqual(await found('post:publish', viewer.session), [])
    assert.deepEqual(await found('post:publish', reporter.session), [mine.id, read.id])
    const reads = await api.tokenOf(admin, ['read'])
    assert.deepEqual(await found('post:draft', reads), [], 'a scope that is missing is missing everywhere')
    assert.equal((await send('GET', `${STORIES}?may=post:withdraw`)).status, 400)
  })

  it('list for a guest only the stories in which they have a role', async () => {
    const guest = await api.person('guest')
    const [mine, other] = [await liveStory(api.store), await liveStory(api.store)]
    await giveRole(api.store, { ...EDITOR, role: 'admin' }, mine.id, guest.id, 'reporter')
    const list = await send('GET', STORIES, undefined, guest.session)
    assert.deepEqual(
      list.body.stories.map((story: { id: string }) => story.id),
      [mine.id],
    )
    assert.equal((await send('GET', `${STORIES}/${other.id}`, undefined, guest.session)).status, 403)
    assert.equal((await send('PUT', `${STORIES}/${mine.id}/posts/${newId()}`, { content }, guest.session)).status, 201)
  })
})

describe('a request that is sent again', () => {
  it('with its key gets the very same answer; another request under that key is refused', async () => {
    const story = await liveStory(api.store)
    const headers = { ...token, 'idempotency-key': `k-${story.id}` }
    const post = await publish(api.store, story.id, content)
    const at = `${STORIES}/${story.id}/posts/${post}`
    const change = { revision: 1, content: words('Changed') }
    const first = await api.call({ method: 'POST', url: `${at}/revise`, body: change, headers })
    const before = await api.heads()
    const again = await api.call({ method: 'POST', url: `${at}/revise`, body: change, headers })
    assert.equal(again.body, first.body)
    assert.equal(again.json().repeated, false, 'the answer of the first time, not that of an act done twice')
    assert.equal(again.headers['idempotent-replayed'], 'true')
    const other = await api.call({ method: 'POST', url: `${at}/flag`, body: { breaking: true }, headers })
    assert.deepEqual([other.statusCode, other.json().code], [409, 'conflict'])
    assert.equal(await api.heads(), before)
    const foreign = { ...(await api.tokenOf(reporter, SCOPES)), 'idempotency-key': `k-${story.id}` }
    const theirs = await api.call({ method: 'POST', url: `${at}/revise`, body: change, headers: foreign })
    assert.equal(theirs.statusCode, 403, 'a key is its account’s own')
  })

  it('keeps a definite no, but not a mistake in the input', async () => {
    const story = await liveStory(api.store)
    const headers = { ...token, 'idempotency-key': `n-${story.id}` }
    const url = `${STORIES}/${story.id}/resume`
    await send('POST', `${STORIES}/${story.id}/end`)
    const first = await api.call({ method: 'POST', url, headers })
    assert.equal(first.statusCode, 409)
    await send('POST', `${STORIES}/${story.id}/start`)
    const again = await api.call({ method: 'POST', url, headers })
    assert.deepEqual([again.statusCode, again.body], [409, first.body])
    const wrong = { ...token, 'idempotency-key': `w-${story.id}` }
    const change = `${STORIES}/${story.id}/change`
    assert.equal(
      (await api.call({ method: 'POST', url: change, body: { revision: 1 }, headers: wrong })).statusCode,
      400,
    )
    const right = { revision: 1, change: { title: 'Right' } }
    assert.equal((await api.call({ method: 'POST', url: change, body: right, headers: wrong })).statusCode, 200)
  })

  it('at the same moment is carried out once', async () => {
    const story = await liveStory(api.store)
    const post = await publish(api.store, story.id, content)
    const headers = { ...token, 'idempotency-key': `c-${story.id}` }
    const body = { trace: 'line', reason: 'Twice' }
    const url = `${STORIES}/${story.id}/posts/${post}/withdraw`
    const before = await api.store.reads.heads([story.id])
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call({ method: 'POST', url, body, headers })))
    for (const { statusCode } of answers) assert.ok([200, 503].includes(statusCode), String(statusCode))
    assert.ok(answers.some(({ statusCode }) => statusCode === 200))
    const after = await api.store.reads.heads([story.id])
    assert.equal(after.get(story.id), (before.get(story.id) ?? 0) + 1)
  })

  it('after the process died between act and answer runs again, and changes nothing more', async () => {
    const story = await liveStory(api.store)
    const post = await publish(api.store, story.id, content)
    const headers = { ...token, 'idempotency-key': `d-${story.id}` }
    const url = `${STORIES}/${story.id}/posts/${post}/withdraw`
    const body = { trace: 'none', reason: '' }
    assert.equal((await api.call({ method: 'POST', url, body, headers })).statusCode, 200)
    // As the row is left by a process that died after the commit: taken, never answered.
    const die = (at: number) =>
      api.store.admin.query("UPDATE idempotency SET status = 0, body = '', at = $2 WHERE key = $1", [
        `d-${story.id}`,
        at,
      ])
    await die(Date.now())
    assert.equal((await api.call({ method: 'POST', url, body, headers })).statusCode, 503)
    await die(Date.now() - 21_000)
    const before = await api.heads()
    const again = await api.call({ method: 'POST', url, body, headers })
    assert.deepEqual([again.statusCode, again.json().repeated], [200, true])
    assert.equal(await api.heads(), before)
  })
})

describe('credentials', () => {
  it('a token tells whose it is; a wrong one is refused, even beside a good cookie', async () => {
    const me = await send('GET', '/api/v1/me')
    assert.deepEqual(
      [me.body.id, me.body.credential, me.body.scopes, me.body.csrf],
      [editor.id, 'token', [...SCOPES], null],
    )
    assert.ok(me.body.expiresAt > Date.now())
    for (const authorization of ['Bearer dl_' + 'x'.repeat(43), 'Basic YTpi', 'Bearer', 'Bearer \u00e9']) {
      const answer = await send('GET', '/api/v1/me', undefined, { ...editor.session, authorization })
      assert.equal(answer.status, 401, authorization)
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
    }
    assert.equal((await send('GET', '/api/v1/me', undefined, {})).status, 401)
  })

  it('a session may change things from a page of ours with the token of its forms, and in no other way', async () => {
    const story = await liveStory(api.store)
    const url = `${STORIES}/${story.id}/pause`
    const { cookie = '', origin = '' } = editor.session
    const csrf = editor.session['x-csrf-token'] ?? ''
    const tries: [Headers, number][] = [
      [{ cookie }, 403],
      [{ cookie, origin }, 409],
      [{ cookie, origin, 'x-csrf-token': 'x'.repeat(43) }, 409],
      [{ cookie, origin: 'https://evil.example', 'x-csrf-token': csrf }, 403],
      [{ cookie, origin: 'null', 'x-csrf-token': csrf }, 403],
      [{ cookie, origin, 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' }, 403],
      [{ cookie, origin, 'x-csrf-token': csrf, 'sec-fetch-site': 'same-origin' }, 200],
    ]
    for (const [headers, status] of tries) {
      const answer = await send('POST', url, undefined, headers)
      assert.equal(answer.status, status, JSON.stringify([headers, answer.body]))
    }
    assert.equal((await send('GET', '/api/v1/me', undefined, { cookie })).body.csrf, csrf)
  })

  it('a form of another site has no way in, whatever its type says', async () => {
    const before = await api.heads()
    const story = await liveStory(api.store)
    const after = await api.heads()
    assert.notEqual(before, after)
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'text/plain']) {
      const answer = await api.app.inject({
        method: 'POST',
        url: `${STORIES}/${story.id}/pause`,
        headers: { ...editor.session, 'content-type': type },
        payload: '{}',
      })
      assert.equal(answer.statusCode, 400, `${type} ${answer.body}`)
    }
    assert.equal(await api.heads(), after)
  })

  it('a stranger’s body is not even read', async () => {
    const story = await liveStory(api.store)
    const answer = await api.app.inject({
      method: 'PUT',
      url: `${STORIES}/${story.id}/posts/${newId()}`,
      headers: { 'content-type': 'application/json' },
      payload: '{ this is no JSON',
    })
    assert.equal(answer.statusCode, 401)
  })
})

describe('rates', () => {
  it('tell what is left, refuse with the time to wait, and let in again when it has passed', async () => {
    const small = await openTestApi({ address: 100, account: 100, token: 3 })
    try {
      const headers = await small.tokenOf(await small.person('editor'), ['read'])
      const ask = () => small.call({ method: 'GET', url: '/api/v1/me', headers })
      const first = await ask()
      assert.deepEqual(
        [first.headers['ratelimit-limit'], first.headers['ratelimit-remaining'], first.headers['ratelimit-reset']],
        ['3', '2', '20'],
      )
      await ask()
      await ask()
      const refused = await ask()
      assert.deepEqual(
        [refused.statusCode, refused.json().code, refused.headers['retry-after']],
        [429, 'too_many', '20'],
      )
    } finally {
      await small.close()
    }
  })
})
