// Finding in a story over the API: every post of it, drafts by right, in answers of a bound.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { type Headers, openTestApi, type TestApi } from '../../../test/helpers/api.ts'
import { contentOf } from '../../../test/helpers/public-story.ts'
import { newPost } from '../../domain/decide-post.ts'
import { orderKeyOf } from '../../domain/post.ts'
import { markKeyEvent } from '../../newsroom/mark-key-event.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { postToRow } from '../../store/rows.ts'

let api: TestApi
before(async () => {
  api = await openTestApi()
})
after(() => api.close())

type Found = { posts: { id: string; content: { headline: string } }[]; searched: number; next: string | null }

async function find(storyId: string, headers: Headers, query: Record<string, string>): Promise<Found> {
  const url = `/api/v1/stories/${storyId}/find?${new URLSearchParams(query)}`
  const answer = await api.call({ method: 'GET', url, headers })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

const names = ({ posts }: Found) => posts.map(({ content }) => content.headline).sort()

it('finds drafts and published posts, in their text and as key events, and nothing that is withdrawn', async () => {
  const { id } = await liveStory(api.store)
  await publish(api.store, id, words('Out', 'Mr Jansen came'))
  await saveDraft(api.store, EDITOR, id, { postId: newId(), revision: 0, content: words('Draft', 'jansens boat') })
  const marked = await publish(api.store, id, words('Marked'))
  await markKeyEvent(api.store, EDITOR, id, marked, { title: 'Jansen resigns' })
  const gone = await publish(api.store, id, words('Gone', 'Jansen'))
  await withdrawPost(api.store, EDITOR, id, gone, { trace: 'line', reason: '' })
  await publish(api.store, id, words('Other', 'See https://example.org/jansen'))
  const { session } = await api.person('editor')
  assert.deepEqual(names(await find(id, session, { words: 'jansen' })), ['Marked', 'Out'])
  assert.deepEqual(names(await find(id, session, { words: 'jansen', whole: 'false' })), ['Draft', 'Marked', 'Out'])
  assert.deepEqual(names(await find(id, session, { words: 'JANSEN', exact: 'true' })), [])
})

it('keeps somebody else’s draft from a contributor, and shows them their own', async () => {
  const { id } = await liveStory(api.store)
  const person = await api.person('contributor')
  for (const author of [EDITOR, { ...EDITOR, id: person.id, role: 'contributor' as const }])
    await saveDraft(api.store, author, id, {
      postId: newId(),
      revision: 0,
      content: words(`By ${author.role}`, 'secret'),
    })
  assert.deepEqual(names(await find(id, person.session, { words: 'secret' })), ['By contributor'])
})

it('searches all of a long story, an answer at a time', async () => {
  const { id } = await liveStory(api.store)
  const rows = [...Array(620).keys()].map((n) => ({
    ...newPost(newId(), id, EDITOR.id, 1),
    ...{ state: 'published' as const, revision: 1, version: 1, orderKey: orderKeyOf(n + 1) },
    ...{
      firstPublishedAt: 1,
      publishedAt: 1,
      content: contentOf({ headline: n % 300 === 5 ? `Needle ${n}` : `Hay ${n}` }),
    },
  }))
  await api.store.db.insertInto('post').values(rows.map(postToRow)).execute()
  const { session } = await api.person('editor')
  const first = await find(id, session, { words: 'needle' })
  assert.equal(first.searched, 500)
  assert.deepEqual(names(first), ['Needle 305', 'Needle 605'])
  assert.ok(first.next)
  const answer = await api.call({ method: 'GET', url: first.next, headers: session })
  const second: Found = answer.json()
  assert.deepEqual([names(second), second.searched, second.next], [['Needle 5'], 120, null])
  const many = await find(id, session, { words: 'hay' })
  assert.ok(many.posts.length >= 100 && many.posts.length < 150 && many.next !== null)
})

it('says what is wrong with a question', async () => {
  const { id } = await liveStory(api.store)
  const { session } = await api.person('editor')
  for (const query of ['', '?words=', `?words=${'x'.repeat(201)}`, '?words=a&whole=maybe']) {
    const answer = await api.call({ method: 'GET', url: `/api/v1/stories/${id}/find${query}`, headers: session })
    assert.equal(answer.statusCode, 400, answer.body)
  }
})
